"""
Time: the one clock of the product, and durations as people write them.

Only doors (views, API, tasks, commands) read the clock; everything below takes moments as parameters.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

_SECOND = timedelta(seconds=1)
_CLOCK = re.compile(r"(?P<hours>\d{1,5}):(?P<minutes>[0-5]\d)")
_UNITS = re.compile(
    r"(?:(?P<days>\d{1,5}) ?d)? ?"
    r"(?:(?P<hours>\d{1,5}(?:[.,]\d{1,2})?) ?h)? ?"
    r"(?:(?P<minutes>\d{1,6}) ?(?:min|m))?"
)


def now() -> datetime:
    """Read the clock: an aware moment in UTC. For doors only."""
    return timezone.now()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """
    Find the moment in UTC at which a local date begins.

    Where the clocks skip midnight the date begins with the first moment after the gap. A date that a zone
    skipped altogether begins, and ends, where the next one does.
    """
    return first_moment(datetime.combine(day, time.min), zone)


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """
    Find the moment in UTC at which the clocks of a zone first show a time, or one after it.

    A time that comes twice is its first; one that the clocks skip is the first moment after the gap.

    :param wall: date and time without a zone.
    """
    begin = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if begin.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return begin
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), begin
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after


def hours_and_minutes(amount: timedelta) -> str:
    """Write a duration as `h:mm`, cut to whole minutes towards zero: `37:05`, `-0:01`."""
    minutes = abs(amount) // timedelta(minutes=1)
    sign = "-" if amount < timedelta(0) and minutes else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}"


def whole_minutes_left(amount: timedelta) -> timedelta:
    """
    Round time that is left up to whole minutes; time over stays as it is.

    Time used is cut to whole minutes, so that what was used and what is left add up to the target on every page.
    """
    return -(-amount // timedelta(minutes=1)) * timedelta(minutes=1) if amount > timedelta(0) else amount


def parse_duration(text: str) -> timedelta:
    """
    Read a duration as people type it: `4` and `1.5` are hours; `1:30`, `90 min`, `1 h 30 min`, `2 d 4 h`.

    A day is 24 hours.

    :raises ValueError: anything else; the caller words the sentence.
    """
    cleaned = " ".join(text.lower().split())
    if re.fullmatch(r"\d{1,5}(?:[.,]\d{1,2})?", cleaned):
        cleaned += " h"
    if match := _CLOCK.fullmatch(cleaned):
        return timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    match = _UNITS.fullmatch(cleaned)
    if not cleaned or match is None:
        raise ValueError(f"not a duration: {text!r}")
    return timedelta(
        days=int(match["days"] or 0),
        hours=float((match["hours"] or "0").replace(",", ".")),
        minutes=int(match["minutes"] or 0),
    )
