"""The query as chips: each shows one term in words, and leads to the query without it."""

from dataclasses import dataclass
from typing import Any

from .ast import Query, Term, Words, quoted, render, render_value
from .compile import known_fields
from .fields import ALIASES


@dataclass(frozen=True)
class Chip:
    """:param rest: the query without this term."""

    field: Any
    label: str
    rest: str


def chips_of(query: Query) -> list[Chip]:
    """One chip for each part of the query, in its order."""
    fields = known_fields()
    found = []
    for part in query.parts:
        rest = render(query.without(part))
        if isinstance(part, Words):
            found.append(Chip("", ("−" if part.is_negated else "") + quoted(part.text), rest))
        else:
            found.append(Chip(*_words_of(part, fields), rest))
    return found


def _words_of(term: Term, fields: dict[str, Any]) -> tuple[Any, str]:
    field = fields.get(ALIASES.get(term.field, term.field))
    labels = dict(field.known()) if field is not None else {}
    values = ", ".join(str(labels.get(value.text.lower(), "")) or render_value(value) for value in term.values)
    if term.field == "is":
        return "", ("−" if term.is_negated else "") + values
    return (field.label if field is not None else term.field), ("−" if term.is_negated else "") + values
