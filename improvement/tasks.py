"""Background work on improvements: taking up again what was on hold, measuring again what was realized."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import operations

SCHEDULE = {
    "improvement: take up again": {
        "task": "improvement.wake",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "improvement: measure again": {
        "task": "improvement.remeasure",
        "schedule": 21600.0,
        "options": {"expires": 21600},
    },
}


@shared_task(name="improvement.wake")
def wake(**_: Any) -> None:
    """Take up again what was on hold until a moment that has come."""
    operations.wake(at=now())


@shared_task(name="improvement.remeasure")
def remeasure(**_: Any) -> None:
    """Measure again what was realized three, six and twelve months ago."""
    operations.remeasure(at=now())
