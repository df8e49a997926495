"""
A slow and obvious judge of business time: it walks every UTC minute and looks the time of the wall clock up.

It shares no code with the engine, not even the lookup of a day's windows. Zone offsets are whole minutes in
the years tested, so a UTC minute is wholly open or wholly closed.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from calendars.spec import CalendarSpec

MINUTE = timedelta(minutes=1)


class Oracle:
    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self.zone = ZoneInfo(spec.zone)

    def is_open(self, moment: datetime) -> bool:
        if self.spec.always_open:
            return True
        wall = moment.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        return any(start <= minute < end for start, end in self.windows(wall.date()))

    def windows(self, day: date) -> list[tuple[int, int]]:
        for exception in self.spec.exceptions:
            if exception.date == day:
                return list(exception.windows)
        return [
            (window.start_minute, window.end_minute) for window in self.spec.weekly if window.weekday == day.weekday()
        ]

    def between(self, start: datetime, end: datetime) -> timedelta:
        total, moment = timedelta(0), start
        while moment < end:
            next_minute = _floor(moment) + MINUTE
            stop = min(next_minute, end)
            if self.is_open(moment):
                total += stop - moment
            moment = stop
        return total

    def add(self, start: datetime, amount: timedelta, *, give_up: datetime) -> datetime | None:
        left, moment = amount, start.astimezone(UTC)
        while left:
            if moment >= give_up:
                return None
            stop = _floor(moment) + MINUTE
            if self.is_open(moment):
                step = min(stop - moment, left)
                left -= step
                stop = moment + step
            moment = stop
        return moment


def _floor(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
