"""Which few causes make most of the incidents."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit import log
from common import csvs
from common.time import now
from people.doors import person_of, requires

from .. import pareto as counting
from ..dimensions import DIMENSIONS
from ..pareto import MOST, RANGES, WEIGHTS, Asked, Pareto
from .incidents import listed

OPERATION = "cluster.view"
RANGE_LABELS = {"30d": gettext_lazy("30 days"), "90d": gettext_lazy("90 days"), "12m": gettext_lazy("12 months")}
LONGEST_LABEL = 24
DIGITS = 1


@require_safe
@requires(OPERATION)
def pareto(request: HttpRequest) -> HttpResponseBase:
    """Bars by weight with the share that they make together; `format=csv` gives the file."""
    at = now()
    asked = counting.read(request.GET, person_of(request), at=at)
    found = Pareto(asked)
    if request.GET.get("format") == "csv":
        log.record(
            "pareto.exported", subject_kind="measure", subject_id=0, by=request.user, at=at,
            data={"query": asked.query()},
        )  # fmt: skip
        return csvs.answer(f"pareto-{asked.dimension.name}", *_file(found))
    context = {
        "asked": asked,
        "pareto": found,
        "chart": _chart(found),
        "head": [_("Rank"), str(asked.dimension.label), _("Share"), _("Together")],
        "table": [
            [rank, bar.label, f"{bar.share:.{DIGITS}f}%", f"{bar.so_far:.{DIGITS}f}%"]
            for rank, bar in enumerate(found.shown, start=1)
        ],
        "days_text": _days_text(asked),
        "tabs": [
            {"label": each.label, "url": f"?{asked.query(by=name)}", "is_current": name == asked.dimension.name}
            for name, each in DIMENSIONS.items()
        ],
        "weights": list(WEIGHTS.items()),
        "ranges": [(name, RANGE_LABELS[name]) for name in RANGES],
        "csv_url": f"?{asked.query(format='csv')}",
        "latest": None if not found.is_empty else counting.latest_report(asked.viewer),
    }
    return render(request, "problems/finding/pareto.html", context)


def _days_text(asked: Asked) -> str:
    days = asked.days
    return _("%(first)s to %(last)s") % {
        "first": date_format(days.first, "j M Y"),
        "last": date_format(days.last, "j M Y"),
    }


def _chart(found: Pareto) -> dict[str, Any]:
    """Bars and line in percent of the whole, so that both stand on one axis."""
    bars = found.shown
    return {
        "kind": "bar",
        "unit": "%",
        "max": 100,
        "labels": [_short(bar.label) for bar in bars],
        "target": {"label": _("80% of all"), "value": MOST},
        "series": [
            {
                "label": str(WEIGHTS[found.asked.weight]),
                "values": [round(bar.share, DIGITS) for bar in bars],
                "links": [bar.url for bar in bars],
            },
            {"label": _("Together"), "values": [round(bar.so_far, DIGITS) for bar in bars], "line": True},
        ],
    }


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _file(found: Pareto) -> tuple[list[str], Any]:
    head = ["rank", found.asked.dimension.name, "incidents", "user_minutes_lost", "share_percent", "together_percent"]
    lines = (
        [rank, bar.label, bar.incidents, bar.minutes, round(bar.share, 2), round(bar.so_far, 2)]
        for rank, bar in enumerate(found.bars, start=1)
    )
    return head, lines


@require_safe
@requires(OPERATION)
def incidents(request: HttpRequest) -> HttpResponseBase:
    """The incidents of one bar."""
    asked = counting.read(request.GET, person_of(request), at=now())
    slug = request.GET.get("key", "")
    try:
        rows = counting.rows_behind(asked, slug)
        key = asked.dimension.key(slug)
    except ValueError:
        raise Http404 from None
    label = asked.dimension.shown([key])[key].label
    return listed(
        request,
        rows,
        crumbs=[
            {"label": _("Problems"), "url": "/problems/"},
            {"label": _("Pareto"), "url": f"{reverse('finding:pareto')}?{asked.query()}"},
            {"label": label},
        ],
        title=f"{asked.dimension.label}: {label}",
        detail=_days_text(asked),
        query=asked.query(key=slug),
    )
