"""Every measure with its value, target and shape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .. import known, queries
from ..declarations import KPI
from ..models import Grain
from ..values import Value, write, write_change
from .base import Page, grain_for

DIGITS = 2


@dataclass(frozen=True)
class Row:
    """One measure in the list: its value, the one before, and its shape over the days."""

    kpi: KPI
    value: Value
    before: Value
    shown: list[float | None]
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
        known = [number for number in self.shown if number is not None]
        if not known:
            return _("no data")
        return _("from %(first)s to %(latest)s") % {
            "first": write(known[0], self.kpi.unit),
            "latest": write(known[-1], self.kpi.unit),
        }


class ListPage(Page):
    """Every measure."""

    @cached_property
    def kpis(self) -> Sequence[KPI]:
        """Which ones, in order."""
        return known.kpis()

    @cached_property
    def rows(self) -> list[Row]:
        kpis = list(self.kpis)
        span, scope = self.asked.span, self.asked.scope
        now = queries.series_of(kpis, span, scope, grain=grain_for(span))
        before = queries.series_of(kpis, span.before, scope, grain=Grain.MONTH)
        return [self._row(kpi, now[kpi.id][0], before[kpi.id][0]) for kpi in kpis]

    def _row(self, kpi: KPI, now: queries.Series, before: queries.Series) -> Row:
        query = self.asked.query()
        return Row(
            kpi=kpi,
            value=now.total,
            before=before.total,
            shown=[None if point.value is None else point.value.number for point in now.points],
            is_empty=all(point.value is None for point in now.points),
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
