"""Pausing, resuming, stopping, cancelling and reopening one clock. A stop comes from an act, never from a timer."""

from datetime import datetime

from calendars import registry

from .. import ledger, selection
from ..declarations import Declaration, Mode
from ..enums import ChangeCause, ClockState, Level, ReopenPolicy, SegmentKind
from ..models import Clock
from . import choosing, facts, starting
from .bench import Bench


def pause(bench: Bench, clock: Clock, *, reason: str) -> None:
    """
    Let the clock stand still. It has no due moment until it resumes; a breach that is recorded stays.

    An act that is dated before the open segment takes effect where that began: history is never cut.
    """
    moment = _leave_segment(bench, clock, notify=True)
    clock.state, clock.pause_reason = ClockState.PAUSED, reason
    bench.open(clock, SegmentKind.PAUSED, moment, reason=reason)
    facts.settle(bench, clock)


def resume(bench: Bench, clock: Clock) -> None:
    """Let the clock run on, with the time used so far, by the calendar version in force now."""
    moment = _leave_segment(bench, clock, notify=True)
    clock.state, clock.pause_reason = ClockState.RUNNING, ""
    clock.calendar_version = registry.current(clock.calendar_id).version
    bench.open(clock, SegmentKind.RUNNING, moment)
    facts.settle(bench, clock)


def stop(bench: Bench, clock: Clock, *, at: datetime | None = None) -> None:
    """
    End the clock with its verdict: met if it stopped no later than its due moment, else missed.

    What it passed before it stopped is recorded with its own moment, but nobody is alarmed any more.

    :param at: moment of the stop, if it is not that of the act.
    """
    was_paused = clock.state == ClockState.PAUSED
    moment = _leave_segment(bench, clock, notify=False, at=at)
    clock.stopped_at, clock.pause_reason, clock.next_level_at = moment, "", None
    if was_paused:
        judge(bench, clock, moment)
    else:
        clock.state = ClockState.MISSED if clock.is_breached else ClockState.MET


def judge(bench: Bench, clock: Clock, moment: datetime) -> None:
    """Give a clock that stopped at the moment its verdict, and the due moment that it is judged by."""
    clock.state = ClockState.MISSED if clock.is_breached else ClockState.MET
    clock.due_at = _due_if_resumed(bench, clock, moment)


def cancel(bench: Bench, clock: Clock) -> None:
    """Drop the clock: its target no longer applies. What it passed before stays recorded."""
    moment = _leave_segment(bench, clock, notify=False)
    clock.state, clock.stopped_at = ClockState.CANCELLED, moment
    clock.pause_reason, clock.next_level_at = "", None


def reopen(bench: Bench, declaration: Declaration, clock: Clock) -> Clock | None:
    """
    Take a stopped clock up again, by the policy of the agreement version it started under.

    Resume: it goes on with the time used, the time between left out; a breach stays. Restart: its result stays as it
    is, and a new clock with the full target begins.
    """
    terms = selection.terms_of(clock.agreement_id, clock.agreement_version) if clock.agreement_id else None
    moment = max(bench.at, clock.stopped_at or bench.at)
    if terms is not None and terms.reopen_policy == ReopenPolicy.RESTART:
        choice = choosing.choice(declaration, bench.record)
        goes_on = choice.terms is not None and choice.terms.agreement_id == clock.agreement_id
        part = None if clock.part is None else (clock.part, clock.about or "")
        fresh = starting.start(bench, declaration, choice, from_at=moment, terms=terms if goes_on else None, part=part)
        clock.replaced_by = fresh
        bench.touch(clock)
        return fresh
    before = (clock.target, clock.due_at)
    stopped_at = bench.segments(clock)[-1].at_to or moment
    bench.open(clock, SegmentKind.STOPPED, stopped_at, at_to=moment)
    clock.state, clock.stopped_at, clock.switched_at = ClockState.RUNNING, None, moment
    clock.calendar_version = registry.current(clock.calendar_id).version
    bench.open(clock, SegmentKind.RUNNING, moment)
    facts.settle(bench, clock)
    bench.note_change(clock, why=ChangeCause.REOPENED, policy=ReopenPolicy.RESUME, before=before)
    return clock


def follow(bench: Bench, clock: Clock, mode: Mode, *, reason: str) -> None:
    """Bring a live clock into the mode that the state of its record asks for."""
    if mode == Mode.STOP:
        stop(bench, clock)
    elif mode in (Mode.CANCEL, Mode.WAIT):
        cancel(bench, clock)
    elif mode == Mode.PAUSE and clock.state != ClockState.PAUSED:
        pause(bench, clock, reason=reason)
    elif mode == Mode.RUN and clock.state == ClockState.PAUSED:
        resume(bench, clock)


def _leave_segment(bench: Bench, clock: Clock, *, notify: bool, at: datetime | None = None) -> datetime:
    """End the open segment, record what was passed in it, and add its time to the time used. Returns the moment."""
    moment = max(at or bench.at, clock.switched_at)
    if clock.state == ClockState.RUNNING:
        facts.record_passed(bench, clock, before=moment, notify=notify)
        facts.correct_if_needed(bench, clock, moment)
    bench.close(clock, moment)
    clock.used += bench.spans(clock)[-1].used()
    clock.switched_at = moment
    bench.touch(clock)
    return moment


def _due_if_resumed(bench: Bench, clock: Clock, moment: datetime) -> datetime | None:
    """When a clock that stopped would have been due, had it run on from there: what it was judged by."""
    hours = registry.business_time(clock.calendar_id, clock.calendar_version)
    spans = [*bench.spans(clock), ledger.Span(SegmentKind.RUNNING, moment, None, hours)]
    return ledger.reach(spans, ledger.allowance(Level.BREACHED, target=clock.target, used_before=clock.used_before))
