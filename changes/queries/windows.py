"""When freezes and maintenance windows fall in a period: repetitions by the wall clock of their zone."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule
from django.db.models import Q, QuerySet

from common.time import first_moment

from ..enums import Repeats, WindowKind
from ..models import CalendarWindow

MOST_TIMES = 1_000


@dataclass(frozen=True)
class Span:
    """One time of a window, [starts_at, ends_at)."""

    window: CalendarWindow
    starts_at: datetime
    ends_at: datetime


def spans(window: CalendarWindow, start: datetime, end: datetime) -> Iterator[Span]:
    """
    Every time of the window that touches [start, end), the earliest first; 1,000 at most.

    A time that a clock change leaves out is the moment after it, so that a night on which the clocks skip the whole of
    a window has none; one that happens twice is its first. The time that was written down stays exactly as it is.
    """
    zone = ZoneInfo(window.zone)
    first, last = (each.astimezone(zone).replace(tzinfo=None, fold=0) for each in (window.starts_at, window.ends_at))
    length = last - first
    for begin in _beginnings(window, first, start.astimezone(zone), end.astimezone(zone), length):
        if begin == first:
            starts_at, ends_at = window.starts_at, window.ends_at
        else:
            starts_at, ends_at = first_moment(begin, zone), first_moment(begin + length, zone)
        if starts_at < ends_at and starts_at < end and ends_at > start:
            yield Span(window, starts_at, ends_at)


def _beginnings(
    window: CalendarWindow, first: datetime, start: datetime, end: datetime, length: timedelta
) -> Iterable[datetime]:
    if window.repeats == Repeats.NEVER:
        return [first]
    rules: dict[str, dict[str, object]] = {
        Repeats.WEEKLY: {"freq": rrule.WEEKLY},
        Repeats.MONTHLY_DATE: {"freq": rrule.MONTHLY, "bymonthday": first.day},
        Repeats.MONTHLY_WEEKDAY: {
            "freq": rrule.MONTHLY,
            "byweekday": rrule.weekdays[first.weekday()]((first.day - 1) // 7 + 1),
        },
        Repeats.MONTH_END: {"freq": rrule.MONTHLY, "bymonthday": -1},
        Repeats.YEARLY: {"freq": rrule.YEARLY},
    }
    rule = rrule.rrule(dtstart=first, **rules[window.repeats])  # type: ignore[arg-type]
    earliest = start.replace(tzinfo=None) - length - timedelta(hours=3)
    latest = end.replace(tzinfo=None) + timedelta(hours=3)
    found = []
    for begin in rule.xafter(earliest, count=MOST_TIMES, inc=True):
        if begin > latest or (window.until_date is not None and begin.date() >= window.until_date):
            break
        found.append(begin)
    return found


def windows_in(
    start: datetime,
    end: datetime,
    *,
    kind: WindowKind | None = None,
    services: Iterable[int] | None = None,
    organizations: Collection[int] | QuerySet[Any] | None = None,
    is_active: bool | None = True,
) -> list[Span]:
    """
    Times of windows that touch [start, end), the earliest first.

    :param is_active: only those that are in force; None for those that were taken back, too.
    :param services: only windows of these services, and those of all; None for every window.
    :param organizations: likewise, by whose changes they are about.
    """
    rows = CalendarWindow.objects.filter(starts_at__lt=end).filter(~Q(repeats=Repeats.NEVER) | Q(ends_at__gt=start))
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if services is not None:
        rows = rows.filter(Q(services__in=list(services)) | Q(services=None)).distinct()
    if organizations is not None:
        rows = rows.filter(Q(organization=None) | Q(organization__in=organizations))
    found = [span for window in rows for span in spans(window, start, end)]
    return sorted(found, key=lambda span: (span.starts_at, span.window.pk))
