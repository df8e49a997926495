"""Background work on records: send held replies, forget who was looking and which forms were used."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import once, operations

SCHEDULE = {
    "records: send held replies": {
        "task": "records.release_held",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "records: forget what is over": {
        "task": "records.forget",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}


@shared_task(name="records.release_held")
def release_held(**_: Any) -> None:
    """Send what was held long enough; what is left follows with the next beat."""
    operations.release_held(at=now())


@shared_task(name="records.forget")
def forget(**_: Any) -> None:
    """Forget presences of an hour ago and one-use keys of a day ago."""
    moment = now()
    operations.forget_gone(at=moment)
    once.forget_used(before=moment - timedelta(hours=24))
