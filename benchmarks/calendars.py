"""
Business time: due moments and spent time over a calendar with holidays, one by one and in batches.

The baseline in the same run is the bare search: `bisect` over a sorted list of as many edges, and numpy's
`searchsorted` over the same array. A ratio says how far the engine is from its own floor.
"""

import random
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import numpy as np

from calendars.business_time import BusinessTime, CalendarSpec, DayException, WeeklyWindow

YEARS = range(2016, 2027)
SINGLE_ROWS = 200_000
BATCH_ROWS = 2_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TARGET = timedelta(hours=8)


def office() -> CalendarSpec:
    """Two spans a workday in Oslo, with ten closed dates a year: 11 years are about 5,600 intervals."""
    weekly = tuple(WeeklyWindow(day, *span) for day in range(5) for span in ((480, 720), (750, 1020)))
    closed = tuple(DayException(date(year, month, 1), (), "closed") for year in YEARS for month in range(3, 13))
    return CalendarSpec("Europe/Oslo", weekly, closed)


def _per_second(rows: int, work: Callable[[], object]) -> float:
    """Best of three runs: noise only ever makes a run slower."""
    best = float("inf")
    for _run in range(3):
        begin = perf_counter()
        work()
        best = min(best, perf_counter() - begin)
    return rows / best


def run(*, single_rows: int = SINGLE_ROWS, batch_rows: int = BATCH_ROWS) -> dict[str, float]:
    """
    Measure, print a line for each figure, and return them.

    :return: rates per second, `compile_ms` for 11 years, and ratios of the engine to its baseline.
    """
    spec = office()
    begin = perf_counter()
    time = BusinessTime(spec)
    time.between(datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1], 12, 1, tzinfo=UTC))
    figures = {"compile_ms": (perf_counter() - begin) * 1000}

    draw = random.Random(7)
    low = int(datetime(YEARS[0], 1, 2, tzinfo=UTC).timestamp())
    high = int(datetime(YEARS[-1], 6, 1, tzinfo=UTC).timestamp())
    seconds = [draw.randrange(low, high) for _row in range(single_rows)]
    starts = [EPOCH + timedelta(seconds=second) for second in seconds]
    ends = [start + timedelta(days=3) for start in starts]
    edges = sorted(draw.randrange(low, high) for _edge in range(5_600))

    bare_single = _per_second(single_rows, lambda: [bisect_right(edges, second) for second in seconds])
    figures["add_per_second"] = _per_second(single_rows, lambda: [time.add(start, TARGET) for start in starts])
    figures["between_per_second"] = _per_second(
        single_rows, lambda: [time.between(start, end) for start, end in zip(starts, ends, strict=True)]
    )
    figures["bare_bisect_per_second"] = bare_single
    figures["add_to_bare_ratio"] = bare_single / figures["add_per_second"]

    many = np.random.default_rng(7).integers(low, high, batch_rows)
    amounts, array = np.full(batch_rows, int(TARGET.total_seconds())), np.array(edges)
    bare_batch = _per_second(batch_rows, lambda: np.searchsorted(array, many))
    figures["add_many_per_second"] = _per_second(batch_rows, lambda: time.add_many(many, amounts))
    figures["between_many_per_second"] = _per_second(batch_rows, lambda: time.between_many(many, many + 3 * 86_400))
    figures["bare_searchsorted_per_second"] = bare_batch
    figures["add_many_to_bare_ratio"] = bare_batch / figures["add_many_per_second"]
    for name, figure in figures.items():
        print(f"{name:32} {figure:14,.1f}")
    return figures


if __name__ == "__main__":
    run()
