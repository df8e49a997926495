"""Moments in queries: `<2h`, `today`, `2026-03-02`, `2026-03-01..2026-03-07`, in the viewer's zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from common.time import start_of_day

from .ast import Value

_SPAN = re.compile(r"(\d{1,4})(m|h|d|w)")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
NAMED = ("today", "yesterday", "tomorrow", "this-week", "last-week", "this-month")


class NoMoment(ValueError):
    """The text is neither a distance, nor a day, nor one of the names."""


@dataclass(frozen=True)
class Clock:
    """What relative moments are relative to."""

    at: datetime
    zone: ZoneInfo


def duration(text: str) -> timedelta | None:
    """`90m`, `2h`, `3d` (24 hours each), `1w`; None for anything else."""
    match = _SPAN.fullmatch(text.lower())
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


def days(text: str, clock: Clock) -> tuple[datetime, datetime]:
    """
    The span of time that a day or a name means, its end not included.

    :raises NoMoment: the text means none.
    """
    today = clock.at.astimezone(clock.zone).date()
    monday = today - timedelta(days=today.weekday())
    first, count = {
        "today": (today, 1),
        "yesterday": (today - timedelta(days=1), 1),
        "tomorrow": (today + timedelta(days=1), 1),
        "this-week": (monday, 7),
        "last-week": (monday - timedelta(days=7), 7),
        "this-month": (today.replace(day=1), 0),
    }.get(text.lower(), (None, 1))
    if first is None:
        match = _DAY.fullmatch(text)
        if match is None:
            raise NoMoment(text)
        try:
            first = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            raise NoMoment(text) from None
        if not 1900 <= first.year <= 2400:
            raise NoMoment(text)
    last = first + timedelta(days=count) if count else (first + timedelta(days=32)).replace(day=1)
    return start_of_day(first, clock.zone), start_of_day(last, clock.zone)


def condition(column: str, value: Value, clock: Clock, *, is_ahead: bool = False) -> Q:
    """
    The rows whose moment fits the value.

    :param is_ahead: distances count from now into the future (due), not into the past (updated).
    :raises NoMoment: a part of the value means no moment.
    """
    if value.upto is not None:
        return _between(column, value.text, value.upto, clock, is_ahead)
    distance = duration(value.text)
    if distance is not None:
        edge = clock.at + distance if is_ahead else clock.at - distance
        # "Less than two hours" lies before the edge ahead of us, and after the edge behind us.
        is_less = value.operator in ("<", "<=", "")
        return Q(**{f"{column}__{'lte' if is_less == is_ahead else 'gte'}": edge})
    start, end = days(value.text, clock)
    return {
        "": Q(**{f"{column}__gte": start, f"{column}__lt": end}),
        ">": Q(**{f"{column}__gte": end}),
        ">=": Q(**{f"{column}__gte": start}),
        "<": Q(**{f"{column}__lt": start}),
        "<=": Q(**{f"{column}__lt": end}),
    }[value.operator]


def _between(column: str, low: str, high: str, clock: Clock, is_ahead: bool) -> Q:
    near, far = (duration(each) if each else None for each in (low, high))
    if near is not None or far is not None:
        if (low and near is None) or (high and far is None):
            raise NoMoment(f"{low}..{high}")
        sign = 1 if is_ahead else -1
        edges = [clock.at + sign * each for each in (near, far) if each is not None]
        if near is not None and far is not None:
            return Q(**{f"{column}__range": (min(edges), max(edges))})
        is_after = (near is not None) == is_ahead
        return Q(**{f"{column}__{'gte' if is_after else 'lte'}": edges[0]})
    wanted = Q()
    if low:
        wanted &= Q(**{f"{column}__gte": days(low, clock)[0]})
    if high:
        wanted &= Q(**{f"{column}__lt": days(high, clock)[1]})
    return wanted
