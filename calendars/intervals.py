"""
From the wall clock to UTC: the open intervals of one year of a calendar, as seconds since the epoch.

The rule is one sentence: an instant is open if and only if the wall clock of the zone, at that instant, shows
a time within a window of the date that it shows. Everything about daylight saving follows from it:

* Between two changes of the zone's offset the wall clock runs like UTC: edges are shifted by the offset.
* A skipped hour (gap) is never shown, so it adds nothing; an edge inside it acts at the moment after the gap.
* A repeated hour (fold) is shown twice, so a window that covers it counts both. A window that ends within it
  is open, closes, opens again when the clock goes back, and closes for good.
* A date that a zone skipped has no open time.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .spec import CalendarSpec, Span

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR = 1900
LAST_YEAR = 2499
SECONDS_PER_DAY = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH_WEEKDAY = date(1970, 1, 1).weekday()


def year_start(year: int) -> int:
    """Tell when a UTC year begins, in seconds since the epoch."""
    return (date(year, 1, 1).toordinal() - _EPOCH_ORDINAL) * SECONDS_PER_DAY


def _offset_at(zone: ZoneInfo, second: int) -> int:
    offset = (EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0


def _change_between(zone: ZoneInfo, low: int, high: int) -> int:
    """Find the first second with the offset of `high`, knowing that `low` has another one."""
    after = _offset_at(zone, high)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(zone, middle) == after:
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=4096)
def offset_segments(zone_name: str, year: int) -> tuple[tuple[int, int, int], ...]:
    """
    Cut a UTC year into pieces of constant offset: (start, end, offset), all in seconds.

    The offset is read once a day: no zone has ever changed it twice within three days.
    """
    zone = ZoneInfo(zone_name)
    begin, finish = year_start(year), year_start(year + 1)
    segments = []
    start, offset = begin, _offset_at(zone, begin)
    for second in range(begin + SECONDS_PER_DAY, finish + 1, SECONDS_PER_DAY):
        seen = _offset_at(zone, second)
        if seen == offset:
            continue
        change = _change_between(zone, second - SECONDS_PER_DAY, second)
        if change < finish:
            segments.append((start, change, offset))
            start, offset = change, seen
    segments.append((start, finish, offset))
    return tuple(segments)


def open_in_year(spec: CalendarSpec, year: int) -> Iterator[tuple[int, int]]:
    """Walk through the open intervals of a UTC year in order; touching ones are not yet joined."""
    weekly: list[tuple[Span, ...]] = [() for _ in range(7)]
    for window in sorted(spec.weekly):
        weekly[window.weekday] += (window.span,)
    exceptions = {each.date.toordinal() - _EPOCH_ORDINAL: tuple(sorted(each.windows)) for each in spec.exceptions}

    for begin, finish, offset in offset_segments(spec.zone, year):
        first_day = (begin + offset) // SECONDS_PER_DAY
        last_day = (finish + offset - 1) // SECONDS_PER_DAY
        for day in range(first_day, last_day + 1):
            spans = exceptions.get(day)
            if spans is None:
                spans = weekly[(day + _EPOCH_WEEKDAY) % 7]
            midnight = day * SECONDS_PER_DAY - offset
            for start_minute, end_minute in spans:
                start = max(midnight + start_minute * 60, begin)
                end = min(midnight + end_minute * 60, finish)
                if start < end:
                    yield start, end
