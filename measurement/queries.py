"""
Reading measures: sums of cells by period and dimension.

Everything takes a `Scope`; nobody gets a cell that their roles don't cover. What stands behind a number: `drill`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Min

from . import declarations, periods, statements
from .declarations import KPI
from .models import FamilyState, Grain, Mark
from .scope import FILTERS, Scope
from .values import Value

Sums = dict[str, dict[tuple[date, int], list[int]]]


def totals(
    families: Iterable[str], span: periods.Range, scope: Scope, *, grain: str = Grain.DAY, by: str | None = None
) -> Sums:
    """
    Amounts of families, by the first day of each period and by a dimension (0 without one): family -> cell -> amounts.

    One statement, whatever the number of families and KPIs; cells without anything counted are left out.
    """
    names = sorted(set(families))
    if scope.is_empty or not names:
        return {}
    cube = scope.cube_for(by)
    group = FILTERS[by] if by else "0"
    period = "day" if grain == Grain.DAY else f"date_trunc('{Grain(grain)}', day)::date"
    width = max(len(declarations.family(name).amounts) for name in names)
    sums = ", ".join(f"sum(amounts[{at}])::bigint" for at in range(1, width + 1))
    parameters: dict[str, Any] = {"zone": settings.TIME_ZONE, "families": names}
    if cube is not None:
        wanted, more = scope.conditions()
        parameters |= more | {"cube": cube.value, "day_from": span.day_from, "day_to": span.day_to}
        wanted += ["family = ANY(%(families)s)", "cube = %(cube)s", "day >= %(day_from)s", "day < %(day_to)s"]
        rows = f"measurement_reading WHERE {' AND '.join(wanted)}"
    else:
        rows = f"({_counted_now(names, scope, parameters, span)}) counted"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT family, {period}, {group}, {sums} FROM {rows} GROUP BY 1, 2, 3", parameters)  # noqa: S608
        found: Sums = {name: {} for name in names}
        for family, first, key, *amounts in cursor.fetchall():
            found[family][(first, key)] = amounts[: len(declarations.family(family).amounts)]
    return found


def _counted_now(names: Sequence[str], scope: Scope, parameters: dict[str, Any], span: periods.Range) -> str:
    """The same rows straight from the records, for questions that cross both cubes."""
    wanted, more = scope.conditions("r.")
    parameters |= more | statements.run_parameters(span.day_from, span.day_to)
    parts = []
    for name in names:
        family = declarations.family(name)
        amounts = ", ".join(f"a{at}" for at in range(len(family.amounts)))
        counted = statements.counted_rows(family, has_run=True, conditions=" AND ".join(wanted))
        parts.append(
            f"SELECT '{name}' AS family, day, service_id, team_id, priority, organization_id,"  # noqa: S608 - declared
            f" ARRAY[{amounts}] AS amounts FROM ({counted}) rows_of_events"
        )
    return " UNION ALL ".join(parts)


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


def pick(kpi: KPI, amounts_of: Iterable[tuple[str, Sequence[int]]]) -> Value:
    """The KPI's two amounts out of the sums of its families."""
    numerator = denominator = 0
    for name, amounts in amounts_of:
        family = declarations.family(name)
        numerator += amounts[family.position(kpi.numerator)]
        if kpi.denominator is not None:
            denominator += amounts[family.position(kpi.denominator)]
    return Value(kpi=kpi, numerator=numerator, denominator=denominator if kpi.is_ratio else None)


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
    stocks = {name for kpi in kpis if kpi.is_stock for name in kpi.families}
    counted = _Counted(
        span=span,
        grain=grain,
        sums=totals(families, span, scope, grain=grain, by=by),
        standing=standing_before(stocks, span.day_from, scope, by=by) if stocks else {},
        first_days=first_day_counted(families),
    )
    return {kpi.id: _series(kpi, counted, has_keys=by is not None) for kpi in kpis}


@dataclass(frozen=True)
class _Counted:
    """What the statements found, for any number of KPIs."""

    span: periods.Range
    grain: str
    sums: Sums
    standing: Sums
    first_days: dict[str, date]


def _series(kpi: KPI, counted: _Counted, *, has_keys: bool) -> list[Series]:
    span, grain = counted.span, counted.grain
    own = {name: counted.sums.get(name, {}) for name in kpi.families}
    before = {name: counted.standing.get(name, {}) for name in kpi.families} if kpi.is_stock else {}
    keys = {key for cells in (*own.values(), *before.values()) for _first, key in cells} if has_keys else {0}
    first_day = min((counted.first_days[name] for name in kpi.families if name in counted.first_days), default=None)
    found = []
    for key in keys:
        so_far = {name: before.get(name, {}).get((date.min, key)) or _nothing(name) for name in kpi.families}
        points = []
        for part in periods.periods(span, grain):
            first = periods.period_of(part.day_from, grain)
            here = {name: cells.get((first, key)) or _nothing(name) for name, cells in own.items()}
            so_far = {name: [a + b for a, b in zip(so_far[name], here[name], strict=True)] for name in here}
            is_known = first_day is not None and part.day_to > first_day
            value = pick(kpi, (so_far if kpi.is_stock else here).items()) if is_known else None
            points.append(Point(span=part, label=periods.label(first, grain), value=value))
        found.append(Series(key=key, points=points, total=pick(kpi, so_far.items())))
    return sorted(found, key=lambda each: (-(each.total.denominator or each.total.numerator), each.key))


def _nothing(name: str) -> list[int]:
    return [0] * len(declarations.family(name).amounts)


def first_day_counted(families: Iterable[str]) -> dict[str, date]:
    """
    The first day that each family has a reading for; families without readings are left out.

    One seek in the key for each family: grouping would read every reading of three years.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, first FROM unnest(%s::varchar[]) AS name CROSS JOIN LATERAL (SELECT least("
            "(SELECT min(day) FROM measurement_reading WHERE family = name AND cube = 'customer' AND is_sample),"
            " (SELECT min(day) FROM measurement_reading WHERE family = name AND cube = 'customer' AND NOT is_sample)"
            ") AS first) firsts WHERE first IS NOT NULL",
            [sorted(families)],
        )
        return dict(cursor.fetchall())


def as_of(at: datetime) -> datetime | None:
    """Up to which moment every act is counted: the oldest act still to be counted, else now. None: never counted."""
    if not FamilyState.objects.exists():
        return None
    return Mark.objects.aggregate(oldest=Min("marked_at"))["oldest"] or at
