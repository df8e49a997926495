"""Background work on breaches: make what no bell announced, tell leads of what nobody explained."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import recording, reminding

SCHEDULE = {
    "breaches: look after them": {
        "task": "breaches.look_after",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
}


@shared_task(name="breaches.look_after")
def look_after(**_: Any) -> None:
    """Heal what was left out, then tell the leads."""
    at = now()
    recording.heal(at=at)
    reminding.remind(at=at)
