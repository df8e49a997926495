"""The worst case of a promise and what stands beneath it, walked over a year of real calendars; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from calendars.business_time import BusinessTime, NeverOpens

DAYS = 366
COARSE_SECONDS, FINE_SECONDS = 900, 60
KEPT_WALKS = 2_000


@dataclass(frozen=True)
class Leg:
    """So much working time, on these hours."""

    hours: BusinessTime
    amount: timedelta


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
    is_alike = all(leg.hours is promised.hours for leg in beneath)
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
    amounts = np.full(len(starts), int(leg.amount.total_seconds()), dtype=np.int64)
    return leg.hours.add_many(starts, amounts)


__all__ = ["Case", "Leg", "NeverOpens", "first_uncovered", "worst"]
