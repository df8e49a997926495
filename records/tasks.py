"""Background work on records: send held replies, forget who was looking and which forms were used."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.timezone import now

from people.vocabularies.layers import spoken_by

from . import once, operations
from .bulk import runs
from .models import BulkRun
from .operations import seeing

SCHEDULE = {
    "records: send held replies": {
        "task": "records.release_held",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "records: go on with acts on many": {
        "task": "records.resume_bulk",
        "schedule": 60.0,
        "options": {"expires": 60},
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
    """Forget presences of an hour ago, skipped tickets and one-use keys of a day ago."""
    moment = now()
    seeing.forget_skips(at=moment)
    operations.forget_gone(at=moment)
    once.forget_used(before=moment - timedelta(hours=24))


@shared_task(name="records.work_bulk")
def work_bulk(*, run_id: int, **_: Any) -> None:
    """Do an act on many records, record by record; a repeated call goes on where the first one stopped."""
    run = BulkRun.objects.select_related("by").filter(pk=run_id, ended_at=None).first()
    if run is not None:
        _finish(run)


@shared_task(name="records.resume_bulk")
def resume_bulk(**_: Any) -> None:
    """Go on with runs whose worker was lost: their tickets still wait a minute after the order."""
    for run in BulkRun.objects.filter(ended_at=None, at__lt=now() - timedelta(minutes=1)).select_related("by")[:20]:
        _finish(run)


def _finish(run: BulkRun) -> None:
    """In the words and zone of who ordered it, who reads why some were left out."""
    with spoken_by(run.by), timezone.override(run.by.zone):
        runs.finish(run=run, at=now())
