"""Months: by the first day and the zone whose midnights bound them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from .time import start_of_day

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 1)


@dataclass(frozen=True)
class Month:
    """One month in one zone; it may be an hour shorter or longer than its days are many."""

    first: date
    zone: ZoneInfo

    @property
    def following(self) -> "Month":
        return self.moved(1)

    @property
    def before(self) -> "Month":
        return self.moved(-1)

    def moved(self, months: int) -> "Month":
        """So many months later, or earlier."""
        year, month = divmod(self.first.year * 12 + self.first.month - 1 + months, 12)
        return Month(date(year, month + 1, 1), self.zone)

    @property
    def began_at(self) -> datetime:
        return start_of_day(self.first, self.zone)

    @property
    def ended_at(self) -> datetime:
        """The moment at which the next one begins."""
        return start_of_day(self.following.first, self.zone)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def slug(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        return date_format(self.first, "F Y")

    @property
    def short(self) -> str:
        return date_format(self.first, "M y")

    def is_over(self, at: datetime) -> bool:
        return self.ended_at <= at

    def year_to(self) -> "list[Month]":
        """Twelve months in order, this one the last."""
        return [self.moved(number) for number in range(-11, 1)]


def month_of(at: datetime, zone: ZoneInfo) -> Month:
    """The month that goes on at a moment."""
    return Month(at.astimezone(zone).date().replace(day=1), zone)


def read(text: str) -> date | None:
    """The first day of a month written as `2026-10`; None for anything else."""
    match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    return date(int(match[1]), int(match[2]), 1) if match else None
