"""What is different between two editions of a pack, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Line by line: the pack itself, groups, practices, and at which steps they plug in."""
    return [*_heads(old, new), *_practices(old, new)]


def _heads(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    words = {
        "edition": _("Edition"),
        "name": _("Name"),
        "version": _("Version"),
        "owner": _("Owner"),
        "note": _("Note"),
    }
    for field, label in words.items():
        if old[field] != new[field]:
            yield _("%(what)s: “%(old)s” becomes “%(new)s”") % {"what": label, "old": old[field], "new": new[field]}
    groups_old, groups_new = _by_id(old["groups"]), _by_id(new["groups"])
    for key in [*groups_old, *(each for each in groups_new if each not in groups_old)]:
        was, now = groups_old.get(key), groups_new.get(key)
        if was == now:
            continue
        if was is None and now is not None:
            yield _("Group “%(name)s” comes") % {"name": now["name"]}
        elif was is not None and now is None:
            yield _("Group “%(name)s” goes") % {"name": was["name"]}
        elif was is not None and now is not None:
            yield _("Group “%(old)s” is called “%(new)s”") % {"old": was["name"], "new": now["name"]}


def _practices(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = _by_id(old["practices"]), _by_id(new["practices"])
    for key, one in before.items():
        if key not in after:
            yield _("Practice “%(name)s” goes") % {"name": one["name"]}
    for key, one in after.items():
        if key not in before:
            yield _("Practice “%(name)s” comes, at %(steps)s") % {"name": one["name"], "steps": _listed(one["steps"])}
            continue
        yield from _practice(before[key], one)


def _practice(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    name = now["name"]
    labels = {"name": _("name"), "ref": _("reference"), "group": _("group"), "purpose": _("purpose"),
              "part_of": _("part of"), "heading": _("heading")}  # fmt: skip
    for field, label in labels.items():
        if was[field] != now[field]:
            said = {"name": name, "what": label, "old": was[field], "new": now[field]}
            yield _("“%(name)s”, %(what)s: “%(old)s” becomes “%(new)s”") % said
    for field, comes, goes in (
        ("steps", _("“%(name)s” plugs in at %(ids)s, too"), _("“%(name)s” plugs in at %(ids)s no longer")),
        ("measures", _("“%(name)s” carries %(ids)s, too"), _("“%(name)s” carries %(ids)s no longer")),
    ):
        added = [each for each in now[field] if each not in was[field]]
        gone = [each for each in was[field] if each not in now[field]]
        if added:
            yield comes % {"name": name, "ids": ", ".join(added)}
        if gone:
            yield goes % {"name": name, "ids": ", ".join(gone)}


def _by_id(rows: list[Any]) -> dict[str, Any]:
    return {each["id"]: each for each in rows}


def _listed(steps: list[str]) -> str:
    return ", ".join(steps) or _("no step")
