"""A query as a tree, and back to the text that people type. `parse(render(query)) == query`, always."""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

OPERATORS = (">=", "<=", ">", "<")
_BARE_WORD = re.compile(r'[^\s"\\:,<>=-][^\s"\\:,]*')
_BARE_VALUE = re.compile(r'[^\s"\\,<>=]+')


@dataclass(frozen=True)
class Span:
    """Where something stands in the text that was typed; not part of its meaning."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Value:
    """
    One value behind a field: alone, behind an operator, or from `text` to `upto` (either may be empty, not both).

    :param upto: None when it is no range.
    """

    text: str
    operator: str = ""
    upto: str | None = None
    span: Span = dataclasses.field(default=Span(), compare=False)


@dataclass(frozen=True)
class Term:
    """`field:value,value`, or with a minus its opposite. Any one of the values suffices."""

    field: str
    values: tuple[Value, ...]
    is_negated: bool = False
    span: Span = dataclasses.field(default=Span(), compare=False)


@dataclass(frozen=True)
class Words:
    """A word, or a phrase in quotes, that the ticket must hold (or, with a minus, must not hold)."""

    text: str
    is_negated: bool = False
    span: Span = dataclasses.field(default=Span(), compare=False)


@dataclass(frozen=True)
class Sort:
    field: str
    is_descending: bool = False
    span: Span = dataclasses.field(default=Span(), compare=False)


Part = Term | Words


@dataclass(frozen=True)
class Query:
    """All parts must hold. The sort is None when the text names none."""

    parts: tuple[Part, ...] = ()
    sort: Sort | None = None

    def without(self, part: Part) -> "Query":
        """The query with one part (by identity) left out."""
        return replace(self, parts=tuple(each for each in self.parts if each is not part))

    def terms(self, name: str) -> Iterator[Term]:
        """The terms about one field."""
        return (part for part in self.parts if isinstance(part, Term) and part.field == name)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def render_text(text: str) -> str:
    """A value as it is typed, in quotes only where it must be."""
    is_plain = _BARE_VALUE.fullmatch(text) and ".." not in text and not text.startswith(".") and text[-1] != "."
    return text if is_plain else quoted(text)


def render_value(value: Value) -> str:
    if value.upto is not None:
        low = render_text(value.text) if value.text else ""
        high = render_text(value.upto) if value.upto else ""
        return f"{low}..{high}"
    return value.operator + render_text(value.text)


def render_part(part: Part) -> str:
    minus = "-" if part.is_negated else ""
    if isinstance(part, Words):
        return minus + (part.text if _BARE_WORD.fullmatch(part.text) else quoted(part.text))
    return f"{minus}{part.field}:{','.join(render_value(value) for value in part.values)}"


def render(query: Query) -> str:
    """Write the query as people type it."""
    parts = [render_part(part) for part in query.parts]
    if query.sort is not None:
        parts.append(f"sort:{'-' if query.sort.is_descending else ''}{query.sort.field}")
    return " ".join(parts)
