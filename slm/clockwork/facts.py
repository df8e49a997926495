"""Thresholds that clocks pass: recorded once each, with the moment itself, however late somebody notices."""

from datetime import datetime
from typing import Any

from audit import log

from .. import ledger
from ..enums import LEVELS, ClockState, Level
from ..models import Clock, ClockFact
from .bench import Bench

ACTIONS = {
    Level.DUE_SOON: "clock.due_soon",
    Level.AT_RISK: "clock.at_risk",
    Level.BREACHED: "clock.breached",
}


def data_of_fact(*, clock_id: int | None, kind: str, level: str, detected_at: datetime, notify: bool) -> dict[str, Any]:
    """What the log entry of a passed threshold says beside the record and the moment, as plain values."""
    return {
        "clock": clock_id,
        "kind": kind,
        "level": str(level),
        "detected_at": detected_at.isoformat(),
        "notify": notify,
    }


def passed_levels(clock: Clock) -> tuple[Level, ...]:
    """Levels that the clock has left behind: those before the next one."""
    if not clock.next_level:
        return LEVELS
    return LEVELS[: LEVELS.index(Level(clock.next_level))]


def record_passed(bench: Bench, clock: Clock, *, before: datetime, notify: bool) -> None:
    """
    Record what a running clock passed before a moment and no sweep has noted yet.

    A clock that stands at its due moment exactly has kept its promise; it is breached only after it.

    :param notify: whether the highest level is still worth an alarm.
    """
    moments = {Level.DUE_SOON: clock.due_soon_at, Level.AT_RISK: clock.at_risk_at, Level.BREACHED: clock.due_at}
    left_behind = passed_levels(clock)
    reached: list[tuple[Level, datetime]] = []
    for level in LEVELS[len(left_behind) :]:
        moment = moments[level]
        if moment is None or not _is_passed(level, moment, before):
            clock.next_level, clock.next_level_at = level, moment
            break
        reached.append((level, moment))
    else:
        clock.next_level, clock.next_level_at = "", None
    write_down(bench, clock, reached, notify=notify)


def settle(bench: Bench, clock: Clock, *, notify: bool = True, until: datetime | None = None) -> None:
    """
    Date the thresholds of a clock anew from its ledger, in a new generation, and record those already passed.

    Levels it left behind before are not recorded again while they still lie behind; moved ahead, they count anew.

    :param until: what lies later is not passed yet; the moment of the act if not given.
    """
    now = until or bench.at
    plan = ledger.plan(bench.spans(clock), target=clock.target, used_before=clock.used_before)
    clock.generation += 1
    bench.touch(clock)
    is_running = clock.state == ClockState.RUNNING
    clock.due_soon_at = plan.due_soon_at if is_running else None
    clock.at_risk_at = plan.at_risk_at if is_running else None
    clock.due_at = plan.due_at if is_running else None
    left_behind = passed_levels(clock)
    reached: list[tuple[Level, datetime]] = []
    clock.next_level, clock.next_level_at = "", None
    for level in LEVELS:
        moment = plan.of(level)
        if moment is None and level in left_behind:
            continue
        if moment is not None and _is_passed(level, moment, now):
            if level not in left_behind:
                reached.append((level, moment))
            continue
        if not clock.is_breached:
            clock.next_level, clock.next_level_at = level, moment if is_running else None
        break
    write_down(bench, clock, reached, notify=notify)
    if clock.is_breached:
        clock.next_level, clock.next_level_at = "", None


def write_down(bench: Bench, clock: Clock, reached: list[tuple[Level, datetime]], *, notify: bool) -> None:
    """Make facts and log entries of levels, the lowest first; only the highest may raise an alarm."""
    for level, moment in reached:
        if level == Level.BREACHED:
            if clock.is_breached:
                continue
            clock.breached_at = moment
        bench.facts.append(
            ClockFact(
                clock=clock,
                generation=clock.generation,
                level=level,
                at=moment,
                detected_at=max(bench.at, moment),
            )
        )
        entry = log.entry(
            ACTIONS[level],
            subject_kind="record",
            subject_id=bench.record.pk,
            subject_label=str(bench.record),
            organization_id=bench.record.organization_id,
            by=None,
            at=moment,
            data=data_of_fact(
                clock_id=clock.pk,
                kind=clock.kind,
                level=level,
                detected_at=max(bench.at, moment),
                notify=notify and level == reached[-1][0] and not bench.record.is_imported,
            ),
        )
        bench.entries.append((clock, entry))


def correct_if_needed(bench: Bench, clock: Clock, moment: datetime) -> None:
    """
    Take back a breach that an act dated earlier shows not to have happened: it stopped or paused in time.

    The fact stays, marked as corrected, and the log says so; what was told to people was what was known then.
    """
    if clock.breached_at is None or moment > clock.breached_at:
        return
    was_at = clock.breached_at
    clock.breached_at, clock.is_breached_by_reclassification = None, False
    clock.next_level, clock.next_level_at = Level.BREACHED, None
    ClockFact.objects.filter(clock=clock, level=Level.BREACHED, corrected_at=None).update(corrected_at=bench.at)
    entry = log.entry(
        "clock.corrected",
        subject_kind="record",
        subject_id=bench.record.pk,
        subject_label=str(bench.record),
        organization_id=bench.record.organization_id,
        by=bench.by,
        at=bench.at,
        data={"clock": clock.pk, "kind": clock.kind, "was_breached_at": was_at, "notify": False},
    )
    bench.entries.append((clock, entry))


def _is_passed(level: Level, moment: datetime, now: datetime) -> bool:
    return moment < now if level == Level.BREACHED else moment <= now
