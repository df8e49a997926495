"""Months of the reporting zone, in which availability is told."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format

from measurement.periods import start_of, today

from .spans import micros

SHOWN = 12


@dataclass(frozen=True, order=True)
class Month:
    """One month, by its first day."""

    first: date

    @property
    def following(self) -> "Month":
        return Month(date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1))

    @property
    def before(self) -> "Month":
        year, month = divmod(self.first.year * 12 + self.first.month - 2, 12)
        return Month(date(year, month + 1, 1))

    @property
    def began_at(self) -> datetime:
        return start_of(self.first)

    @property
    def ended_at(self) -> datetime:
        return self.following.began_at

    @property
    def edges(self) -> tuple[int, int]:
        """Begin and end in microseconds."""
        return micros(self.began_at), micros(self.ended_at)

    @property
    def slug(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        return date_format(self.first, "F Y")

    @property
    def short(self) -> str:
        return date_format(self.first, "M Y")


def month_of(at: datetime) -> Month:
    return Month(today(at).replace(day=1))


def read(text: str, *, at: datetime) -> Month:
    """The month that an address names; the present one for nonsense, and for what lies ahead."""
    present = month_of(at)
    match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    return min(Month(date(int(match[1]), int(match[2]), 1)), present) if match else present


def year_to(last: Month) -> list[Month]:
    """Twelve months in order, the named one the last of them."""
    found = [last]
    while len(found) < SHOWN:
        found.insert(0, found[0].before)
    return found
