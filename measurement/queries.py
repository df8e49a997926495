"""
Reading measures: sums of cells by period and dimension.

Everything takes a `Scope`; nobody gets a cell that their roles don't cover. What stands behind a number: `drill`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Min

from . import declarations, periods
from .cells import fold, keys_in, unpack_all
from .declarations import KPI
from .models import Cube, FamilyState, Grain, Mark
from .periods import next_period, period_of
from .scope import FILTERS, Scope
from .values import Value

Sums = dict[str, dict[tuple[date, int], list[int]]]
KEYS = 1 << 32  # more than there are keys in a dimension
# The months that are kept, and the days that they don't cover; the key finds both.
_READINGS = """
    SELECT r.family, r.first_day, r.definition, r.cells
    FROM unnest(%(families)s::varchar[]) AS name
    LEFT JOIN measurement_familystate s ON s.family = name
    CROSS JOIN LATERAL (SELECT least(%(month_to)s::date, coalesce(s.months_to, '-infinity')) AS day) month_to
    JOIN LATERAL (
        SELECT * FROM measurement_reading WHERE family = name AND cube = %(cube)s AND is_sample = %(is_sample)s
            AND grain = 'month' AND first_day >= %(month_from)s AND first_day < month_to.day
        UNION ALL
        SELECT * FROM measurement_reading WHERE family = name AND cube = %(cube)s AND is_sample = %(is_sample)s
            AND grain = 'day' AND first_day >= %(day_from)s AND first_day < least(%(day_to)s, %(month_from)s)
        UNION ALL
        SELECT * FROM measurement_reading WHERE family = name AND cube = %(cube)s AND is_sample = %(is_sample)s
            AND grain = 'day' AND first_day >= greatest(%(month_from)s, month_to.day) AND first_day < %(day_to)s
    ) r ON true
