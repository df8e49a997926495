"""What our clocks say of an imported ticket: the same ledger arithmetic as for live ones, in one go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calendars.registry import business_time
from incidents.enums import State
from slm.enums import ClockKind, ClockState, SegmentKind
from slm.models import Agreement

from .folding import History
from .mapping import Promise

ENDED = (State.RESOLVED, State.CLOSED, State.CANCELLED)
ANSWERED = ("start", "hold", "resolve")


@dataclass(frozen=True)
class Span:
    """A stretch of a ledger. An open end is None."""

    kind: str
    at_from: datetime
    at_to: datetime | None
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """One judged clock, in the columns of `slm.Clock`, with its ledger."""

    columns: dict[str, Any]
    spans: list[Span]
    is_missed: bool


def first_response(history: History) -> datetime | None:
    """The log has no replies: the first act that took the work up counts as the acknowledgement."""
    return next((step.at for step in history.steps if step.name in ANSWERED), None)


def spans_of(history: History, pause_reasons: tuple[str, ...]) -> list[Span]:
    """
    The resolution clock's ledger: running while being worked on, paused for agreed reasons, stopped while resolved.

    What the log says after the moment of restoration (`resolved_at` of the last row) does not count any more.
    """
    end = history.resolved_at or (history.closed_at if history.state == State.CANCELLED else None)
    spans: list[Span] = []
    kind, reason, since = SegmentKind.RUNNING, "", history.opened_at
    for step in history.steps:
        if step.before == step.after:
            continue
        if step.after in ENDED:
            new, why = SegmentKind.STOPPED, ""
        elif step.after == State.ON_HOLD and step.reason in pause_reasons:
            new, why = SegmentKind.PAUSED, step.reason
        else:
            new, why = SegmentKind.RUNNING, ""
        if (new, why) == (kind, reason):
            continue
        at = max(step.at, history.opened_at)
        if at > since:
            spans.append(Span(kind, since, at, reason))
        kind, reason, since = new, why, at
    if end is None:
        return [*spans, Span(kind, since, None, reason)]
    if kind != SegmentKind.STOPPED and end > since:
        spans.append(Span(kind, since, end, reason))
    elif kind == SegmentKind.STOPPED and spans and end > since:
        # The log showed "resolved" before the final moment of restoration: until then it was not restored.
        spans.append(Span(SegmentKind.RUNNING, since, end))
    return [Span(s.kind, s.at_from, min(s.at_to or end, end), s.reason) for s in spans if s.at_from < end]


class Judge:
    """Judges tickets under the agreement of the mapping."""

    def __init__(self, promise: Promise, agreement: Agreement) -> None:
        self.agreement = agreement
        self.calendar = agreement.calendar
        self.hours = business_time(self.calendar.pk, self.calendar.version)
        self.pause_reasons = promise.pause_reasons
        self.targets = {
            ClockKind.RESPONSE: promise.response_minutes,
            ClockKind.RESOLUTION: promise.resolution_minutes,
        }

    def verdicts(self, history: History) -> list[Verdict]:
        """The clocks that the agreement promises for the ticket's priority."""
        found = []
        answered = first_response(history)
        minutes = self.targets[ClockKind.RESPONSE].get(history.last["priority"])
        if minutes:
            end = answered if answered is not None else history.resolved_at or history.closed_at
            spans = [Span(SegmentKind.RUNNING, history.opened_at, max(end, history.opened_at) if end else None)]
            found.append(self._verdict(ClockKind.RESPONSE, history, spans, minutes))
        minutes = self.targets[ClockKind.RESOLUTION].get(history.last["priority"])
        if minutes:
            spans = spans_of(history, self.pause_reasons)
            found.append(self._verdict(ClockKind.RESOLUTION, history, spans, minutes))
        return found

    def _verdict(self, kind: str, history: History, spans: list[Span], minutes: int) -> Verdict:
        target, used = timedelta(minutes=minutes), timedelta()
        due_at: datetime | None = None
        latest: Span | None = None
        for span in spans:
            if span.kind != SegmentKind.RUNNING:
                continue
            latest = span
            took = self.hours.between(span.at_from, span.at_to) if span.at_to else None
            if due_at is None and (took is None or used + took > target):
                due_at = self.hours.add(span.at_from, target - used)
            used += took or timedelta()
        is_open = bool(spans) and spans[-1].at_to is None
        is_paused = is_open and spans[-1].kind == SegmentKind.PAUSED
        is_missed = due_at is not None and not is_open
        if due_at is None and not is_paused:
            start = latest.at_to if latest and latest.at_to else history.opened_at
            due_at = self.hours.add(start, max(target - used, timedelta()))
        stopped_at = None if is_open else (spans[-1].at_to if spans else history.opened_at)
        state = (
            ClockState.PAUSED if is_paused
            else ClockState.RUNNING if is_open
            else ClockState.CANCELLED if history.state == State.CANCELLED
            else ClockState.MISSED if is_missed
            else ClockState.MET
        )  # fmt: skip
        is_missed = state == ClockState.MISSED
        columns: dict[str, Any] = {
            "kind": kind,
            "state": state,
            "priority": history.last["priority"],
            "target": target,
            "started_at": history.opened_at,
            "counts_from": history.opened_at,
            "switched_at": spans[-1].at_from if is_open else stopped_at,
            "used": used,
            "due_at": due_at,
            "stopped_at": stopped_at,
            "pause_reason": spans[-1].reason if is_paused else "",
            "breached_at": due_at if is_missed else None,
            "pause_reasons": list(self.pause_reasons) if kind == ClockKind.RESOLUTION else [],
        }
        return Verdict(columns, spans, is_missed)
