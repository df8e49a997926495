"""What the SLA dashboard shows, put together from a bounded number of statements."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement import declarations, periods, queries
from measurement.filters import NONE, Asked
from measurement.models import Grain
from measurement.values import Value, write_change

from ..models import Agreement
from . import standing
from .misses import DELAYS, KPI, NO_DELAY, Misses, Summary

WEEKS_OF_TREND = 12
BARS_AT_MOST = 8
OFFICE_HOURS = range(8, 18)
STEPS = 5


@dataclass
class Page:
    """One view of the dashboard; every number in it carries the address of its records."""

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
    def _trend_span(self) -> periods.Range:
        days = WEEKS_OF_TREND * 7
        monday = periods.period_of(self.asked.today, Grain.WEEK)
        return periods.Range(monday - timedelta(days=days - 7), self.asked.today + timedelta(days=1))

    @cached_property
    def _days(self) -> dict[Any, tuple[int, int]]:
        """Met and finished by day, over everything that this page asks about: one statement."""
        spans = (self.asked.span, self.asked.span.before, self._trend_span)
        whole = periods.Range(min(span.day_from for span in spans), max(span.day_to for span in spans))
        found: dict[Any, tuple[int, int]] = {}
        for name, cells in queries.totals(self.kpi.families, whole, self.asked.scope).items():
            family = declarations.family(name)
            met_at, finished_at = family.position(self.kpi.numerator), family.position(self.kpi.denominator or "")
            for (day, _key), amounts in cells.items():
                met, finished = found.get(day, (0, 0))
                found[day] = met + amounts[met_at], finished + amounts[finished_at]
        return found

    def _value(self, span: periods.Range) -> Value:
        inside = [pair for day, pair in self._days.items() if span.day_from <= day < span.day_to]
        return Value(self.kpi, sum(met for met, _all in inside), sum(finished for _met, finished in inside))

    @cached_property
    def attained(self) -> Value:
        return self._value(self.asked.span)

    @cached_property
    def _promises(self) -> dict[str, Any]:
        return Agreement.objects.filter(is_active=True).aggregate(
            kinds=Count("attainment_target", distinct=True), lowest=Min("attainment_target"), count=Count("pk")
        )

    @cached_property
    def target(self) -> float:
        """The attainment promised when all agreements in force promise the same; else the usual 95."""
        return float(self._promises["lowest"]) if self._promises["kinds"] == 1 else float(self.kpi.target or 0)

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
        change = self.attained.change_from(self._value(self.asked.span.before))
        if change is None:
            return _("nothing to compare with in the %(days)s days before") % {"days": self.asked.span.days}
        return _("%(change)s against the %(days)s days before") % {
            "change": write_change(change, self.kpi.unit),
            "days": self.asked.span.days,
        }

    def breaches_url(self, **changes: Any) -> str:
        return f"{reverse('sla:breaches')}?{self.asked.query(**changes)}"

    @cached_property
    def now(self) -> list[dict[str, Any]]:
        """The three counts of this moment."""
        labels = {
            standing.AT_RISK: (_("At risk now"), _("90 % of the time is used"), "risk"),
            standing.BREACHED: (_("Breached now"), _("open, and past the target"), "bad"),
            standing.DUE_TODAY: (_("Due today"), _("target still ahead"), ""),
        }
        filters = self.asked.query(**{"range": None, "from": None, "to": None})
        return [
            {
                "label": labels[kind][0],
                "number": count,
                "detail": labels[kind][1],
                "tone": labels[kind][2] if count else "",
                "url": f"{reverse('sla:standing', args=[kind])}?{filters}",
            }
            for kind, count in standing.counts(self.asked.scope, at=self.at).items()
        ]

    @cached_property
    def misses(self) -> Summary:
        return Misses(self.asked.span, self.asked.scope).summary()

    @property
    def bars(self) -> list[dict[str, Any]]:
        """Misses by place; each bar opens its clocks."""
        headings = {"service": _("By service"), "team": _("By team"), "priority": _("By priority")}
        found = []
        for dimension, title in headings.items():
            counted = getattr(self.misses, dimension)
            more = len(counted) - BARS_AT_MOST
            note = ngettext("%(count)s more.", "%(count)s more.", more) % {"count": more} if more > 0 else ""
            url = f"{reverse('measurement:kpi', args=[KPI])}?{self.asked.query(by=dimension)}"
            found.append({"title": title, "items": self._bars(dimension, counted), "note": note, "url": url})
        return found

    def _bars(self, dimension: str, counted: Any) -> list[dict[str, Any]]:
        choices = self.asked.choices.by_key(dimension)
        ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:BARS_AT_MOST]
        longest = max((count for _key, count in ranked), default=1)
        return [
            {
                "label": choices[key].label if key in choices else _("removed"),
                "number": count,
                "percent": round(100 * count / longest),
                "url": self.breaches_url(**{dimension: choices[key].slug if key in choices else NONE}),
                "tone": "bad",
            }
            for key, count in ranked
        ]

    @property
    def delays(self) -> list[dict[str, Any]]:
        labels = {name: label for name, (label, _sql) in DELAYS.items()} | {NO_DELAY: _("None of these")}
        ranked = sorted(self.misses.delays.items(), key=lambda pair: -pair[1])
        longest = max((count for _name, count in ranked), default=0) or 1
        return [
            {
                "label": labels[name],
                "number": count,
                "percent": round(100 * count / longest),
                "url": self.breaches_url(why=name),
                "tone": "bad",
            }
            for name, count in ranked
            if count
        ]

    @property
    def heatmap(self) -> dict[str, Any]:
        """Weekday by hour at which targets were missed; office hours always, others when something happened."""
        counted = self.misses.hours
        hours = sorted({*OFFICE_HOURS, *(hour for _weekday, hour in counted)})
        most = max(counted.values(), default=1)
        rows = []
        for weekday in range(1, 8):
            name = str(WEEKDAYS_ABBR[weekday - 1])
            cells = []
            for hour in hours:
                count = counted.get((weekday, hour), 0)
                told = ngettext("%(count)s miss", "%(count)s misses", count) % {"count": count}
                cells.append(
                    {
                        "value": count,
                        "step": -(-STEPS * count // most),
                        "url": self.breaches_url(weekday=weekday, hour=hour) if count else "",
                        "label": f"{name} {hour:02}:00: {told}",
                    }
                )
            rows.append({"label": name, "cells": cells})
        return {"columns": [f"{hour:02}" for hour in hours], "rows": rows}

    @cached_property
    def _weeks(self) -> list[tuple[periods.Range, Value]]:
        return [(week, self._value(week)) for week in periods.periods(self._trend_span, Grain.WEEK)]

    @property
    def trend(self) -> dict[str, Any]:
        """Chart and table of the latest weeks; a week without a finished clock is a gap."""
        numbers = [None if value.number is None else round(value.number, 1) for _week, value in self._weeks]
        known = [number for number in numbers if number is not None]
        return {
            "chart": {
                "kind": "line",
                "unit": "%",
                "max": 100,
                "min": max(0, int(min([*known, self.target]) // 10 * 10) - 10) if known else 0,
                "labels": [periods.label(week.day_from, Grain.WEEK) for week, _value in self._weeks],
                "target": {"label": _("Target"), "value": self.target},
                "series": [
                    {
                        "label": str(self.kpi.name),
                        "values": numbers,
                        "links": [self._week_url(week) for week, _value in self._weeks],
                    }
                ],
            },
            "head": [_("Week of"), _("Targets met"), _("Met"), _("Finished"), _("Missed")],
            "rows": [
                [date_format(week.day_from, "j M Y"), value.text, value.numerator, value.denominator, value.missed]
                for week, value in self._weeks
            ],
            "has_gaps": None in numbers,
            "has_data": bool(known),
        }

    def _week_url(self, week: periods.Range) -> str:
        return f"{reverse('sla:breaches')}?{self.asked.query_of_days(week)}"

    @property
    def has_anything(self) -> bool:
        """Whether any clock has ever finished in what this page looks at."""
        return any(finished for _met, finished in self._days.values())
