"""Leads are told once of misses that nobody explained in time."""

from datetime import datetime

from django.db import transaction

from audit import log
from audit.bulk import Line

from .enums import BreachState
from .models import Breach

BATCH_ROWS = 500
BATCHES_A_RUN = 20
OVERDUE = "breach.overdue"


def remind(*, at: datetime) -> int:
    """Write down, once each, that a miss was not explained in time. :returns: how many were."""
    told = 0
    for _batch in range(BATCHES_A_RUN):
        taken = _remind_batch(at)
        told += taken
        if taken < BATCH_ROWS:
            break
    return told


@transaction.atomic
def _remind_batch(at: datetime) -> int:
    due = list(
        Breach.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=BreachState.RECORDED, lead_told_at=None, explain_by_at__lte=at)
        .select_related("record")
        .order_by("explain_by_at", "id")[:BATCH_ROWS]
    )
    Breach.objects.filter(pk__in=[each.pk for each in due]).update(lead_told_at=at)
    lines = [
        Line(
            at,
            OVERDUE,
            each.record_id,
            str(each.record),
            each.record.organization_id,
            {"breach": each.pk, "clock": each.clock_kind, "title": str(each.clock_label)},
        )
        for each in due
    ]
    log.save_lines(lines, subject_kind="record")
    return len(due)
