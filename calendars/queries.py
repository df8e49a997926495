"""Reads that join what people set up with what the holidays library knows."""

from collections.abc import Iterable
from datetime import date

from . import holidays
from .models import Calendar


def public_holidays_on(calendar: Calendar, days: Iterable[date]) -> dict[date, str]:
    """Name those of the days that are public holidays of the calendar's place, in the years copied from it."""
    first, last = calendar.holiday_from_year, calendar.holiday_to_year
    if first is None or last is None or not holidays.is_known(calendar.holiday_country, calendar.holiday_subdivision):
        return {}
    found: dict[date, str] = {}
    wanted = {day for day in days if first <= day.year <= last}
    for year in sorted({day.year for day in wanted}):
        names = holidays.names_by_date(calendar.holiday_country, calendar.holiday_subdivision, range(year, year + 1))
        found |= {day: name for day, name in names.items() if day in wanted}
    return found
