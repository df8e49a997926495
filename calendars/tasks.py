"""Periodic work on calendars. Safe to run twice: what is there already is left alone."""

import logging
from typing import Any

from celery import shared_task

from common.refusals import Refused
from common.time import now

from . import operations
from .models import Calendar

SCHEDULE = {
    "calendars: extend the holidays": {
        "task": "calendars.extend_holidays",
        "schedule": 86_400.0,
        "options": {"expires": 86_400},
    },
}
logger = logging.getLogger(__name__)


@shared_task(name="calendars.extend_holidays")
def extend_holidays(**_unknown: Any) -> None:
    """Once a day: give calendars with holidays those of the coming year, retired ones in use included."""
    at = now()
    for calendar in Calendar.objects.exclude(holiday_country=""):
        try:
            extended = operations.extend_holidays_if_needed(calendar=calendar, by=None, at=at)
        except Refused as refused:
            logger.warning("holidays of calendar %s were not extended: %s", calendar.slug, refused)
            continue
        if extended is not None:
            logger.info("holidays of calendar %s extended by %s dates", calendar.slug, len(extended.added))
