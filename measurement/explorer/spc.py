"""
Control charts: limits out of the ups and downs themselves, and the run rules that tell a change from chance.

Pure arithmetic. Sources: Shewhart's charts of individuals (XmR), shares (p) and counts by size (u) as in the NIST
e-Handbook of Statistical Methods, 6.3, and Montgomery, Introduction to Statistical Quality Control, chapters 6 and 7;
run rules of the Western Electric handbook (1956) with the trend of Nelson (1984); wider limits for shares and counts
that scatter more than chance alone can explain, after Laney (2002).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Literal

Kind = Literal["x", "p", "u"]
LEAST_POINTS = 8
RUN, TREND = 8, 6
D2 = 1.128  # mean range of two neighbors to sigma
WIDER_FROM = 1.5  # how much wider than chance the scatter must be before limits follow it


class Rule(StrEnum):
    OUTSIDE = "outside"
    TWO_OF_THREE = "two_of_three"
    FOUR_OF_FIVE = "four_of_five"
    RUN = "run"
    TREND = "trend"


@dataclass(frozen=True)
class Point:
    """:ivar value: None is a gap. :ivar size: what a share is of, or for how much a rate counts."""

    value: float | None
    size: float = 1.0


@dataclass(frozen=True)
class Bounds:
    """:ivar low: and `high` lie three sigma from the center, inside of what is possible."""

    center: float
    sigma: float
    low: float
    high: float

    def distance(self, value: float) -> float:
        """From the center, in sigma; 0 where nothing varies."""
        return (value - self.center) / self.sigma if self.sigma else 0.0


@dataclass(frozen=True)
class Signal:
    """:ivar first: and `last` are positions of points; `is_above` also says that a trend rises."""

    rule: Rule
    is_above: bool
    first: int
    last: int


@dataclass(frozen=True)
class Chart:
    """
    :ivar bounds: of each point; None for gaps, and for all of them when there are too few.
    :ivar spread: scatter against what chance alone explains, for shares and counts; 1.0 leaves limits as they are.
    """

    kind: Kind
    points: tuple[Point, ...]
    bounds: tuple[Bounds | None, ...]
    signals: tuple[Signal, ...]
    spread: float = 1.0

    @property
    def count(self) -> int:
        return sum(point.value is not None for point in self.points)

    @property
    def has_limits(self) -> bool:
        return any(self.bounds)


def chart(
    kind: Kind,
    points: Sequence[Point],
    *,
    least: int = LEAST_POINTS,
    can_widen: bool = True,
    floor: float | None = None,
) -> Chart:
    """
    Limits and signals of a series.

    :param least: fewer values than this get no limits. :param can_widen: widen limits where chance does not explain
        the scatter. :param floor: what individuals can't fall below, 0 for times and counts.
    """
    known = [point for point in points if point.value is not None and point.size > 0]
    if len(known) < least:
        return Chart(kind, tuple(points), (None,) * len(points), ())
    sigma_of = _individuals(known) if kind == "x" else _by_size(kind, known)
    center = _center(kind, known)
    spread = 1.0
    if kind != "x" and can_widen:
        scatter = _scatter(known, center, sigma_of)
        spread = scatter if scatter >= WIDER_FROM else 1.0
    lowest, highest = (floor, None) if kind == "x" else (0.0, 1.0 if kind == "p" else None)
    bounds = tuple(
        None
        if point.value is None or point.size <= 0
        else _bounds(center, sigma_of(point.size) * spread, lowest, highest)
        for point in points
    )
    return Chart(kind, tuple(points), bounds, tuple(signals(points, bounds)), spread)


def _center(kind: Kind, known: Sequence[Point]) -> float:
    if kind == "x":
        return sum(point.value or 0.0 for point in known) / len(known)
    return sum((point.value or 0.0) * point.size for point in known) / sum(point.size for point in known)


def _individuals(known: Sequence[Point]) -> Callable[[float], float]:
    ranges = [abs((b.value or 0.0) - (a.value or 0.0)) for a, b in pairwise(known)]
    sigma = sum(ranges) / len(ranges) / D2
    return lambda _size: sigma


def _by_size(kind: Kind, known: Sequence[Point]) -> Callable[[float], float]:
    center = _center(kind, known)
    variance = max(center * (1 - center) if kind == "p" else center, 0.0)
    return lambda size: math.sqrt(variance / size)


def _scatter(known: Sequence[Point], center: float, sigma_of: Callable[[float], float]) -> float:
    """The sigma of the standardized values by their moving range; 1 where chance explains everything."""
    standard = [((each.value or 0.0) - center) / sigma for each in known if (sigma := sigma_of(each.size))]
    ranges = [abs(b - a) for a, b in pairwise(standard)]
    return sum(ranges) / len(ranges) / D2 if ranges else 1.0


def _bounds(center: float, sigma: float, lowest: float | None, highest: float | None) -> Bounds:
    low, high = center - 3 * sigma, center + 3 * sigma
    return Bounds(
        center,
        sigma,
        low if lowest is None else max(lowest, low),
        high if highest is None else min(highest, high),
    )


def signals(points: Sequence[Point], bounds: Sequence[Bounds | None]) -> list[Signal]:
    """What can't well be chance, in the order in which it shows; each stretch once. A gap ends every run."""
    far: list[float | None] = [
        None if limit is None or point.value is None else limit.distance(point.value)
        for point, limit in zip(points, bounds, strict=True)
    ]
    found: list[Signal] = []
    for at in range(len(far)):
        for rule, length in _LENGTHS.items():
            window = far[max(at - length + 1, 0) : at + 1]
            known = [each for each in window if each is not None]
            if len(known) < length:
                continue
            is_above = _holds(rule, known, [points[i].value or 0.0 for i in range(at - length + 1, at + 1)])
            if is_above is not None:
                _note(found, Signal(rule, is_above, at - length + 1, at))
    return found


_LENGTHS = {Rule.OUTSIDE: 1, Rule.TWO_OF_THREE: 3, Rule.FOUR_OF_FIVE: 5, Rule.RUN: RUN, Rule.TREND: TREND}


def _holds(rule: Rule, far: Sequence[float], values: Sequence[float]) -> bool | None:
    """Whether the rule holds at the last of these points: True above, False below, None not at all."""
    if rule == Rule.TREND:
        steps = [b - a for a, b in pairwise(values)]
        return True if all(s > 0 for s in steps) else False if all(s < 0 for s in steps) else None
    beyond, needed = {
        Rule.OUTSIDE: (3.0, 1), Rule.TWO_OF_THREE: (2.0, 2), Rule.FOUR_OF_FIVE: (1.0, 4), Rule.RUN: (0.0, RUN)
    }[rule]  # fmt: skip
    for side in (1, -1):
        if far[-1] * side > beyond and sum(each * side > beyond for each in far) >= needed:
            return side > 0
    return None


def _note(found: list[Signal], signal: Signal) -> None:
    """Make a stretch longer that goes on, else begin one; points outside stand each for itself."""
    for number in range(len(found) - 1, -1, -1):
        known = found[number]
        if signal.rule == Rule.OUTSIDE:
            break
        if (known.rule, known.is_above) == (signal.rule, signal.is_above) and known.last >= signal.first:
            found[number] = Signal(known.rule, known.is_above, known.first, signal.last)
            return
    found.append(signal)
