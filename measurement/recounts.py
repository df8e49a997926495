"""Full counts that people ask for: done by a worker, with their progress written down."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from people.access import require

from . import declarations, locks, rebuild
from .models import Recount

OPERATION = "kpi.set_up"
SILENT_AFTER = timedelta(minutes=1)
TRIES_AT_MOST = 3
_logger = logging.getLogger(__name__)


def ask(*, by: Any, at: datetime) -> Recount:
    """
    Ask for everything to be counted from the records. A worker begins after the commit.

    :raises NotAllowed: :raises Refused: one is under way.
    """
    # Late: the task calls this module.
    from .tasks import recount

    require(by, OPERATION)
    try:
        with transaction.atomic():
            made = Recount.objects.create(asked_by=by, asked_at=at, total=len(declarations.families()))
            log.record("kpi.recount_asked", subject_kind="measure", subject_id=0, by=by, at=at)
            # A bell that nobody hears is no loss: what is silent is taken up.
            transaction.on_commit(lambda: recount.delay(key=made.pk), robust=True)
    except IntegrityError:
        raise Refused.because("running", _("Everything is being counted already. Wait for its end.")) from None
    return made


def work(key: int, *, clock: Callable[[], datetime]) -> None:
    """
    Count from the beginning, unless it has ended.

    Safe to run twice: it is left alone while another full count is under way, whose lock goes with its worker. What a
    lost worker had counted is counted again, for acts went on since.
    """
    rows = Recount.objects.filter(pk=key, ended_at=None)

    def step(done: int, total: int, name: str) -> None:
        rows.update(done=done, total=total, current=name, worked_at=clock())

    with locks.only_one() as is_ours:
        found = rows.first() if is_ours else None
        if found is None:
            return
        if found.attempts >= TRIES_AT_MOST:
            rows.update(ended_at=clock(), error="lost")
            return
        rows.update(attempts=F("attempts") + 1, done=0, current="", worked_at=clock())
        try:
            rebuild.rebuild_all(at=clock(), step=step)
        except Exception:
            _logger.exception("The full count %s failed", key)
            rows.update(ended_at=clock(), error="failed")
            return
        rows.update(ended_at=clock(), error="")


def left(*, at: datetime) -> list[int]:
    """Those of which nothing was heard for a minute: their worker was lost, or nobody heard the bell."""
    silent = at - SILENT_AFTER
    rows = Recount.objects.filter(ended_at=None, asked_at__lt=silent).exclude(worked_at__gte=silent)
    return list(rows.values_list("pk", flat=True))


def latest() -> Recount | None:
    """The one under way, or the one before."""
    return Recount.objects.select_related("asked_by").order_by("-pk").first()


def said(recount: Recount) -> str:
    """What went wrong with it, in words; empty where nothing did."""
    return {
        "lost": _("Its worker was lost three times. Look at the log of the worker, then ask again."),
        "failed": _("It failed; the log of the worker says why. What was counted before stays."),
        "other": _("Another full count was under way and does the same."),
    }.get(recount.error, "")
