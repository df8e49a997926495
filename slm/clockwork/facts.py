"""Thresholds that clocks pass: recorded once each, with the moment itself, however late somebody notices."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from audit import log

from .. import ledger, thresholds
from ..enums import LEVELS, ClockState, Level
from ..models import Clock, ClockFact
from .bench import Bench

ACTIONS = {
    Level.DUE_SOON: "clock.due_soon",
    Level.AT_RISK: "clock.at_risk",
    Level.BREACHED: "clock.breached",
}


def action_of(level: str) -> str:
    """The logged action of a passed level; those that an agreement adds share one."""
    return ACTIONS[Level(level)] if level in ACTIONS else "clock.threshold"


def loudest(reached: Sequence[tuple[str, datetime]]) -> set[str]:
    """
    Which of the levels that were passed at once may raise an alarm: the highest of the usual ones, and of the others
    the latest.
    """
    usual = [level for level, _moment in reached if level in ACTIONS]
    others = sorted((moment, level) for level, moment in reached if level not in ACTIONS)
    return {*usual[-1:], *(level for _moment, level in others[-1:])}


def data_of_fact(
    *, clock_id: int | None, kind: str, about: str | None, level: str, detected_at: datetime, notify: bool
) -> dict[str, Any]:
    """What the log entry of a passed threshold says beside the record and the moment, as plain values."""
    return {
        "clock": clock_id,
        "kind": kind,
        "level": str(level),
        "detected_at": detected_at.isoformat(),
        "notify": notify,
        **({"about": about} if about else {}),
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
    reached: list[tuple[str, datetime]] = []
    for level in LEVELS[len(left_behind) :]:
        moment = moments[level]
        if moment is None or not _is_passed(level, moment, before):
            clock.next_level, clock.next_level_at = level, moment
            break
        reached.append((level, moment))
    else:
        clock.next_level, clock.next_level_at = "", None
    if clock.levels:
        reached += _pass_further(clock, before)
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
    reached: list[tuple[str, datetime]] = []
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
    if clock.levels:
        clock.levels = _dated(clock, bench.spans(clock) if is_running else None, now)
        reached += _pass_further(clock, now)
    write_down(bench, clock, reached, notify=notify)
    if clock.is_breached:
        clock.next_level, clock.next_level_at = "", thresholds.next_at(clock.levels)


def _dated(clock: Clock, spans: list[ledger.Span] | None, now: datetime) -> list[list[Any]] | None:
    """
    The further levels with their moments, none while the clock stands still.

    One that was passed stays so unless it lies ahead again.
    """
    found = []
    for each in thresholds.read(clock.levels):
        amount = thresholds.allowance(each.code, target=clock.target, used_before=clock.used_before)
        moment = ledger.reach(spans, amount) if spans is not None and amount is not None else None
        found.append(replace(each, at=moment, is_passed=each.is_passed and (moment is None or moment <= now)))
    return thresholds.write(found)


def _pass_further(clock: Clock, before: datetime) -> list[tuple[str, datetime]]:
    """Mark the further levels that were passed before a moment, aim at the next one, and return them with their own."""
    levels = thresholds.read(clock.levels)
    fresh = [each for each in levels if each.at is not None and each.at <= before and not each.is_passed]
    clock.levels = thresholds.write(replace(each, is_passed=each.is_passed or each in fresh) for each in levels)
    clock.next_level_at = thresholds.earlier(clock.next_level_at, thresholds.next_at(clock.levels))
    return [(each.code, each.at) for each in fresh if each.at is not None]


def write_down(bench: Bench, clock: Clock, reached: list[tuple[str, datetime]], *, notify: bool) -> None:
    """Make facts and log entries of levels, the lowest first; of the usual ones only the highest may raise an alarm."""
    loud = loudest(reached) if notify and not bench.record.is_imported else set()
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
            action_of(level),
            subject_kind="record",
            subject_id=bench.record.pk,
            subject_label=str(bench.record),
            organization_id=bench.record.organization_id,
            by=None,
            at=moment,
            data=data_of_fact(
                clock_id=clock.pk,
                kind=clock.kind,
                about=clock.about,
                level=level,
                detected_at=max(bench.at, moment),
                notify=level in loud,
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
