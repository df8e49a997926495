"""Where work on releases begins: what is on its way, what is live and watched, what ended lately."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from people.access import access_of
from people.doors import requires

from ..queries import landing as reads


@requires("record.queue")
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Releases by where they are, with how far they are."""
    at, access = now(), access_of(request.user)
    found = reads.rows(request.user, at=at)
    context = {
        **found,
        "is_empty": not any(found.values()),
        "can_create": access.allows("release.create"),
        "can_set": access.allows("release.set_checklist"),
        "now": at,
    }
    return render(request, "releases/landing.html", context)
