"""Background work on changes: end approvals of models on their day, remind of late approvals that are overdue."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import operations

SCHEDULE = {
    "changes: look after models and late approvals": {
        "task": "changes.look_after",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}


@shared_task(name="changes.look_after")
def look_after(**_: Any) -> None:
    """Do one batch of each; what is left follows with the next beat."""
    at = now()
    operations.suspend_expired(at=at)
    operations.note_overdue(at=at)
