"""Background work: look through the incidents every night, and when somebody asks."""

import logging
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils.timezone import now

from . import runs

SCHEDULE = {
    "problems: look for groups of similar incidents": {
        "task": "problems.find_groups",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
}
_logger = logging.getLogger(__name__)


@shared_task(name="problems.find_groups")
def find_groups(**_: Any) -> None:
    """Look through the incidents of the latest 90 days; nothing when another worker is at it."""
    runs.find(at=now())


def ask_for_a_look() -> bool:
    """Have a worker look soon. False when no worker could be told; the next night looks anyway."""
    try:
        find_groups.apply_async(ignore_result=True, retry=False, expires=600)
    except Exception:
        _logger.warning("The broker did not take the wish for a look through the incidents.")
        return False
    return True
