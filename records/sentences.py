"""Log entries of records as sentences: what was done, without who and when, which stand beside it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry

from . import due_names
from .enums import REVERSE_LABELS, LinkKind
from .workflow import moves_of

LONGEST_VALUE = 80
SAID_BY_THE_MOVE = frozenset(
    {"state", "phase", "resolved_at", "closed_at", "resolved_by_id", "bounce_count", "reopen_count", "is_first_contact",
     "owner_id", "responded_at"}
)  # fmt: skip
PLAIN = {
    "dated_back": gettext_lazy("corrected when this was reported"),
    "resolution_dated_back": gettext_lazy("corrected when this was resolved"),
    "created": gettext_lazy("logged this"),
    "imported": gettext_lazy("brought this over from another tool"),
    "edited": gettext_lazy("changed this"),
}
_DECLARED: dict[str, Any] = {}
TASKS = {
    "task_added": gettext_lazy("added the task %(title)s"),
    "task_done": gettext_lazy("did the task %(title)s"),
    "task_skipped": gettext_lazy("skipped the task %(title)s"),
    "task_reopened": gettext_lazy("took up the task %(title)s again"),
}


def declare(act: str, said: Any) -> None:
    """
    Say how an act of a practice reads; called from its app's `ready`.

    :param act: the last part of the logged action, or all of it (`approval.asked`).
    :param said: may name values of the entry's data: `%(text)s`; `%(other)s` is the record whose number and reference
        are the values `other` and `other_label`.
    """
    _DECLARED[act] = said


def sentence(
    entry: Entry, *, record: Any, names: Mapping[tuple[type, int], str], titles: Mapping[int, str] | None = None
) -> SafeString:
    """
    What one log entry says, as safe HTML.

    :param names: of what keys in the changes point at, from `timeline.names_of`.
    :param titles: of other records that the reader may see, by number; every other one is named by reference alone.
    """
    kind, _dot, act = entry.action.rpartition(".")
    data = entry.data
    move = next((each for each in moves_of(record.practice.model).values() if each.action == entry.action), None)
    if move is not None:
        said: Any = move.sentence
    elif kind == "clock":
        said = _clock(act, data)
    elif act in TASKS:
        said = SafeString(TASKS[act] % {"title": format_html("<bdi>“{}”</bdi>", data.get("title", ""))})
    elif act in ("linked", "unlinked"):
        said = _link(act, data, titles or {})
    elif act in ("watched", "unwatched"):
        said = _watching(act, entry)
    elif act == "attached":
        said = _file(entry, record)
    elif entry.action in _DECLARED or act in _DECLARED:
        said = _declared(entry.action if entry.action in _DECLARED else act, data, titles or {})
    else:
        said = PLAIN.get(act) or _("did “%(act)s”") % {"act": entry.action}
    parts: list[str] = [format_html("{}", said)]
    changes = _changes(entry, record, names, is_move=move is not None) if act != "created" else ""
    if changes:
        parts.append(changes)
    if entry.reason:
        parts.append(format_html("<q>{}</q>", entry.reason))
    return SafeString(": ".join(parts))


def _clock(act: str, data: Mapping[str, Any]) -> str:
    clock = due_names.label(data.get("kind", data.get("clock", "")))
    if act == "threshold":
        return _("%(clock)s: %(level)s") % {"clock": clock, "level": due_names.passed(str(data.get("level", "p0")))}
    said = {
        "breached": _("target missed: %(clock)s"),
        "at_risk": _("at risk: %(clock)s"),
        "due_soon": _("due soon: %(clock)s"),
    }.get(act, _("clock changed: %(clock)s"))
    return said % {"clock": clock}


def without_title(data: Mapping[str, Any]) -> dict[str, Any]:
    """An entry's data without the title of the other record, which entries of earlier versions hold."""
    if "other_label" not in data:
        return dict(data)
    return {**data, "other_label": str(data["other_label"]).partition(" ")[0]}


def _other(data: Mapping[str, Any], titles: Mapping[int, str]) -> SafeString:
    """The other record of an act: its reference as a link, and its title for those who may see it."""
    number = data["other"]
    link = format_html('<a href="/r/{}/">{}</a>', number, without_title(data).get("other_label") or number)
    title = titles.get(number)
    return format_html("{} <bdi>{}</bdi>", link, title) if title else link


def _link(act: str, data: Mapping[str, Any], titles: Mapping[int, str]) -> SafeString:
    kind = LinkKind(data["link"])
    label = kind.label if data.get("is_source", True) else REVERSE_LABELS[kind]
    said = _("linked this") if act == "linked" else _("removed a link")
    return format_html("{}: {} {}", said, label, _other(data, titles))


def _watching(act: str, entry: Entry) -> SafeString:
    if entry.actor_id == entry.data.get("person"):
        return format_html("{}", _("follows this") if act == "watched" else _("no longer follows this"))
    said = _("let somebody follow this") if act == "watched" else _("removed a follower")
    return format_html("{}: <bdi>{}</bdi>", said, entry.data.get("person_label", ""))


class _Values(dict[str, str]):
    """An entry written before its act had a value reads without it."""

    def __missing__(self, key: str) -> str:
        return ""


def _declared(act: str, data: Mapping[str, Any], titles: Mapping[int, str]) -> SafeString:
    values = _Values({name: format_html("<bdi>“{}”</bdi>", value) for name, value in data.items()})
    if "other" in data:
        values["other"] = _other(data, titles)
    return SafeString(escape(str(_DECLARED[act])) % values)


def _file(entry: Entry, record: Any) -> SafeString:
    said = _("added a file") if entry.data.get("is_public") else _("added a file, team only")
    address = f"/r/{record.reference}/files/{entry.data['attachment']}/"
    return format_html('{}: <a href="{}"><bdi>{}</bdi></a>', said, address, entry.data.get("name", ""))


def _changes(entry: Entry, record: Any, names: Mapping[tuple[type, int], str], *, is_move: bool) -> SafeString:
    shown = []
    for column, pair in entry.changes.items():
        if is_move and (column in SAID_BY_THE_MOVE or (column == "state_reason" and not pair[1])):
            continue
        try:
            field = type(record)._meta.get_field(column.removesuffix("_id"))
        except FieldDoesNotExist:
            continue
        before, after = (_value(field, column, each, names) for each in pair)
        if is_move and not pair[0]:
            shown.append(format_html("{} <bdi>{}</bdi>", field.verbose_name, after))
        else:
            shown.append(format_html("{} <bdi>{}</bdi> → <bdi>{}</bdi>", field.verbose_name, before, after))
    return format_html_join(", ", "{}", ((each,) for each in shown))


def _value(field: Any, column: str, value: Any, names: Mapping[tuple[type, int], str]) -> Any:
    if value in (None, "", []):
        return _("nothing")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field.related_model is not None:
        return names.get((field.related_model, value), value)
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField) and isinstance(value, str):
        return formats.date_format(timezone.localtime(datetime.fromisoformat(value)), "j M Y, H:i")
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
