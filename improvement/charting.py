"""
Control charts: which weeks after the action can't be explained by the ups and downs of those before.

Limits come from the baseline alone. Run rules (domain reference, improvement 6): one point outside three sigma, eight
in a row on one side of the mean, six in a row rising or falling.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

LEAST_POINTS = 6
RUN, TREND = 8, 6
# Mean range of two neighbors to sigma (Shewhart's d2 for two).
D2 = 1.128


@dataclass(frozen=True)
class Point:
    """One week. :ivar size: rows or days behind it, for charts of shares and rates."""

    first: date
    value: float
    size: float = 1.0


@dataclass(frozen=True)
class Limits:
    """Center and three sigma of one point."""

    center: float
    low: float
    high: float


@dataclass(frozen=True)
class Signal:
    """:ivar rule: outside, run or trend. :ivar is_above: which side, or that it rises. :ivar first: its last week."""

    rule: str
    is_above: bool
    first: date


def limits(kind: str, before: Sequence[Point], point: Point) -> Limits | None:
    """
    The limits for one point; None when the baseline has fewer than six.

    :param kind: `x` (individuals and moving range), `p` (shares, 0 to 1), `u` (counts by size).
    """
    if len(before) < LEAST_POINTS:
        return None
    if kind == "x":
        values = [each.value for each in before]
        center = sum(values) / len(values)
        ranges = [abs(a - b) for a, b in pairwise(values)]
        sigma = sum(ranges) / len(ranges) / D2
        return Limits(center, center - 3 * sigma, center + 3 * sigma)
    size = sum(each.size for each in before)
    center = sum(each.value * each.size for each in before) / size if size else 0.0
    variance = center * (1 - center) if kind == "p" else center
    sigma = math.sqrt(max(variance, 0.0) / point.size) if point.size else math.inf
    most = 1.0 if kind == "p" else math.inf
    return Limits(center, max(0.0, center - 3 * sigma), min(most, center + 3 * sigma))


def signals(kind: str, before: Sequence[Point], after: Sequence[Point]) -> list[Signal]:
    """What the weeks after say against the baseline, in order; each run and trend once, where it is complete."""
    found: list[Signal] = []
    sides: list[bool] = []
    for at, point in enumerate(after):
        bounds = limits(kind, before, point)
        if bounds is None:
            return []
        if not bounds.low <= point.value <= bounds.high:
            found.append(Signal("outside", point.value > bounds.high, point.first))
        if point.value == bounds.center:
            sides.clear()
        else:
            is_above = point.value > bounds.center
            if sides and sides[-1] != is_above:
                sides.clear()
            sides.append(is_above)
            if len(sides) == RUN:
                found.append(Signal("run", is_above, point.first))
        window = [each.value for each in after[max(0, at - TREND + 1) : at + 1]]
        if len(window) == TREND:
            steps = [b - a for a, b in pairwise(window)]
            if all(each > 0 for each in steps) or all(each < 0 for each in steps):
                found.append(Signal("trend", steps[0] > 0, point.first))
    return found
