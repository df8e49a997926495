"""What may stand in a pack (docs/guide/framework_packs.md), and the plain document that is made of it."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.lookalikes import mixed_word_in, skeleton, unseen_in
from common.plain_yaml import MOST_PROBLEMS, Node, Problem, Unreadable, read
from common.refusals import Refusal, Refused
from measurement import declarations

from . import targets

FORMAT = "1"
# Words of the addresses below /practices/.
RESERVED = frozenset(
    {"packs", "steps", "gaps", "overlaps", "certificates", "signals", "figures", "new", "export", "check"}
)
MOST = {"groups": 100, "practices": 1_000, "steps": 50, "measures": 50}
_ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])?")
_WHOLE = re.compile(r"[1-9][0-9]{0,5}")

_TOP = {"format": True, "id": True, "name": True, "version": True, "edition": True, "owner": False, "note": False,
        "groups": True, "practices": True}  # fmt: skip
_GROUP = {"id": True, "name": True}
_PRACTICE = {"id": True, "name": True, "group": True, "purpose": True, "ref": False, "part_of": False,
             "heading": False, "steps": True, "measures": False}  # fmt: skip
_LENGTHS = {"name": 160, "version": 60, "owner": 120, "note": 1_000, "purpose": 1_000, "ref": 30}


class PackRefused(Refused):
    """The pack does not fit. Every problem that was found, with its path and line; nothing was loaded."""

    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(*(Refusal("pack", str(each), "text") for each in problems))


def pack_of(text: str | bytes) -> dict[str, Any]:
    """
    The document of a pack: plain values, in the order in which they stand, nothing left out.

    :raises PackRefused: it does not fit.
    """
    try:
        root = read(text)
    except Unreadable as unreadable:
        raise PackRefused([unreadable.problem]) from None
    check = _Check()
    document = check.pack(root)
    if check.problems:
        raise PackRefused(check.problems[:MOST_PROBLEMS])
    return document


class _Check:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.keys: set[str] | None = None

    def refuse(self, path: str, node: Node | int, message: str) -> None:
        line = node if isinstance(node, int) else node.line
        self.problems.append(Problem(path, line, message))

    def pack(self, root: Node) -> dict[str, Any]:
        given = self.named(root, "", _TOP)
        if not given:
            return {}
        if "format" in given and given["format"].value != FORMAT:
            self.refuse("format", given["format"], _("Only format 1 is known."))
        pack_id = self.id(given, "id", "")
        if pack_id in RESERVED:
            self.refuse("id", given["id"], _("“%(id)s” is the name of a page. Choose another.") % {"id": pack_id})
        document: dict[str, Any] = {"id": pack_id, "edition": self.whole(given, "edition", "")}
        document |= {name: self.text(given, name, "") for name in ("name", "version", "owner", "note")}
        document["groups"] = self.groups(given)
        document["practices"] = self.practices(given, {each["id"] for each in document["groups"]})
        return document

    def groups(self, given: Mapping[str, Node]) -> list[dict[str, str]]:
        found = []
        for path, node in self.listed(given, "groups", ""):
            group = self.named(node, path, _GROUP)
            found.append({"id": self.id(group, "id", path), "name": self.text(group, "name", path)})
        self.only_once(given, "groups", [each["id"] for each in found], "id")
        return found

    def practices(self, given: Mapping[str, Node], groups: set[str]) -> list[dict[str, Any]]:
        found, lines = [], []
        for path, node in self.listed(given, "practices", ""):
            practice = self.named(node, path, _PRACTICE)
            if not practice:
                continue
            one: dict[str, Any] = {"id": self.id(practice, "id", path)}
            one |= {name: self.text(practice, name, path) for name in ("name", "purpose", "ref")}
            one["group"] = self.id(practice, "group", path)
            if one["group"] and one["group"] not in groups:
                self.refuse(f"{path}.group", practice["group"], _("There is no group “%(id)s”.") % {"id": one["group"]})
            one["part_of"] = self.id(practice, "part_of", path) if "part_of" in practice else ""
            one["heading"] = self.flag(practice, "heading", path)
            one["steps"] = self.known(practice, "steps", path, self.unknown_steps, _("There is no step “%(id)s”."))
            one["measures"] = self.known(
                practice, "measures", path, _unknown_measures, _("There is no measure “%(id)s”.")
            )
            found.append(one)
            lines.append((path, practice))
        self.only_once(given, "practices", [each["id"] for each in found], "id")
        self.only_once(given, "practices", [skeleton(each["name"]) for each in found if not each["ref"]], "name")
        self.wholes(found, lines)
        return found

    def wholes(self, found: list[dict[str, Any]], lines: list[tuple[str, Mapping[str, Node]]]) -> None:
        """What practices are part of: known ones, and none of itself, however far around."""
        parents = {each["id"]: each["part_of"] for each in found}
        for each, (path, practice) in zip(found, lines, strict=True):
            if not each["part_of"]:
                continue
            node = practice["part_of"]
            if each["part_of"] not in parents:
                self.refuse(f"{path}.part_of", node, _("There is no practice “%(id)s”.") % {"id": each["part_of"]})
                continue
            seen, at = {each["id"]}, each["part_of"]
            while at and at not in seen:
                seen.add(at)
                at = parents.get(at, "")
            if at == each["id"]:
                self.refuse(f"{path}.part_of", node, _("“%(id)s” is part of itself.") % {"id": at})

    def unknown_steps(self, names: list[str]) -> set[str]:
        """Asks the database once, and only for a pack that names procedures of the house."""
        missing = targets.unknown(names, ())
        if missing and self.keys is None:
            self.keys = targets.keys_in_force()
        return targets.unknown(missing, self.keys or ())

    # -- values ---------------------------------------------------------------------------------------------------

    def named(self, node: Node, path: str, known: Mapping[str, bool]) -> Mapping[str, Node]:
        """A mapping with these names only: name -> whether it is needed."""
        if not isinstance(node.value, dict):
            self.refuse(path, node, _("Here must stand names with values."))
            return {}
        for name, line in node.names.items():
            if name not in known:
                message = _("“%(name)s” is not known here. Known: %(known)s.")
                self.refuse(path, line, message % {"name": name[:60], "known": ", ".join(known)})
        for name, is_needed in known.items():
            if is_needed and name not in node.value:
                self.refuse(path, node, _("“%(name)s” is missing.") % {"name": name})
        return {name: each for name, each in node.value.items() if name in known}

    def listed(self, given: Mapping[str, Node], name: str, path: str) -> list[tuple[str, Node]]:
        node = given.get(name)
        here = f"{path}.{name}" if path else name
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.refuse(here, node, _("Here must stand a list."))
            return []
        if len(node.value) > MOST[name]:
            self.refuse(here, node, _("At most %(most)d fit here.") % {"most": MOST[name]})
            return []
        if not node.value and not path:
            self.refuse(here, node, _("The list is empty."))
        return [(f"{here}[{number}]", each) for number, each in enumerate(node.value)]

    def text(self, given: Mapping[str, Node], name: str, path: str) -> str:
        node, here = given.get(name), f"{path}.{name}" if path else name
        if node is None:
            return ""
        if not isinstance(node.value, str):
            self.refuse(here, node, _("Here must stand a text."))
            return ""
        value = unicodedata.normalize("NFC", " ".join(node.value.split()))
        if not value:
            self.refuse(here, node, _("The text is empty."))
        elif len(value) > _LENGTHS[name]:
            self.refuse(here, node, _("At most %(limit)d characters fit here.") % {"limit": _LENGTHS[name]})
        elif unseen := unseen_in(value):
            self.refuse(here, node, _("It holds a sign that nobody sees (%(code)s).") % {"code": unseen})
        elif name in ("name", "version", "owner", "ref") and (word := mixed_word_in(value)):
            message = _("“%(word)s” mixes letters of scripts that look alike. Write it in one script.")
            self.refuse(here, node, message % {"word": word[:60]})
        return value

    def id(self, given: Mapping[str, Node], name: str, path: str) -> str:
        node, here = given.get(name), f"{path}.{name}" if path else name
        if node is None:
            return ""
        if not isinstance(node.value, str) or not _ID.fullmatch(node.value):
            self.refuse(
                here, node, _("Write 1 to 60 of a-z, 0-9, hyphen and dot, beginning and ending with one of a-z or 0-9.")
            )
            return ""
        return node.value

    def whole(self, given: Mapping[str, Node], name: str, path: str) -> int:
        node = given.get(name)
        if node is None:
            return 0
        if not isinstance(node.value, str) or node.is_quoted or not _WHOLE.fullmatch(node.value):
            self.refuse(name, node, _("Write a whole number from 1 on."))
            return 0
        return int(node.value)

    def flag(self, given: Mapping[str, Node], name: str, path: str) -> bool:
        node = given.get(name)
        if node is None:
            return False
        if node.value not in ("true", "false") or node.is_quoted:
            self.refuse(f"{path}.{name}", node, _("Write true or false."))
        return node.value == "true"

    def known(self, given: Mapping[str, Node], name: str, path: str, unknown: Any, message: str) -> list[str]:
        """A list of names of ours, each once."""
        found: list[str] = []
        nodes = self.listed(given, name, path)
        texts = [node.value for _path, node in nodes if isinstance(node.value, str)]
        missing = unknown(texts)
        for here, node in nodes:
            if not isinstance(node.value, str):
                self.refuse(here, node, _("Here must stand a text."))
            elif node.value in missing:
                self.refuse(here, node, message % {"id": node.value[:120]})
            elif node.value in found:
                self.refuse(here, node, _("“%(name)s” stands here twice.") % {"name": node.value[:60]})
            else:
                found.append(node.value)
        return found

    def only_once(self, given: Mapping[str, Node], name: str, values: list[str], what: str) -> None:
        seen: set[str] = set()
        for number, value in enumerate(values):
            if value and value in seen:
                node = given[name].value[number] if number < len(given[name].value) else given[name]
                message = _("Another one has the same %(what)s.") % {"what": what}
                self.refuse(f"{name}[{number}].{what}", node, message)
            seen.add(value)


def _unknown_measures(names: list[str]) -> set[str]:
    return set(names) - {each.id for each in declarations.kpis()}
