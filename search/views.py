"""The page of search results. Everybody who signed in may search; what they find is what they may see."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from people.access import access_of
from people.doors import requires
from records.query import Clock, QueryProblem, Scene, parse
from records.views.base import address_for

from . import queries

LONGEST = 1000


def scene_of(request: HttpRequest) -> Scene:
    zone = timezone.get_current_timezone()
    return Scene(request.user, Clock(now(), zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")))


@require_GET
@requires("record.view")
def results(request: HttpRequest) -> HttpResponse:
    """Tickets, people and services for `q`; `from` passes over the hits of earlier pages."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    begin = request.GET.get("from", "")
    start = min(int(begin), queries.RANKED) if begin.isdecimal() and len(begin) < 5 else 0
    found, problem = queries.Found(), None
    if text:
        try:
            found = queries.find(parse(text), scene_of(request), start=start)
        except QueryProblem as error:
            problem = error
    context: dict[str, Any] = {
        "query": text,
        "found": found,
        "problem": problem,
        "repaired": problem.repaired(text) if problem else "",
        "hits": [(hit, address_for(request.user, hit.record)) for hit in found.hits],
        "start": start,
        "earlier": max(0, start - queries.SHOWN) if start else None,
        "later": start + queries.SHOWN if found.count > start + queries.SHOWN else None,
        "count": f"{found.count}+" if found.is_capped else str(found.count),
        "may_queue": access_of(request.user).allows("record.queue"),
    }
    return render(request, "search/results.html", context)
