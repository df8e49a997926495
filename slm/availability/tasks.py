"""Background work on availability: write the days of services that are over."""

import logging
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import days

SCHEDULE = {
    "availability: write the days that are over": {
        "task": "availability.close_days",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
}
_logger = logging.getLogger(__name__)


@shared_task(name="availability.close_days")
def close_days(**_: Any) -> None:
    """Write the days that are over."""
    days.close(at=now())


@shared_task(name="availability.count_days")
def count_days(**_: Any) -> None:
    """Write every day anew: what was promised, or the hours it goes by, has changed."""
    days.count_all(at=now())


def ring(_told: Any) -> None:
    """Tell a worker that agreements or hours have changed; the next full count finds what no bell announced."""
    try:
        count_days.apply_async(ignore_result=True, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; days keep the earlier agreement until the next change.")
