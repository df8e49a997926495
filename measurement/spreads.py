"""Medians and percentiles of single values, by period and dimension: every group and every total sorted by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from . import declarations, periods
from .cells import column_of, keys_in
from .declarations import KPI
from .models import Grain, Reading
from .scope import FILTERS, Scope
from .singles import Array, unpack_values

SHARES = (0.5, 0.9)
# A group and a value in one number, so that both are sorted at once: seconds of more years than there were.
_VALUE_BITS = 40
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Spread:
    """Median and 90th percentile of single values, in the KPI's unit; None without any."""

    count: int
    median: float | None
    p90: float | None


NOTHING = Spread(0, None, None)


def spreads(
    kpi: KPI, span: periods.Range, scope: Scope, *, grain: str | None = None, by: Sequence[str] = ()
) -> dict[Key, Spread]:
    """
    Of the single values of every group, of every total of groups, and of everything. One statement.

    :return: first day of the period (with a grain) and the key of each dimension in their order -> what was found. None
        in the place of a day or key means: of all of them. Between two values a percentile lies on the line.
    """
    sheets = list(_sheets(kpi, span, scope, by)) if kpi.has_singles and not scope.is_empty else []
    if not sheets:
        return {}
    places, counts, values = (np.concatenate([getattr(each, name) for each in sheets]) for name in _COLUMNS)
    is_wanted = scope.covers(places)
    values, counts = values[np.repeat(is_wanted, counts)], counts[is_wanted]
    groups = [np.unique(keys_in(places, FILTERS[name])[is_wanted], return_inverse=True) for name in by]
    known: list[list[Any]] = [keys.tolist() for keys, _at in groups]
    at = [position.ravel() for _keys, position in groups]
    if grain is not None:
        firsts = [periods.period_of(each.day, grain) for each in sheets]
        known.insert(0, sorted(set(firsts)))
        own = np.repeat([known[0].index(first) for first in firsts], [len(each.places) for each in sheets])
        at.insert(0, own[is_wanted])
    found: dict[Key, Spread] = {}
    for is_kept in product((True, False), repeat=len(known)):
        codes = np.zeros(len(counts), np.int64)
        for keys, position, is_apart in zip(known, at, is_kept, strict=True):
            codes = codes * len(keys) + position if is_apart else codes
        for code, each in _sorted_out(codes, counts, values, kpi.factor):
            found[_key(code, known, is_kept)] = each
    return found


def _key(code: int, known: Sequence[Sequence[Any]], is_kept: Sequence[bool]) -> Key:
    """Which group a code stands for: the last dimension varies fastest."""
    found: list[Any] = []
    for keys, is_apart in zip(reversed(known), reversed(is_kept), strict=True):
        code, number = divmod(code, len(keys)) if is_apart else (code, None)
        found.insert(0, None if number is None else keys[number])
    return tuple(found)


@dataclass(frozen=True)
class _Sheet:
    """Of one day: the places, how many single values each has, and these in the order of the places."""

    day: Any
    places: Array
    counts: Array
    values: Array


_COLUMNS = ("places", "counts", "values")


def _sheets(kpi: KPI, span: periods.Range, scope: Scope, by: Sequence[str]) -> Iterator[_Sheet]:
    rows = Reading.objects.filter(
        family__in=kpi.families,
        cube=scope.cube_for(*by),
        is_sample=scope.is_sample,
        grain=Grain.DAY,
        first_day__gte=span.day_from,
        first_day__lt=span.day_to,
    )
    for name, day, definition, cells, singles in rows.values_list(
        "family", "first_day", "definition", "cells", "singles"
    ):
        family = declarations.family(name)
        if definition == family.definition and singles:
            places, counts = column_of(cells, 0), column_of(cells, 1 + family.position(kpi.denominator or ""))
            values = unpack_values(singles, list(family.singles).index(kpi.numerator))
            yield _Sheet(day, places.astype(np.int64), counts.astype(np.int64), values.astype(np.int64))


def _sorted_out(codes: Array, counts: Array, values: Array, factor: float) -> Iterator[tuple[int, Spread]]:
    """Each group of values that there is, sorted by itself. :param counts: how many values in a row have each code."""
    both = np.sort(np.repeat(codes << _VALUE_BITS, counts) | values)
    sizes = np.bincount(codes, counts).astype(np.int64)
    codes = np.flatnonzero(sizes)
    sizes, firsts = sizes[codes], (np.cumsum(sizes) - sizes)[codes]
    shown = []
    for share in SHARES:
        place = share * (sizes - 1)
        low = np.floor(place).astype(np.int64)
        below, above = (both[firsts + at] & (1 << _VALUE_BITS) - 1 for at in (low, np.ceil(place).astype(np.int64)))
        shown.append(((below + (above - below) * (place - low)) * factor).tolist())
    for code, count, median, p90 in zip(codes.tolist(), sizes.tolist(), *shown, strict=True):
        yield code, Spread(count, median, p90)
