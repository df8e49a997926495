"""What lists of records can be narrowed by. Nothing else can, so that no filter asks about hidden columns."""

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers

from common.api.fields import Moment
from common.api.filters import PageQuery, Several
from common.api.paging import Sort
from common.numbers import number_in, numbers_in
from common.refs import parse_reference
from common.time import now

from .. import practices
from ..enums import Phase, Priority
from ..query import Clock, Scene, text

SORTS = {
    "-opened": Sort("opened_at", is_descending=True, is_moment=True),
    "opened": Sort("opened_at", is_moment=True),
    "-updated": Sort("updated_at", is_descending=True, is_moment=True),
    "updated": Sort("updated_at", is_moment=True),
    "-number": Sort(is_descending=True),
    "number": Sort(),
    "due": Sort("due_at", is_moment=True, is_nullable=True),
}


class RecordQuery(PageQuery):
    """Filters add up; values with commas between them are alternatives."""

    sort = serializers.ChoiceField(choices=list(SORTS), default="-number", help_text="A minus turns it round.")
    phase = Several(among=Phase.values, help_text="open, waiting, done.")
    priority = Several(among=Priority.values, numbers=True, help_text="1 to 5.")
    team = Several(numbers=True, help_text="Ids.")
    assignee = Several(help_text="Ids, me, or none.")
    service = Several(numbers=True, help_text="Ids.")
    organization = Several(numbers=True, help_text="Ids.")
    requester = Several(help_text="Ids or me.")
    tag = Several(help_text="Tags.")
    breached = serializers.BooleanField(required=False, allow_null=True, default=None)
    updated_since = Moment(required=False, help_text="Changed at this moment or later: to fetch what is new.")
    opened_from = Moment(required=False)
    opened_to = Moment(required=False, help_text="This moment not included.")
    q = serializers.CharField(
        required=False, max_length=200, help_text="A reference, or words of the subject and the conversation."
    )

    def validate_assignee(self, values: list[str]) -> list[str]:
        return _people(values, words={"me", "none"})

    def validate_requester(self, values: list[str]) -> list[str]:
        return _people(values, words={"me"})


def query_of(kind: str) -> type[RecordQuery]:
    """The query of a list of this kind, with its own states. The practice must be registered."""
    states = practices.of(kind).states.values
    state = Several(among=states, help_text=f"For example {','.join(states[:2])}.")
    return type(f"{kind.title()}Query", (RecordQuery,), {"state": state, "__doc__": RecordQuery.__doc__})


def narrowed(rows: QuerySet[Any], query: dict[str, Any], by: Any) -> QuerySet[Any]:
    """
    Apply the filters.

    :param query: of a `RecordQuery`. :param by: whom `me` means.
    """
    for name in ("state", "phase", "priority", "team", "service", "organization"):
        if name in query:
            rows = rows.filter(**{f"{name}__in": query[name]})
    for name in ("assignee", "requester"):
        if name in query:
            rows = rows.filter(_is_one_of(name, query[name], by))
    if "tag" in query:
        rows = rows.filter(tags__overlap=query["tag"])
    if query["breached"] is not None:
        rows = rows.filter(is_breached=query["breached"])
    for name, lookup in (("updated_since", "updated_at__gte"), ("opened_from", "opened_at__gte"),
                         ("opened_to", "opened_at__lt")):  # fmt: skip
        if name in query:
            rows = rows.filter(**{lookup: query[name]})
    if "q" in query:
        number = parse_reference(query["q"])
        scene = Scene(by, Clock(now(), by.zone))
        words = Q()
        for word in query["q"].split():
            words &= text.condition(word, scene)
        rows = rows.filter(words if number is None else words | Q(pk=number))
    return rows


def _people(values: list[str], *, words: set[str]) -> list[str]:
    for value in values:
        if value not in words and number_in(value) is None:
            known = ", ".join(sorted(words))
            raise serializers.ValidationError(f"“{value[:40]}” is neither an id nor one of: {known}.")
    return values


def _is_one_of(column: str, values: list[str], by: Any) -> Q:
    found = Q(**{f"{column}__in": numbers_in(values)})
    if "me" in values:
        found |= Q(**{column: by.pk})
    if "none" in values:
        found |= Q(**{f"{column}__isnull": True})
    return found
