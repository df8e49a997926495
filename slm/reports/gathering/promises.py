"""Volume limits and quality targets of the customer's agreements, in the month and the zone of the report."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from common.months import Month
from common.time import start_of_day
from measurement import declarations as measures
from measurement.declarations import KPI, Direction
from measurement.drill import COUNTED, MEASURED, Drill
from measurement.periods import Range
from measurement.scope import Scope as Cells
from records.models import Record

from ...enums import VolumePeriod
from ...in_force import ONE_DAY, days_of, with_stretches, within
from ...models import Agreement, Clock
from ..enums import Rows
from .scope import Ledger, Scope

WEEK = timedelta(days=7)


def promises(scope: Scope, ledger: Ledger, counted: Iterable[int | None]) -> list[dict[str, Any]]:
    """
    One for each volume limit and quality target, by agreement; two statements for each.

    What an agreement with many customers says is held against this customer's tickets alone. The text is the latest of
    the month. Of one that was in force on some days only, a limit for the month counts by these days, rounded up; days
    and weeks before and after count not at all.

    :param counted: keys of agreements under which clocks finished.
    """
    theirs = Q(organization=scope.organization) | Q(requester__organization=scope.organization)
    shared = Q(pk__in=[key for key in counted if key], organization=None, requester=None)
    rows = with_stretches(Agreement.objects.with_customers().filter(theirs | shared))
    found: list[dict[str, Any]] = []
    known = {each.id: each for each in measures.kpis()}
    for agreement in rows.order_by("name", "pk"):
        held = within(agreement, scope.month)
        if not held:
            continue
        text = held[-1].text
        said = {"agreement_id": agreement.pk, "agreement": agreement.name}
        if volume := text.limits.get("volume"):
            days = set().union(*(each.days(scope.month) for each in held))
            found.append(said | _volume(agreement, volume, days, scope, ledger))
        for name, bound in sorted(text.limits.get("quality", {}).items()):
            if name in known:
                found.append(said | _quality(agreement, known[name], bound, scope, ledger))
    return found


def _volume(
    agreement: Agreement, limit: dict[str, Any], days: set[date], scope: Scope, ledger: Ledger
) -> dict[str, Any]:
    """
    How many tickets came in the busiest day, week or month, and in how many of these more came than it covers.

    :param days: of the month on which the agreement was in force.
    """
    spans = _spans(limit["per"], scope.month, days)
    said = {"what": "volume", "per": limit["per"], "most": limit["most"]}
    if limit["per"] == VolumePeriod.MONTH and len(days) < (of_days := len(days_of(scope.month))):
        said |= {"most": -(-limit["most"] * len(days) // of_days), "days": len(days), "of_days": of_days}
    came: dict[datetime, list[int]] = {begin: [] for begin, _end in spans}
    if spans:
        under = Clock.objects.filter(agreement=agreement, record=OuterRef("pk"))
        rows = Record.objects.filter(
            Exists(under), kind=agreement.kind, organization=scope.organization, opened_at__gte=spans[0][0],
            opened_at__lt=spans[-1][1],
        )  # fmt: skip
        for key, opened_at in rows.order_by().values_list("pk", "opened_at"):
            begin, end = next(each for each in reversed(spans) if each[0] <= opened_at)
            if opened_at < end:
                came[begin].append(key)
    busiest = max(came, key=lambda begin: (len(came[begin]), begin), default=None)
    return said | {
        "used": ledger.count(f"volume.{agreement.pk}", Rows.RECORD, came[busiest] if busiest else []),
        "busiest": busiest.astimezone(scope.month.zone).date().isoformat() if busiest else None,
        "over": sum(len(keys) > said["most"] for keys in came.values()),
        "spans": len(spans),
    }


def _spans(per: str, month: Month, days: set[date]) -> list[tuple[datetime, datetime]]:
    """The days in force, the weeks from Monday on that end in the month and were in force all along, or the month."""
    if per == VolumePeriod.MONTH:
        return [(month.began_at, month.ended_at)]
    if per == VolumePeriod.DAY:
        firsts, step = sorted(days), ONE_DAY
    else:
        begin, step = month.first - timedelta(days=month.first.weekday()), WEEK
        mondays = [begin + number * WEEK for number in range(6)]
        firsts = [
            each for each in mondays
            if month.first < each + WEEK <= month.following.first
            and all(day in days for day in _week(each) if day >= month.first)
        ]  # fmt: skip
    return [(start_of_day(each, month.zone), start_of_day(each + step, month.zone)) for each in firsts]


def _week(monday: date) -> list[date]:
    return [monday + number * ONE_DAY for number in range(7)]


def _quality(agreement: Agreement, kpi: KPI, bound: str, scope: Scope, ledger: Ledger) -> dict[str, Any]:
    base = f"quality.{agreement.pk}.{kpi.id}"
    return {
        "what": "quality",
        "measure": kpi.id,
        "name": str(kpi.name),
        "bound": bound,
        "is_at_least": kpi.direction == Direction.HIGHER,
        **counted(kpi, scope, ledger, base=base, service_id=agreement.service_id),
    }


def counted(kpi: KPI, scope: Scope, ledger: Ledger, *, base: str, service_id: int | None) -> dict[str, Any]:
    """A measure over the customer's records of the month, and of the service where there is one; two statements."""
    filters = {"organization": scope.organization.pk}
    if service_id is not None:
        filters["service"] = service_id
    cells = Cells(None, None, is_sample=scope.organization.is_sample, filters=filters)
    days = Range(scope.month.first, scope.month.following.first)
    drill = Drill(kpi, days, cells, zone=scope.month.zone.key)
    return {
        "hits": ledger.count(f"{base}.hits", Rows.RECORD, drill.keys(COUNTED)),
        "measured": ledger.count(f"{base}.measured", Rows.RECORD, drill.keys(MEASURED)),
    }
