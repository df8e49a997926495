"""Months of the reporting zone, in which availability is told."""

from datetime import date, datetime

from common import months
from common.months import Month
from measurement.periods import zone

from .spans import micros


def month(first: date) -> Month:
    """:param first: its first day."""
    return Month(first, zone())


def month_of(at: datetime) -> Month:
    return months.month_of(at, zone())


def read(text: str, *, at: datetime) -> Month:
    """The month that an address names; the present one for nonsense, and for what lies ahead."""
    present, first = month_of(at), months.read(text)
    return month(min(first, present.first)) if first else present


def edges(of: Month) -> tuple[int, int]:
    """Begin and end in microseconds."""
    return micros(of.began_at), micros(of.ended_at)
