"""
Business time: how much open time lies between two moments, and when an amount of it is used up.

Pure and without Django. The open intervals of a calendar are compiled once to sorted edges with running sums,
so that every question is one or two binary searches; years are added when somebody asks about them. All
arithmetic is on whole microseconds since the epoch: nothing is ever added to a wall clock, and none is lost.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .intervals import FIRST_YEAR, LAST_YEAR
from .spec import CalendarSpec, DayException, WeeklyWindow
from .table import EARLIEST, LATEST, SECOND, Table, micros, moment_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["BusinessTime", "CalendarSpec", "DayException", "NeverOpens", "OutOfRange", "WeeklyWindow"]

NOTHING = timedelta(0)
HORIZON = timedelta(days=7305)
HORIZON_MICROS = HORIZON.days * 86_400 * SECOND


class NeverOpens(Exception):
    """The calendar does not open, or not long enough, within the 20 years after a moment."""


class OutOfRange(ValueError):
    """A moment before the year 1900 or after 2499, for which calendars are not worked out."""


class BusinessTime:
    """
    The arithmetic of one version of a calendar. Moments are aware; answers are in UTC.

    Safe to share between threads: a table never changes, a larger one takes its place.
    """

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self._table: Table | None = None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """
        Measure the open time in [start, end), as elapsed time: an hour that comes twice counts twice.

        Zero when the end is not after the start.
        """
        low, high = micros(start), micros(end)
        if high <= low:
            return NOTHING
        if self.spec.always_open:
            return timedelta(microseconds=high - low)
        table = self.covering(low, high)
        return timedelta(microseconds=table.used(high) - table.used(low))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """
        Find the earliest moment, not before the start, by which exactly `amount` of open time has passed.

        Time that is used up when the calendar closes ends at that closing, not at the next opening: ten hours
        from Monday 08:00 in a calendar of 08:00-18:00 are over on Monday at 18:00. A zero amount is over at
        the start, open or not.

        :raises ValueError: the amount is negative.
        :raises NeverOpens: the amount does not fit into the 20 years after the start.
        """
        low = micros(start)
        wanted = (amount.days * 86_400 + amount.seconds) * SECOND + amount.microseconds
        if wanted <= 0:
            if wanted < 0:
                raise ValueError("The amount of business time must not be negative.")
            return moment_of(low)
        if self.spec.always_open:
            if wanted > HORIZON_MICROS:
                raise refusal(low, wanted)
            return moment_of(low + wanted)
        table = self.covering(low, low)
        target = table.used(low) + wanted
        limit = low + HORIZON_MICROS
        while table.total < target:
            if not table.may_grow(limit):
                raise refusal(low, wanted)
            table = self.grown(table)
        index = bisect_left(table.used_after, target)
        due = table.starts[index] + target - table.used_before[index]
        if due > limit:
            raise refusal(low, wanted)
        return moment_of(due)

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at the moment; the opening instant is open, the closing instant is not."""
        if self.spec.always_open:
            return True
        moment = micros(at)
        table = self.covering(moment, moment)
        index = bisect_right(table.starts, moment) - 1
        return index >= 0 and moment < table.ends[index]

    def next_opening(self, at: datetime) -> datetime:
        """
        Find the first open moment at or after this one: this one itself while open.

        :raises NeverOpens: the calendar stays closed for 20 years.
        """
        if self.is_open(at):
            return moment_of(micros(at))
        opening = self.next_boundary(at)
        if opening is None:
            raise NeverOpens(f"The calendar does not open within 20 years after {at:%Y-%m-%d %H:%M}.")
        return opening

    def next_boundary(self, at: datetime) -> datetime | None:
        """Find the next moment, strictly later, at which it opens or closes; None if 20 years bring none."""
        if self.spec.always_open:
            return None
        moment = micros(at)
        limit = moment + HORIZON_MICROS
        table = self.covering(moment, moment)
        while True:
            index = bisect_right(table.ends, moment)
            if index < len(table.ends):
                start, end = table.starts[index], table.ends[index]
                edge = start if start > moment else end
                if edge < table.high or table.high == LATEST:
                    return moment_of(edge) if edge <= limit else None
            if not table.may_grow(limit):
                return None
            table = self.grown(table)

    def open_intervals(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """List the open intervals of [start, end) in order, cut to it, each as long as it can be."""
        low, high = micros(start), micros(end)
        if high <= low:
            return []
        if self.spec.always_open:
            return [(moment_of(low), moment_of(high))]
        table = self.covering(low, high)
        first, last = bisect_right(table.ends, low), bisect_left(table.starts, high)
        return [
            (moment_of(max(table.starts[index], low)), moment_of(min(table.ends[index], high)))
            for index in range(first, last)
        ]

    def add_many(self, starts: "np.ndarray", amounts: "np.ndarray") -> "np.ndarray":
        """
        Do what `add` does for arrays of seconds: starts since the epoch, amounts of open time.

        Whole seconds (integers) give whole seconds. Floating seconds give floating seconds, exact to the
        microsecond up to the year 2106. One element that cannot be answered refuses the whole call.

        :raises ValueError: an amount is negative or a value is not finite.
        :raises NeverOpens: an amount does not fit into the 20 years after its start.
        """
        # Late: numpy costs 20 MB and a tenth of a second, and single answers never need it.
        from . import batch

        return batch.add_many(self, starts, amounts)

    def between_many(self, starts: "np.ndarray", ends: "np.ndarray") -> "np.ndarray":
        """
        Do what `between` does for arrays of seconds since the epoch.

        The answer is in seconds; whole or floating as in `add_many`.
        """
        # Late: numpy costs 20 MB and a tenth of a second, and single answers never need it.
        from . import batch

        return batch.between_many(self, starts, ends)

    def covering(self, low: int, high: int) -> Table:
        """Give the table, grown so far that it covers both moments (microseconds)."""
        table = self._table
        if table is not None and table.low <= low and high <= table.high:
            return table
        if low < EARLIEST or high > LATEST:
            raise OutOfRange(f"Business time is worked out for the years {FIRST_YEAR} to {LAST_YEAR} only.")
        first_year, next_year = moment_of(low).year, min(moment_of(high).year, LAST_YEAR) + 1
        if table is not None:
            first_year, next_year = min(first_year, table.first_year), max(next_year, table.next_year)
        self._table = table = Table(self.spec, first_year, next_year, known=table)
        return table

    def grown(self, table: Table) -> Table:
        """Give a table that reaches one year further than this one."""
        return self.covering(table.low, table.high + 1)


def refusal(start: int, amount: int) -> NeverOpens:
    """Say that an amount (microseconds) does not fit after a start (microseconds since the epoch)."""
    hours, after = amount / SECOND / 3600, moment_of(start)
    return NeverOpens(f"{hours:g} h of open time do not fit into the 20 years after {after:%Y-%m-%d %H:%M} UTC.")
