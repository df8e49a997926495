"""Days, weeks and months of the reporting zone: the one in which all readings are counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from .models import Grain


def zone() -> ZoneInfo:
    """The reporting zone: that of the installation, the same for every reader, so that all read the same numbers."""
    return ZoneInfo(settings.TIME_ZONE)


def today(at: datetime) -> date:
    """The day of the reporting zone at a moment."""
    return at.astimezone(zone()).date()


def start_of(day: date) -> datetime:
    """The moment at which a day of the reporting zone begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone())


@dataclass(frozen=True)
class Range:
    """A run of days, the end not included."""

    day_from: date
    day_to: date

    @property
    def days(self) -> int:
        return (self.day_to - self.day_from).days

    @property
    def before(self) -> "Range":
        """The same number of days right before."""
        return Range(self.day_from - timedelta(days=self.days), self.day_from)

    @classmethod
    def up_to(cls, day: date, *, days: int) -> "Range":
        """So many days, `day` the last of them."""
        return cls(day - timedelta(days=days - 1), day + timedelta(days=1))

    def widened(self, grain: str) -> "Range":
        """Made of whole periods: the first one from its start, the last one as far as the range goes."""
        return Range(period_of(self.day_from, grain), self.day_to)


def period_of(day: date, grain: str) -> date:
    """The first day of the period in which the day lies; weeks begin on Monday (ISO 8601)."""
    if grain == Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == Grain.MONTH else day


def next_period(first: date, grain: str) -> date:
    if grain == Grain.WEEK:
        return first + timedelta(days=7)
    if grain == Grain.MONTH:
        return date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first + timedelta(days=1)


def periods(span: Range, grain: str) -> Iterator[Range]:
    """The periods of a range, cut to it at both ends."""
    first = period_of(span.day_from, grain)
    while first < span.day_to:
        after = next_period(first, grain)
        yield Range(max(first, span.day_from), min(after, span.day_to))
        first = after


def label(first: date, grain: str) -> str:
    """A short name of a period: `W10`, `2 Mar`, `Mar 2026`."""
    if grain == Grain.WEEK:
        return _("W%(number)s") % {"number": first.isocalendar().week}
    return formats.date_format(first, "M Y" if grain == Grain.MONTH else "j M")
