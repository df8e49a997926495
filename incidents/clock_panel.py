"""The clocks of a ticket as the side panel shows them: due moment first, working time beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calendars import registry
from slm.enums import ClockState
from slm.models import Clock

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Shown:
    """One clock. `mark` is a state of `clock_mark`; `remaining` is working time, negative once missed."""

    clock: Clock
    mark: str
    remaining: timedelta | None
    is_running: bool
    next_boundary: datetime | None


def clocks_of(record: Any, *, at: datetime) -> list[Shown]:
    """The clocks that count, those that were replaced left out. One statement."""
    clocks = (
        Clock.objects.filter(record_id=record.pk)
        .exclude(state=ClockState.VOID)
        .select_related("agreement", "calendar")
        .order_by("kind", "id")
    )
    return [_shown(clock, at) for clock in clocks]


def _shown(clock: Clock, at: datetime) -> Shown:
    if clock.state in (ClockState.MET, ClockState.MISSED):
        return Shown(clock, str(clock.state), None, False, None)
    if clock.state == ClockState.PAUSED:
        left = clock.target - clock.used if clock.used is not None else None
        return Shown(clock, "paused", left, False, None)
    if clock.due_at is None or clock.state != ClockState.RUNNING:
        return Shown(clock, "none", None, False, None)
    hours = registry.business_time(clock.calendar_id)
    remaining = hours.between(at, clock.due_at) if at < clock.due_at else -hours.between(clock.due_at, at)
    return Shown(clock, _mark(clock, remaining, at), remaining, hours.is_open(at), hours.next_boundary(at))


def _mark(clock: Clock, remaining: timedelta, at: datetime) -> str:
    if clock.breached_at is not None or (clock.due_at is not None and at >= clock.due_at):
        return "breached"
    if remaining <= clock.target * 0.1:
        return "at-risk"
    return "due-soon" if remaining <= clock.target * 0.25 else "on-track"
