"""When working days are over, by a calendar. Pure; nothing here reads the clock or the database."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from calendars.business_time import BusinessTime

LOOKED_AT_MOST = 800  # a calendar that opens less often than this many days has no such deadline


def end_of(hours: BusinessTime, at: datetime, days: int) -> datetime | None:
    """
    Find when the so-many-th working day after the day of a moment closes, in the calendar's own zone.

    The day of the moment itself does not count. A working day is one on which the calendar opens at all, however
    short: holidays don't count, extra openings do.

    :param days: 1 or more. :returns: None where the calendar never opens on so many days.
    """
    zone = ZoneInfo(hours.spec.zone)
    day = at.astimezone(zone).date()
    for _each in range(LOOKED_AT_MOST):
        day += timedelta(days=1)
        start, end = (datetime.combine(each, time.min, tzinfo=zone) for each in (day, day + timedelta(days=1)))
        opened = hours.open_intervals(start, end)
        days -= bool(opened)
        if not days:
            return opened[-1][1]
    return None
