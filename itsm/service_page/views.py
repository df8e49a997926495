"""The page of a service, for the provider's people."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.time import now
from people.access import can
from people.doors import person_of, requires
from services.queries import services_visible_to

from .cards import cards_of
from .page import OPERATION, SHOWN, ServicePage


@require_safe
@requires(OPERATION)
def service(request: HttpRequest, slug: str) -> HttpResponseBase:
    """How it stands, what was promised, what is open, what is ahead, who answers for it."""
    rows = services_visible_to(request.user).select_related("owner", "support_team__lead", "parent")
    found = get_object_or_404(rows, slug=slug)
    page = ServicePage(found, person_of(request), now())
    context = {
        "page": page,
        "cards": cards_of(page),
        "service": found,
        "shown": SHOWN,
        "may_record": can(request.user, "outage.record"),
        "may_see_impact": can(request.user, "item.view"),
        "may_see_specification": can(request.user, "specification.view"),
    }
    return render(request, "service_page/service.html", context)
