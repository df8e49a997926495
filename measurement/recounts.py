"""Full counts that people ask for: done by a worker, with their progress written down."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from people.access import require

from . import declarations, rebuild
from .models import Recount

OPERATION = "kpi.set_up"
LOST_AFTER = timedelta(minutes=20)
_logger = logging.getLogger(__name__)


def ask(*, by: Any, at: datetime) -> Recount:
    """
    Ask for everything to be counted from the records. A worker begins after the commit.

    :raises NotAllowed: :raises Refused: one is under way.
    """
    # Late: the task calls this module.
    from .tasks import recount

    require(by, OPERATION)
    lost = Recount.objects.filter(ended_at=None, asked_at__lt=at - LOST_AFTER)
    lost.exclude(worked_at__gte=at - LOST_AFTER).update(ended_at=at, error="lost")
    try:
        with transaction.atomic():
            made = Recount.objects.create(asked_by=by, asked_at=at, total=len(declarations.families()))
            log.record("kpi.recount_asked", subject_kind="measure", subject_id=0, by=by, at=at)
            transaction.on_commit(lambda: recount.delay(key=made.pk))
    except IntegrityError:
        raise Refused.because("running", _("Everything is being counted already. Wait for its end.")) from None
    return made


def work(key: int, *, clock: Callable[[], datetime]) -> None:
    """Count, unless it has ended. Safe to run twice: one full count at a time is under way."""
    rows = Recount.objects.filter(pk=key, ended_at=None)
    if not rows.exists():
        return

    def step(done: int, total: int, name: str) -> None:
        rows.update(done=done, total=total, current=name, worked_at=clock())

    try:
        is_counted = rebuild.rebuild_all(at=clock(), step=step) > 0
    except Exception:
        _logger.exception("The full count %s failed", key)
        rows.update(ended_at=clock(), error="failed")
        return
    still = rows.values_list("done", "total").first()
    is_whole = is_counted or (still is not None and still[0] == still[1])
    rows.update(ended_at=clock(), error="" if is_whole else "other")


def latest() -> Recount | None:
    """The one under way, or the one before."""
    return Recount.objects.select_related("asked_by").order_by("-pk").first()


def said(recount: Recount) -> str:
    """What went wrong with it, in words; empty where nothing did."""
    return {
        "lost": _("The worker was lost. Ask again."),
        "failed": _("It failed; the log of the worker says why. What was counted before stays."),
        "other": _("Another full count was under way and does the same."),
    }.get(recount.error, "")
