"""Background work on incidents: close what nobody objected to, wake what has waited long enough."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import operations

SCHEDULE = {
    "incidents: close after the window": {
        "task": "incidents.close_resolved",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "incidents: wake what waited": {
        "task": "incidents.wake_held",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}


@shared_task(name="incidents.close_resolved")
def close_resolved(**_: Any) -> None:
    """Close one batch; what is left follows with the next beat."""
    operations.close_when_due(at=now())


@shared_task(name="incidents.wake_held")
def wake_held(**_: Any) -> None:
    """Resume one batch; what is left follows with the next beat."""
    operations.wake_when_due(at=now())