"""


def totals(
    families: Iterable[str], span: periods.Range, scope: Scope, *, grain: str = Grain.DAY, by: str | None = None
) -> Sums:
    """
    Amounts of families, by the first day of each period and by a dimension (0 without one): family -> cell -> amounts.

    One statement, whatever the number of families and KPIs; cells without anything counted are left out. By month it
    reads whole months in one piece, as far as they are kept.
    """
    names = sorted(set(families))
    if scope.is_empty or not names:
        return {}
    found: Sums = {}
    kept = readings_of(
        names, span, scope.cube_for(*([by] if by else [])), scope.is_sample, has_months=grain == Grain.MONTH
    )
    for name in names:
        family = declarations.family(name)
        rows = [
            (period_of(day, grain), packed)
            for day, definition, packed in kept.get(name, [])
            if definition == family.definition
        ]
        found[name] = _added_up(rows, scope, by=by)
    return found


def breakdown(
    families: Iterable[str], span: periods.Range, scope: Scope, dimensions: Sequence[str]
) -> dict[str, dict[str, dict[int, list[int]]]]:
    """
    Amounts over a whole range: dimension -> family -> key -> amounts.

    One statement for each cube that is read: those of few dimensions are far less than the one that knows all.
    """
    names = sorted(set(families))
    found: dict[str, dict[str, dict[int, list[int]]]] = {each: {} for each in dimensions}
    if scope.is_empty or not names:
        return found
    by_cube: dict[Cube, list[str]] = {}
    for dimension in dimensions:
        by_cube.setdefault(scope.cube_for(dimension), []).append(dimension)
    for cube, answered in by_cube.items():
        kept = readings_of(names, span, cube, scope.is_sample, has_months=True)
        for name in names:
            family = declarations.family(name)
            rows = [
                (span.day_from, packed)
                for _day, definition, packed in kept.get(name, [])
                if definition == family.definition
            ]
            for dimension in answered:
                cells = _added_up(rows, scope, by=dimension)
                found[dimension][name] = {key: amounts for (_first, key), amounts in cells.items()}
    return found


def readings_of(
    names: Sequence[str], span: periods.Range, cube: Cube, is_sample: bool, *, has_months: bool
) -> dict[str, list[tuple[date, int, memoryview]]]:
    """
    The readings of a range, by family: first day, definition, packed cells.

    :param has_months: take whole months in one piece where they are kept.
    """
    month_from, month_to = (period_of(day, Grain.MONTH) for day in (span.day_from, span.day_to))
    if month_from < span.day_from:
        month_from = next_period(month_from, Grain.MONTH)
    parameters: dict[str, Any] = {
        "families": list(names),
        "cube": cube.value,
        "is_sample": is_sample,
        "day_from": span.day_from,
        "day_to": span.day_to,
        "month_from": month_from if has_months else span.day_to,
        "month_to": max(month_from, month_to) if has_months else span.day_to,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READINGS, parameters)
        found: dict[str, list[tuple[date, int, memoryview]]] = {}
        for name, *row in cursor.fetchall():
            found.setdefault(name, []).append(tuple(row))
        return found


def _added_up(
    rows: Sequence[tuple[date, memoryview]], scope: Scope, *, by: str | None
) -> dict[tuple[date, int], list[int]]:
    """Amounts by the first day of each period and by a dimension, out of packed cells of these periods."""
    if not rows:
        return {}
    first_days = sorted({day for day, _packed in rows})
    position = {day: at for at, day in enumerate(first_days)}
    numbers, columns = unpack_all([packed for _day, packed in rows])
    at = np.array([position[day] for day, _packed in rows])[numbers]
    places = columns[0].astype(np.int64)
    is_wanted = scope.covers(places)
    keys = keys_in(places, FILTERS[by]) if by else np.zeros(len(places), np.int64)
    groups, sums = fold((at * KEYS + keys)[is_wanted], np.array([column[is_wanted] for column in columns[1:]]))
    return {
        (first_days[group // KEYS], group % KEYS): amounts
        for group, amounts in zip(groups.tolist(), sums.T.tolist(), strict=True)
    }


def standing_before(families: Iterable[str], day: date, scope: Scope, *, by: str | None = None) -> Sums:
    """What had come less what had gone before a day, for stocks; keyed by the earliest of days."""
    names = sorted(set(families))
    everything = periods.Range(date(1970, 1, 1), day)
    by_month = totals(names, everything, scope, grain=Grain.MONTH, by=by)
    found: Sums = {name: {} for name in names}
    for name, cells in by_month.items():
        for (_first, key), amounts in cells.items():
            known = found[name].setdefault((date.min, key), [0] * len(amounts))
            found[name][(date.min, key)] = [a + b for a, b in zip(known, amounts, strict=True)]
    return found


def pick(kpi: KPI, amounts_of: Iterable[tuple[str, Sequence[int]]], *, days: int = 0) -> Value:
    """The KPI's two amounts out of the sums of its families. :param days: of the period."""
    if kpi.formula is not None:
        sums = dict(amounts_of)
        over, under = kpi.formula.parts(lambda count: sums[count[0]][declarations.family(count[0]).position(count[1])])
        return Value(kpi=kpi, numerator=over, denominator=under, days=days)
    numerator = denominator = 0
    for name, amounts in amounts_of:
        family = declarations.family(name)
        numerator += amounts[family.position(kpi.numerator)]
        if kpi.denominator is not None:
            denominator += amounts[family.position(kpi.denominator)]
    return Value(kpi=kpi, numerator=numerator, denominator=denominator if kpi.is_ratio else None, days=days)


@dataclass(frozen=True)
class Point:
    """One period of a series. `value` is None before anything was ever counted: no data, which is not zero."""

    span: periods.Range
    label: str
    value: Value | None


@dataclass(frozen=True)
class Series:
    """A KPI over periods, and as a whole, for one key of the dimension asked for (0: none, or no dimension)."""

    key: int
    points: list[Point]
    total: Value


def series(
    kpi: KPI, span: periods.Range, scope: Scope, *, grain: str = Grain.WEEK, by: str | None = None
) -> list[Series]:
    """
    A KPI by period, one series for each key of `by`, the largest first; always one without `by`.

    For stocks each point is what stands at the period's end, and the total is what stands at the range's end.
    """
    return series_of([kpi], span, scope, grain=grain, by=by)[kpi.id]


