"""
Transactional outbox: claim due rows, do the work outside the claim's transaction, finish only with one's own claim.

Delivered at least once; handlers are safe to run twice. A row that failed eight times is parked, visible in the set-up
pages, and can be tried again by hand.
"""

import logging
import random
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q

from .models import Dispatch
from .subscriptions import subscription

LEASE = timedelta(minutes=5)
TRIES_AT_MOST = 8
BATCH_ROWS = 200
BELL = "audit:bell"
BELL_SECONDS = 5  # a bell that nobody has answered by then is rung again
_logger = logging.getLogger(__name__)


def ring() -> None:
    """
    After the commit, tell a worker that there is something to do. The sweep finds what no bell announced.

    Once for each transaction, and not while an earlier bell waits for a worker, who will see this work too: the bell
    of a busy hour is one message, not one for each act.
    """
    waiting = transaction.get_connection().run_on_commit
    if getattr(settings, "AUDIT_RINGS_BELL", True) and not any(each[1] is _tell for each in waiting):
        transaction.on_commit(_tell)


def answer() -> None:
    """Let the next commit ring again. A worker says this before it looks, so that nothing falls in between."""
    try:
        cache.delete(BELL)
    except Exception:
        _logger.warning("The cache did not take the answer to the bell; the next one rings a few seconds later.")


def _tell() -> None:
    from .tasks import dispatch_outbox  # tasks import this module

    try:
        if cache.add(BELL, 1, timeout=BELL_SECONDS):
            dispatch_outbox.apply_async(ignore_result=True, expires=60, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; the sweep will find the work.")


def claim(*, at: datetime, rows: int = BATCH_ROWS) -> list[Dispatch]:
    """Lease due rows to the caller, skipping those that another worker holds."""
    token = uuid.uuid4()
    with transaction.atomic():
        due = list(
            Dispatch.objects.select_for_update(skip_locked=True)
            .filter(Q(claimed_until=None) | Q(claimed_until__lt=at), state=Dispatch.State.PENDING, due_at__lte=at)
            .order_by("due_at", "id")
            .values_list("id", flat=True)[:rows]
        )
        Dispatch.objects.filter(pk__in=due).update(claim=token, claimed_until=at + LEASE, attempts=F("attempts") + 1)
    return list(Dispatch.objects.filter(claim=token, pk__in=due).select_related("entry").order_by("entry_id", "id"))


def work(dispatch: Dispatch, *, at: datetime) -> bool:
    """Let the subscriber do its share and note the result. False when it failed and will be tried again or parked."""
    known = subscription(dispatch.subscriber)
    mine = Dispatch.objects.filter(pk=dispatch.pk, claim=dispatch.claim)
    try:
        if known is not None:
            with transaction.atomic():
                known.handler(dispatch.entry)
    except Exception as error:
        _logger.exception("Subscriber %s failed on entry %s", dispatch.subscriber, dispatch.entry_id)
        is_last = dispatch.attempts >= TRIES_AT_MOST
        gap = timedelta(seconds=min(3600, 5 * 4**dispatch.attempts) * random.uniform(0.8, 1.2))  # noqa: S311
        mine.update(
            state=Dispatch.State.PARKED if is_last else Dispatch.State.PENDING,
            due_at=at + gap,
            claimed_until=None,
            claim=None,
            error=f"{type(error).__name__}: {error}"[:2000],
        )
        return False
    mine.update(state=Dispatch.State.DONE, done_at=at, claimed_until=None, error="")
    return True


def dispatch_due(*, at: datetime, rows: int = BATCH_ROWS) -> int:
    """Do one batch of due work. Returns how many rows were claimed; 0 means nothing was due."""
    claimed = claim(at=at, rows=rows)
    for dispatch in claimed:
        work(dispatch, at=at)
    return len(claimed)


def replay(dispatch: Dispatch, *, at: datetime) -> bool:
    """Let a parked row be tried again from the first attempt on. False when it is not parked any more."""
    with transaction.atomic():
        parked = Dispatch.objects.filter(pk=dispatch.pk, state=Dispatch.State.PARKED)
        if not parked.update(state=Dispatch.State.PENDING, due_at=at, attempts=0, claimed_until=None, claim=None):
            return False
        ring()
    return True


def prune(*, before: datetime, rows: int = 10_000) -> int:
    """Remove delivered rows older than `before`, a bounded number at a time."""
    old = Dispatch.objects.filter(state=Dispatch.State.DONE, done_at__lt=before).values("pk")[:rows]
    return Dispatch.objects.filter(pk__in=old).delete()[0]
