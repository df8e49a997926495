"""The provable moment of a report, known only later: clocks that began with it begin there instead."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from calendars import registry
from common.refusals import Refused

from ..enums import ChangeCause
from ..models import Clock
from ..points import Point
from . import facts
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
