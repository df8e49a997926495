"""The wall: the few numbers of the dashboard that a team reads from across the room, refreshed by itself."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from measurement import filters
from people.access import can
from people.doors import requires
from records.models import Record

from .page import Page

OPERATION = "sla.view"
NEXT_SHOWN = 6
EVERY_SECONDS = 30


@require_safe
@requires(OPERATION)
def wall(request: HttpRequest) -> HttpResponseBase:
    """The whole wall; its numbers alone for a page that refreshes itself."""
    at = now()
    asked = filters.read(request.GET, request.user, at=at, operation=OPERATION)
    page = Page(asked, at)
    context: dict[str, Any] = {
        "page": page,
        "asked": asked,
        "at": at,
        "next": next_to_run_out(asked, request.user, at),
        "every_seconds": EVERY_SECONDS,
        "wall_url": f"{reverse('sla:wall')}?{asked.query()}",
        "dashboard_url": f"{reverse('sla:dashboard')}?{asked.query()}",
        "links_url": f"{reverse('sla:wall_links')}?{asked.query()}" if can(request.user, "wall.link") else "",
    }
    is_part = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    response = render(request, "slm/dashboard/_wall.html" if is_part else "slm/dashboard/wall.html", context)
    response["Vary"] = "HX-Request"
    return response


def next_to_run_out(asked: Any, viewer: Any, at: Any) -> list[Record]:
    """The tickets whose clocks run out next; those that have run out stand in the count above."""
    rows = Record.objects.visible_to(viewer).open().filter(due_state="running", due_at__gt=at)
    for name, key in asked.scope.filters.items():
        rows = rows.filter(**{name: key or None})
    if asked.scope.has_sample:
        rows = rows.filter(is_sample=asked.scope.is_sample)
    return list(rows.select_related("service", "team").order_by("due_at", "pk")[:NEXT_SHOWN])
