"""From a query to conditions on records: allow-listed fields only, never text that reaches SQL as SQL."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from . import text
from .ast import Query, Sort, Term, Words, quoted, render_part
from .fields import ALIASES, SORT_ALIASES, SORTS, Field, nearest, simple_fields
from .lookups import lookup_fields
from .problems import QueryProblem
from .scene import Scene


@dataclass(frozen=True)
class Compiled:
    """A query as the database takes it. The sort is None where the query names none."""

    where: Q
    sort: str | None = None
    is_descending: bool = False
    is_open_only: bool = False


def known_fields() -> dict[str, Field]:
    """Every field by its name, labels in the language in force."""
    fields = {field.name: field for field in [*simple_fields(), *lookup_fields()]}
    fields["text"] = Field("text", _("text"), lambda value, scene: text.condition(value.text, scene))
    return fields


def compile_query(query: Query, scene: Scene) -> Compiled:
    """
    Turn the query into conditions. The caller applies them to a queryset that is limited to what the viewer may see.

    :raises QueryProblem: an unknown field, value or sort.
    """
    fields = known_fields()
    where = Q()
    is_open_only = False
    for part in query.parts:
        if isinstance(part, Words):
            found = text.condition(part.text, scene)
            where &= ~found if part.is_negated else found
            continue
        field = fields.get(ALIASES.get(part.field, part.field))
        if field is None:
            raise _unknown_field(part, fields)
        where &= field.condition(part, scene)
        is_open_only = is_open_only or _is_open_only(part)
    name = _sort_name(query.sort) if query.sort else None
    return Compiled(where, name, bool(query.sort and query.sort.is_descending), is_open_only)


def _is_open_only(part: Term) -> bool:
    """Whether the term leaves nothing but tickets that are not done, so that the index of the open ones serves."""
    return part.field == "is" and not part.is_negated and all(v.text in ("open", "waiting") for v in part.values)


def _sort_name(sort: Sort) -> str:
    name = SORT_ALIASES.get(sort.field, sort.field)
    if name not in SORTS:
        near = nearest(name, SORTS)
        raise QueryProblem(
            _("Tickets can't be sorted by “%(name)s”. They can be by %(known)s.")
            % {"name": sort.field, "known": ", ".join(SORTS)},
            start=sort.span.start,
            end=sort.span.end,
            suggestion=f"sort:{'-' if sort.is_descending else ''}{near}" if near else "",
        )
    return name


def _unknown_field(part: Term, fields: dict[str, Field]) -> QueryProblem:
    near = nearest(part.field, [*fields, *ALIASES])
    typed = render_part(part)
    colon = typed.index(":")
    return QueryProblem(
        _("There is no field “%(name)s”. To search for the text itself, put it in quotes.") % {"name": part.field},
        start=part.span.start,
        end=part.span.end,
        suggestion=f"{'-' if part.is_negated else ''}{near}{typed[colon:]}" if near else quoted(typed),
    )
