"""The clock of a row, worked out from the record's own columns and the compiled calendars of this process."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from calendars import registry
from calendars.business_time import BusinessTime
from calendars.models import Calendar
from common.templatetags.steward import clock_mark, exact, time_left

from ..enums import DueState


@dataclass(frozen=True)
class Due:
    """What the record says about the clock that expires next."""

    due_at: datetime | None
    due_state: str
    due_calendar_id: int | None
    due_soon_at: datetime | None
    at_risk_at: datetime | None
    due_remaining: Any
    is_breached: bool


COLUMNS = tuple(Due.__dataclass_fields__)


def state_of(due: Due, at: datetime) -> str:
    """The name of the mark at the moment: on-track, due-soon, at-risk, breached, paused, met, missed or none."""
    if due.due_state == DueState.PAUSED:
        return "paused"
    if due.due_state == DueState.DONE:
        return "missed" if due.is_breached else "met"
    if due.due_state != DueState.RUNNING or due.due_at is None:
        return "none"
    if due.due_at <= at:
        return "breached"
    if due.at_risk_at is not None and due.at_risk_at <= at:
        return "at-risk"
    if due.due_soon_at is not None and due.due_soon_at <= at:
        return "due-soon"
    return "on-track"


def mark(due: Due, at: datetime) -> SafeString:
    """The mark of the clock with the working time left, counting down where the calendar is open."""
    state = state_of(due, at)
    if state == "paused":
        left = due.due_remaining
        title = _("%(left)s of working time left") % {"left": time_left(left)} if left is not None else ""
        return clock_mark(state, title=title)
    if due.due_at is None or state in {"none", "met", "missed"}:
        return clock_mark(state)
    title = _("due %(moment)s") % {"moment": exact(due.due_at)}
    hours = _hours(due.due_calendar_id)
    if hours is None:
        return clock_mark(state, (due.due_at - at).total_seconds(), title=title)
    left = hours.between(at, due.due_at) if due.due_at > at else -hours.between(due.due_at, at)
    if not hours.is_open(at):
        return clock_mark(state, left.total_seconds(), title=title)
    thresholds = [
        str(int(hours.between(moment, due.due_at).total_seconds()))
        for moment in (due.due_soon_at, due.at_risk_at)
        if moment is not None and at < moment < due.due_at
    ]
    return clock_mark(
        state,
        left.total_seconds(),
        running=True,
        next_boundary=hours.next_boundary(at),
        thresholds=",".join(thresholds),
        title=title,
    )


def _hours(calendar_id: int | None) -> BusinessTime | None:
    """The hours that the clock counts; None when it counts by the wall clock."""
    if calendar_id is None:
        return None
    try:
        return registry.current(calendar_id).time
    except Calendar.DoesNotExist:
        return None
