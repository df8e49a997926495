"""Background work: note deployments that have not reported."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import operations

SCHEDULE = {
    "deployments: note those that have not reported": {
        "task": "deployments.note_overdue",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}


@shared_task(name="deployments.note_overdue")
def note_overdue(**_: Any) -> None:
    """Do one batch; what is left follows with the next beat."""
    operations.note_overdue(at=now())
