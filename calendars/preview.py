"""
Business time explained day by day: what each date adds until an amount is used up, and when the clocks change.

For the editor and for everybody who asks why something is due when it is. Pure; local moments are for showing only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from common.time import start_of_day

from .business_time import BusinessTime, CalendarSpec
from .intervals import EPOCH, offset_segments

DAY = timedelta(days=1)
MOST_DAYS = 400


@dataclass(frozen=True)
class OpenSpan:
    """
    A stretch of open time on one day, in local moments.

    :param used: how much of it the amount used up, from its start; what was before the start of counting is no part.
    """

    start: datetime
    end: datetime
    used_from: datetime | None
    used_to: datetime | None

    @property
    def used(self) -> timedelta:
        """Elapsed time used, not a difference of wall clocks."""
        if self.used_from is None or self.used_to is None:
            return timedelta(0)
        return self.used_to.astimezone(UTC) - self.used_from.astimezone(UTC)


@dataclass(frozen=True)
class DayStep:
    """
    What one local date added.

    :param length: elapsed time of the date: 23 or 25 hours where the clocks change.
    :param name: of the holiday or exception, if the date has one.
    """

    date: date
    begins_at: datetime
    length: timedelta
    spans: tuple[OpenSpan, ...]
    name: str
    is_exception: bool
    open_time: timedelta
    used: timedelta
    used_so_far: timedelta

    @property
    def has_clock_change(self) -> bool:
        """Whether the date is longer or shorter than 24 hours."""
        return self.length != DAY


@dataclass(frozen=True)
class Preview:
    """An amount of business time after a start: the days in between and the moment it is used up (UTC)."""

    start: datetime
    amount: timedelta
    due: datetime
    steps: tuple[DayStep, ...]
    zone: str

    @property
    def is_cut(self) -> bool:
        """Whether there are more days than are listed."""
        return bool(self.steps) and self.steps[-1].used_so_far < self.amount


@dataclass(frozen=True)
class ClockChange:
    """
    A date on which the zone changes its clocks.

    :param wall_before: what the wall clock would show at the moment of change; naive.
    :param wall_after: what it shows instead; naive.
    """

    date: date
    wall_before: datetime
    wall_after: datetime
    length: timedelta
    open_time: timedelta

    @property
    def shift(self) -> timedelta:
        """How far the clocks jump; negative when they go back."""
        return self.wall_after - self.wall_before


def preview(spec: CalendarSpec, start: datetime, amount: timedelta, *, most_days: int = MOST_DAYS) -> Preview:
    """
    Show how an amount of business time after a start is used up, day by day.

    :param start: aware, of any zone; the days are those of the calendar's zone.
    :param most_days: days listed at the most; the due moment is right in any case.
    :raises NeverOpens: the amount does not fit into 20 years.
    :raises ValueError: the amount is negative or the start is out of range.
    """
    time, zone = BusinessTime(spec), ZoneInfo(spec.zone)
    due = time.add(start, amount)
    first = start.astimezone(zone).date()
    last = due.astimezone(zone).date()
    steps: list[DayStep] = []
    so_far = timedelta(0)
    for day in _days(first, min(last, first + DAY * (most_days - 1))):
        step = _step(time, zone, day, start=start.astimezone(UTC), due=due, so_far=so_far)
        so_far = step.used_so_far
        if step.length:
            steps.append(step)
    return Preview(start=start.astimezone(UTC), amount=amount, due=due, steps=tuple(steps), zone=spec.zone)


def days_of(spec: CalendarSpec, first: date, count: int) -> list[DayStep]:
    """List what the calendar is open on each of some dates, with nothing counted: a week to look at."""
    time, zone = BusinessTime(spec), ZoneInfo(spec.zone)
    never = start_of_day(first, zone)
    return [
        _step(time, zone, day, start=never, due=never, so_far=timedelta(0))
        for day in _days(first, first + DAY * (count - 1))
    ]


def clock_changes(spec: CalendarSpec, first_year: int, last_year: int) -> list[ClockChange]:
    """List the dates of some years on which the zone changes its clocks, and how long the calendar is open then."""
    time, zone = BusinessTime(spec), ZoneInfo(spec.zone)
    found = []
    for year in range(first_year, last_year + 1):
        for second, _end, _offset in offset_segments(spec.zone, year)[1:]:
            change = EPOCH + timedelta(seconds=second)
            before = (change - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
            after = change.astimezone(zone).replace(tzinfo=None)
            begin, end = start_of_day(after.date(), zone), start_of_day(after.date() + DAY, zone)
            found.append(
                ClockChange(
                    date=after.date(),
                    wall_before=before + timedelta(seconds=1),
                    wall_after=after,
                    length=end - begin,
                    open_time=time.between(begin, end),
                )
            )
    return found


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + DAY * number


def _step(
    time: BusinessTime, zone: ZoneInfo, day: date, *, start: datetime, due: datetime, so_far: timedelta
) -> DayStep:
    begin, end = start_of_day(day, zone), start_of_day(day + DAY, zone)
    spans = []
    used = timedelta(0)
    for opens, closes in time.open_intervals(begin, end):
        low, high = max(opens, start), min(closes, due)
        is_used = low < high
        if is_used:
            used += high - low
        spans.append(
            OpenSpan(
                start=opens.astimezone(zone),
                end=closes.astimezone(zone),
                used_from=low.astimezone(zone) if is_used else None,
                used_to=high.astimezone(zone) if is_used else None,
            )
        )
    exception = None if time.spec.always_open else time.spec.exception_on(day)
    return DayStep(
        date=day,
        begins_at=begin,
        length=end - begin,
        spans=tuple(spans),
        name=exception.name if exception else "",
        is_exception=exception is not None,
        open_time=time.between(begin, end),
        used=used,
        used_so_far=so_far + used,
    )
