"""One measure over time and by dimension, with its definition."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import declarations, drill, figures, queries
from ..declarations import KPI, Direction, Unit
from ..figures import Figure
from ..filters import LABELS, NONE, Asked, Choice
from ..models import Grain
from ..periods import Range
from ..spreads import NOTHING
from ..values import Value, write, write_change
from .base import Page, grain_for

SERIES_AT_MOST = 5
UNITS = {Unit.PERCENT: "%", Unit.HOURS: " h", Unit.MINUTES: " min"}
DIGITS = 2


class KpiPage(Page):
    """
    One measure.

    :ivar figure: what is charted, of durations.
    """

    def __init__(self, kpi: KPI, asked: Asked, at: datetime, *, by: str, grain: str, figure: str = Figure.MEAN) -> None:
        super().__init__(asked, at)
        self.kpi = kpi
        self.figure = figures.fitting(kpi, figure)
        self.figure_problem = figures.why_not(kpi, figure)
        self.by = by if by in LABELS else ""
        self.grain = grain if grain in Grain.values else grain_for(asked.span)

    @property
    def keep(self) -> list[tuple[str, str]]:
        """What the filter form sends along."""
        return [("by", self.by)] if self.by else []

    @cached_property
    def whole(self) -> queries.Series:
        return self._series(self.asked.span, self.grain)[0]

    def _series(self, span: Range, grain: str, by: str | None = None) -> list[queries.Series]:
        found = queries.series(self.kpi, span, self.asked.scope, grain=grain, by=by)
        return self._sorter.shown_as(self.figure, self.kpi, found, span, grain=grain, by=by)

    @cached_property
    def _sorter(self) -> figures.Sorter:
        made = figures.Sorter(self.asked.scope)
        if self.by and not self.is_mean:
            # What is sorted by the dimension answers for the whole as well.
            made.sorted(self.kpi, self.asked.span, grain=self.grain, by=self.by)
        return made

    @property
    def is_mean(self) -> bool:
        return self.figure == Figure.MEAN

    @property
    def measure_name(self) -> str:
        """What a line or column is called: with the figure, unless it is the mean."""
        return figures.named(self.kpi, self.figure)

    @property
    def figure_choices(self) -> list[dict[str, Any]]:
        """What may be charted; nothing to choose where there are no single values."""
        if not self.kpi.has_singles:
            return []
        return [{"name": each.value, "label": each.label, "is_chosen": each == self.figure} for each in Figure]

    @property
    def value(self) -> Value:
        return self.whole.total

    @cached_property
    def beside(self) -> dict[str, Any] | None:
        """The measure that is read beside this one, over the same rows."""
        if not self.kpi.beside:
            return None
        other = declarations.kpi(self.kpi.beside)
        value = queries.series(other, self.asked.span, self.asked.scope)[0].total
        return {
            "name": other.name,
            "value": value,
            "url": f"{reverse('measurement:kpi', args=[other.id])}?{self.asked.query()}",
        }

    @property
    def is_empty(self) -> bool:
        """Whether nothing had been counted yet in these days: no data, which is not zero."""
        return all(point.value is None for point in self.whole.points)

    @cached_property
    def before(self) -> Value:
        return self._series(self.asked.span.before, Grain.MONTH)[0].total

    @property
    def change(self) -> str:
        return write_change(self.value.change_from(self.before), self.kpi.unit)

    @property
    def change_tone(self) -> str:
        is_better = self.value.is_better_than(self.before)
        return "" if is_better is None else "ok" if is_better else "bad"

    @property
    def target(self) -> str:
        return "" if self.kpi.target is None else write(self.kpi.target, self.kpi.unit)

    @property
    def near(self) -> str:
        return "" if self.kpi.near is None else write(self.kpi.near, self.kpi.unit)

    @cached_property
    def spread(self) -> dict[str, Any] | None:
        """The figures of a duration beside the one that is charted."""
        if not self.kpi.has_singles:
            return None
        found = self._sorter.sorted(self.kpi, self.asked.span).get((None, None), NOTHING)
        mean = self.value if self.is_mean else queries.series(self.kpi, self.asked.span, self.asked.scope)[0].total
        numbers = {Figure.MEAN: mean.number, Figure.MEDIAN: found.median, Figure.P90: found.p90}
        return {
            "others": [
                {"label": capfirst(each.label), "number": write(number, self.kpi.unit)}
                for each, number in numbers.items()
                if each != self.figure
            ],
            "count": found.count,
        }

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """One row for each value of the dimension asked for."""
        if not self.by:
            return []
        known = self.asked.choices.by_key(self.by)
        found = self._series(self.asked.span, self.grain, self.by)
        return [
            self._group(each, known.get(each.key, Choice(each.key, NONE, _("removed"))))
            for each in found
            if each.total.numerator or each.total.denominator
        ]

    def _group(self, series: queries.Series, choice: Choice) -> dict[str, Any]:
        return {
            "label": choice.label,
            "series": series,
            "value": series.total,
            "filter": {self.by: choice.slug},
            "url": self.records_url(**{self.by: choice.slug}),
            "only_url": f"?{self.asked.query(**{self.by: choice.slug})}",
            "weeks": [None if point.value is None else point.value.number for point in series.points],
        }

    def records_url(self, **changes: Any) -> str:
        return f"{reverse('measurement:records', args=[self.kpi.id])}?{self.asked.query(**changes)}"

    @property
    def measured_url(self) -> str:
        return self.records_url(part=drill.MEASURED)

    @property
    def missed_url(self) -> str:
        return self.records_url(part=drill.MISSED)

    @property
    def is_share(self) -> bool:
        return self.kpi.is_ratio and self.kpi.unit == Unit.PERCENT

    @property
    def direction_text(self) -> str:
        return str(Direction(self.kpi.direction).label)

    @property
    def dimensions(self) -> list[dict[str, Any]]:
        shown = [("", _("Total"))] + [(name, str(label)) for name, label in LABELS.items()]
        return [
            {"label": label, "url": f"?{self.asked.query(by=name or None)}", "is_current": name == self.by}
            for name, label in shown
        ]

    @cached_property
    def chart(self) -> dict[str, Any]:
        """The whole as one line, or the five largest values of the dimension."""
        points = self.whole.points
        lines: list[tuple[str, queries.Series, dict[str, str]]] = [(self.measure_name, self.whole, {})]
        if self.by:
            lines = [(each["label"], each["series"], each["filter"]) for each in self.groups[:SERIES_AT_MOST]]
        chart: dict[str, Any] = {
            "kind": "bar" if self.kpi.unit == Unit.COUNT and not self.kpi.is_stock and not self.by else "line",
            "unit": UNITS.get(self.kpi.unit, ""),
            "labels": [point.label for point in points],
            "series": [
                {
                    "label": label,
                    "values": [rounded(point.value) for point in series.points],
                    "links": [self._point_url(point, narrowed) for point in series.points],
                }
                for label, series, narrowed in lines
            ],
        }
        if self.kpi.direction == Direction.LOWER or self.kpi.unit != Unit.PERCENT:
            chart["min"] = 0
        if self.kpi.target is not None and self.is_mean:
            chart["target"] = {"label": _("Target"), "value": self.kpi.target}
        return chart

    def _point_url(self, point: queries.Point, narrowed: dict[str, str]) -> str:
        query = self.asked.query_of_days(point.span, **narrowed)
        return f"{reverse('measurement:records', args=[self.kpi.id])}?{query}"

    @property
    def has_gaps(self) -> bool:
        return any(point.value is None or point.value.number is None for point in self.whole.points)

    @property
    def head(self) -> list[str]:
        return [_("From"), self.measure_name, *self._amounts_head]

    @property
    def _amounts_head(self) -> list[str]:
        if not self.is_mean:
            return [_("Of")]
        return [_("Counted"), _("Of")] if self.kpi.is_ratio else []

    @property
    def table(self) -> list[list[Any]]:
        rows = []
        for point in self.whole.points:
            row: list[Any] = [date_format(point.span.day_from, "j M Y")]
            if point.value is None:
                rows.append([*row, _("no data"), *([""] * len(self._amounts_head))])
            elif not self.is_mean:
                rows.append([*row, point.value.text, point.value.denominator])
            elif self.kpi.is_ratio:
                rows.append([*row, point.value.text, self._amount(point.value), point.value.denominator])
            else:
                rows.append([*row, point.value.text])
        return rows

    def _amount(self, value: Value) -> Any:
        """The numerator as people read it: durations in the unit, counts as they are."""
        return write(value.numerator * self.kpi.factor, self.kpi.unit) if self.kpi.is_duration else value.numerator

    @property
    def amount(self) -> Any:
        return self._amount(self.value)


def rounded(value: Value | None) -> float | None:
    return None if value is None or value.number is None else round(value.number, DIGITS)
