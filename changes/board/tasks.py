"""Background work on meetings: invite, send the agenda, send mails."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import mail, operations

SCHEDULE = {
    "changes: invite to meetings": {
        "task": "changes.invite_to_meetings",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "changes: send mails about meetings": {
        "task": "changes.send_meeting_mails",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}


@shared_task(name="changes.invite_to_meetings")
def invite_to_meetings(**_: Any) -> None:
    """Invite, and remind a day before; what is left follows with the next beat."""
    operations.look_after(at=now())


@shared_task(name="changes.send_meeting_mails")
def send_meeting_mails(**_: Any) -> None:
    """Send the mails that were noted; what fails is tried again later."""
    mail.send_due(at=now())
