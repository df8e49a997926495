"""The control chart of a KPI: which kind fits what it counts, and what its signals mean in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import declarations
from ..declarations import KPI, Unit
from ..queries import Point as Period
from ..values import write
from . import spc
from .spc import Chart, Rule, Signal


def kind_of(kpi: KPI) -> spc.Kind:
    """
    Shares of rows are charted as shares (p), counts and means of counts by size (u), everything else as individuals.

    A share of time is no share of rows: its parts are not independent, so it is charted as it stands.
    """
    if kpi.is_stock or kpi.is_duration or kpi.formula is not None:
        return "x"
    if kpi.denominator is None:
        return "u"
    if not _counts_rows(kpi, kpi.denominator):
        return "x"
    if kpi.unit == Unit.PERCENT:
        return "p" if _counts_rows(kpi, kpi.numerator) else "x"
    return "u"


def _counts_rows(kpi: KPI, amount: str) -> bool:
    """Whether each row adds 0 or 1 to the amount, by the expression that counts it."""
    said = [
        event.amounts[amount].strip()
        for name in kpi.families
        for event in declarations.family(name).events
        if amount in event.amounts
    ]
    return bool(said) and all(each == "1" or each.endswith("::int") for each in said)


@dataclass(frozen=True)
class Control:
    """
    A chart with the periods that it is about. :ivar scales: from the chart's values to those that people read.
    """

    kpi: KPI
    chart: Chart
    periods: Sequence[Period]
    scales: Sequence[float]

    def _scaled(self, name: str) -> list[float | None]:
        return [
            None if each is None else getattr(each, name) * scale
            for each, scale in zip(self.chart.bounds, self.scales, strict=True)
        ]

    @property
    def values(self) -> list[float | None]:
        return [
            None if each.value is None else each.value * scale
            for each, scale in zip(self.chart.points, self.scales, strict=True)
        ]

    @property
    def lows(self) -> list[float | None]:
        return self._scaled("low")

    @property
    def centers(self) -> list[float | None]:
        return self._scaled("center")

    @property
    def highs(self) -> list[float | None]:
        return self._scaled("high")

    @property
    def marked(self) -> list[int]:
        """Positions of points that a signal is about."""
        return sorted({at for each in self.chart.signals for at in range(each.first, each.last + 1)})

    @property
    def kind_text(self) -> str:
        return {
            "x": _("Individual values (XmR): limits from the mean difference between neighbors."),
            "p": _("Shares (p): limits by how many were measured in each period."),
            "u": _("Counts (u): limits by how long each period is, or by how many were measured."),
        }[self.chart.kind]

    @property
    def notes(self) -> list[str]:
        found = [self.kind_text]
        if not self.chart.has_limits:
            found.append(
                ngettext(
                    "Limits need %(least)s finished periods with a value; there is %(count)s. Choose more days or a"
                    " finer grain.",
                    "Limits need %(least)s finished periods with a value; there are %(count)s. Choose more days or a"
                    " finer grain.",
                    self.chart.count,
                )
                % {"least": spc.LEAST_POINTS, "count": self.chart.count}
            )
        elif self.chart.spread > 1:
            found.append(
                _("The values scatter %(times)s times as much as chance alone explains; the limits are as much wider.")
                % {"times": f"{self.chart.spread:.1f}"}
            )
        if self.kpi.is_stock:
            found.append(_("What stands open today mostly stood open before: runs say less here than elsewhere."))
        return found

    @property
    def sentences(self) -> list[dict[str, Any]]:
        """Each signal in words, the latest first."""
        return [self._sentence(each) for each in reversed(self.chart.signals)]

    def _sentence(self, signal: Signal) -> dict[str, Any]:
        limits = self.highs if signal.is_above else self.lows
        said = {
            "first": self.periods[signal.first].label,
            "last": self.periods[signal.last].label,
            "count": signal.last - signal.first + 1,
            "value": write(self.values[signal.last], self.kpi.unit),
            "limit": write(limits[signal.last], self.kpi.unit),
        }
        return {"text": _WORDS[signal.rule, signal.is_above]() % said, "rule": signal.rule, "at": signal.last}


_WORDS = {
    (Rule.OUTSIDE, True): lambda: _(
        "%(last)s: %(value)s is above the upper limit of %(limit)s. Something out of the ordinary happened."
    ),
    (Rule.OUTSIDE, False): lambda: _(
        "%(last)s: %(value)s is below the lower limit of %(limit)s. Something out of the ordinary happened."
    ),
    (Rule.TWO_OF_THREE, True): lambda: _(
        "%(first)s to %(last)s: two of three values lie near the upper limit. Look at what changed."
    ),
    (Rule.TWO_OF_THREE, False): lambda: _(
        "%(first)s to %(last)s: two of three values lie near the lower limit. Look at what changed."
    ),
    (Rule.FOUR_OF_FIVE, True): lambda: _(
        "%(first)s to %(last)s: four of five values lie well above the mean. The level may have risen."
    ),
    (Rule.FOUR_OF_FIVE, False): lambda: _(
        "%(first)s to %(last)s: four of five values lie well below the mean. The level may have fallen."
    ),
    (Rule.RUN, True): lambda: _(
        "%(first)s to %(last)s: %(count)s values in a row lie above the mean. The level has risen."
    ),
    (Rule.RUN, False): lambda: _(
        "%(first)s to %(last)s: %(count)s values in a row lie below the mean. The level has fallen."
    ),
    (Rule.TREND, True): lambda: _("%(first)s to %(last)s: %(count)s values, each higher than the one before."),
    (Rule.TREND, False): lambda: _("%(first)s to %(last)s: %(count)s values, each lower than the one before."),
}


def control_of(kpi: KPI, periods: Sequence[Period], *, today: date) -> Control:
    """The control chart of a series. Periods that are not over are left out: they would look low."""
    finished = [each for each in periods if each.span.day_to <= today]
    kind = kind_of(kpi)
    points, scales = [], []
    for each in finished:
        value = each.value
        if value is None or value.number is None:
            # Nothing counted is a count of nothing; without a denominator there is no mean.
            number, size, scale = None, 1.0, 1.0
            if value is not None and kpi.denominator is None and each.span.days:
                number, size = 0.0, float(each.span.days)
        elif kind == "p":
            number, size, scale = value.numerator / (value.denominator or 1), float(value.denominator or 0), 100.0
        elif kind == "u" and value.denominator is None:
            size = float(each.span.days)
            number, scale = value.numerator / size, kpi.factor * (1.0 if kpi.unit == Unit.PER_DAY else size)
        elif kind == "u":
            number, size, scale = value.numerator / (value.denominator or 1), float(value.denominator or 0), kpi.factor
        else:
            number, size, scale = value.number, 1.0, 1.0
        points.append(spc.Point(number, size))
        scales.append(scale)
    floor = 0.0 if kpi.is_duration or kpi.is_stock or kpi.unit != Unit.PERCENT else None
    return Control(kpi, spc.chart(kind, points, floor=floor), finished, scales)
