"""A new priority or another agreement while a clock runs (domain reference A3.6). Time used is kept, always."""

from datetime import datetime, timedelta

from calendars import registry
from calendars.business_time import NeverOpens

from .. import selection, thresholds
from ..declarations import Begin, Declaration
from ..enums import ChangeCause, ClockState, RetargetPolicy, SegmentKind
from ..models import Clock
from ..selection import Choice
from ..terms import Promise, Terms
from . import facts, starting, switching
from .bench import Bench

NOTHING = timedelta(0)


def retarget(bench: Bench, declaration: Declaration, choice: Choice) -> None:
    """
    Bring the live clocks of one kind in line with the record's priority and the agreement that applies now.

    The agreement stays in the version that a clock started under. Stopped clocks are not judged again; a record that
    had no such clock gets one, running since the record was opened.
    """
    live = bench.all_live(declaration.clock)
    if not live:
        _start_late(bench, declaration, choice)
    for clock in live:
        aim(bench, declaration, clock, choice)


def aim(bench: Bench, declaration: Declaration, clock: Clock, choice: Choice, *, newest: bool = False) -> None:
    """
    Bring one live clock in line with the priority of its record and the agreement that applies now.

    :param newest: the clock goes over to the chosen version of its agreement; only an act of its own asks for that.
    """
    terms = choice.terms if newest else _terms_for(clock, choice)
    promise = terms.promise(declaration.target_name, bench.record.priority) if terms else None
    if terms is None or promise is None:
        switching.cancel(bench, clock)
        return
    is_other = terms.agreement_id != clock.agreement_id
    moment = max(bench.at, clock.switched_at)
    policy = RetargetPolicy(terms.retarget_policy)
    is_same_promise = _is_same(clock, promise)
    if not is_other and is_same_promise and clock.priority == bench.record.priority:
        if newest:
            clock.agreement_version, clock.pause_reasons = terms.version, list(terms.pause_reasons)
            bench.touch(clock)
            _warn_as(bench, clock, terms, moment)
        return
    promise = promise.since(moment if policy == RetargetPolicy.FROM_CHANGE else clock.started_at)
    if clock.state == ClockState.RUNNING:
        facts.record_passed(bench, clock, before=moment, notify=False)
    was_breached = clock.is_breached
    before = (clock.target, clock.due_at)
    clock.priority = bench.record.priority
    clock.agreement_id, clock.agreement_version = terms.agreement_id, terms.version
    clock.pause_reasons = list(terms.pause_reasons)
    clock.levels = thresholds.levels_for(terms.thresholds, clock.kind, clock.levels)
    if is_other:
        clock.match = choice.as_document()
    if policy == RetargetPolicy.FROM_CHANGE:
        _count_from(bench, clock, promise, moment)
    elif policy == RetargetPolicy.FROM_START or _is_stricter(bench, clock, promise, moment):
        _count_from_start(bench, clock, promise)
    facts.settle(bench, clock)
    clock.is_breached_by_reclassification |= clock.is_breached and not was_breached
    cause = ChangeCause.AGREEMENT if is_other or newest else ChangeCause.PRIORITY
    bench.note_change(clock, why=cause, policy=policy, before=before)


def _warn_as(bench: Bench, clock: Clock, terms: Terms, moment: datetime) -> None:
    """Give a clock whose promise stays the warnings of other terms, if they differ."""
    levels = thresholds.levels_for(terms.thresholds, clock.kind, clock.levels)
    if levels == clock.levels:
        return
    if clock.state == ClockState.RUNNING:
        facts.record_passed(bench, clock, before=moment, notify=False)
    clock.levels = thresholds.levels_for(terms.thresholds, clock.kind, clock.levels)
    facts.settle(bench, clock)


def _is_same(clock: Clock, promise: Promise) -> bool:
    """Whether the clock has this promise already; a point is the same whatever working time it came to."""
    point = promise.point.code if promise.point else None
    return (
        point == clock.point
        and (bool(point) or promise.target == clock.target)
        and promise.calendar_id == clock.calendar_id
    )


def _promise(clock: Clock, promise: Promise) -> None:
    clock.target, clock.point = promise.target, promise.point.code if promise.point else None


def _terms_for(clock: Clock, choice: Choice) -> Terms | None:
    """The version that the clock started under while its agreement still applies; else the newly chosen terms."""
    if choice.terms is not None and choice.terms.agreement_id == clock.agreement_id:
        return selection.terms_of(clock.agreement_id, clock.agreement_version) or choice.terms
    return choice.terms


def _start_late(bench: Bench, declaration: Declaration, choice: Choice) -> None:
    """Start what was not promised before, unless its result stands already or nothing has begun it yet."""
    if declaration.begins != Begin.RECORD or bench.record.state in declaration.waits_in:
        return
    latest = bench.latest(declaration.clock)
    if latest is not None and latest.state in (ClockState.MET, ClockState.MISSED):
        return
    answered_at = bench.record.responded_at if declaration.stops_at_first_reply else None
    clock = starting.start(bench, declaration, choice, from_at=bench.record.opened_at, until=answered_at)
    if clock is not None and answered_at is not None:
        switching.stop(bench, clock, at=answered_at)


def _count_from_start(bench: Bench, clock: Clock, promise: Promise) -> None:
    """Read the whole ledger as if the promise had been this one from the beginning, other hours included."""
    if promise.calendar_id != clock.calendar_id:
        _use_calendar(clock, promise)
        segments = bench.segments(clock)
        for segment in segments:
            segment.calendar_id, segment.calendar_version = clock.calendar_id, clock.calendar_version
        bench.rewrite(segments)
        clock.used = sum((each.used() for each in bench.spans(clock)[:-1]), NOTHING)
    _promise(clock, promise)
    clock.counts_from, clock.used_before = clock.started_at, NOTHING


def _count_from(bench: Bench, clock: Clock, promise: Promise, moment: datetime) -> None:
    """Count the full new target from the change on; what was used before stays in the ledger, beside it."""
    is_running = clock.state == ClockState.RUNNING
    if is_running:
        bench.close(clock, moment)
        clock.used += bench.spans(clock)[-1].used()
        clock.switched_at = moment
    if promise.calendar_id != clock.calendar_id:
        _use_calendar(clock, promise)
    if is_running:
        bench.open(clock, SegmentKind.RUNNING, moment)
    _promise(clock, promise)
    clock.counts_from, clock.used_before = moment, clock.used


def _use_calendar(clock: Clock, promise: Promise) -> None:
    clock.calendar_id = promise.calendar_id
    clock.calendar_version = registry.current(promise.calendar_id).version


def _is_stricter(bench: Bench, clock: Clock, promise: Promise, moment: datetime) -> bool:
    """Whether the promise, counted from the start, is due earlier than the present one; both as if running now."""
    spans = bench.spans(clock)
    old_hours = registry.current(clock.calendar_id).time
    new_hours = registry.current(promise.calendar_id).time
    is_other_calendar = promise.calendar_id != clock.calendar_id
    used_now = sum((each.used(moment) for each in spans), NOTHING)
    used_anew = (
        sum(
            (new_hours.between(each.at_from, min(each.at_to or moment, moment)) for each in spans if each.is_running),
            NOTHING,
        )
        if is_other_calendar
        else used_now
    )
    old_rest, new_rest = clock.used_before + clock.target - used_now, promise.target - used_anew
    if not is_other_calendar or min(old_rest, new_rest) < NOTHING:
        return new_rest < old_rest
    try:
        return new_hours.add(moment, new_rest) < old_hours.add(moment, old_rest)
    except NeverOpens:
        return new_rest < old_rest
