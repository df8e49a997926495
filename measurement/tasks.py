"""Background work: count what acts have touched, and compare everything with the records every night."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils.timezone import now

from . import rebuild, recounts

SCHEDULE = {
    "measurement: count what was touched": {
        "task": "measurement.settle_marks",
        "schedule": 4.0,
        "options": {"expires": 4},
    },
    "measurement: take up full counts that were left": {
        "task": "measurement.take_up",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "measurement: compare with the records": {
        "task": "measurement.compare",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 3600},
    },
}
BATCHES_A_RUN = 20


@shared_task(name="measurement.settle_marks")
def settle_marks(**_: Any) -> None:
    """Count what is marked, a bounded number of batches; everything when a definition or the zone has changed."""
    if not rebuild.is_built():
        rebuild.count_missing(at=now())
        return
    for _batch in range(BATCHES_A_RUN):
        if not rebuild.settle_marks():
            return


@shared_task(name="measurement.compare")
def compare(**_: Any) -> None:
    """Add up months that have passed, then log and heal readings that are not what the records say."""
    rebuild.keep_months(at=now())
    rebuild.compare()


@shared_task(name="measurement.recount")
def recount(*, key: int, **_: Any) -> None:
    """Count everything from the records because a person asked for it, and write down how far it is."""
    recounts.work(key, clock=now)


@shared_task(name="measurement.take_up")
def take_up(**_: Any) -> None:
    """Begin anew the full counts whose worker was lost."""
    for key in recounts.left(at=now()):
        recounts.work(key, clock=now)
