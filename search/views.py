"""The page of search results. Everybody who signed in may search; what they find is what they may see."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from common.numbers import number_in
from common.texts import one_line
from people.access import access_of
from people.doors import requires
from records.models import SavedView
from records.query import Clock, Query, QueryProblem, Scene, Term, parse
from records.query.chips import chips_of
from records.views.base import address_for

from . import queries
from .facets import facets_of

LONGEST = 1000
SAVED = 20


def scene_of(request: HttpRequest) -> Scene:
    zone = timezone.get_current_timezone()
    return Scene(request.user, Clock(now(), zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")))


@require_GET
@requires("record.view")
def results(request: HttpRequest) -> HttpResponse:
    """Tickets, people and services for `q`; `from` passes over the hits of earlier pages."""
    text = one_line(request.GET.get("q", ""))[:LONGEST]
    start = min(number_in(request.GET.get("from")) or 0, queries.RANKED)
    found, problem, query = queries.Found(), None, Query()
    access = access_of(request.user)
    if text:
        try:
            query = parse(text)
            found = queries.find(query, scene_of(request), start=start)
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
        "may_queue": access.allows("record.queue"),
        "may_save": access.allows("view.save"),
        "saved": _saved(request.user) if access.allows("view.save") and not text else [],
        "chips": [
            {"field": chip.field, "label": chip.label, "url": f"?{urlencode({'q': chip.rest})}"}
            for part, chip in zip(query.parts, chips_of(query), strict=True)
            if isinstance(part, Term)
        ],
        "facets": facets_of(found.keys, query, is_capped=found.is_capped, is_staff=access.allows("record.queue")),
    }
    return render(request, "search/results.html", context)


def _saved(user: Any) -> list[SavedView]:
    """The person's own views, which search as well as they list."""
    return list(SavedView.objects.filter(owner=user.pk).order_by("position", "name", "pk")[:SAVED])
