"""Background work on reports: compile what is due, make files, send mails."""

import logging
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import files, mail, operations

SCHEDULE = {
    "reports: compile the months that are over": {
        "task": "reports.compile_due",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "reports: make files and send them": {
        "task": "reports.send_out",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
_logger = logging.getLogger(__name__)


@shared_task(name="reports.compile_due")
def compile_due(**_: Any) -> None:
    """Compile the reports that plans lack."""
    operations.compile_due(at=now())


@shared_task(name="reports.send_out")
def send_out(**_: Any) -> None:
    """Make the files of issued reports, and send them to their receivers."""
    at = now()
    files.make_due(at=at)
    mail.send_due(at=at)


def ring(_told: Any) -> None:
    """After a report was issued, tell a worker. What no bell announced is made within a minute."""
    try:
        send_out.apply_async(ignore_result=True, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; the file of the report is made within a minute.")