def series_of(
    kpis: Sequence[KPI], span: periods.Range, scope: Scope, *, grain: str = Grain.WEEK, by: str | None = None
) -> dict[str, list[Series]]:
    """`series` for many KPIs with three statements in all."""
    families = {name for kpi in kpis for name in kpi.families}
    stocks = {name for kpi in kpis if kpi.has_standing for name in kpi.families if declarations.family(name).standing}
    firsts = [(part, periods.period_of(part.day_from, grain)) for part in periods.periods(span, grain)]
    counted = _Counted(
        span=span,
        parts=[(part, first, periods.label(first, grain)) for part, first in firsts],
        sums=totals(families, span, scope, grain=grain, by=by),
        standing=standing_before(stocks, span.day_from, scope, by=by) if stocks else {},
        first_days=first_day_counted(families),
    )
    return {kpi.id: _series(kpi, counted, has_keys=by is not None) for kpi in kpis}


@dataclass(frozen=True)
class _Counted:
    """What the statements found, for any number of KPIs. :ivar parts: each period with its first day and its name."""

    span: periods.Range
    parts: Sequence[tuple[periods.Range, date, str]]
    sums: Sums
    standing: Sums
    first_days: dict[str, date]


def _series(kpi: KPI, counted: _Counted, *, has_keys: bool) -> list[Series]:
    has_standing = kpi.has_standing
    own = {name: counted.sums.get(name, {}) for name in kpi.families}
    before = {name: counted.standing.get(name, {}) for name in kpi.families} if has_standing else {}
    keys = {key for cells in (*own.values(), *before.values()) for _first, key in cells} if has_keys else {0}
    first_day = min((counted.first_days[name] for name in kpi.families if name in counted.first_days), default=None)
    found = []
    for key in keys:
        # What stands goes on from what stood before; what is counted over a period begins at nothing.
        so_far = {name: _only_standing(name, before.get(name, {}).get((date.min, key))) for name in kpi.families}
        points = []
        for part, first, label in counted.parts:
            here = {name: cells.get((first, key)) or _nothing(name) for name, cells in own.items()}
            so_far = {name: [a + b for a, b in zip(so_far[name], here[name], strict=True)] for name in here}
            is_known = first_day is not None and part.day_to > first_day
            amounts = {name: _either(name, so_far[name], here[name]) for name in here} if has_standing else here
            value = pick(kpi, amounts.items(), days=part.days) if is_known else None
            points.append(Point(span=part, label=label, value=value))
        found.append(Series(key=key, points=points, total=pick(kpi, so_far.items(), days=counted.span.days)))
    return sorted(found, key=lambda each: (-(each.total.denominator or each.total.numerator), each.key))


def _nothing(name: str) -> list[int]:
    return [0] * len(declarations.family(name).amounts)


def _only_standing(name: str, before: Sequence[int] | None) -> list[int]:
    found = _nothing(name)
    for position in declarations.family(name).standing_positions if before else ():
        found[position] = before[position]  # type: ignore[index]
    return found


def _either(name: str, so_far: Sequence[int], here: Sequence[int]) -> list[int]:
    """Of the amounts that stand what there is so far, of all others what the period counted."""
    found = list(here)
    for position in declarations.family(name).standing_positions:
        found[position] = so_far[position]
    return found


def first_day_counted(families: Iterable[str]) -> dict[str, date]:
    """
    The first day that each family has a reading for; families without readings are left out.

    One seek in the key for each family: grouping would read the readings of years.
    """
    seek = (
        "(SELECT first_day FROM measurement_reading WHERE family = name AND cube = 'total' AND is_sample = {}"
        " AND grain = 'day' ORDER BY first_day LIMIT 1)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, first FROM unnest(%s::varchar[]) AS name CROSS JOIN LATERAL (SELECT least("  # noqa: S608
            f"{seek.format('true')}, {seek.format('false')}) AS first) firsts WHERE first IS NOT NULL",
            [sorted(families)],
        )
        return dict(cursor.fetchall())


def as_of(at: datetime) -> datetime | None:
    """Up to which moment every act is counted: the oldest act still to be counted, else now. None: never counted."""
    if not FamilyState.objects.exists():
        return None
    return Mark.objects.aggregate(oldest=Min("marked_at"))["oldest"] or at
