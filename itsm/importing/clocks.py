"""What our clocks say of an imported ticket: the same ledger arithmetic as for live ones, in one go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calendars.registry import business_time
from incidents.enums import State
from slm import ledger
from slm.enums import ClockKind, ClockState, Level, SegmentKind
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

    @property
    def is_breached(self) -> bool:
        return self.columns["breached_at"] is not None


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
        target = timedelta(minutes=minutes)
        told = [ledger.Span(span.kind, span.at_from, span.at_to, self.hours) for span in spans]
        plan = ledger.plan(told, target=target)
        used = sum((span.used() for span in told if span.at_to), timedelta())
        columns: dict[str, Any] = {
            "kind": kind,
            "priority": history.last["priority"],
            "target": target,
            "started_at": history.opened_at,
            "counts_from": history.opened_at,
            "used": used,
            "breached_at": plan.due_at,
            "pause_reasons": list(self.pause_reasons) if kind == ClockKind.RESOLUTION else [],
        }
        latest = spans[-1] if spans else Span(SegmentKind.RUNNING, history.opened_at, history.opened_at)
        if latest.at_to is not None:
            state = ClockState.MET if plan.due_at is None else ClockState.MISSED
            columns |= {
                "state": ClockState.CANCELLED if history.state == State.CANCELLED else state,
                "switched_at": latest.at_to,
                "stopped_at": latest.at_to,
                "due_at": plan.due_at or self.hours.add(latest.at_to, target - used),
            }
        elif latest.kind == SegmentKind.PAUSED:
            columns |= {
                "state": ClockState.PAUSED,
                "switched_at": latest.at_from,
                "pause_reason": latest.reason,
                "due_at": None,
            }
        else:
            # It runs on: the sweep records what it has passed and will pass, quietly, for it is imported.
            columns |= {
                "state": ClockState.RUNNING,
                "switched_at": latest.at_from,
                "due_soon_at": plan.due_soon_at,
                "at_risk_at": plan.at_risk_at,
                "due_at": plan.due_at,
                "breached_at": None,
                "next_level": Level.DUE_SOON if plan.due_soon_at else "",
                "next_level_at": plan.due_soon_at,
            }
        return Verdict(columns, spans)
