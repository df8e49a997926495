"""Deployments that have not reported in time: noted once each, whoever asked is told by it."""

from datetime import datetime

from django.db import transaction

from audit import log

from ..enums import State
from ..models import Deployment

NOTED = "deployment.overdue"


@transaction.atomic
def note_overdue(*, at: datetime, rows: int = 100) -> int:
    """Note deployments that should have reported by now, at most `rows`; a late report counts. Returns how many."""
    late = (
        Deployment.objects.filter(state=State.RUNNING, overdue_at=None, due_at__lte=at)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at", "pk")
    )
    count = 0
    for deployment in late[:rows]:
        deployment.overdue_at = at
        deployment.save(update_fields=["overdue_at"])
        log.record(
            NOTED,
            subject_kind="deployment",
            subject_id=deployment.pk,
            subject_label=str(deployment),
            organization_id=deployment.organization_id,
            by=None,
            at=at,
        )
        count += 1
    return count
