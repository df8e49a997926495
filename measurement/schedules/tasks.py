"""Background work on scheduled reports: begin what is due, send the letters."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import mail, operations

SCHEDULE = {
    "schedules: send reports of measures": {
        "task": "schedules.send_out",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}


@shared_task(name="schedules.send_out")
def send_out(**_: Any) -> None:
    """Begin the runs that are due, and send their letters."""
    at = now()
    operations.plan_due(at=at)
    mail.send_due(at=at)
