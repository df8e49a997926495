"""Where work on changes begins: what waits for whom, and what happens this week."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from people.access import access_of
from people.doors import requires

from ..enums import State
from ..queries import landing as reads


@requires("record.queue")
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Changes by what they wait for, and the next seven days with what overlaps."""
    at, access = now(), access_of(request.user)
    waiting = reads.waiting(request.user)
    slots = reads.this_week(request.user, at=at)
    context = {
        "authorizing": waiting[State.AUTHORIZING],
        "assessing": waiting[State.ASSESSING],
        "implementing": waiting[State.IMPLEMENTING],
        "reviewing": waiting[State.REVIEWING],
        "drafts": waiting[State.DRAFT],
        "slots": slots,
        "overlap_count": sum(bool(each.others) for each in slots),
        "is_empty": not slots and not any(waiting.values()),
        "can_create": access.allows("change.create"),
        "now": at,
    }
    return render(request, "changes/landing.html", context)
