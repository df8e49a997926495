"""
What came in at once: far more incidents that share something within a few hours than that share of the flow explains.
Pure.

An outage comes in under many subjects, and often under many categories, so that no text groups it. What its tickets
share is the time, and one field: the service, the item, the category, the symptom, the team that got them.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

SPAN = timedelta(hours=4)
SMALLEST = 5
TIMES_EXPECTED = 3
# Odds against chance, as a power of ten. Some ten thousand windows are looked at, of which chance may bring a tenth.
SURPRISE = 5.0
LEAST_EXPECTED = 0.2
# A burst of which so much was shown already is the same one, seen through another field.
SAME_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Came:
    """An incident: its key, when it came, and what it has in each field; fields that nobody filled are left out."""

    key: int
    at: datetime
    shares: Mapping[str, Hashable]


@dataclass
class Burst:
    """
    :param name: the field that all share. :param value: what they have in it.
    :param expected: how many would have come, were its share of all incidents what it usually is.
    :param also: other fields under which most of the same incidents stand out: field -> value.
    """

    name: str
    value: Any
    keys: list[int]
    first_at: datetime
    latest_at: datetime
    expected: float
    surprise: float
    also: dict[str, Any] = field(default_factory=dict)


def surprise(count: int, expected: float) -> float:
    """How little chance explains so many, as the power of ten of the odds (Chernoff's bound of a Poisson tail)."""
    if count <= expected:
        return 0.0
    return (count * math.log(count / expected) - count + expected) / math.log(10)


def bursts(incidents: Iterable[Came], *, most: int = 50) -> list[Burst]:
    """The bursts, the most surprising first; what is seen through several fields once."""
    rows = sorted(incidents, key=lambda each: (each.at, each.key))
    times = [each.at for each in rows]
    places: dict[tuple[str, Hashable], list[int]] = defaultdict(list)
    for place, each in enumerate(rows):
        for name, value in each.shares.items():
            places[name, value].append(place)
    found: list[Burst] = []
    for (name, value), having in places.items():
        found += _of_one(name, value, having, rows, times)
    return _without_doubles(sorted(found, key=lambda each: (-each.surprise, each.keys[0])))[:most]


def _of_one(name: str, value: Any, having: list[int], rows: Sequence[Came], times: list[datetime]) -> list[Burst]:
    """The bursts of one value, the most surprising first, none of them overlapping."""
    windows: list[tuple[float, int, int, float]] = []
    for at, place in enumerate(having):
        end = bisect_right(times, times[place] + SPAN)
        count = bisect_left(having, end) - at
        # Its share of all others: what came at once must not make itself usual.
        together = end - place
        share = (len(having) - count) / max(len(rows) - together, 1)
        expected = max(together * share, LEAST_EXPECTED)
        if count < SMALLEST or count < TIMES_EXPECTED * expected:
            continue
        odds = surprise(count, expected)
        if odds >= SURPRISE:
            windows.append((odds, at, count, expected))
    taken: set[int] = set()
    found = []
    for odds, at, count, expected in sorted(windows, key=lambda each: (-each[0], each[1])):
        members = range(at, at + count)
        if taken.isdisjoint(members):
            taken.update(members)
            those = [rows[having[each]] for each in members]
            found.append(
                Burst(name, value, [each.key for each in those], those[0].at, those[-1].at, expected, surprise=odds)
            )
    return found


def _without_doubles(ranked: Iterable[Burst]) -> list[Burst]:
    kept: list[Burst] = []
    shown: dict[int, Burst] = {}
    for burst in ranked:
        known = [shown[key] for key in burst.keys if key in shown]
        if len(known) >= SAME_SHARE * len(burst.keys):
            known[0].also.setdefault(burst.name, burst.value)
            continue
        kept.append(burst)
        shown.update((key, burst) for key in burst.keys if key not in shown)
    return kept
