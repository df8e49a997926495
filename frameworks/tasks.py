"""Background work: comparing carried measures with their targets."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import signaling

SCHEDULE = {
    "frameworks: look for missed targets": {
        "task": "frameworks.look",
        "schedule": 21600.0,
        "options": {"expires": 21600},
    },
}


@shared_task(name="frameworks.look")
def look(**_: Any) -> None:
    """Raise and clear signals of measures that practices carry."""
    signaling.look(at=now())
