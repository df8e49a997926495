"""
Why this time? A clock laid open: which agreement and why, whose hours, each interval with its working time, the sums.

All moments of the sentences are on the wall clock of the calendar that rules; the viewer's zone stands beside the due
moment.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from calendars import registry
from calendars.spec import CalendarSpec

from . import declarations, matching, sentences
from .enums import SegmentKind
from .models import Clock, ClockChange, ClockFact, Segment
from .queries import view_of

CLOSED_DAYS_SHOWN = 40


@dataclass(frozen=True)
class Closed:
    """A local date without any open time in an interval; `name` of the holiday or exception, if it has one."""

    day: date
    name: str


@dataclass(frozen=True)
class Interval:
    """
    One segment in words and numbers.

    :param used: working time that it used; nothing unless the clock was running. :param open_time: working time that
        passed in it, used or not. :param total: running total after it.
    """

    kind: str
    label: str
    reason: str
    by: str
    at_from: datetime
    at_to: datetime | None
    used: timedelta
    open_time: timedelta
    total: timedelta
    hours_version: int
    closed: Sequence[Closed]


@dataclass(frozen=True)
class Moment:
    """One instant in the zone that rules and in the viewer's."""

    at: datetime
    contract: str
    viewer: str


@dataclass(frozen=True)
class Change:
    """One recomputation: why, by whom, from which target and due moment to which."""

    at: datetime
    why: str
    policy: str
    by: str
    target_before: timedelta | None
    target_after: timedelta | None
    due_before: datetime | None
    due_after: datetime | None


@dataclass(frozen=True)
class Fact:
    level: str
    label: str
    at: datetime
    detected_at: datetime
    corrected_at: datetime | None


@dataclass(frozen=True)
class Explanation:
    """Everything that makes up the time of one clock at one moment."""

    clock_id: int
    kind: str
    label: str
    record: str
    state: str
    state_label: str
    mark: str
    at: datetime
    agreement: str
    agreement_version: int
    why_this_one: Sequence[str]
    candidates: Sequence[matching.Candidate]
    calendar: str
    zone: str
    viewer_zone: str
    target: timedelta
    priority: str
    pauses_for: Sequence[str]
    counts_from: Moment
    due: Moment | None
    stopped: Moment | None
    used: timedelta
    remaining: timedelta | None
    intervals: Sequence[Interval]
    changes: Sequence[Change]
    facts: Sequence[Fact]
    arithmetic: Sequence[str]
    is_breached: bool
    is_breached_by_reclassification: bool

    def as_document(self) -> dict[str, Any]:
        """The same as plain JSON values: moments in ISO 8601, durations in seconds."""
        document: dict[str, Any] = _plain(asdict(self))
        return document


def explanation(clock: Clock, at: datetime) -> Explanation:
    """
    Explain a clock as it stands at a moment; five statements, whatever its history.

    :param clock: fetched through `visible_to`, so that the person asking may see it.
    """
    segments = list(clock.segments.select_related("by").order_by("at_from", "id"))
    view = view_of(clock, at=at)
    rules = ZoneInfo(clock.calendar.zone)
    intervals = _intervals(clock, segments, at)
    changes = [_change(each) for each in clock.changes.select_related("by")]
    facts = [_fact(each) for each in clock.facts.all()]
    return Explanation(
        clock_id=clock.pk,
        kind=clock.kind,
        label=clock.label,
        record=clock.record.reference,
        state=clock.state,
        state_label=clock.get_state_display(),
        mark=view.mark,
        at=at,
        agreement=clock.agreement.name if clock.agreement else "",
        agreement_version=clock.agreement_version,
        why_this_one=matching.reasons(clock.match),
        candidates=matching.candidates(clock.match),
        calendar=clock.calendar.name,
        zone=clock.calendar.zone,
        viewer_zone=timezone.get_current_timezone_name(),
        target=clock.target,
        priority=clock.get_priority_display(),
        pauses_for=[declarations.reason_label(clock.record.kind, each) for each in _reasons_of(clock)],
        counts_from=moment_of(clock.counts_from, rules),
        due=moment_of(clock.due_at, rules) if clock.due_at else None,
        stopped=moment_of(clock.stopped_at, rules) if clock.stopped_at else None,
        used=view.used,
        remaining=view.remaining,
        intervals=intervals,
        changes=changes,
        facts=facts,
        arithmetic=sentences.arithmetic(clock, view, intervals, rules),
        is_breached=clock.is_breached,
        is_breached_by_reclassification=clock.is_breached_by_reclassification,
    )


def moment_of(at: datetime, rules: ZoneInfo) -> Moment:
    """An instant as both sides read it."""
    return Moment(at=at, contract=sentences.wall(at, rules), viewer=sentences.wall(at, timezone.get_current_timezone()))


def _reasons_of(clock: Clock) -> Sequence[str]:
    """Only clocks that may pause have reasons to show."""
    declared = declarations.find(clock.record.kind, clock.kind)
    return clock.pause_reasons if declared is not None and declared.pauses_in else ()


def _intervals(clock: Clock, segments: Sequence[Segment], at: datetime) -> list[Interval]:
    registry.preload({(each.calendar_id, each.calendar_version) for each in segments})
    found, total = [], timedelta(0)
    for segment in segments:
        hours = registry.business_time(segment.calendar_id, segment.calendar_version)
        end = segment.at_to or max(at, segment.at_from)
        open_time = hours.between(segment.at_from, end)
        used = open_time if segment.kind == SegmentKind.RUNNING else timedelta(0)
        total += used
        sight = max(end, clock.due_at) if segment.at_to is None and clock.due_at else end
        found.append(
            Interval(
                kind=segment.kind,
                label=segment.get_kind_display(),
                reason=declarations.reason_label(clock.record.kind, segment.reason) if segment.reason else "",
                by=segment.by.name if segment.by else "",
                at_from=segment.at_from,
                at_to=segment.at_to,
                used=used,
                open_time=open_time,
                total=total,
                hours_version=segment.calendar_version,
                closed=closed_days(hours.spec, segment.at_from, sight),
            )
        )
    return found


def closed_days(spec: CalendarSpec, at_from: datetime, at_to: datetime) -> list[Closed]:
    """Local dates between two moments on which the calendar does not open at all; the first of many."""
    zone = ZoneInfo(spec.zone)
    day, last = at_from.astimezone(zone).date(), at_to.astimezone(zone).date()
    found: list[Closed] = []
    while day <= last and len(found) < CLOSED_DAYS_SHOWN:
        if not spec.spans_on(day):
            exception = spec.exception_on(day)
            found.append(Closed(day, exception.name if exception else ""))
        day += timedelta(days=1)
    return found


def _change(change: ClockChange) -> Change:
    return Change(
        at=change.at,
        why=change.get_why_display(),
        policy=sentences.policy(change.policy),
        by=change.by.name if change.by else "",
        target_before=change.target_before,
        target_after=change.target_after,
        due_before=change.due_before,
        due_after=change.due_after,
    )


def _fact(fact: ClockFact) -> Fact:
    return Fact(fact.level, fact.label, fact.at, fact.detected_at, fact.corrected_at)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value
