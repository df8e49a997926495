"""Volume limits and quality targets of the customer's agreements, in the month and the zone of the report."""

from collections.abc import Iterable
from datetime import datetime, timedelta
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
from ...models import Agreement, Clock
from ..enums import Rows
from .scope import Ledger, Scope

WEEK = timedelta(days=7)


def promises(scope: Scope, ledger: Ledger, counted: Iterable[int | None]) -> list[dict[str, Any]]:
    """
    One for each volume limit and quality target, by agreement; two statements for each.

    What an agreement with many customers says is held against this customer's tickets alone. The text is that of today.

    :param counted: keys of agreements under which clocks finished.
    """
    theirs = Q(organization=scope.organization) | Q(requester__organization=scope.organization)
    shared = Q(pk__in=[key for key in counted if key], organization=None, requester=None)
    rows = Agreement.objects.in_force().with_customers().filter(theirs | shared).exclude(limits={})
    found: list[dict[str, Any]] = []
    for agreement in rows.order_by("name", "pk"):
        said = {"agreement_id": agreement.pk, "agreement": agreement.name}
        if volume := agreement.limits.get("volume"):
            found.append(said | _volume(agreement, volume, scope, ledger))
        known = {each.id: each for each in measures.kpis()}
        for name, bound in sorted(agreement.limits.get("quality", {}).items()):
            if name in known:
                found.append(said | _quality(agreement, known[name], bound, scope, ledger))
    return found


def _volume(agreement: Agreement, limit: dict[str, Any], scope: Scope, ledger: Ledger) -> dict[str, Any]:
    """How many tickets came in the busiest day, week or month, and in how many of these more came than it covers."""
    spans = _spans(limit["per"], scope.month)
    under = Clock.objects.filter(agreement=agreement, record=OuterRef("pk"))
    rows = Record.objects.filter(
        Exists(under), kind=agreement.kind, organization=scope.organization, opened_at__gte=spans[0][0],
        opened_at__lt=spans[-1][1],
    )  # fmt: skip
    came: dict[datetime, list[int]] = {begin: [] for begin, _end in spans}
    for key, opened_at in rows.order_by().values_list("pk", "opened_at"):
        came[next(begin for begin, end in reversed(spans) if begin <= opened_at)].append(key)
    busiest = max(came, key=lambda begin: (len(came[begin]), begin))
    over = [begin for begin, keys in came.items() if len(keys) > limit["most"]]
    return {
        "what": "volume",
        "per": limit["per"],
        "most": limit["most"],
        "used": ledger.count(f"volume.{agreement.pk}", Rows.RECORD, came[busiest]),
        "busiest": busiest.astimezone(scope.month.zone).date().isoformat(),
        "over": len(over),
        "spans": len(spans),
    }


def _spans(per: str, month: Month) -> list[tuple[datetime, datetime]]:
    """The days or weeks that end in the month, or the month; weeks begin on Mondays."""
    if per == VolumePeriod.MONTH:
        return [(month.began_at, month.ended_at)]
    after = month.following.first
    step = WEEK if per == VolumePeriod.WEEK else timedelta(days=1)
    first = month.first - timedelta(days=month.first.weekday()) if per == VolumePeriod.WEEK else month.first
    found = []
    while first + step <= after:
        found.append((start_of_day(first, month.zone), start_of_day(first + step, month.zone)))
        first += step
    return found


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
