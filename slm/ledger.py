"""
The arithmetic of clocks, pure: spans and a target go in, used time and due moments come out.

A ledger is a row of spans in order of time, each beginning where the one before it ended, so that no two overlap and
no pause counts twice. Only running spans use up time, each by the hours of its own calendar version. Nothing here
reads the clock, the database or a setting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from calendars.business_time import NeverOpens

from .enums import LEVELS, Level, SegmentKind

NOTHING = timedelta(0)
# Parts of the target, as fractions, at which each level is reached.
SHARES = {Level.DUE_SOON: (3, 4), Level.AT_RISK: (9, 10), Level.BREACHED: (1, 1)}


class Hours(Protocol):
    """What a ledger asks of a calendar version."""

    def between(self, start: datetime, end: datetime) -> timedelta: ...

    def add(self, start: datetime, amount: timedelta) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Span:
    """One interval of a ledger. Without an end it goes on."""

    kind: str
    at_from: datetime
    at_to: datetime | None
    hours: Hours

    @property
    def is_running(self) -> bool:
        return self.kind == SegmentKind.RUNNING

    def used(self, until: datetime | None = None) -> timedelta:
        """
        Measure the working time used in the span, up to `until` where it is still open or ends later.

        :raises ValueError: the span is open and no `until` is given.
        """
        if not self.is_running:
            return NOTHING
        end = self.at_to
        if until is not None and (end is None or until < end):
            end = until
        if end is None:
            raise ValueError("An open span has used no definite time yet.")
        return self.hours.between(self.at_from, end)


@dataclass(frozen=True, slots=True)
class Plan:
    """The moments at which each level is reached; None where it is not in sight."""

    due_soon_at: datetime | None = None
    at_risk_at: datetime | None = None
    due_at: datetime | None = None

    def of(self, level: str) -> datetime | None:
        return {Level.DUE_SOON: self.due_soon_at, Level.AT_RISK: self.at_risk_at, Level.BREACHED: self.due_at}[
            Level(level)
        ]


def check(spans: Sequence[Span]) -> None:
    """:raises ValueError: spans leave a gap, overlap, run backwards, or one before the latest is open."""
    for index, span in enumerate(spans):
        if span.at_to is not None and span.at_to < span.at_from:
            raise ValueError(f"span {index} ends before it begins")
        if index and spans[index - 1].at_to != span.at_from:
            raise ValueError(f"span {index} does not begin where the one before it ended")


def used(spans: Sequence[Span], until: datetime) -> timedelta:
    """Sum the working time used up to a moment."""
    return sum((span.used(until) for span in spans if span.at_from < until), NOTHING)


def reach(spans: Sequence[Span], amount: timedelta) -> datetime | None:
    """
    Find the moment at which the ledger has used an amount; None if its spans, the open one included, never do.

    An amount that is used up when the calendar closes is reached at that closing. An amount that is used up exactly
    when a pause begins is not reached by then: the clock stood still with nothing over, and goes on when it resumes.
    """
    before = NOTHING
    for span in spans:
        if not span.is_running:
            continue
        rest = max(amount - before, NOTHING)
        if span.at_to is None:
            try:
                return span.hours.add(span.at_from, rest)
            except NeverOpens:
                return None
        spent = span.used()
        if spent >= rest:
            moment = span.hours.add(span.at_from, rest)
            if moment < span.at_to:
                return moment
        before += spent
    return None


def allowance(level: str, *, target: timedelta, used_before: timedelta = NOTHING) -> timedelta:
    """
    Working time that may be used until a usual level is reached, with what was used before the target counts.

    Further levels: `thresholds.allowance`.
    """
    numerator, denominator = SHARES[Level(level)]
    return used_before + target * numerator / denominator


def plan(spans: Sequence[Span], *, target: timedelta, used_before: timedelta = NOTHING) -> Plan:
    """
    Work out when each level is reached: the one function that dates due moments.

    :param target: working time promised.
    :param used_before: working time that was used before the target began to count (“from the change”).
    """
    moments = (reach(spans, allowance(level, target=target, used_before=used_before)) for level in LEVELS)
    return Plan(*moments)
