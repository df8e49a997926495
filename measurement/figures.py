"""
Which figure of a duration is shown: its mean, its median, or how long nine of ten took at most.

Means come from the sums that readings keep. Medians and percentiles are made from the single values whenever somebody
asks: those of teams or months don't add up to that of the whole, so every group and every total is sorted by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from . import declarations, periods, queries, statements
from .declarations import KPI
from .models import Grain
from .queries import Point, Series
from .scope import FILTERS, Scope
from .values import Value


class Figure(TextChoices):
    MEAN = "mean", _("mean")
    MEDIAN = "median", _("median")
    P90 = "p90", _("90th percentile")


# What a page understands of its address.
PARAMETER = "figure"
SHARES = {Figure.MEDIAN: 0.5, Figure.P90: 0.9}
# More single values than this are sorted after a page is there.
SINGLES_AT_ONCE = 20_000
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Spread:
    """Median and 90th percentile of single values, in the KPI's unit; None without any."""

    count: int
    median: float | None
    p90: float | None

    def of(self, figure: str) -> float | None:
        return self.median if figure == Figure.MEDIAN else self.p90


NOTHING = Spread(0, None, None)


@dataclass(frozen=True)
class Quantile(Value):
    """A median or percentile in the place of a mean; `denominator` is how many single values were sorted."""

    single: float | None = None

    @property
    def number(self) -> float | None:
        return self.single

    @property
    def is_on_target(self) -> bool | None:
        """Nobody knows: targets are set for means."""
        return None


def figure_in(query: Mapping[str, str]) -> Figure:
    """The figure that an address names; the mean where it says nothing that fits."""
    said = query.get(PARAMETER, "")
    return Figure(said) if said in Figure.values else Figure.MEAN


def has_singles(kpi: KPI) -> bool:
    """Whether there are single values behind the measure to be sorted."""
    return bool(kpi.spread) and kpi.formula is None and not kpi.is_stock


def fitting(kpi: KPI, figure: str) -> Figure:
    """The figure asked for, or the mean of a measure that has nothing else."""
    return Figure(figure) if has_singles(kpi) else Figure.MEAN


def why_not(kpi: KPI, figure: str) -> str:
    """Why the figure asked for can't be shown; empty when it can, or when nobody asked."""
    if figure == Figure.MEAN or has_singles(kpi):
        return ""
    if not kpi.is_duration:
        return text("Only durations have a median. What is shown is the measure as it is declared.")
    return text("No single values stand behind this measure, so it has no median. What is shown is its mean.")


def named(kpi: KPI, figure: str) -> str:
    """What a line or column of it is called: the measure, and which figure unless it is the mean."""
    if figure == Figure.MEAN:
        return str(kpi.name)
    return text("%(measure)s, %(figure)s") % {"measure": kpi.single or kpi.name, "figure": Figure(figure).label}


class Sorter:
    """What single values there are within a scope, each question sorted once for however many figures."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._found: dict[Any, dict[Key, Spread]] = {}

    def shown_as(
        self, figure: str, kpi: KPI, found: Sequence[Series], span: periods.Range, *, grain: str, by: str | None = None
    ) -> list[Series]:
        """Series as `queries.series` gives them for this span, with the figure in each point and total."""
        if figure == Figure.MEAN:
            return list(found)
        question = (kpi.id, span, grain, by)
        if question not in self._found:
            self._found[question] = spreads(kpi, span, self._scope, grain=grain, by=[by] if by else [])
        sorted_out = self._found[question]

        def quantile(value: Value, first: date | None, key: int) -> Quantile:
            return quantile_of(value, sorted_out.get((first, key) if by else (first,), NOTHING), figure)

        def point_of(point: Point, key: int) -> Point:
            if point.value is None:
                return point
            return replace(point, value=quantile(point.value, periods.period_of(point.span.day_from, grain), key))

        return [
            replace(
                each,
                points=[point_of(point, each.key) for point in each.points],
                total=quantile(each.total, None, each.key),
            )
            for each in found
        ]


def series(
    kpi: KPI, span: periods.Range, scope: Scope, *, grain: str = Grain.WEEK, by: str | None = None,
    figure: str = Figure.MEAN,
) -> list[Series]:  # fmt: skip
    """`queries.series` with the figure asked for in each point and total; one statement more unless it is the mean."""
    found = queries.series(kpi, span, scope, grain=grain, by=by)
    return Sorter(scope).shown_as(figure, kpi, found, span, grain=grain, by=by)


def quantile_of(value: Value, found: Spread, figure: str) -> Quantile:
    return Quantile(value.kpi, value.numerator, found.count, value.days, found.of(figure))


def spread(kpi: KPI, span: periods.Range, scope: Scope) -> Spread:
    """Of everything in these days."""
    return spreads(kpi, span, scope).get((), NOTHING)


def spreads(
    kpi: KPI, span: periods.Range, scope: Scope, *, grain: str | None = None, by: Sequence[str] = ()
) -> dict[Key, Spread]:
    """
    Sort the single values of every group, of every total of groups, and of everything. One statement.

    :return: first day of the period (with a grain) and the key of each dimension in their order -> what was found. None
        in the place of a day or key means: of all of them.
    """
    if scope.is_empty:
        return {}
    wanted, parameters = scope.conditions()
    parameters |= {"zone": settings.TIME_ZONE} | statements.run_parameters(span.day_from, span.day_to)
    keys = [f"coalesce(r.{FILTERS[name]}, 0) AS key_{at}" for at, name in enumerate(by)]
    rows = " UNION ALL ".join(
        statements.event_rows(
            family,
            event,
            columns=", ".join([f"({kpi.spread})::float AS single", *keys]),
            conditions=" AND ".join(wanted),
        )
        for family in map(declarations.family, kpi.families)
        for event in family.events
        if (kpi.denominator or kpi.numerator) in event.amounts
    )
    groups = [f"key_{at}" for at in range(len(by))]
    if grain is not None:
        # Weeks of PostgreSQL begin on Monday, as those of the readings.
        groups.insert(0, f"date_trunc('{Grain(grain).value}', day::timestamp)::date")
    selected = "".join(f"{group}, " for group in groups)
    cube = f" GROUP BY CUBE ({', '.join(groups)})" if groups else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {selected}count(single), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY single)"  # noqa: S608 - declared by our code
            f" FROM ({rows}) singles WHERE single IS NOT NULL{cube}",
            parameters,
        )
        return {tuple(key): _spread(kpi, count, found) for *key, count, found in cursor.fetchall()}


def _spread(kpi: KPI, count: int, found: Sequence[float] | None) -> Spread:
    median, p90 = (None, None) if found is None else (each * kpi.factor for each in found)
    return Spread(count, median, p90)
