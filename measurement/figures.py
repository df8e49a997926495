"""
Which figure of a duration is shown: its mean, its median, or how long nine of ten took at most.

Means come from the sums that readings keep, medians and percentiles from the single values beside them
(`measurement.spreads`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from . import periods, queries
from .declarations import KPI
from .models import Grain
from .queries import Point, Series
from .scope import Scope
from .spreads import NOTHING, Spread, spreads
from .values import Value


class Figure(TextChoices):
    MEAN = "mean", _("mean")
    MEDIAN = "median", _("median")
    P90 = "p90", _("90th percentile")


# What a page understands of its address.
PARAMETER = "figure"
Sorted = Mapping[tuple[date | None, int | None], Spread]


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


def fitting(kpi: KPI, figure: str) -> Figure:
    """The figure asked for, or the mean of a measure that has nothing else."""
    return Figure(figure) if kpi.has_singles else Figure.MEAN


def why_not(kpi: KPI, figure: str) -> str:
    """Why the figure asked for can't be shown; empty when it can, or when nobody asked."""
    if figure == Figure.MEAN or kpi.has_singles:
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
        self._found: dict[tuple[str, periods.Range], list[tuple[str | None, str | None, Sorted]]] = {}

    def sorted(self, kpi: KPI, span: periods.Range, *, grain: str | None = None, by: str | None = None) -> Sorted:
        """
        The spread of each period and key of the dimension; None in the place of either: of all of them.

        What was sorted by more answers for less as well.
        """
        known = self._found.setdefault((kpi.id, span), [])
        for known_grain, known_by, found in known:
            if grain in (None, known_grain) and by in (None, known_by):
                return found
        found = {
            (key[0] if grain else None, key[-1] if by else None): each
            for key, each in spreads(kpi, span, self._scope, grain=grain, by=[by] if by else []).items()
        }
        known.append((grain, by, found))
        return found

    def shown_as(
        self, figure: str, kpi: KPI, found: Sequence[Series], span: periods.Range, *, grain: str, by: str | None = None
    ) -> list[Series]:
        """Series as `queries.series` gives them for this span, with the figure in each point and total."""
        if figure == Figure.MEAN:
            return list(found)
        found_out = self.sorted(kpi, span, grain=grain, by=by)

        def quantile(value: Value, first: date | None, key: int) -> Quantile:
            return quantile_of(value, found_out.get((first, key if by else None), NOTHING), figure)

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
    number = found.median if figure == Figure.MEDIAN else found.p90
    return Quantile(value.kpi, value.numerator, found.count, value.days, number)
