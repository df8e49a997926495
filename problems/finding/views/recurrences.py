"""How much comes back, month by month."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.time import now
from people.doors import person_of, requires

from .. import pareto as counting
from .. import recurrence as counted
from ..recurrence import WHYS, Month, Recurrence
from .incidents import listed

OPERATION = "cluster.view"
DIGITS = 1


@require_safe
@requires(OPERATION)
def recurrence(request: HttpRequest) -> HttpResponseBase:
    """The share of incidents that were known before; up to today, or to the latest month with any."""
    at, viewer = now(), person_of(request)
    found = Recurrence(viewer, counted.until(at, viewer))
    if found.is_empty and (latest := counting.latest_report(viewer)):
        found = Recurrence(viewer, latest)
    months = found.months
    context = {
        "recurrence": found,
        "months": list(reversed(months)),
        "whys": list(WHYS.values()),
        "chart": _chart(months),
        "head": [_("Month"), _("Share")],
        "table": [
            [date_format(each.first, "M Y"), "–" if each.share is None else f"{each.share:.{DIGITS}f}%"]
            for each in months
        ],
        "kpi_url": f"{reverse('measurement:kpi', args=['prb-recurrence'])}?range=12m",
    }
    return render(request, "problems/finding/recurrence.html", context)


def _chart(months: list[Month]) -> dict[str, Any]:
    def share(month: Month, why: str) -> float | None:
        return round(month.parts[why] * 100 / month.opened, DIGITS) if month.opened else None

    return {
        "kind": "stacked",
        "unit": "%",
        "labels": [date_format(each.first, "M Y") for each in months],
        "series": [
            {
                "label": str(label),
                "values": [share(each, why) for each in months],
                "links": [each.url(why) for each in months],
            }
            for why, label in WHYS.items()
        ],
    }


@require_safe
@requires(OPERATION)
def incidents(request: HttpRequest) -> HttpResponseBase:
    """The incidents of a month that had been known before."""
    viewer = person_of(request)
    days = counting.read_days(request.GET, viewer, at=now())
    why = request.GET.get("why", "")
    label = WHYS.get(why, _("Known before"))
    query = request.GET.copy()
    query.pop("page", None)
    return listed(
        request,
        counted.rows_behind(days, viewer, why),
        crumbs=[
            {"label": _("Problems"), "url": "/problems/"},
            {"label": _("Recurrence"), "url": reverse("finding:recurrence")},
            {"label": label},
        ],
        title=str(label),
        detail=_("%(first)s to %(last)s")
        % {"first": date_format(days.first, "j M Y"), "last": date_format(days.last, "j M Y")},
        query=query.urlencode(),
    )
