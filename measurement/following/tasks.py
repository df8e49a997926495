"""Background work: looking at the alerts on measures."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import mail, operations

SCHEDULE = {
    "following: look at alerts on measures": {
        "task": "kpi_following.check_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}


@shared_task(name="kpi_following.check_due")
def check_due(**_: Any) -> None:
    """Tell people whose measures crossed a line since the latest look."""
    at = now()
    operations.check_due(at=at)
    mail.send_due(at=at)
