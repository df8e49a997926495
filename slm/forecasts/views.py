"""The page of the forecast, and the sentence on the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.time import now
from measurement import filters
from people.doors import requires

from . import listing, presenting
from .estimating import NEEDED
from .models import Lesson


@require_safe
@requires("forecast.view")
def forecast(request: HttpRequest) -> HttpResponseBase:
    """What will probably be missed in this shift, the likeliest first, and how right such forecasts were."""
    at = now()
    asked = filters.read(request.GET, request.user, at=at, operation="forecast.view")
    rows, following = listing.page_of(asked, before=request.GET.get("before", ""))
    lesson = Lesson.objects.filter(is_sample=asked.scope.is_sample).first()
    context = {
        "asked": asked,
        "expected": listing.sum_of(asked),
        "lines": [
            {
                "forecast": row,
                "chance": presenting.percent(row.chance),
                "why": presenting.why(row),
                "alike": presenting.alike_of(row),
            }
            for row in rows
        ],
        "older_url": f"?{asked.query(before=following)}" if following else "",
        "newest_url": f"?{asked.query()}" if request.GET.get("before") else "",
        "lesson": lesson,
        "deciles": deciles_of(lesson) if lesson else [],
        "needed": NEEDED,
    }
    return render(request, "slm/forecasts/forecast.html", context)


def deciles_of(lesson: Lesson) -> list[dict[str, Any]]:
    """Lines of the table that compares chances with what happened; empty tenths left out."""
    return [
        {
            "from": tenth * 10,
            "to": tenth * 10 + 10,
            "count": count,
            "said": f"{said * 100:.1f}%",
            "happened": f"{happened * 100:.1f}%",
        }
        for tenth, (count, said, happened) in enumerate(lesson.deciles)
        if count
    ]
