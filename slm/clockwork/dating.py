"""
The provable moment of a report or of a resolution, known only later: clocks that began or stopped with it begin or stop
there instead.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from calendars import registry
from common.refusals import Refused

from .. import declarations
from ..declarations import Begin, Declaration
from ..enums import FINISHED_STATES, ChangeCause, SegmentKind
from ..models import Clock
from ..points import Point
from . import facts, switching
from .bench import Bench


def redate_all(bench: Bench, *, was_at: datetime) -> None:
    """
    Let the live clocks that began at the moment of the report begin at the right one. Time added counts by their hours.

    :raises Refused: something happened to a clock before the new beginning.
    """
    for clock in bench.clocks:
        if clock.is_live and clock.part is None and clock.started_at == was_at:
            _redate(bench, clock, was_at=was_at, opened_at=bench.record.opened_at)


def _redate(bench: Bench, clock: Clock, *, was_at: datetime, opened_at: datetime) -> None:
    segments = bench.segments(clock)
    first = segments[0]
    if first.at_to is not None and first.at_to < opened_at:
        message = _("Work on it was recorded before that moment. Choose an earlier one.")
        raise Refused.because("opened_later", message, "opened_at")
    before = (clock.target, clock.due_at)
    first.at_from = clock.started_at = opened_at
    if len(segments) == 1:
        clock.switched_at = opened_at
    bench.rewrite([first])
    if clock.counts_from == was_at:
        clock.counts_from = opened_at
        point = Point.from_code(clock.point)
        target = point.target(opened_at, registry.current(clock.calendar_id).time) if point else None
        clock.target = target or clock.target
    clock.used = sum((each.used() for each in bench.spans(clock)[:-1]), timedelta(0))
    facts.settle(bench, clock)
    bench.note_change(clock, why=ChangeCause.REPORT, policy="", before=before)


def redate_stops(bench: Bench, *, was_at: datetime) -> None:
    """
    Let the clocks that stopped with the resolution stop when it worked again, and be judged by that.

    Answers keep their moment: the requester heard of the resolution only when it was recorded. What the ledger says of
    the time after the stop stays there as time in which the clock stood as done.
    """
    for clock in bench.clocks:
        declared = declarations.find(bench.record.kind, clock.kind)
        is_concerned = clock.state in FINISHED_STATES and clock.stopped_at == was_at
        if declared is not None and is_concerned and _stops_with_resolution(declared):
            _restop(bench, clock, moment=max(bench.record.resolved_at, clock.started_at))


def _stops_with_resolution(declared: Declaration) -> bool:
    return declared.begins in (Begin.RECORD, Begin.TEAM, Begin.SUPPLIER) and not declared.stops_at_first_reply


def _restop(bench: Bench, clock: Clock, *, moment: datetime) -> None:
    before = (clock.target, clock.due_at)
    later = [each for each in bench.segments(clock) if each.at_to is None or each.at_to > moment]
    for segment in later:
        if segment.at_from < moment:
            end = segment.at_to
            segment.at_to = moment
            bench.open(clock, SegmentKind.STOPPED, moment, at_to=end)
        else:
            segment.kind = SegmentKind.STOPPED
    bench.rewrite(later)
    bench.segments(clock).sort(key=lambda each: each.at_from)
    clock.used = sum((each.used() for each in bench.spans(clock)), timedelta(0))
    clock.stopped_at = clock.switched_at = moment
    clock.generation += 1
    facts.correct_if_needed(bench, clock, moment)
    clock.next_level_at = None
    switching.judge(bench, clock, moment)
    bench.touch(clock)
    bench.note_change(clock, why=ChangeCause.RESOLUTION, policy="", before=before)
