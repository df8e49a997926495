"""
Spans of time and what can be done with them, pure.

A span is (from, to) in whole microseconds since the epoch, the end not included. Lists of spans that functions return
are in order and don't touch each other. Whole numbers and fractions only: nothing is ever rounded on the way.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter

Span = tuple[int, int]
Weighted = tuple[int, int, Fraction]

SECOND = 1_000_000
HOUR = 3_600 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_span_of = itemgetter(0, 1)


def micros(moment: datetime) -> int:
    """The moment (aware) in microseconds since the epoch."""
    return (moment - EPOCH) // _MICROSECOND


def moment_of(value: int) -> datetime:
    """The moment in UTC."""
    return EPOCH + timedelta(microseconds=value)


def length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Put spans that overlap or touch together; empty ones are left out."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def cut(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """What of ordered, separate spans lies within [start, end)."""
    first = bisect_right(spans, start, key=lambda each: each[1])
    last = bisect_left(spans, end, key=lambda each: each[0])
    return [(max(a, start), min(b, end)) for a, b in spans[first:last] if max(a, start) < min(b, end)]


def minus(spans: Sequence[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of ordered, separate spans without what was taken."""
    found: list[Span] = []
    holes = merged(taken)
    at = 0
    for start, end in spans:
        while at < len(holes) and holes[at][1] <= start:
            at += 1
        begin, hole = start, at
        while hole < len(holes) and holes[hole][0] < end:
            if begin < holes[hole][0]:
                found.append((begin, holes[hole][0]))
            begin = max(begin, holes[hole][1])
            hole += 1
        if begin < end:
            found.append((begin, end))
    return found


def worst(weighted: Iterable[Weighted]) -> list[Weighted]:
    """
    Lay weighted spans over each other: at each moment the heaviest counts, once. Weights of 0 vanish.

    Two half degradations at the same time are one half degradation, not a whole outage.
    """
    counting = sorted((each for each in weighted if each[0] < each[1] and each[2].numerator), key=_span_of)
    if all(before[1] <= after[0] for before, after in pairwise(counting)):
        return counting
    edges: dict[int, list[tuple[int, Fraction]]] = {}
    for start, end, weight in counting:
        edges.setdefault(start, []).append((1, weight))
        edges.setdefault(end, []).append((-1, weight))
    open_now: dict[Fraction, int] = {}
    found: list[Weighted] = []
    latest, heaviest = 0, Fraction(0)
    for moment in sorted(edges):
        if heaviest > 0:
            if found and found[-1][1] == latest and found[-1][2] == heaviest:
                found[-1] = found[-1][0], moment, heaviest
            else:
                found.append((latest, moment, heaviest))
        for step, weight in edges[moment]:
            open_now[weight] = open_now.get(weight, 0) + step
            if not open_now[weight]:
                del open_now[weight]
        latest, heaviest = moment, max(open_now, default=Fraction(0))
    return found
