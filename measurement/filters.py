"""What a page of measures was asked for: days and dimensions, all in the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Refused
from common.texts import one_line
from people.models import Organization, Team
from records.enums import Priority
from services.models import Service

from . import periods
from .scope import DATA, FILTERS, REAL, SAMPLE, Scope, scope_of

RANGES = {"7d": 7, "30d": 30, "90d": 90, "12m": 365}
RANGE_LABELS = {
    "7d": gettext_lazy("7 days"),
    "30d": gettext_lazy("30 days"),
    "90d": gettext_lazy("90 days"),
    "12m": gettext_lazy("12 months"),
}
LONGEST_DAYS = 3 * 366
USUAL_RANGE = "30d"
LONGEST_PARAMETER = 100
NONE, UNKNOWN = "none", -1
LABELS = {
    "service": gettext_lazy("Service"),
    "team": gettext_lazy("Team"),
    "priority": gettext_lazy("Priority"),
    "organization": gettext_lazy("Organization"),
}


@dataclass(frozen=True)
class Choice:
    """One value of a dimension: its key in readings, and how it stands in addresses and on pages."""

    key: int
    slug: str
    label: str


class Choices:
    """The values of each dimension that the person may choose; one query for each dimension asked."""

    def __init__(self, organizations: frozenset[int] | None) -> None:
        self._organizations = organizations

    @cached_property
    def service(self) -> list[Choice]:
        return [*map(_choice, Service.objects.values_list("pk", "slug", "name")), Choice(0, NONE, _("No service"))]

    @cached_property
    def team(self) -> list[Choice]:
        return [*map(_choice, Team.objects.values_list("pk", "slug", "name")), Choice(0, NONE, _("No team"))]

    @cached_property
    def priority(self) -> list[Choice]:
        return [Choice(each.value, f"p{each.value}", str(each.label)) for each in Priority]

    @cached_property
    def organization(self) -> list[Choice]:
        rows = Organization.objects.values_list("pk", "slug", "name")
        if self._organizations is not None:
            rows = rows.filter(pk__in=self._organizations)
        return [_choice(row) for row in rows]

    def of(self, dimension: str) -> list[Choice]:
        return getattr(self, dimension)

    def by_key(self, dimension: str) -> dict[int, Choice]:
        return {each.key: each for each in self.of(dimension)}


def _choice(row: tuple[int, str, str]) -> Choice:
    return Choice(*row)


@dataclass(frozen=True)
class Asked:
    """One question: days, scope, and how to ask it again with something changed."""

    span: periods.Range
    range_name: str
    scope: Scope
    choices: Choices
    parameters: Mapping[str, str]
    today: date

    def query(self, **changes: Any) -> str:
        """The address's query with parameters changed; None takes one out."""
        wanted = {**self.parameters, **changes}
        return urlencode({name: value for name, value in wanted.items() if value not in (None, "")})

    def query_of_days(self, span: periods.Range, **changes: Any) -> str:
        return self.query(range=None, **{"from": span.day_from, "to": span.day_to - timedelta(days=1)}, **changes)

    @property
    def days_text(self) -> str:
        last = self.span.day_to - timedelta(days=1)
        return _("%(first)s to %(last)s") % {
            "first": date_format(self.span.day_from, "j M Y"),
            "last": date_format(last, "j M Y"),
        }

    @property
    def chips(self) -> list[dict[str, str]]:
        """Each filter with the address that takes it away."""
        found = []
        for name in self.scope.filters:
            asked = self.parameters[name]
            label = next((each.label for each in self.choices.of(name) if each.slug == asked), asked)
            found.append({"label": f"{LABELS[name]}: {label}", "remove_url": f"?{self.query(**{name: None})}"})
        return found

    @property
    def selects(self) -> list[dict[str, Any]]:
        """The fields of the filter form."""
        return [
            {
                "name": name,
                "label": LABELS[name],
                "chosen": self.parameters.get(name, ""),
                "choices": self.choices.of(name),
            }
            for name in FILTERS
        ]

    @property
    def first_day(self) -> str:
        """For the field of a form."""
        return self.span.day_from.isoformat()

    @property
    def last_day(self) -> str:
        return (self.span.day_to - timedelta(days=1)).isoformat()

    @property
    def sent_along(self) -> list[tuple[str, str]]:
        """Days that no named range covers, and whose data; the form sends them along."""
        return [(name, self.parameters[name]) for name in ("from", "to", "data") if name in self.parameters]

    @property
    def other_data_url(self) -> str:
        """The same question about the sample, or about what is real; empty without a sample."""
        if not self.scope.has_sample:
            return ""
        return f"?{self.query(data=REAL if self.scope.is_sample else SAMPLE)}"

    @property
    def ranges(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "label": label, "is_chosen": name == self.range_name} for name, label in RANGE_LABELS.items()
        ]


def read(
    query: Mapping[str, str], viewer: Any, *, at: datetime, operation: str = "kpi.view", kept: Iterable[str] = ()
) -> Asked:
    """
    Understand the address. What it names and does not exist finds nothing and stays in sight, to be taken away.

    :param query: `range` (7d, 30d, 90d, 12m), else `from` and `to` (days, both included), and a value for any
        dimension.
    :param kept: further parameters that the page understands; they stay in its addresses.
    """
    today = periods.today(at)
    span, name = _span(query, today)
    data = query.get("data", "")
    scope = scope_of(viewer, operation=operation, data=data)
    choices = Choices(scope.organizations)
    filters = {}
    parameters = {key: query[key] for key in ("from", "to") if not name}
    if scope.has_sample and data in DATA:
        parameters["data"] = data
    if query.get("range") == name:
        parameters["range"] = name
    parameters |= {key: query[key][:LONGEST_PARAMETER] for key in kept if query.get(key)}
    for dimension in FILTERS:
        asked = query.get(dimension, "")
        if asked and asked != "all":
            parameters[dimension] = asked
            filters[dimension] = next((each.key for each in choices.of(dimension) if each.slug == asked), UNKNOWN)
    return Asked(
        span=span,
        range_name=name,
        scope=scope.narrowed(**filters),
        choices=choices,
        parameters=parameters,
        today=today,
    )


def chosen(said: Mapping[str, Any] | None) -> dict[str, str]:
    """
    Filters to be kept with something: dimension -> value, without those left empty.

    :raises Refused: there is no such dimension.
    """
    if unknown := set(said or {}) - set(LABELS):
        name = one_line(sorted(map(str, unknown))[0])[:40]
        raise Refused.because("unknown", _("There is no filter “%(name)s”.") % {"name": name}, "filters")
    return {name: text[:LONGEST_PARAMETER] for name, value in (said or {}).items() if (text := one_line(value))}


def _span(query: Mapping[str, str], today: date) -> tuple[periods.Range, str]:
    name = query.get("range", "")
    if name not in RANGES:
        first, last = _day(query.get("from", "")), _day(query.get("to", ""))
        if first and last and first <= last and (last - first).days < LONGEST_DAYS:
            return periods.Range(first, last + timedelta(days=1)), ""
        name = USUAL_RANGE
    return periods.Range.up_to(today, days=RANGES[name]), name


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2999 else None
