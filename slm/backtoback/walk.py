"""The worst case of a promise and what stands beneath it, walked over a year of real calendars; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from calendars.business_time import BusinessTime, NeverOpens

from ..points import Point

DAYS = 366
COARSE_SECONDS, FINE_SECONDS = 900, 60
KEPT_WALKS = 2_000


@dataclass(frozen=True)
class Leg:
    """So much working time on these hours; or until a point in time, whatever working time that comes to."""

    hours: BusinessTime
    amount: timedelta
    point: Point | None = None


@dataclass(frozen=True)
class Case:
    """A start after which those beneath may end latest, compared with what was promised. `over` is elapsed time."""

    start: datetime
    promised: datetime
    beneath: datetime

    @property
    def over(self) -> timedelta:
        return self.beneath - self.promised


@lru_cache(maxsize=KEPT_WALKS)
def worst(promised: Leg, beneath: tuple[Leg, ...], *, since: datetime) -> Case | None:
    """
    Find the start in the year from `since` on after which those beneath, in turn, end latest after the promise.

    Every quarter of an hour is tried, and every minute around the worst of them: windows and targets begin and end on
    such moments in practice. Holidays and both changes of the clocks lie within the year. A walk takes some 40 ms, and
    is kept in the process: callers say `since` by the day.

    :returns: None where those beneath are never later than the promise.
    :raises NeverOpens: one of the calendars never opens for so long.
    """
    is_alike = all(leg.hours is promised.hours and leg.point is None for leg in (promised, *beneath))
    if is_alike and sum((leg.amount for leg in beneath), timedelta(0)) <= promised.amount:
        return None
    first = int(since.timestamp()) // COARSE_SECONDS * COARSE_SECONDS
    coarse = np.arange(first, first + DAYS * 86_400, COARSE_SECONDS, dtype=np.int64)
    start = _latest(promised, beneath, coarse)
    fine = np.arange(start - COARSE_SECONDS, start + COARSE_SECONDS + 1, FINE_SECONDS, dtype=np.int64)
    start = _latest(promised, beneath, fine)
    due, end = _ends(promised, beneath, np.array([start], dtype=np.int64))
    if end[0] <= due[0]:
        return None
    return Case(*(datetime.fromtimestamp(int(each), tz=UTC) for each in (start, due[0], end[0])))


def first_uncovered(wanted: BusinessTime, covering: BusinessTime, *, since: datetime) -> datetime | None:
    """The first moment in the year from `since` on that is open by `wanted` and closed by `covering`."""
    until = since + timedelta(days=DAYS)
    open_until = since
    cover = iter(covering.open_intervals(since, until))
    present = next(cover, None)
    for begin, end in wanted.open_intervals(since, until):
        open_until = begin
        while open_until < end:
            while present is not None and present[1] <= open_until:
                present = next(cover, None)
            if present is None or present[0] > open_until:
                return open_until
            open_until = present[1]
    return None


def _latest(promised: Leg, beneath: Sequence[Leg], starts: np.ndarray) -> int:
    due, end = _ends(promised, beneath, starts)
    return int(starts[int(np.argmax(end - due))])


def _ends(promised: Leg, beneath: Sequence[Leg], starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    end = starts
    for leg in beneath:
        end = _added(leg, end)
    return _added(promised, starts), end


def _added(leg: Leg, starts: np.ndarray) -> np.ndarray:
    if leg.point is None:
        amounts = np.full(len(starts), int(leg.amount.total_seconds()), dtype=np.int64)
    else:
        amounts = leg.hours.between_many(starts, _points(leg.point, leg.hours, starts)).astype(np.int64)
    return leg.hours.add_many(starts, amounts)


def _points(point: Point, hours: BusinessTime, starts: np.ndarray) -> np.ndarray:
    """
    When a point is reached from each start.

    It changes only where a local day, a window, the cut-off or the point itself begins or ends; it is worked out at
    these moments and just after them, once for all starts between two of them.
    """
    edges, at_edge, after_edge = _edges_of(point, hours, *_days_of(hours, starts))
    place = np.searchsorted(edges, starts, side="right") - 1
    return np.where(edges[place] == starts, at_edge[place], after_edge[place])


def _days_of(hours: BusinessTime, starts: np.ndarray) -> tuple[date, date]:
    zone = ZoneInfo(hours.spec.zone)
    first, last = (datetime.fromtimestamp(int(each), tz=zone).date() for each in (starts.min(), starts.max()))
    # By whole weeks, so that the walk around the worst moment asks for days that are known.
    return first - timedelta(days=first.weekday() + 1), last + timedelta(days=8 - last.weekday())


@lru_cache(maxsize=200)
def _edges_of(point: Point, hours: BusinessTime, first: date, last: date) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    zone = ZoneInfo(hours.spec.zone)
    minutes = {0, point.minute, *([] if point.cutoff_minute is None else [point.cutoff_minute])}
    edges: set[int] = set()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        spans = {minute for span in hours.spec.spans_on(day) for minute in span}
        midnight = datetime.combine(day, time.min)
        for minute in minutes | spans:
            local = midnight + timedelta(minutes=minute)
            edges |= {int(local.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)}
    ordered = sorted(edges)

    def reached(moment: int) -> int:
        found = point.moment(datetime.fromtimestamp(moment, tz=UTC), hours)
        if found is None:
            raise NeverOpens(hours.spec.zone)
        return int(found.timestamp())

    return (
        np.array(ordered, dtype=np.int64),
        np.array([reached(each) for each in ordered], dtype=np.int64),
        np.array([reached(each + 1) for each in ordered], dtype=np.int64),
    )


__all__ = ["Case", "Leg", "NeverOpens", "first_uncovered", "worst"]
