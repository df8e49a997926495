"""What the SLA dashboard shows, put together from a bounded number of statements."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement import periods
from measurement.filters import NONE
from measurement.models import Grain
from measurement.values import Value
from people.access import can

from ..forecasts.listing import Expected, sum_of
from . import attained, changes, forecast, standing
from .counts import NOTHING, Counts
from .delays import DELAYS, NO_DELAY
from .misses import KPI, Misses, Summary
from .numbers import Numbers

ROWS_AT_MOST = 8
OFFICE_HOURS = range(8, 18)
STEPS = 5
DAYS_BEFORE_LATEST = timedelta(days=89)


class Page(Numbers):
    """One view of the dashboard; every number in it carries the address of its records."""

    def breaches_url(self, **changes: Any) -> str:
        return f"{reverse('sla:breaches')}?{self.asked.query(**changes)}"

    @property
    def wall_tone(self) -> str:
        return "" if self.is_attained is None else "ok" if self.is_attained else "bad"

    @cached_property
    def latest_url(self) -> str:
        """The days up to the last on which a clock finished, as after an import of old tickets; empty without one."""
        day = Misses(self.asked.span, self.asked.scope).latest_day()
        if day is None:
            return ""
        return f"?{self.asked.query_of_days(periods.Range(day - DAYS_BEFORE_LATEST, day + timedelta(days=1)))}"

    @cached_property
    def now(self) -> list[dict[str, Any]]:
        """The three counts of this moment; each opens the queue with the query that counted it."""
        labels = {
            standing.AT_RISK: (_("At risk now"), _("90 % of the time is used"), "risk"),
            standing.BREACHED: (_("Breached now"), _("open, and past the target"), "bad"),
            standing.DUE_TODAY: (_("Due today"), _("target still ahead"), ""),
        }
        counts = standing.counts(self.asked, at=self.at)
        return [
            {
                "label": label,
                "number": counts[kind] if counts else 0,
                "detail": detail,
                "tone": tone if counts and counts[kind] else "",
                "url": standing.url(kind, self.asked) if counts else "",
            }
            for kind, (label, detail, tone) in labels.items()
        ]

    @cached_property
    def forecast(self) -> dict[str, str] | None:
        """How many more targets will probably be missed today, and how we know; None with too little data."""
        found = forecast.today(self.asked, at=self.at)
        if found is None:
            return None
        weekday = WEEKDAYS[periods.today(self.at).weekday()]
        shown = f"{found.low}–{found.high}" if found.low != found.high else str(found.low)
        past = ", ".join(str(count) for count in found.past)
        return {
            "text": ngettext(
                "Forecast: %(shown)s more miss likely today.",
                "Forecast: %(shown)s more misses likely today.",
                found.high,
            )
            % {"shown": shown},
            "method": _(
                "On the latest %(weeks)s days that were a %(weekday)s, so many targets passed between this time of day"
                " and midnight: %(past)s. The middle half of them is the range. Today's work is not looked at."
            )
            % {"weeks": len(found.past), "weekday": weekday, "past": past},
        }

    @cached_property
    def shift(self) -> Expected | None:
        """What is due in this shift and what will probably be missed of it; None for who may not see that."""
        return sum_of(self.asked) if can(self.asked.scope.viewer, "forecast.view") else None

    @cached_property
    def misses(self) -> Summary:
        return Misses(self.asked.span, self.asked.scope).summary()

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        """Attainment by place, raw and net, those with most misses first; each count opens its clocks."""
        headings = {
            "service": _("By service"), "team": _("By team"), "priority": _("By priority"),
            "organization": _("By customer"),
        }  # fmt: skip
        found = []
        for dimension, title in headings.items():
            counted = self.misses.places.get(dimension, {})
            more = len(counted) - ROWS_AT_MOST
            note = ngettext("%(count)s more.", "%(count)s more.", more) % {"count": more} if more > 0 else ""
            url = f"{reverse('measurement:kpi', args=[KPI])}?{self.asked.query(by=dimension)}"
            found.append({"title": title, "rows": self._rows(dimension, counted), "note": note, "url": url})
        return [each for each in found if each["rows"]]

    def _rows(self, dimension: str, counted: Mapping[int, Counts]) -> list[attained.Row]:
        choices = self.asked.choices.by_key(dimension)
        ranked = sorted(counted.items(), key=lambda pair: (-pair[1].missed, -pair[1].finished, pair[0]))[:ROWS_AT_MOST]
        return [
            attained.row(
                choices[key].label if key in choices else _("removed"),
                counts,
                self.asked.query(**{dimension: choices[key].slug if key in choices else NONE}),
            )
            for key, counts in ranked
        ]

    @cached_property
    def by_month(self) -> list[attained.Row]:
        """Attainment by calendar month, the latest first, cut to the days asked for; empty within one month."""
        spans = list(periods.periods(self.asked.span, Grain.MONTH))
        counted = [(span, self.months.get(periods.period_of(span.day_from, Grain.MONTH), NOTHING)) for span in spans]
        return [
            attained.row(periods.label(span.day_from, Grain.MONTH), counts, self.asked.query_of_days(span))
            for span, counts in reversed(counted)
            if len(spans) > 1 and counts.finished
        ]

    @cached_property
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

    @cached_property
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
        return [(week, self._value(week)) for week in periods.periods(self.trend_span, Grain.WEEK)]

    @cached_property
    def changes(self) -> list[dict[str, Any]]:
        """New versions of agreements and calendars in the weeks of the trend."""
        return [
            {
                "week": periods.period_of(periods.today(change.at), Grain.WEEK),
                "label": periods.label(periods.period_of(periods.today(change.at), Grain.WEEK), Grain.WEEK),
                "day": date_format(periods.today(change.at), "j M"),
                "text": change.text,
            }
            for change in changes.within(self.trend_span, self.asked.scope)
        ]

    @cached_property
    def trend(self) -> dict[str, Any]:
        """Chart and table of late. A week without finished clocks is a gap, one with a change has a star."""
        numbers = [None if value.number is None else round(value.number, 1) for _week, value in self._weeks]
        known = [number for number in numbers if number is not None]
        changed = {each["week"] for each in self.changes}
        return {
            "chart": {
                "kind": "line",
                "unit": "%",
                "max": 100,
                "min": max(0, int(min([*known, self.target]) // 10 * 10) - 10) if known else 0,
                "labels": [
                    periods.label(week.day_from, Grain.WEEK) + ("*" if week.day_from in changed else "")
                    for week, _value in self._weeks
                ],
                "target": {"label": _("Target"), "value": self.target},
                "series": [
                    {
                        "label": str(self.kpi.name),
                        "values": numbers,
                        "links": [self._week_url(week) for week, _value in self._weeks],
                    }
                ],
            },
            "head": [
                _("Week of"), _("Targets met"), _("Without excused"), _("Finished"), _("Missed"), _("Excused"),
                _("Changed"),
            ],
            "rows": [self._week_row(week) for week, _value in self._weeks],
            "has_gaps": None in numbers,
            "has_data": bool(known),
        }  # fmt: skip

    def _week_row(self, week: periods.Range) -> list[Any]:
        name, query = date_format(week.day_from, "j M Y"), self.asked.query_of_days(week)
        row = attained.row(name, self._counts(week), query)
        counted = (
            (row.counts.finished, row.finished_url), (row.counts.missed, row.missed_url),
            (row.counts.excused, row.excused_url),
        )  # fmt: skip
        return [
            row.name, row.raw.text, row.net.text,
            *({"number": number, "url": url if number else ""} for number, url in counted),
            "; ".join(each["text"] for each in self.changes if each["week"] == week.day_from),
        ]  # fmt: skip

    def _week_url(self, week: periods.Range) -> str:
        return f"{reverse('sla:breaches')}?{self.asked.query_of_days(week)}"

    @property
    def has_anything(self) -> bool:
        """Whether any clock has finished in what this page looks at."""
        return bool(self.attained.denominator or self.before.denominator) or any(
            counts.finished for counts in self.days.values()
        )
