"""The arithmetic of a clock as sentences, on the wall clock of the calendar that rules."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.time import hours_and_minutes, whole_minutes_left

from .enums import ClockState, ReopenPolicy, RetargetPolicy, SegmentKind
from .models import Clock
from .points import Point
from .queries import ClockView

if TYPE_CHECKING:
    from .explain import Interval


def wall(at: datetime, zone: tzinfo) -> str:
    """A moment on a wall clock, without the name of its zone: Mon 9 Mar 2026, 13:00."""
    return formats.date_format(at.astimezone(zone), pgettext("moment of an explanation", "D j M Y, H:i"))


def policy(name: str) -> str:
    """A policy of retargeting or reopening in words; nothing for none."""
    labels: dict[str, Any] = {str(value): label for value, label in (*RetargetPolicy.choices, *ReopenPolicy.choices)}
    return str(labels.get(name, ""))


def arithmetic(clock: Clock, view: ClockView, intervals: Sequence["Interval"], zone: tzinfo) -> list[str]:
    """One sentence for the target, one for each interval, one for the result."""
    return [_opening(clock, zone), *(_interval(each, zone) for each in intervals), _result(clock, view, zone)]


def _opening(clock: Clock, zone: tzinfo) -> str:
    values = {"target": hours_and_minutes(clock.target), "moment": wall(clock.counts_from, zone)}
    point = Point.from_code(clock.point)
    if point is not None:
        return _("Promised: %(point)s. Counted from %(moment)s that is %(target)s working.") % (
            values | {"point": point.sentence}
        )
    if clock.used_before > timedelta(0):
        values["before"] = hours_and_minutes(clock.used_before)
        return (
            _("Promised: %(target)s working, counted from %(moment)s; the %(before)s used before stay beside it.")
            % values
        )
    return _("Promised: %(target)s working, counted from %(moment)s.") % values


def _interval(interval: "Interval", zone: tzinfo) -> str:
    values = {
        "begin": wall(interval.at_from, zone),
        "end": wall(interval.at_to, zone) if interval.at_to else "",
        "used": hours_and_minutes(interval.used),
        "total": hours_and_minutes(interval.total),
        "open": hours_and_minutes(interval.open_time),
        "reason": interval.reason,
    }
    if interval.kind == SegmentKind.RUNNING:
        if interval.at_to is None:
            return _("Since %(begin)s it runs: %(used)s working, %(total)s in all.") % values
        return _("%(begin)s to %(end)s it ran: %(used)s working, %(total)s in all.") % values
    if interval.kind == SegmentKind.STOPPED:
        return _("%(begin)s to %(end)s it stood as done; nothing counted.") % values
    if interval.at_to is None:
        return _("Since %(begin)s it is paused (%(reason)s); nothing counts.") % values
    return _("%(begin)s to %(end)s it was paused (%(reason)s): %(open)s working did not count.") % values


def _result(clock: Clock, view: ClockView, zone: tzinfo) -> str:
    values = {
        "target": hours_and_minutes(clock.target),
        "used": hours_and_minutes(view.used - clock.used_before),
        "left": hours_and_minutes(abs(whole_minutes_left(view.remaining or timedelta(0)))),
        "due": wall(clock.due_at, zone) if clock.due_at else "",
        "stopped": wall(clock.stopped_at, zone) if clock.stopped_at else "",
        "missed": wall(clock.breached_at, zone) if clock.breached_at else "",
    }
    if clock.state == ClockState.MET:
        return _("It stopped on %(stopped)s with %(used)s of %(target)s used: met. It was due on %(due)s.") % values
    if clock.state == ClockState.MISSED:
        return _("It stopped on %(stopped)s with %(used)s of %(target)s used: missed on %(missed)s.") % values
    if clock.state == ClockState.CANCELLED:
        return _("It was cancelled on %(stopped)s; nothing is promised any more.") % values
    if clock.state == ClockState.PAUSED:
        if clock.breached_at:
            return _("The target was missed on %(missed)s; a pause does not take that back.") % values
        return _("%(target)s less %(used)s leaves %(left)s working, to go on when it resumes.") % values
    if clock.due_at is None:
        return _("The calendar does not open long enough for the rest, so there is no due moment.")
    if view.remaining is not None and view.remaining < timedelta(0):
        return _("%(target)s were used up on %(due)s; since then it is %(left)s working over.") % values
    return _("%(target)s less %(used)s leaves %(left)s working, which are over on %(due)s.") % values
