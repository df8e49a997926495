"""Coming against going: how much arrived, how much left, and what stands at the end; and how old it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from records.models import Record

from .. import declarations, periods, queries
from ..declarations import KPI
from ..drill import Drill
from ..models import Grain
from ..scope import FILTERS, Scope

LEFT, STANDING = "left", "standing"
AGES = (1, 3, 7, 14, 30, 90)


@dataclass(frozen=True)
class Flow:
    """
    :param kind: of the records. :param arrived: KPI that counts what came. :param stock: KPI of what stands.
    """

    kind: str
    arrived: str
    stock: str

    @property
    def arriving(self) -> KPI:
        return declarations.kpi(self.arrived)

    @property
    def standing(self) -> KPI:
        return declarations.kpi(self.stock)


_FLOWS: list[Flow] = []


def register(flow: Flow) -> None:
    """Make known what comes and goes; called from the `ready` of the practice that declares both KPIs."""
    if flow not in _FLOWS:
        _FLOWS.append(flow)


def flow_of(kpi: KPI) -> Flow | None:
    """The flow that a KPI belongs to: what came, what stands, or a part of what stands."""
    for flow in _FLOWS:
        is_of_stock = kpi.is_stock and set(kpi.families) == set(flow.standing.families)
        if kpi.id == flow.arrived or (is_of_stock and flow.standing.numerator in (kpi.numerator, kpi.denominator)):
            return flow
    return None


@dataclass(frozen=True)
class Step:
    """One period. :ivar left: what came less what stands more; a reopened record counts as never gone."""

    span: periods.Range
    label: str
    arrived: int | None
    left: int | None
    standing: int | None


def steps(flow: Flow, span: periods.Range, scope: Scope, *, grain: str = Grain.WEEK) -> list[Step]:
    """Coming and going by period, out of the readings alone."""
    found = queries.series_of([flow.arriving, flow.standing], span, scope, grain=grain)
    came, stands = (found[each][0].points for each in (flow.arrived, flow.stock))
    before = _standing_before(flow, span, scope)
    told = []
    for arrived, standing in zip(came, stands, strict=True):
        if arrived.value is None or standing.value is None:
            told.append(Step(arrived.span, arrived.label, None, None, None))
            continue
        now, came_in = int(standing.value.numerator), int(arrived.value.numerator)
        told.append(Step(arrived.span, arrived.label, came_in, came_in - (now - before), now))
        before = now
    return told


def _standing_before(flow: Flow, span: periods.Range, scope: Scope) -> int:
    kpi = flow.standing
    found = queries.standing_before(kpi.families, span.day_from, scope)
    return sum(
        amounts[declarations.family(name).position(kpi.numerator)]
        for name, cells in found.items()
        for amounts in cells.values()
    )


class Gone(Drill):
    """The records that left in a range of days."""

    @classmethod
    def of(cls, flow: Flow, span: periods.Range, scope: Scope) -> "Gone":
        return cls(replace(flow.standing, is_stock=False, denominator=None), span, scope)

    def _hit(self, amounts: Mapping[str, str], part: str) -> str | None:
        return "1" if amounts.get(self.kpi.numerator) == "-1" else None


@dataclass(frozen=True)
class Age:
    """:ivar name: as addresses say it, `7-14`. :ivar days_to: the first age that is too old for it; None: no end."""

    name: str
    label: str
    days_from: int
    days_to: int | None
    count: int = 0


def ages() -> list[Age]:
    """Whole calendar days of the reporting zone since opening."""
    edges = [0, *AGES]
    found = []
    for at, first in enumerate(edges):
        end = edges[at + 1] if at + 1 < len(edges) else None
        if end is None:
            label = _("%(first)s days and more") % {"first": first}
        elif end - first == 1:
            label = _("less than a day") if first == 0 else _("%(first)s day") % {"first": first}
        else:
            label = _("%(first)s to %(last)s days") % {"first": first, "last": end - 1}
        found.append(Age(f"{first}-{end}" if end else f"{first}-", label, first, end))
    return found


def open_records(flow: Flow, scope: Scope) -> QuerySet[Any]:
    """What stands open now, by the index of open records: the cost follows what is open, not what there is."""
    if scope.is_empty:
        return Record.objects.none()
    rows = Record.objects.visible_to(scope.viewer).open().filter(kind=flow.kind, is_sample=scope.is_sample)
    if scope.organizations is not None:
        rows = rows.filter(organization__in=scope.organizations)
    for name, key in scope.filters.items():
        empty = name in ("service", "team") and key == 0
        rows = rows.filter(**{f"{FILTERS[name]}__isnull": True} if empty else {FILTERS[name]: key})
    return rows


def is_aged(age: Age, today: Any) -> Q:
    """The condition of one age."""
    wanted = Q(opened_at__lt=periods.start_of(today + timedelta(days=1 - age.days_from)))
    if age.days_to is not None:
        wanted &= Q(opened_at__gte=periods.start_of(today + timedelta(days=1 - age.days_to)))
    return wanted


def by_age(flow: Flow, scope: Scope, today: Any) -> list[Age]:
    """How much of what stands open now is how old. One statement."""
    known = ages()
    counted = open_records(flow, scope).aggregate(
        **{f"age_{number}": Count("pk", filter=is_aged(age, today)) for number, age in enumerate(known)}
    )
    return [replace(age, count=counted[f"age_{number}"]) for number, age in enumerate(known)]
