"""Background work on items: look over all of them."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from .looking import look

SCHEDULE = {
    "changes.differences: look over all items": {
        "task": "changes.look_over_items",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}


@shared_task(name="changes.look_over_items")
def look_over_items(**_: Any) -> None:
    """Keep what items lack, and whose verification is overdue."""
    look(at=now())
