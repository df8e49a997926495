"""Background work on approvals: reminders, deadlines, seats of people who have left, mails."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import mail, sweep

SCHEDULE = {
    "approvals: watch the deadlines": {
        "task": "approvals.sweep",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "approvals: send mails": {
        "task": "approvals.send_mails",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
}


@shared_task(name="approvals.sweep")
def watch_deadlines(**_: Any) -> None:
    """Remind, expire and fill seats; what is left follows with the next beat."""
    sweep.sweep(at=now())


@shared_task(name="approvals.send_mails")
def send_mails(**_: Any) -> None:
    """Send the mails that were noted; what fails is tried again later."""
    mail.send_due(at=now())
