"""The four cells of each service as they were in force at the end of the month, and what was measured of them."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import Q

from measurement import declarations as measures
from services.specifications import queries
from services.specifications.models import Statement

from ...enums import AgreementType, ClockState
from ...models import Clock
from ...specifications.measuring import CLOCK, MEASURE, parts_of
from ..enums import Rows
from .promises import counted
from .scope import Ledger, Scope

# Of one clock that finished: its key, what it is called, its priority, and the working time that it took.
Finished = tuple[int, str, int, timedelta]


def cells(scope: Scope, ledger: Ledger) -> list[dict[str, Any]]:
    """
    A row for each service that was specified, with the statements that the customer may read.

    Three statements, and two for each measure that a cell names. Clocks are held against the time that the cell says,
    whatever target they had; availability stands in its own part of the report.
    """
    last_day = scope.month.following.first - timedelta(days=1)
    readable = queries.statements_for_organization(scope.organization.pk)
    standing = queries.in_force(scope.services, on=last_day, statements=readable)
    finished = _finished(scope, list(standing)) if standing else {}
    return [
        {
            "id": service.pk,
            "name": service.name,
            "slug": service.slug,
            "version": standing[service.pk].number,
            "statements": [
                _statement(each, service.pk, finished.get(service.pk, []), scope, ledger)
                for each in standing[service.pk].statements.all()
            ],
        }
        for service in scope.services
        if service.pk in standing
    ]


def _finished(scope: Scope, service_ids: list[int]) -> dict[int, list[Finished]]:
    """Clocks of the customer's records under agreements with customers that finished in the month, by service."""
    rows: Any = Clock.objects.filter(
        Q(agreement=None) | Q(agreement__type=AgreementType.CUSTOMER),
        record__organization=scope.organization,
        record__service__in=service_ids,
        stopped_at__gte=scope.at_from,
        stopped_at__lt=scope.at_to,
        state__in=[ClockState.MET, ClockState.MISSED],
    )
    found: dict[int, list[Finished]] = defaultdict(list)
    for service_id, *clock in rows.order_by("pk").values_list("record__service", "pk", "kind", "priority", "used"):
        found[service_id].append(tuple(clock))
    return found


def _statement(
    row: Statement, service_id: int, finished: list[Finished], scope: Scope, ledger: Ledger
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "cell": row.cell,
        "text": row.text,
        "bound": row.bound,
        "value": None if row.value is None else f"{row.value.normalize():f}",
    }
    kind, name, priority = parts_of(row.bound)
    base = f"cells.{service_id}.{row.key}"
    if kind == CLOCK and row.value is not None:
        of_it = [each for each in finished if each[1] == name and priority in (None, each[2])]
        within = [each[0] for each in of_it if each[3] <= timedelta(minutes=int(row.value))]
        said["hits"] = ledger.count(f"{base}.hits", Rows.CLOCK, within)
        said["measured"] = ledger.count(f"{base}.measured", Rows.CLOCK, [each[0] for each in of_it])
    elif kind == MEASURE:
        kpi = next((each for each in measures.kpis() if each.id == name), None)
        if kpi is not None:
            said |= counted(kpi, scope, ledger, base=base, service_id=service_id)
    return said
