"""Background work: imports of items that a page or the API began, and specifications whose day has come."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import importing
from .models import ItemImport
from .specifications import operations as specifications

SCHEDULE = {
    "services: go on with imports of items": {
        "task": "services.resume_imports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "services: begin specifications on their day": {
        "task": "services.begin_specifications",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
}
Stage = ItemImport.Stage
WORK = {Stage.CHECKING: importing.check, Stage.APPLYING: importing.apply}


@shared_task(name="services.work_import")
def work_import(*, run_id: int, **_: Any) -> None:
    """Check or write an import, whichever it waits for; a repeated call does no harm."""
    run = ItemImport.objects.filter(pk=run_id).first()
    if run is not None and run.stage in WORK:
        WORK[Stage(run.stage)](run=run, at=now())


@shared_task(name="services.resume_imports")
def resume_imports(**_: Any) -> None:
    """Go on with imports whose worker was lost: they still wait two minutes after they were asked for."""
    waiting = ItemImport.objects.filter(stage__in=list(WORK), stage_at__lt=now() - timedelta(minutes=2))
    for run in waiting.order_by("pk")[:5]:
        work_import(run_id=run.pk)


@shared_task(name="services.begin_specifications")
def begin_specifications(**_: Any) -> None:
    """Write down which specifications hold since midnight, so that those concerned are told."""
    specifications.begin_due(at=now())
