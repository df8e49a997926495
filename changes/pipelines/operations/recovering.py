"""
When a service was well again after a deployment that failed.

Worked out from what is known, and again whenever more is: so reports may come late and in any order.
"""

from datetime import datetime
from typing import Any

from measurement.marks import mark

from ..enums import State
from ..models import Deployment

LOOKED_BACK = 50


def settle(*, service: Any, environment: Any, at: datetime) -> None:
    """Work out the recovery of the latest failures of a service in an environment. Call it inside a transaction."""
    failures = Deployment.objects.of(service, environment).filter(failed_at__isnull=False)
    for failure in failures.select_related("incident").order_by("-finished_at", "-pk")[:LOOKED_BACK]:
        settle_one(failure, at=at)


def settle_one(failure: Deployment, *, at: datetime) -> None:
    """
    The earliest of: the end of its own rollback, the next deployment that went well, the end of its incident.

    A deployment that itself had to be repaired made nothing well.
    """
    failed_at = failure.failed_at
    if failed_at is None:
        return
    found = [] if failure.state != State.ROLLED_BACK else [failure.finished_at]
    better = Deployment.objects.filter(
        service=failure.service_id,
        environment=failure.environment_id,
        state=State.SUCCEEDED,
        failed_at=None,
        finished_at__gte=failed_at,
    ).exclude(pk=failure.pk)
    found.append(better.order_by("finished_at").values_list("finished_at", flat=True).first())
    incident = failure.incident
    if incident is not None and incident.resolved_at is not None:
        found.append(incident.resolved_at)
    moments = [each for each in found if each is not None and each >= failed_at]
    recovered_at = min(moments, default=None)
    if recovered_at == failure.recovered_at:
        return
    left = [failure.recovered_at] if failure.recovered_at is not None else []
    failure.recovered_at = recovered_at
    failure.save(update_fields=["recovered_at"])
    mark([-failure.pk], at=at, moments=left)
