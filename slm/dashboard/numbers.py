"""The numbers of the SLA dashboard that its parts share: attainment of the days asked for, and of every day lately."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement import declarations, known, periods, queries
from measurement.filters import Asked
from measurement.models import Grain
from measurement.values import Value, write_change

from ..models import Agreement
from .counts import NOTHING, Counts
from .misses import KPI

NET = "slm-attainment-excused"
WEEKS_OF_TREND = 12


def raw(counts: Counts) -> Value:
    """The share of all finished clocks that met their target."""
    return Value(declarations.kpi(KPI), counts.met, counts.finished)


def net(counts: Counts) -> Value:
    """The same with excused misses left out."""
    return Value(declarations.kpi(NET), counts.met, counts.counted)


@dataclass
class Numbers:
    """What was attained, in the days that the page was asked for."""

    asked: Asked
    at: datetime

    @cached_property
    def kpi(self) -> declarations.KPI:
        return declarations.kpi(KPI)

    @cached_property
    def as_of(self) -> datetime | None:
        return queries.as_of(self.at)

    @property
    def zone(self) -> str:
        return settings.TIME_ZONE

    @cached_property
    def trend_span(self) -> periods.Range:
        days = WEEKS_OF_TREND * 7
        monday = periods.period_of(self.asked.today, Grain.WEEK)
        return periods.Range(monday - timedelta(days=days - 7), self.asked.today + timedelta(days=1))

    @cached_property
    def days(self) -> dict[date, Counts]:
        """Counts by day in the weeks of the trend."""
        return self._counted(self.trend_span, Grain.DAY)

    @property
    def weekly(self) -> list[float | None]:
        """The share of targets met in each week of the trend; None where no clock finished."""
        return [self._value(week).number for week in periods.periods(self.trend_span, Grain.WEEK)]

    def _counted(self, span: periods.Range, grain: str) -> dict[date, Counts]:
        """Counts by the first day of each period."""
        found: dict[date, Counts] = {}
        for name, cells in queries.totals(self.kpi.families, span, self.asked.scope, grain=grain).items():
            family = declarations.family(name)
            met, finished, counted = (family.position(amount) for amount in ("met", "finished", "counted"))
            for (day, _key), amounts in cells.items():
                found[day] = found.get(day, NOTHING) + Counts(amounts[met], amounts[finished], amounts[counted])
        return found

    def _counts(self, span: periods.Range) -> Counts:
        return sum(self._by_month(span).values(), NOTHING)

    def _by_month(self, span: periods.Range) -> dict[date, Counts]:
        """Counts by the first day of each month, from the days of the trend where these reach, else from months."""
        if not (self.trend_span.day_from <= span.day_from and span.day_to <= self.trend_span.day_to):
            return self._counted(span, Grain.MONTH)
        found: dict[date, Counts] = {}
        for day, counts in self.days.items():
            if span.day_from <= day < span.day_to:
                month = periods.period_of(day, Grain.MONTH)
                found[month] = found.get(month, NOTHING) + counts
        return found

    @cached_property
    def months(self) -> dict[date, Counts]:
        """Counts of the days asked for, by the first day of their months."""
        return self._by_month(self.asked.span)

    def _value(self, span: periods.Range) -> Value:
        return raw(self._counts(span))

    def _net(self, span: periods.Range) -> Value:
        """The same with excused misses left out."""
        return net(self._counts(span))

    @cached_property
    def _asked_counts(self) -> Counts:
        return sum(self.months.values(), NOTHING)

    @cached_property
    def attained(self) -> Value:
        return raw(self._asked_counts)

    @cached_property
    def attained_net(self) -> Value:
        """With excused misses left out, of the same days."""
        return net(self._asked_counts)

    @property
    def excused(self) -> int:
        """How many misses of these days were excused."""
        return self._asked_counts.excused

    @cached_property
    def before(self) -> Value:
        return self._value(self.asked.span.before)

    @cached_property
    def _promises(self) -> dict[str, Any]:
        return (
            Agreement.objects.in_force()
            .with_customers()
            .aggregate(
                kinds=Count("attainment_target", distinct=True), lowest=Min("attainment_target"), count=Count("pk")
            )
        )

    @cached_property
    def target(self) -> float:
        """The attainment promised when all agreements in force promise the same; else the target of the measure."""
        return float(self._promises["lowest"]) if self._promises["kinds"] == 1 else float(known.kpi(KPI).target or 0)

    @property
    def has_agreements(self) -> bool:
        return bool(self._promises["count"])

    @property
    def is_attained(self) -> bool | None:
        number = self.attained.number
        return None if number is None else number >= self.target

    @property
    def attained_detail(self) -> str:
        value = self.attained
        if value.number is None:
            return _("no clock finished in these days")
        shown = [
            ngettext("of %(count)s finished clock", "of %(count)s finished clocks", value.denominator or 0)
            % {"count": number_format(value.denominator or 0, force_grouping=True)},
            _("target %(target)s%%") % {"target": f"{self.target:g}"},
        ]
        if value.is_indicative:
            shown.append(_("indicative: fewer than 30"))
        return " · ".join(shown)

    @property
    def change_text(self) -> str:
        change = self.attained.change_from(self.before)
        if change is None:
            return _("nothing to compare with in the %(days)s days before") % {"days": self.asked.span.days}
        return _("%(change)s against the %(days)s days before") % {
            "change": write_change(change, self.kpi.unit),
            "days": self.asked.span.days,
        }
