"""The same days earlier: right before, or a year before, cut into periods that stand beside those asked for."""

from calendar import monthrange
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..models import Grain
from ..periods import Range, periods

YEAR_OF_WEEKS = timedelta(days=364)


class Against(TextChoices):
    BEFORE = "before", _("the time before")
    YEAR = "year", _("a year before")


def earlier(span: Range, against: str, grain: str) -> Range:
    """
    The days to compare with. They begin on the same weekday (days and weeks) or day of the month (months), so that a
    Monday stands beside a Monday; a year is 52 weeks for days and weeks.
    """
    if grain == Grain.MONTH:
        months = 12 if against == Against.YEAR else max(sum(1 for _each in periods(span, grain)), 1)
        return Range(_months_before(span.day_from, months), _months_before(span.day_to, months))
    shift = YEAR_OF_WEEKS if against == Against.YEAR else timedelta(days=-(-span.days // 7) * 7)
    return Range(span.day_from - shift, span.day_to - shift)


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
