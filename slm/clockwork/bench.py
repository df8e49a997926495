"""The clocks of one record, locked, with their segments: worked on in memory, written back at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Model

from audit import log
from audit.models import Entry
from calendars import registry
from common import rows

from .. import ledger
from ..enums import LIVE_STATES, ClockState
from ..models import Clock, ClockChange, ClockFact, Segment
from . import standing

NEVER_WRITTEN = frozenset({"id", "record", "kind", "part", "about", "is_imported"})
WRITTEN = [each.name for each in Clock._meta.concrete_fields if each.name not in NEVER_WRITTEN]


class Bench:
    """
    Everything one act does to the clocks of one record.

    Clocks are read and locked when first asked for, so that acts which concern no clock cost no statement. The
    caller holds the lock on the record: first the record, then its clocks, by key.

    :param by: the person acting; None for Steward itself. :param entry_id: log entry of the act.
    """

    def __init__(self, record: Any, *, by: Any, at: datetime, entry_id: int | None, is_new: bool = False) -> None:
        self.record = record
        self.by = by
        self.at = at
        self.entry_id = entry_id
        self.is_new = is_new
        self.facts: list[ClockFact] = []
        self.changes: list[ClockChange] = []
        self.entries: list[tuple[Clock, Entry]] = []
        self._touched: list[Clock] = []
        self._closed: list[Segment] = []

    @cached_property
    def clocks(self) -> list[Clock]:
        """Every clock of the record that was not replaced, locked."""
        if self.is_new:
            return []
        found = Clock.objects.select_for_update(no_key=True).filter(record_id=self.record.pk)
        return list(found.exclude(state=ClockState.VOID).order_by("id"))

    @cached_property
    def _segments(self) -> dict[int, list[Segment]]:
        found: dict[int, list[Segment]] = {}
        keys = [each.pk for each in self.clocks if each.pk is not None]
        if keys:
            for segment in Segment.objects.filter(clock__in=keys).order_by("clock_id", "at_from", "id"):
                found.setdefault(segment.clock_id, []).append(segment)
        return found

    def segments(self, clock: Clock) -> list[Segment]:
        """The segments of a clock in order of time."""
        if clock.pk is None:
            return clock.__dict__.setdefault("fresh_segments", [])
        return self._segments.setdefault(clock.pk, [])

    def spans(self, clock: Clock) -> list[ledger.Span]:
        """The ledger of a clock, each segment with the hours of its calendar version."""
        return spans_of(self.segments(clock))

    def all_live(self, kind: str) -> list[Clock]:
        """The clocks of the kind that run or are paused: one at the most, unless parts of the record have their own."""
        return [each for each in self.clocks if each.kind == kind and each.state in LIVE_STATES]

    def live(self, kind: str, part: int | None = None) -> Clock | None:
        """The clock of the kind, and of the part where parts have their own, that runs or is paused."""
        return next((each for each in self.all_live(kind) if each.part == part), None)

    def latest(self, kind: str, part: int | None = None) -> Clock | None:
        """The clock of the kind that was started last, whatever became of it."""
        return next((each for each in reversed(self.clocks) if each.kind == kind and each.part == part), None)

    def add(self, clock: Clock) -> None:
        """Take a clock in that is not in the database yet."""
        self.clocks.append(clock)

    def touch(self, clock: Clock) -> None:
        """Note that the clock has to be written back."""
        if clock.pk is not None and clock not in self._touched:
            self._touched.append(clock)

    def close(self, clock: Clock, moment: datetime) -> None:
        """End the open segment of a clock."""
        latest = self.segments(clock)[-1]
        latest.at_to = moment
        if latest.pk is not None and latest not in self._closed:
            self._closed.append(latest)

    def open(
        self, clock: Clock, kind: str, at_from: datetime, *, at_to: datetime | None = None, reason: str = ""
    ) -> Segment:
        """Begin a segment where the one before it ended."""
        segment = Segment(
            clock=clock,
            kind=kind,
            reason=reason,
            at_from=at_from,
            at_to=at_to,
            calendar_id=clock.calendar_id,
            calendar_version=clock.calendar_version,
            by=self.by,
            entry_id=self.entry_id,
        )
        self.segments(clock).append(segment)
        return segment

    def rewrite(self, segments: Sequence[Segment]) -> None:
        """Note that segments were given another calendar, another beginning, or another kind."""
        self._closed.extend(each for each in segments if each.pk is not None and each not in self._closed)

    def note_change(self, clock: Clock, *, why: str, policy: str, before: tuple[timedelta, datetime | None]) -> None:
        """Write down that a clock was computed anew; `before` is its target and due moment of before."""
        change = ClockChange(
            clock=clock,
            at=self.at,
            by=self.by,
            why=why,
            policy=policy,
            target_before=before[0],
            target_after=clock.target,
            due_before=before[1],
            due_after=clock.due_at,
            entry_id=self.entry_id,
        )
        self.changes.append(change)

    def save(self) -> None:
        """Write everything back: one statement for each kind of row that changed, then the record's own columns."""
        if "clocks" not in self.__dict__:
            return
        fresh = [each for each in self.clocks if each.pk is None]
        if fresh:
            rows.take_keys(*fresh)
            rows.insert(fresh)
        if self._touched:
            _update(self._touched, WRITTEN)
        closed = [each for each in self._closed if each.pk is not None]
        if closed:
            _update(closed, ["kind", "at_from", "at_to", "calendar", "calendar_version"])
        opened = [segment for clock in fresh for segment in clock.__dict__.pop("fresh_segments", [])]
        opened += [each for clock in self.clocks for each in self.__dict__.get("_segments", {}).get(clock.pk, [])
                   if each.pk is None]  # fmt: skip
        if opened:
            for each in opened:
                each.clock_id = each.clock.pk
            rows.insert(opened)
        if self.facts:
            ClockFact.objects.bulk_create(self.facts, ignore_conflicts=True)
        if self.changes:
            ClockChange.objects.bulk_create(self.changes)
        if self.entries:
            for clock, entry in self.entries:
                entry.data["clock"] = clock.pk  # a clock that began late had no key yet
            log.save([entry for _clock, entry in self.entries], later=not self.record.is_imported)
        standing.write(self.record, self.clocks)


def spans_of(segments: Sequence[Segment]) -> list[ledger.Span]:
    """Turn rows into the spans of a ledger."""
    registry.preload({(each.calendar_id, each.calendar_version) for each in segments})
    return [
        ledger.Span(
            kind=each.kind,
            at_from=each.at_from,
            at_to=each.at_to,
            hours=registry.business_time(each.calendar_id, each.calendar_version),
        )
        for each in segments
    ]


def _update(written: Sequence[Model], fields: list[str]) -> None:
    """One row is saved by a plain UPDATE, several by one statement: both cheaper than the other way round."""
    if len(written) == 1:
        written[0].save(update_fields=fields)
    else:
        type(written[0])._default_manager.bulk_update(written, fields)
