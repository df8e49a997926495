"""When a report goes out next: by the clock on the wall of its zone. Pure arithmetic."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .enums import Every

LONGEST_DAYS = 62


def falls_on(day: date, every: str, *, weekday: int, month_day: int) -> bool:
    """Whether a report goes out on a day. The 31st of a shorter month is its last day."""
    if every == Every.WEEK:
        return day.weekday() == weekday
    if every == Every.MONTH:
        return day.day == min(month_day, monthrange(day.year, day.month)[1])
    return True


def next_after(after: datetime, every: str, *, weekday: int, month_day: int, minute: int, zone: ZoneInfo) -> datetime:
    """
    The next moment, UTC, strictly after one.

    A time that the clock change leaves out is an hour later by the wall clock; one that comes twice is its first.

    :param minute: of the day, 0 to 1439.
    """
    day = after.astimezone(zone).date() - timedelta(days=1)
    for _step in range(LONGEST_DAYS):
        if falls_on(day, every, weekday=weekday, month_day=month_day):
            wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
            moment = wall.astimezone(UTC)
            if moment > after:
                return moment
        day += timedelta(days=1)
    raise AssertionError("every schedule falls on a day within two months")
