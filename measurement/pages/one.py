"""One measure over time and by dimension, with its definition."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .. import drill, queries
from ..declarations import KPI, Direction, Unit
from ..filters import LABELS, NONE, Asked, Choice
from ..models import Grain
from ..values import Value, write, write_change
from .base import Page, grain_for

SERIES_AT_MOST = 5
UNITS = {Unit.PERCENT: "%", Unit.HOURS: " h", Unit.MINUTES: " min"}
DIGITS = 2
# More single values than this are sorted after the page is there.
SINGLES_AT_ONCE = 20_000


class KpiPage(Page):
    """
    One measure.

    :ivar is_spread_wanted: median and percentile are asked for, however long it takes.
    """

    is_spread_wanted = False

    def __init__(self, kpi: KPI, asked: Asked, at: datetime, *, by: str, grain: str) -> None:
        super().__init__(asked, at)
        self.kpi = kpi
        self.by = by if by in LABELS else ""
        self.grain = grain if grain in Grain.values else grain_for(asked.span)

    @property
    def keep(self) -> list[tuple[str, str]]:
        """What the filter form sends along."""
        return [("by", self.by)] if self.by else []

    @cached_property
    def whole(self) -> queries.Series:
        return queries.series(self.kpi, self.asked.span, self.asked.scope, grain=self.grain)[0]

    @property
    def value(self) -> Value:
        return self.whole.total

    @property
    def is_empty(self) -> bool:
        """Whether nothing had been counted yet in these days: no data, which is not zero."""
        return all(point.value is None for point in self.whole.points)

    @cached_property
    def before(self) -> Value:
        return queries.series(self.kpi, self.asked.span.before, self.asked.scope, grain=Grain.MONTH)[0].total

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

    @property
    def is_spread_late(self) -> bool:
        """Whether there are too many single values to sort while somebody waits for the page."""
        count = self.value.denominator or self.value.numerator
        return bool(self.kpi.spread) and count > SINGLES_AT_ONCE and not self.is_spread_wanted

    @property
    def spread_url(self) -> str:
        return f"?{self.asked.query(spread='now')}"

    @cached_property
    def spread(self) -> dict[str, Any] | None:
        """Median and 90th percentile, for durations; not yet where they come after the page."""
        if not self.kpi.spread or self.is_spread_late:
            return None
        found = drill.Drill(self.kpi, self.asked.span, self.asked.scope).spread()
        return {
            "median": write(found.median, self.kpi.unit),
            "p90": write(found.p90, self.kpi.unit),
            "count": found.count,
        }

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """One row for each value of the dimension asked for."""
        if not self.by:
            return []
        known = self.asked.choices.by_key(self.by)
        found = queries.series(self.kpi, self.asked.span, self.asked.scope, grain=self.grain, by=self.by)
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
        lines: list[tuple[str, queries.Series, dict[str, str]]] = [(str(self.kpi.name), self.whole, {})]
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
        if self.kpi.target is not None:
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
        named = [_("From"), str(self.kpi.name)]
        return [*named, _("Counted"), _("Of")] if self.kpi.is_ratio else named

    @property
    def table(self) -> list[list[Any]]:
        rows = []
        for point in self.whole.points:
            row: list[Any] = [date_format(point.span.day_from, "j M Y")]
            if point.value is None:
                rows.append([*row, _("no data"), *(["", ""] if self.kpi.is_ratio else [])])
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
