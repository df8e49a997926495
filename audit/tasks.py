"""Background work of the log: deliver the outbox, clear it of what was delivered long ago."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import outbox

SCHEDULE = {
    "audit: deliver the outbox": {
        "task": "audit.dispatch_outbox",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "audit: prune the outbox": {
        "task": "audit.prune_outbox",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
BATCHES_A_RUN = 50
KEPT = timedelta(days=14)


@shared_task(name="audit.dispatch_outbox")
def dispatch_outbox(**_: Any) -> None:
    """Deliver what is due, a bounded number of batches; the next bell or beat goes on."""
    outbox.answer()
    for _batch in range(BATCHES_A_RUN):
        if not outbox.dispatch_due(at=now()):
            return


@shared_task(name="audit.prune_outbox")
def prune_outbox(**_: Any) -> None:
    """Forget deliveries that were done two weeks ago."""
    outbox.prune(before=now() - KEPT)
