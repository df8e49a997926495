"""Every measure with its value, target and shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .. import declarations, periods, queries
from ..declarations import KPI
from ..models import Grain
from ..values import Value, write, write_change
from .base import Page

DIGITS = 2


@dataclass(frozen=True)
class Row:
    """One measure in the list: its value, the one before, and its weeks."""

    kpi: KPI
    value: Value
    before: Value
    weeks: list[float | None]
    is_empty: bool
    url: str
    records_url: str

    @property
    def change(self) -> str:
        return write_change(self.value.change_from(self.before), self.kpi.unit)

    @property
    def tone(self) -> str:
        is_better = self.value.is_better_than(self.before)
        return "" if is_better is None else "ok" if is_better else "bad"

    @property
    def is_on_target(self) -> bool | None:
        return None if self.is_empty else self.value.is_on_target

    @property
    def target(self) -> str:
        return "" if self.kpi.target is None else write(self.kpi.target, self.kpi.unit)

    @property
    def shape(self) -> str:
        """The sparkline in words."""
        known = [number for number in self.weeks if number is not None]
        if not known:
            return _("no data")
        return _("from %(first)s to %(latest)s") % {
            "first": write(known[0], self.kpi.unit),
            "latest": write(known[-1], self.kpi.unit),
        }


class ListPage(Page):
    """Every measure."""

    @cached_property
    def rows(self) -> list[Row]:
        kpis = declarations.kpis()
        span, scope = self.asked.span, self.asked.scope
        both = periods.Range(span.before.day_from, span.day_to)
        days = queries.series_of(kpis, both, scope, grain=Grain.DAY)
        return [self._row(kpi, days[kpi.id][0], span) for kpi in kpis]

    def _row(self, kpi: KPI, days: queries.Series, span: periods.Range) -> Row:
        split = span.before.days
        before, now = days.points[:split], days.points[split:]
        query = self.asked.query()
        return Row(
            kpi=kpi,
            value=_over(kpi, now),
            before=_over(kpi, before),
            weeks=[_over(kpi, part).number if any(p.value for p in part) else None for part in _parts(now)],
            is_empty=all(point.value is None for point in now),
            url=f"{reverse('measurement:kpi', args=[kpi.id])}?{query}",
            records_url=f"{reverse('measurement:records', args=[kpi.id])}?{query}",
        )

    @property
    def head(self) -> list[str]:
        return ["id", "measure", "value", "unit", "numerator", "denominator", "target", "from", "to"]

    @property
    def table(self) -> Iterator[list[Any]]:
        for row in self.rows:
            value = row.value
            yield [
                row.kpi.id, row.kpi.name, "" if value.number is None else round(value.number, DIGITS), row.kpi.unit,
                value.numerator, "" if value.denominator is None else value.denominator,
                "" if row.kpi.target is None else row.kpi.target, self.asked.span.day_from, self.asked.span.day_to,
            ]  # fmt: skip


def _over(kpi: KPI, points: list[queries.Point]) -> Value:
    """The value of many days: what stands at the end, for a stock; else the sums."""
    known = [point.value for point in points if point.value is not None]
    if kpi.is_stock:
        known = known[-1:]
    denominators = [value.denominator or 0 for value in known]
    return Value(kpi, sum(value.numerator for value in known), sum(denominators) if kpi.is_ratio else None)


def _parts(points: list[queries.Point], most: int = 15) -> Iterator[list[queries.Point]]:
    """The days in at most so many groups, for a sparkline."""
    size = -(-len(points) // most)
    for first in range(0, len(points), size):
        yield points[first : first + size]
