"""
One clock replayed under a draft: the same ledger arithmetic as for live clocks, pure.

Finished clocks are replayed from their beginning, as if the draft had been in force all along. So are open ones under
other terms. Open ones under other hours keep the time that has passed, as they would if the hours were saved: only what
comes after the moment of the simulation goes by the new ones.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from calendars.business_time import BusinessTime

from .. import ledger
from ..declarations import Declaration, Mode
from ..enums import Level, SegmentKind
from .drafts import Draft

Hours = Callable[[int, int | None], BusinessTime]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A segment of a clock: an interval and the calendar version that it is counted with."""

    kind: str
    at_from: datetime
    at_to: datetime | None
    calendar_id: int
    version: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What state a record was in, for which reason, from a moment on."""

    at: datetime
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Played:
    """
    A clock as it was played.

    :param stopped_at: None for an open one.
    """

    kind: str
    priority: int
    calendar_id: int
    target: timedelta
    used_before: timedelta
    stopped_at: datetime | None
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it ends, or stands at the moment of the simulation. No due moment: it waits, and has not run out."""

    used: timedelta
    due_at: datetime | None
    is_missed: bool


@dataclass(frozen=True)
class Replay:
    """
    A draft ready to be tried.

    :param hours: arithmetic of a calendar's version, of the present one for None.
    :param at: moment of the simulation.
    """

    draft: Draft
    hours: Hours
    at: datetime

    def before(self, clock: Played) -> Verdict:
        """Replay the clock as it was."""
        return self._judge(clock, self._spans(clock.stretches, self.hours))

    def after(
        self, clock: Played, standings: Sequence[Standing] = (), declaration: Declaration | None = None
    ) -> Verdict | None:
        """
        Replay the clock under the draft; None where the draft does not promise it.

        :param standings: states of the record in order of time, the first from its beginning on; with the declaration
            of the clock they decide which stretches pause under other pause rules. Without them none changes.
        """
        if self.draft.hours is not None:
            return self._under_hours(clock)
        terms = self.draft.terms
        assert terms is not None
        promise = terms.promises.get((clock.kind, clock.priority))
        if promise is None:
            return None
        stretches: Iterable[Stretch] = clock.stretches
        if standings and declaration is not None:
            stretches = _paused_anew(clock.stretches, standings, declaration, terms.pause_reasons)
        if promise.calendar_id != clock.calendar_id:
            stretches = [replace(each, calendar_id=promise.calendar_id, version=None) for each in stretches]
        promise = promise.since(clock.stretches[0].at_from, self.hours(promise.calendar_id, None))
        tried = replace(clock, target=promise.target, calendar_id=promise.calendar_id)
        return self._judge(tried, self._spans(stretches, self.hours))

    @cached_property
    def _tried(self) -> BusinessTime:
        """The hours of the draft, compiled once for all clocks: that takes longer than all else about one of them."""
        assert self.draft.hours is not None
        return BusinessTime(self.draft.hours.spec)

    def _under_hours(self, clock: Played) -> Verdict:
        tried = self.draft.hours
        assert tried is not None

        def hours(calendar_id: int, version: int | None) -> BusinessTime:
            return self._tried if calendar_id == tried.calendar_id else self.hours(calendar_id, version)

        if clock.stopped_at is not None:
            return self._judge(clock, self._spans(clock.stretches, hours), hours)
        spans = self._spans(clock.stretches, self.hours)
        latest, open_stretch = spans[-1], clock.stretches[-1]
        if latest.is_running and latest.at_from < self.at:
            later = hours(open_stretch.calendar_id, open_stretch.version)
            spans[-1:] = [replace(latest, at_to=self.at), ledger.Span(latest.kind, self.at, None, later)]
        return self._judge(clock, spans, hours)

    def _spans(self, stretches: Iterable[Stretch], hours: Hours) -> list[ledger.Span]:
        return [
            ledger.Span(each.kind, each.at_from, each.at_to, hours(each.calendar_id, each.version))
            for each in stretches
        ]

    def _judge(self, clock: Played, spans: list[ledger.Span], hours: Hours | None = None) -> Verdict:
        """A finished clock is judged by when it would have been due, had it run on from its stop."""
        until = clock.stopped_at or self.at
        used = ledger.used(spans, until)
        if clock.stopped_at is not None:
            run_on = (hours or self.hours)(clock.calendar_id, None)
            spans = [*spans, ledger.Span(SegmentKind.RUNNING, clock.stopped_at, None, run_on)]
        allowed = ledger.allowance(Level.BREACHED, target=clock.target, used_before=clock.used_before)
        due_at = ledger.reach(spans, allowed)
        return Verdict(used, due_at, due_at is not None and due_at < until)


def _paused_anew(
    stretches: Sequence[Stretch], standings: Sequence[Standing], declaration: Declaration, reasons: frozenset[str]
) -> list[Stretch]:
    """The ledger as it would be, had the clock paused for these reasons. Time between stop and reopening stays so."""
    found: list[Stretch] = []
    for stretch in stretches:
        if stretch.kind == SegmentKind.STOPPED:
            found.append(stretch)
            continue
        for at_from, at_to, standing in _pieces(stretch, standings):
            mode = declaration.mode(standing.state, standing.reason, reasons)
            kind = {Mode.PAUSE: SegmentKind.PAUSED, Mode.RUN: SegmentKind.RUNNING}.get(mode, stretch.kind)
            found.append(replace(stretch, kind=kind, at_from=at_from, at_to=at_to))
    return found


def _pieces(stretch: Stretch, standings: Sequence[Standing]) -> Iterable[tuple[datetime, datetime | None, Standing]]:
    """A stretch cut where the record's state changed."""
    begin, present = stretch.at_from, standings[0]
    for standing in standings:
        if standing.at <= begin:
            present = standing
            continue
        if stretch.at_to is not None and standing.at >= stretch.at_to:
            break
        yield begin, standing.at, present
        begin, present = standing.at, standing
    yield begin, stretch.at_to, present
