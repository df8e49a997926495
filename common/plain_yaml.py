"""
YAML as a plain tree of texts, with the line of each: no tags, no anchors, no objects, and no more than fits.

Nothing is constructed. The parser's events are followed one by one, and the first that a pack has no use for ends the
reading, so that what is nested or repeated without end costs nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

LARGEST_BYTES = 262_144
DEEPEST = 6
MOST_NODES = 20_000
LONGEST_TEXT = 4_000
MOST_PROBLEMS = 20

_PLAIN_TAGS = frozenset({None, "", "!"})
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Problem:
    """Why a pack is refused: where (`practices[3].steps[0]`, empty for the whole file), the line, and why."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        said = {"path": self.path, "line": self.line, "message": self.message}
        if self.path and self.line:
            return _("%(path)s, line %(line)s: %(message)s") % said
        if self.line:
            return _("Line %(line)s: %(message)s") % said
        return f"{self.path}: {self.message}" if self.path else self.message


class Unreadable(Exception):
    """The text is no pack at all."""

    def __init__(self, message: str, *, line: int = 0, path: str = "") -> None:
        self.problem = Problem(path, line, message)
        super().__init__(str(self.problem))


@dataclass
class Node:
    """
    A text, a list or a mapping.

    :ivar value: str, list of nodes, or dict of text to node. :ivar is_quoted: whether a text stood in quotes.
    """

    value: Any
    line: int
    is_quoted: bool = False
    names: dict[str, int] = field(default_factory=dict)


def read(text: str | bytes) -> Node:
    """
    The tree of one YAML document.

    :raises Unreadable: too large, no UTF-8, no YAML, more than one document, too deep, or with anchors, tags or names
        that stand twice.
    """
    source = _decoded(text)
    try:
        return _Reader(yaml.parse(source, Loader=_Loader)).document()
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        message = _("This is no YAML: %(problem)s.") % {"problem": str(wrong.problem or wrong.context)[:200]}
        raise Unreadable(message, line=mark.line + 1 if mark else 0) from None
    except yaml.YAMLError as wrong:
        message = _("This is no YAML: %(problem)s.") % {"problem": str(wrong).splitlines()[0][:200]}
        raise Unreadable(message) from None


def _decoded(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST_BYTES:
        raise Unreadable(
            _("The file has %(size)d KB. A pack has at most %(most)d KB.")
            % {"size": len(raw) // 1024 + 1, "most": LARGEST_BYTES // 1024}
        )
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(_("The file is not in UTF-8: byte %(place)d.") % {"place": wrong.start}) from None
    if not decoded.strip():
        raise Unreadable(_("There is nothing in it."))
    if "\x00" in decoded:
        raise Unreadable(_("It holds a null character."), line=decoded[: decoded.index("\x00")].count("\n") + 1)
    return decoded


class _Reader:
    def __init__(self, events: Iterator[Any]) -> None:
        self.events, self.count = events, 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
                continue
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise Unreadable(_("There are several documents. A file holds one pack."), line=_line(event))
                continue
            root = self.node(event, "", 1)
        if root is None:
            raise Unreadable(_("There is nothing in it."))
        return root

    def node(self, event: Any, path: str, depth: int) -> Node:
        line = _line(event)
        self.count += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(_("Anchors and aliases (& and *) are not read. Write it out."), line=line, path=path)
        if event.tag not in _PLAIN_TAGS:
            raise Unreadable(
                _("Tags such as %(tag)s are not read. A pack holds texts only.") % {"tag": event.tag[:60]},
                line=line, path=path,
            )  # fmt: skip
        if depth > DEEPEST:
            raise Unreadable(_("It is nested more than %(most)d deep.") % {"most": DEEPEST}, line=line, path=path)
        if self.count > MOST_NODES:
            raise Unreadable(_("It has more than %(most)d values.") % {"most": MOST_NODES}, line=line, path=path)
        if isinstance(event, yaml.ScalarEvent):
            if len(event.value) > LONGEST_TEXT:
                message = _("The text has more than %(most)d characters.") % {"most": LONGEST_TEXT}
                raise Unreadable(message, line=line, path=path)
            return Node(event.value, line, is_quoted=event.style not in (None, ""))
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._list(path, depth), line)
        return self._mapping(path, depth, line)

    def _list(self, path: str, depth: int) -> list[Node]:
        found: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self.node(event, f"{path}[{len(found)}]", depth + 1))
        return found

    def _mapping(self, path: str, depth: int, line: int) -> Node:
        found: dict[str, Node] = {}
        names: dict[str, int] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise Unreadable(_("A name must be a text."), line=_line(event), path=path)
            name = self.node(event, path, depth).value
            if name in found:
                message = _("“%(name)s” stands here twice.") % {"name": name[:60]}
                raise Unreadable(message, line=_line(event), path=path)
            names[name] = _line(event)
            here = f"{path}.{name[:60]}" if path else name[:60]
            found[name] = self.node(next(self.events), here, depth + 1)
        return Node(found, line, names=names)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
