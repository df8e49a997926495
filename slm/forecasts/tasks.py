"""Background work on forecasts: learn a few times a day, look at what is due every other minute."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import foreseeing

SCHEDULE = {
    "forecasts: what will be missed in this shift": {
        "task": "forecasts.keep_up",
        "schedule": 120.0,
        "options": {"expires": 120},
    },
}


@shared_task(name="forecasts.keep_up")
def keep_up(**_: Any) -> None:
    """Write the forecasts anew."""
    foreseeing.keep_up(at=now())
