"""The page of one measure: a chart of one's choice, what to compare it with, and what happened beside it."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .. import figures, periods, queries
from ..declarations import KPI
from ..filters import Asked
from ..models import Grain
from ..notes import queries as notes
from ..notes.queries import NOTES
from ..pages.one import UNITS, KpiPage, rounded
from ..values import Value, write, write_change
from . import annotations, flows
from .comparing import Against, earlier
from .control import Control, control_of
from .flows import Flow, Step

TREND, CONTROL, FLOW, AGE = "trend", "control", "flow", "age"
OFF = "none"
# What a page of a measure understands beyond days and filters; all of it stays in the address.
PARAMETERS = ("by", "grain", "compare", "chart", "marks", figures.PARAMETER)


class ExplorerPage(KpiPage):
    """One measure, looked into."""

    def __init__(self, kpi: KPI, asked: Asked, at: datetime) -> None:
        said = asked.parameters
        figure = figures.figure_in(said)
        super().__init__(kpi, asked, at, by=said.get("by", ""), grain=said.get("grain", ""), figure=figure)
        self.against = said["compare"] if said.get("compare") in Against.values else ""
        self.flow: Flow | None = flows.flow_of(kpi)
        known = [name for name, _label in self._charts]
        self.kind = said["chart"] if said.get("chart") in known else TREND
        if self.kind != TREND:
            self.by = ""

    @property
    def keep(self) -> list[tuple[str, str]]:
        """What the filter form sends along: what it has no field for."""
        return [
            (name, self.asked.parameters[name]) for name in ("by", "chart", "marks") if name in self.asked.parameters
        ]

    @property
    def sent_with_days(self) -> list[tuple[str, str]]:
        """Everything asked but the days, for the form that says other days."""
        return [(name, said) for name, said in self.asked.parameters.items() if name not in ("range", "from", "to")]

    # -- Choices ------------------------------------------------------------------------------------------------

    @property
    def _charts(self) -> list[tuple[str, str]]:
        found = [(TREND, _("Trend")), (CONTROL, _("Control chart"))]
        return found + ([(FLOW, _("Coming and going")), (AGE, _("Age"))] if self.flow else [])

    @property
    def charts(self) -> list[dict[str, Any]]:
        return [
            {
                "label": label,
                "url": f"?{self.asked.query(chart=None if name == TREND else name)}",
                "is_current": name == self.kind,
            }
            for name, label in self._charts
        ]

    @property
    def grains(self) -> list[dict[str, Any]]:
        return [{"name": each.value, "label": each.label, "is_chosen": each == self.grain} for each in Grain]

    @property
    def comparisons(self) -> list[dict[str, Any]]:
        return [{"name": each.value, "label": each.label, "is_chosen": each == self.against} for each in Against]

    # -- What it is compared with -------------------------------------------------------------------------------

    @cached_property
    def compared_span(self) -> periods.Range | None:
        if not self.against:
            return None
        span = self.asked.span
        # Long ago nothing can have been counted, and there are no dates.
        return earlier(span, self.against, self.grain) if span.day_from.year > 1900 else None

    @cached_property
    def compared(self) -> queries.Series | None:
        if self.compared_span is None:
            return None
        return self._series(self.compared_span, self.grain)[0]

    @property
    def compared_days(self) -> str:
        span = self.compared_span
        return "" if span is None else _days(span)

    @cached_property
    def before_series(self) -> queries.Series:
        return self.compared or self._series(self.asked.span.before, Grain.MONTH)[0]

    @property
    def before(self) -> Value:
        return self.before_series.total

    @property
    def change(self) -> str:
        """Empty where nothing had been counted before: no data is not zero."""
        if all(point.value is None for point in self.before_series.points):
            return ""
        return write_change(self.value.change_from(self.before), self.kpi.unit)

    # -- What happened ------------------------------------------------------------------------------------------

    @property
    def mark_filters(self) -> list[dict[str, Any]]:
        """One switch a kind of thing that happened."""
        hidden = self._hidden
        found = []
        for name, label in self._kinds.items():
            is_on = name not in hidden
            left = sorted(hidden | {name} if is_on else hidden - {name})
            found.append({"label": label, "is_on": is_on, "url": f"?{self.asked.query(marks=','.join(left) or None)}"})
        return found

    @property
    def _kinds(self) -> dict[str, Any]:
        """What may be shown beside the numbers: what practices tell, and what people wrote."""
        return {source.name: source.label for source in annotations.sources()} | {NOTES: _("Notes")}

    @property
    def _hidden(self) -> set[str]:
        return self._kinds.keys() & set(self.asked.parameters.get("marks", "").split(","))

    @cached_property
    def marks(self) -> list[dict[str, Any]]:
        """Numbered as on the chart; `index` is the period that each lies in."""
        parts = [point.span for point in self.whole.points]
        marks = annotations.marks_of(self.asked.scope, self.asked.span, without=self._hidden)
        if NOTES not in self._hidden:
            marks += notes.marks_of(self.kpi.id, self.asked)
        found: list[dict[str, Any]] = []
        for mark in sorted(marks, key=lambda each: each.at):
            first = periods.today(mark.at)
            last = periods.today(mark.ends_at) if mark.ends_at else first
            # What began before these days is drawn from their beginning on.
            inside = [at for at, part in enumerate(parts) if part.day_from <= last and first < part.day_to]
            if inside:
                found.append(
                    {
                        "number": len(found) + 1, "index": inside[0], "to": inside[-1], "mark": mark, "day": first,
                        "last": last if last > first else None,
                    }
                )  # fmt: skip
        return found

    # -- The chart ----------------------------------------------------------------------------------------------

    @cached_property
    def control(self) -> Control:
        return control_of(self.kpi, self.whole.points, today=periods.today(self.at))

    @cached_property
    def steps(self) -> list[Step]:
        return flows.steps(self.flow, self.asked.span, self.asked.scope, grain=self.grain) if self.flow else []

    @cached_property
    def ages(self) -> list[dict[str, Any]]:
        """How old what stands open now is; each opens its records."""
        if self.flow is None:
            return []
        found = flows.by_age(self.flow, self.asked.scope, periods.today(self.at))
        most = max((each.count for each in found), default=0)
        return [
            {
                "label": each.label,
                "number": each.count,
                "percent": round(100 * each.count / most) if most else 0,
                "url": self.records_url(part=flows.STANDING, age=each.name),
            }
            for each in found
        ]

    @cached_property
    def chart(self) -> dict[str, Any]:
        if self.kind == CONTROL:
            chart = self._control_chart()
        elif self.kind == FLOW:
            chart = self._flow_chart()
        else:
            chart = super().chart
            if self.compared and not self.by:
                chart["series"].append(self._compared_series(len(self.whole.points)))
        chart["marks"] = [
            {"index": each["index"], "to": each["to"], "label": str(each["number"])} for each in self.marks
        ]
        return chart

    def _compared_series(self, length: int) -> dict[str, Any]:
        assert self.compared is not None
        points = self.compared.points[:length]
        return {
            "label": self.compared_days,
            "role": "before",
            "line": True,
            "values": [rounded(point.value) for point in points] + [None] * (length - len(points)),
            "links": [self._point_url(point, {}) for point in points],
        }

    def _control_chart(self) -> dict[str, Any]:
        control = self.control
        return {
            "kind": "line",
            "unit": UNITS.get(self.kpi.unit, ""),
            "labels": [point.label for point in control.periods],
            "series": [
                {
                    "label": self.measure_name,
                    "values": _rounded(control.values),
                    "links": [self._point_url(point, {}) for point in control.periods],
                    "marked": control.marked,
                },
                {"label": _("Upper limit"), "role": "limit", "values": _rounded(control.highs)},
                {"label": _("Mean"), "role": "center", "values": _rounded(control.centers)},
                {"label": _("Lower limit"), "role": "limit", "values": _rounded(control.lows)},
            ][: 4 if control.chart.has_limits else 1],
        }

    def _flow_chart(self) -> dict[str, Any]:
        assert self.flow is not None
        steps = self.steps
        return {
            "kind": "bar",
            "unit": "",
            "min": 0,
            "labels": [each.label for each in steps],
            "series": [
                {
                    "label": _("Arrived"),
                    "values": [each.arrived for each in steps],
                    "links": [self._step_url(each, "arrived") for each in steps],
                },
                {
                    "label": _("Left"),
                    "values": [each.left for each in steps],
                    "links": [self._step_url(each, flows.LEFT) for each in steps],
                },
                {
                    "label": _("Open at the end"),
                    "line": True,
                    "values": [each.standing for each in steps],
                    "links": [self._step_url(each, flows.STANDING) for each in steps],
                },
            ],
        }

    def _step_url(self, step: Step, part: str) -> str:
        assert self.flow is not None
        kpi = {"arrived": self.flow.arrived}.get(part, self.flow.stock)
        query = self.asked.query_of_days(step.span, **({"part": part} if part == flows.LEFT else {}))
        return f"{reverse('measurement:records', args=[kpi])}?{query}"

    # -- The table behind it ------------------------------------------------------------------------------------

    @property
    def head(self) -> list[str]:
        if self.kind == CONTROL:
            return [_("From"), self.measure_name, _("Lower limit"), _("Mean"), _("Upper limit")]
        if self.kind == FLOW:
            return [_("From"), _("Arrived"), _("Left"), _("Open at the end")]
        return super().head + ([self.compared_days] if self.compared and not self.by else [])

    @property
    def table(self) -> list[list[Any]]:
        if self.kind == CONTROL:
            return self._control_table()
        if self.kind == FLOW:
            return [
                [date_format(each.span.day_from, "j M Y"), *(_("no data") if n is None else n for n in _numbers(each))]
                for each in self.steps
            ]
        rows = super().table
        if self.compared and not self.by:
            points = self.compared.points
            for number, row in enumerate(rows):
                value = points[number].value if number < len(points) else None
                row.append(_("no data") if value is None else value.text)
        return rows

    def _control_table(self) -> list[list[Any]]:
        control, unit = self.control, self.kpi.unit
        columns = (control.values, control.lows, control.centers, control.highs)
        return [
            [date_format(point.span.day_from, "j M Y"), *(write(column[at], unit) for column in columns)]
            for at, point in enumerate(control.periods)
        ]

    @property
    def chart_title(self) -> str:
        if self.kind == CONTROL:
            return _("What is chance, and what is a change?")
        if self.kind == FLOW:
            return _("Does as much leave as arrives?")
        return str(self.kpi.question)


def _numbers(step: Step) -> list[int | None]:
    return [step.arrived, step.left, step.standing]


def _rounded(values: list[float | None]) -> list[float | None]:
    return [None if each is None else round(each, 2) for each in values]


def _days(span: periods.Range) -> str:
    last = span.day_to - timedelta(days=1)
    return _("%(first)s to %(last)s") % {
        "first": date_format(span.day_from, "j M Y"), "last": date_format(last, "j M Y")
    }  # fmt: skip
