"""
Targets that are points in time rather than durations: “next business day 17:00”, received by a cut-off hour.

A point is turned into working time where a clock begins to count: the working time from there to the point. From then
on the ledger works as for any other target, so a pause moves the due moment by its working time. Where the hours of the
point's day end earlier than its time, it is due when they end.

A business day is a local date on which the calendar opens at all. What comes on another day counts as received on the
next business day; so does what comes after the cut-off, or, without one, after the hours of the day. A time of day that
the clocks skip is read with the offset of before; one that comes twice is the first of both.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calendars.spec import CalendarSpec

MOST_DAYS = 30
DAY_MINUTES = 24 * 60
# How far a calendar without any business day is searched: longer than every holiday season.
SEARCHED_DAYS = 400
_CODE = re.compile(r"(\d{1,2})@(\d{1,4})(?:<(\d{1,4}))?")
_TEXT = re.compile(
    r"(?:(?P<same>same)|(?P<next>next)|(?P<number>\d{1,2})(?:st|nd|rd|th)?)\s+(?:business\s+)?day,?\s+"
    r"(?P<time>\d{1,2}:\d{2})(?:,?\s*(?:if\s+by|by|cut-off)\s+(?P<cutoff>\d{1,2}:\d{2}))?",
    re.IGNORECASE,
)


class Hours(Protocol):
    """What a point asks of a calendar."""

    spec: CalendarSpec

    def between(self, start: datetime, end: datetime) -> timedelta: ...


@dataclass(frozen=True)
class Point:
    """
    So many business days after the day of receipt, at a time of the calendar's wall clock.

    :param days: 0 is the day of receipt itself. :param minute: of the day, 1,440 for its end.
    :param cutoff_minute: what is received later counts as received on the next business day; None: the end of hours.
    """

    days: int
    minute: int
    cutoff_minute: int | None = None

    @property
    def code(self) -> str:
        """Its short form in tables: `1@1020<840` is the next business day at 17:00, received by 14:00."""
        return f"{self.days}@{self.minute}" + ("" if self.cutoff_minute is None else f"<{self.cutoff_minute}")

    @classmethod
    def from_code(cls, code: str | None) -> "Point | None":
        """Read the short form; None for an empty one."""
        found = _CODE.fullmatch(code or "")
        if found is None:
            return None
        days, minute, cutoff = found.groups()
        return cls(int(days), int(minute), None if cutoff is None else int(cutoff))

    @classmethod
    def parse(cls, text: str) -> "Point | None":
        """
        Read what people type: `next day 17:00`, `same day 17:00 if by 12:00`, `3rd business day 12:00`.

        :returns: None where the text is no point at all. :raises ValueError: a point that cannot be.
        """
        found = _TEXT.fullmatch(text.strip())
        if found is None:
            return None
        days = 0 if found["same"] else 1 if found["next"] else int(found["number"])
        cutoff = _minute(found["cutoff"]) if found["cutoff"] else None
        if days > MOST_DAYS:
            raise ValueError(text)
        return cls(days, _minute(found["time"]), cutoff)

    def __str__(self) -> str:
        """As it is typed."""
        day = {0: "same day", 1: "next day"}.get(self.days, f"{self.days} day")
        cutoff = "" if self.cutoff_minute is None else f" if by {_wall(self.cutoff_minute)}"
        return f"{day} {_wall(self.minute)}{cutoff}"

    @property
    def sentence(self) -> str:
        """In words of the reader."""
        values = {"time": _wall(self.minute), "cutoff": _wall(self.cutoff_minute or 0), "count": self.days}
        if self.days == 0:
            said = _("by %(time)s on the business day of receipt") % values
        elif self.days == 1:
            said = _("by %(time)s on the next business day") % values
        else:
            said = (
                ngettext(
                    "by %(time)s on the business day after receipt",
                    "by %(time)s, %(count)s business days after receipt",
                    self.days,
                )
                % values
            )
        if self.cutoff_minute is None:
            return said
        return _("%(said)s; what comes after %(cutoff)s counts as received on the next one") % (values | {"said": said})

    def received_on(self, start: datetime, spec: CalendarSpec) -> date | None:
        """The business day on which something counts as received; None in a calendar that never opens."""
        local = start.astimezone(ZoneInfo(spec.zone)).replace(tzinfo=None)
        day = local.date()
        if _is_business_day(spec, day):
            last = max(end for _start, end in spec.spans_on(day))
            cutoff = last if self.cutoff_minute is None else self.cutoff_minute
            if local <= datetime.combine(day, time.min) + timedelta(minutes=cutoff):
                return day
        return _business_day_after(spec, day)

    def moment(self, start: datetime, hours: Hours) -> datetime | None:
        """
        When it is due for something received at `start`; None in a calendar that does not open again.

        A point that would leave no working time at all, such as this afternoon at 15:00 for what came at 16:00, moves
        to the next business day.
        """
        day = self.received_on(start, hours.spec)
        for _number in range(self.days):
            day = day and _business_day_after(hours.spec, day)
        while day is not None:
            due_at = _instant(day, self.minute, hours.spec.zone)
            if due_at > start and hours.between(start, due_at) > timedelta(0):
                return due_at
            day = _business_day_after(hours.spec, day)
        return None

    def target(self, start: datetime, hours: Hours) -> timedelta | None:
        """The working time from `start` to the point."""
        due_at = self.moment(start, hours)
        return None if due_at is None else hours.between(start, due_at)

    def longest_minutes(self, spec: CalendarSpec) -> int:
        """Working minutes that it leaves at the most: what it is compared by where no moment of receipt is known."""
        day_minutes = DAY_MINUTES if spec.always_open else max(
            (sum(end - start for start, end in spec.spans_on_weekday(weekday)) for weekday in range(7)), default=0
        )  # fmt: skip
        return max(1, (self.days + 1) * day_minutes)


def _minute(text: str) -> int:
    """:raises ValueError: no time of the day; 24:00 is one."""
    hour, minute = map(int, text.split(":"))
    found = hour * 60 + minute
    if minute > 59 or found > DAY_MINUTES:
        raise ValueError(text)
    return found


def _wall(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _instant(day: date, minute: int, zone: str) -> datetime:
    local = datetime.combine(day, time.min) + timedelta(minutes=minute)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@cache
def _exists(day: date, zone: str) -> bool:
    """Whether a zone had the date at all: crossing the date line, Samoa left one out."""
    return _instant(day + timedelta(days=1), 0, zone) > _instant(day, 0, zone)


def _is_business_day(spec: CalendarSpec, day: date) -> bool:
    return bool(spec.spans_on(day)) and _exists(day, spec.zone)


def _business_day_after(spec: CalendarSpec, day: date) -> date | None:
    for ahead in range(1, SEARCHED_DAYS):
        following = day + timedelta(days=ahead)
        if _is_business_day(spec, following):
            return following
    return None
