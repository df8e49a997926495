"""Simulations done by workers: batch by batch, each in a transaction of its own, to be stopped and taken up again."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from calendars import registry
from common.copying import copy_rows

from .counting import Counts, effect_of
from .drafts import Draft
from .enums import ENDED, State
from .gathering import Found, clocks_of, gather, has_other_pauses, keys_of
from .models import Outcome, Simulation
from .operations import MOST
from .replay import Replay

BATCH = 2_500
SECONDS_AT_ONCE = 20.0
LOST_AFTER = timedelta(seconds=60)
KEPT = timedelta(days=30)
COLUMNS = (
    "simulation_id", "clock_id", "record_id", "kind", "priority", "is_open", "effect", "is_missed_before",
    "is_missed_after", "due_before", "due_after", "used_before", "used_after",
)  # fmt: skip


def work(key: int, *, seconds: float = SECONDS_AT_ONCE) -> bool:
    """
    Go on with a simulation for a while. Returns whether something is left to do.

    Safe to run twice and by several workers: each batch locks the simulation and begins where the one before ended.
    """
    simulation = Simulation.objects.unfinished().filter(pk=key).select_related("by").first()
    if simulation is None:
        return False
    draft, end = Draft.from_document(simulation.draft), monotonic() + seconds
    with_standings = has_other_pauses(draft)
    keys = keys_of(clocks_of(simulation, draft).filter(pk__gt=simulation.latest), limit=MOST)[:MOST]
    replay = Replay(draft, registry.business_time, simulation.at)
    for begin in range(0, len(keys), BATCH):
        if not _batch(key, keys[begin : begin + BATCH], replay, with_standings=with_standings):
            return False
        if monotonic() > end and begin + BATCH < len(keys):
            return True
    _finish(key)
    return False


@transaction.atomic
def _batch(key: int, keys: list[int], replay: Replay, *, with_standings: bool) -> bool:
    """Look at some clocks. False when the simulation was stopped, or another worker is at the same clocks."""
    locked = Simulation.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
    if locked is None or locked.state in ENDED or locked.latest >= keys[0]:
        return False
    counts = Counts.from_document(locked.counts)
    lines = []
    for found in gather(keys, with_standings=with_standings):
        line = _line(found, replay, counts)
        if line is not None:
            lines.append((key, *line))
    with connection.cursor() as cursor:
        copy_rows(cursor, Outcome._meta.db_table, COLUMNS, lines)
    locked.state, locked.counts, locked.latest = State.RUNNING, counts.as_document(), keys[-1]
    locked.done += len(keys)
    locked.total = max(locked.total, locked.done)
    locked.worked_at = now()
    locked.save(update_fields=["state", "counts", "latest", "done", "total", "worked_at"])
    return True


def _line(found: Found, replay: Replay, counts: Counts) -> tuple[Any, ...] | None:
    """The row of a clock that would change; it is counted in any case."""
    played = found.played
    before = replay.before(played)
    after = replay.after(played, found.standings, found.declaration)
    effect = effect_of(before, after)
    counts.add(
        is_open=found.is_open,
        priority=played.priority,
        before=before,
        after=after,
        effect=effect,
        is_otherwise=not found.is_open and before.is_missed != found.was_missed,
    )
    if effect is None:
        return None
    shown = after or before
    return (
        found.clock_id, found.record_id, played.kind, played.priority, found.is_open, str(effect), before.is_missed,
        after is not None and after.is_missed, before.due_at, after.due_at if after else None, before.used, shown.used,
    )  # fmt: skip


@transaction.atomic
def _finish(key: int) -> None:
    locked = Simulation.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if locked is not None and not locked.is_over:
        locked.state, locked.ended_at = State.DONE, now()
        locked.total = locked.done
        locked.save(update_fields=["state", "ended_at", "total"])


def lost(*, at: datetime) -> list[int]:
    """Simulations that nobody has worked at for a minute: their worker was ended, or no bell was heard."""
    waiting = Simulation.objects.unfinished().filter(at__lt=at - LOST_AFTER)
    return list(waiting.exclude(worked_at__gt=at - LOST_AFTER).order_by("pk").values_list("pk", flat=True))


def forget(*, at: datetime) -> int:
    """Remove simulations of more than 30 days ago. Returns how many."""
    old = list(Simulation.objects.filter(at__lt=at - KEPT).values_list("pk", flat=True)[:20])
    Outcome.objects.filter(simulation__in=old)._raw_delete("default")
    return Simulation.objects.filter(pk__in=old).delete()[0]
