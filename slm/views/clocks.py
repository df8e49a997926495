"""Why this time? The explanation of a clock."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common.time import now
from people.access import access_of
from people.doors import requires

from .. import queries
from ..bars import bar_of
from ..explain import explanation as explain
from ..models import Clock


@requires("clock.view")
@require_GET
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this time? A page of its own, and a fragment for the ticket page."""
    clocks = Clock.objects.visible_to(request.user).select_related("record", "agreement", "calendar")
    clock = get_object_or_404(clocks, pk=pk)
    explained = explain(clock, now())
    is_fragment = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    record = clock.record
    may_date = record.closed_at is None and access_of(request.user).allows_on("record.date_back", record)
    context = {
        "clock": clock,
        "explained": explained,
        "view": queries.view_of(clock, at=explained.at),
        "bar": bar_of(clock, explained),
        "is_fragment": is_fragment,
        "may_date_back": may_date and clock.is_live and clock.part is None,
        "may_date_stop": may_date and clock.stopped_at is not None and clock.stopped_at == record.resolved_at,
    }
    response = render(request, "slm/_explanation.html" if is_fragment else "slm/explanation.html", context)
    response["Vary"] = "HX-Request"
    return response
