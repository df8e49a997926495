"""Background work on releases: reminders before the planned date and around the end of early life."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import operations

SCHEDULE = {
    "releases: remind of dates": {
        "task": "releases.remind",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}


@shared_task(name="releases.remind")
def remind(**_: Any) -> None:
    """Write down what is due to be remembered of."""
    operations.remind(at=now())
