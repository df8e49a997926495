"""Background work on problems: take up accepted risks when their review date has come."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import operations

SCHEDULE = {
    "problems: decide accepted risks again": {
        "task": "problems.reopen_reviewed",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}


@shared_task(name="problems.reopen_reviewed")
def reopen_reviewed(**_: Any) -> None:
    """Take up one batch; what is left follows with the next beat."""
    operations.reopen_when_due(at=now())
