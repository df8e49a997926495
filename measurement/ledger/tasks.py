"""Background work: every night the periods that are over are closed, and what changed since is told anew."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils.timezone import now

from .. import rebuild
from . import closing

SCHEDULE = {
    "measurement: close days and months": {
        "task": "measurement.close",
        "schedule": crontab(minute=20),
        "options": {"expires": 3000},
    },
}


@shared_task(name="measurement.close")
def close(**_: Any) -> None:
    """
    Close what is over and look at late facts. Every hour, as the reporting zone may be any; most hours find nothing.
    """
    if rebuild.is_built():
        closing.close(at=now())
