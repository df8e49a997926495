"""How an agreement is kept at present: open tickets under it, tickets against its limit, quality."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from common.time import start_of_day
from measurement import declarations as measures
from measurement import periods, queries
from measurement.declarations import Direction
from measurement.scope import Scope
from measurement.values import Value
from records.models import Record

from .enums import AgreementType, VolumePeriod
from .models import Agreement, Clock
from .operations.rows import local_day, zone_of
from .reading import bound_text

# What of the house's measures can be promised: shares by organization and service. What nobody measures is not offered.
QUALITY = ("inc-reopen", "inc-fcr", "inc-first-line")
QUALITY_DAYS = 90
LISTED = 10


@dataclass(frozen=True)
class Volume:
    """Tickets that came in in the present period, against what the agreement covers."""

    used: int
    most: int
    per: str
    since: datetime

    @property
    def over(self) -> int:
        return max(self.used - self.most, 0)

    @property
    def per_label(self) -> Any:
        return VolumePeriod(self.per).label


@dataclass(frozen=True)
class Quality:
    """One measure against its bound, over the past 90 days."""

    name: str
    bound: str
    value: Value
    is_kept: bool | None


def open_records(agreement: Agreement, user: Any) -> list[Record]:
    """The open tickets under it that are due first and that the person may see; eleven at the most."""
    live = Clock.objects.live().filter(agreement=agreement, record=OuterRef("pk"))
    rows = Record.objects.visible_to(user).open().filter(Exists(live)).select_related("service", "team")
    return list(rows.order_by("due_at", "pk")[: LISTED + 1])


def volume(agreement: Agreement, *, at: datetime) -> Volume | None:
    """Tickets that came in in the day, week or month of the agreement's zone; None where it sets no limit."""
    limit = agreement.limits.get("volume")
    if not limit:
        return None
    since = start_of_day(_first_day(limit["per"], local_day(agreement, at)), zone_of(agreement))
    clocks = Clock.objects.filter(agreement=agreement, record=OuterRef("pk"))
    used = Record.objects.filter(opened_at__gte=since, opened_at__lte=at, kind=agreement.kind).filter(Exists(clocks))
    return Volume(used.order_by().count(), limit["most"], limit["per"], since)


def quality(agreement: Agreement, *, viewer: Any, at: datetime) -> list[Quality]:
    """What was promised of measures, over the tickets of the organization and the service."""
    known = {each.id: each for each in measures.kpis()}
    bounds = {name: bound for name, bound in sorted(agreement.limits.get("quality", {}).items()) if name in known}
    if not bounds:
        return []
    today = periods.today(at)
    span = periods.Range(today - timedelta(days=QUALITY_DAYS - 1), today + timedelta(days=1))
    filters = {
        name: key
        for name, key in (("organization", agreement.organization_id), ("service", agreement.service_id))
        if key is not None
    }
    scope = Scope(viewer, None, is_sample=agreement.is_sample, filters=filters)
    told = queries.series_of([known[name] for name in bounds], span, scope)
    found = []
    for name, bound in bounds.items():
        value, kpi = told[name][0].total, known[name]
        number = value.number
        is_kept = None
        if number is not None:
            is_kept = number >= float(bound) if kpi.direction == Direction.HIGHER else number <= float(bound)
        found.append(Quality(str(kpi.name), bound_text(kpi, bound), value, is_kept))
    return found


def is_sla(agreement: Agreement) -> bool:
    """Whether tickets go by it as a whole; those with teams and suppliers stand beneath."""
    return agreement.type == AgreementType.CUSTOMER


def _first_day(per: str, today: date) -> date:
    if per == VolumePeriod.MONTH:
        return today.replace(day=1)
    return today - timedelta(days=today.weekday()) if per == VolumePeriod.WEEK else today
