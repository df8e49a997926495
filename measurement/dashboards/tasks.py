"""Background work on dashboards: forget what was removed long ago."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import operations

SCHEDULE = {
    "dashboards: forget what was removed": {
        "task": "dashboards.clear_up",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
}


@shared_task(name="dashboards.clear_up")
def clear_up(**_: Any) -> None:
    """Forget dashboards and tiles that were removed 30 days ago."""
    operations.clear_up(at=now())
