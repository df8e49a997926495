"""Background work on files of measures: make them, take up those left alone, forget expired ones."""

import logging
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import files

SCHEDULE = {
    "explorer: take up files that were left": {
        "task": "explorer.take_up",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "explorer: forget expired files": {"task": "explorer.forget", "schedule": 3600.0, "options": {"expires": 3600}},
}
_logger = logging.getLogger(__name__)


@shared_task(name="explorer.make")
def make(*, export: int, **_: Any) -> None:
    """Make one file."""
    files.make(export)


@shared_task(name="explorer.take_up")
def take_up(**_: Any) -> None:
    """Ring for the files that nobody works at."""
    at = now()
    files.give_up(at=at)
    for key in files.lost(at=at):
        ring(key)


@shared_task(name="explorer.forget")
def forget(**_: Any) -> None:
    """Remove a batch of expired files; what is left follows with the next beat."""
    files.forget(at=now())


def ring(export: int) -> None:
    """Tell a worker. What no bell announced is taken up within a minute."""
    try:
        make.apply_async(kwargs={"export": export}, ignore_result=True, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; the file is begun within a minute.")
