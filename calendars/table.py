"""The compiled form of a calendar: its open intervals over some years, with running sums of open time."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .intervals import EPOCH, FIRST_YEAR, LAST_YEAR, open_in_year, year_start
from .spec import CalendarSpec

if TYPE_CHECKING:
    from .batch import Edges

SECOND = 1_000_000
EARLIEST = year_start(FIRST_YEAR) * SECOND
LATEST = year_start(LAST_YEAR + 1) * SECOND


def micros(moment: datetime) -> int:
    """
    Count the microseconds from the epoch to an aware moment of any zone, exactly.

    :raises TypeError: the moment is naive.
    """
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def moment_of(count: int) -> datetime:
    """Turn microseconds since the epoch into a moment in UTC."""
    return EPOCH + timedelta(microseconds=count)


class Table:
    """Open intervals from `low` up to `high`, in microseconds, and the open time up to each."""

    __slots__ = (
        "edges",
        "ends",
        "first_year",
        "high",
        "low",
        "next_year",
        "starts",
        "used_after",
        "used_before",
    )

    def __init__(self, spec: CalendarSpec, first_year: int, next_year: int, known: "Table | None" = None) -> None:
        self.first_year, self.next_year = first_year, next_year
        self.low, self.high = year_start(first_year) * SECOND, year_start(next_year) * SECOND
        self.starts: list[int] = []
        self.ends: list[int] = []
        for year in range(first_year, next_year):
            if known is not None and known.first_year <= year < known.next_year:
                if year == known.first_year:
                    self._extend(zip(known.starts, known.ends, strict=True))
            else:
                self._extend((start * SECOND, end * SECOND) for start, end in open_in_year(spec, year))
        self.used_before: list[int] = []
        self.used_after: list[int] = []
        used = 0
        for start, end in zip(self.starts, self.ends, strict=True):
            self.used_before.append(used)
            used += end - start
            self.used_after.append(used)
        self.edges: Edges | None = None

    def _extend(self, intervals: Iterable[tuple[int, int]]) -> None:
        starts, ends = self.starts, self.ends
        for start, end in intervals:
            if ends and ends[-1] == start:
                ends[-1] = end
            else:
                starts.append(start)
                ends.append(end)

    @property
    def total(self) -> int:
        """All open time of the table."""
        return self.used_after[-1] if self.used_after else 0

    def used(self, moment: int) -> int:
        """Sum the open time from the beginning of the table up to a moment within it."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0
        end = self.ends[index]
        return self.used_before[index] + (moment if moment < end else end) - self.starts[index]

    def may_grow(self, limit: int) -> bool:
        """Whether later years exist, and reach no further than the limit (microseconds since the epoch)."""
        return self.high <= limit and self.high < LATEST
