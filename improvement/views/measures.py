"""Before and after: baselines, targets, verdicts with their reasons, and the classic seven-step plan of measuring."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from measurement.periods import today
from people.access import Access

from .. import presenting
from ..forms import ExpectationForm, JudgmentForm, ObservationForm, PinForm, TargetForm
from ..models import Improvement, Measure, Verdict
from ..operations.measuring import may_see_figures
from ..queries.wheel import Wheel, wheel_of
from ..questions import CLASSIC
from .improvement import Tab

USUAL_DAYS = 84


class MeasuresTab(Tab):
    """What is measured, and what the comparison says."""

    tab = "measures"
    template = "improvement/measures.html"

    def more(self, request: HttpRequest, record: Improvement, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        wheel = wheel_of(record)
        rows = [_row(each, wheel, request.user, record) for each in wheel.measures]
        return found | {
            "wheel": wheel,
            "observations": [row for row in rows if row["measure"].is_observation],
            "figures": [row for row in rows if not row["measure"].is_observation],
            "observation_form": ObservationForm() if found["may_work"] else None,
            "pin_form": _pin_form(record, request.user, at) if found["may_work"] else None,
            "may_judge": access.allows_on("improvement.judge", record) and found["may_work"],
            "chart_head": [_("Week from"), _("When"), _("Figure")],
            "plan": _plan(record, wheel, [row for row in rows if row["may_see"]]),
        }


def _row(measure: Measure, wheel: Wheel, viewer: Any, record: Improvement) -> dict[str, Any]:
    verdict = wheel.verdicts.get(measure.pk)
    row: dict[str, Any] = {"measure": measure, "verdict": verdict, "may_see": may_see_figures(viewer, measure)}
    key = measure.pk
    if measure.is_observation:
        return row | {
            "expect": ExpectationForm(auto_id=f"expect-{key}-%s"),
            "judge": JudgmentForm(auto_id=f"judge-{key}-%s"),
        }
    initial = {"target": measure.target, "target_date": measure.target_date}
    row["target"] = TargetForm(initial=initial, auto_id=f"target-{key}-%s")
    row["minimum"] = presenting.minimum(measure)
    if not row["may_see"]:
        return row
    latest = verdict
    later = list(measure.verdicts.order_by("months", "pk"))
    if verdict is not None:
        row |= {
            "sentence": presenting.sentence(measure, verdict),
            "signals": presenting.signals(measure, verdict),
            "rivals": presenting.rivals(measure, verdict, viewer, record),
        }
    row["others"] = [
        {"verdict": each, "sentence": presenting.sentence(measure, each)} for each in later if each != latest
    ]
    return row | {
        "chart": _chart(measure, verdict),
        "chart_id": f"weeks-{key}",
        "chart_rows": _chart_rows(measure, verdict),
    }


def _weeks(measure: Measure, verdict: Verdict | None) -> list[tuple[str, float, bool]]:
    factor = measure.declared.factor if measure.declared is not None and measure.baseline["kind"] == "share" else 1
    after = verdict.numbers.get("weeks", []) if verdict is not None else []
    return [
        *((first, value * factor, False) for first, value, _size in measure.baseline.get("weeks", [])),
        *((first, value * factor, True) for first, value, _size in after),
    ]


def _chart(measure: Measure, verdict: Verdict | None) -> dict[str, Any] | None:
    """Two lines by week, before and after, with the target; the chart library draws it."""
    weeks = _weeks(measure, verdict)
    if not weeks:
        return None
    chart: dict[str, Any] = {
        "kind": "line",
        "unit": "",
        "min": 0,
        "labels": [date_format(datetime.fromisoformat(first), "j M") for first, _value, _is_after in weeks],
        "series": [
            {
                "label": label,
                "values": [round(value, 2) if is_after == wanted else None for _first, value, is_after in weeks],
            }
            for label, wanted in ((_("before"), False), (_("after"), True))
            if any(is_after == wanted for _f, _value, is_after in weeks)
        ],
    }
    if measure.target is not None:
        chart["target"] = {"label": _("Target"), "value": measure.target}
    return chart


def _chart_rows(measure: Measure, verdict: Verdict | None) -> list[list[Any]]:
    return [
        [
            date_format(datetime.fromisoformat(first), "j M Y"),
            _("after") if is_after else _("before"),
            measure.written(value),
        ]
        for first, value, is_after in _weeks(measure, verdict)
    ]


def _pin_form(record: Improvement, viewer: Any, at: datetime) -> PinForm:
    """Twelve weeks up to yesterday, or up to the action."""
    end = min(today(at), record.acted_on or today(at))
    initial = {
        "kpi": record.kpi, "baseline_from": end - timedelta(days=USUAL_DAYS), "baseline_to": end,
        "service": record.service_id,
    }  # fmt: skip
    return PinForm(initial=initial, viewer=viewer)


def _plan(record: Improvement, wheel: Wheel, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The classic seven-step process, filled from what is declared, pinned and compared."""
    said = {int(each.step): {question.name: text for question, text in each.answers} for each in wheel.steps}
    figures = [row["measure"] for row in rows if not row["measure"].is_observation and row["measure"].declared]
    texts = [
        [str(record.goal or ""), said[1]["vision"]],
        [f"{each.name}: {each.declared.question}" for each in figures] + [said[2]["findings"]],
        [
            _("%(source)s, %(start)s to %(end)s, %(count)s records") % {
                "source": each.declared.source_text, "start": date_format(each.baseline_from, "j M Y"),
                "end": date_format(each.baseline_to - timedelta(days=1), "j M Y"), "count": each.baseline["count"],
            }
            for each in figures
        ],
        [
            f"{each.declared.numerator_text}{f' / {each.declared.denominator_text}' if each.declared.is_ratio else ''}"
            for each in figures
        ],
        [f"{each.name}: {each.baseline_value} → {each.aim}" for each in figures if each.target is not None]
        + [said[3]["gap"]],
        [f"{row['measure'].name}: {row['verdict'].get_word_display()}" for row in rows if row["verdict"] is not None],
        [said[6]["statement"]],
    ]  # fmt: skip
    return [
        {"number": number, "name": name, "hint": hint, "step": int(step), "texts": [each for each in found if each]}
        for number, ((name, hint, step), found) in enumerate(zip(CLASSIC, texts, strict=True), start=1)
    ]
