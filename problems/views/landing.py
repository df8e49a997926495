"""Where work on problems begins: what is open, what is known, where to look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from people.access import access_of
from people.doors import requires

from ..enums import State
from ..models import Problem
from ..queries import known_errors
from ..queries.impact import impacts_of

SHOWN = 50
LATEST_KNOWN = 6


@requires("record.queue")
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Open problems with what they cost, the worst first, and the latest known errors."""
    at = now()
    rows = list(
        Problem.objects.visible_to(request.user)
        .open()
        .select_related("service", "owner", "assignee")
        .order_by("-pk")[: SHOWN + 1]
    )
    impacts = impacts_of(rows, request.user, at=at)
    problems = [(each, *impacts.get(each.pk, (0, 0))) for each in rows[:SHOWN]]
    problems.sort(key=lambda each: (-each[2], each[0].priority, -each[0].pk))
    access = access_of(request.user)
    context = {
        "problems": [(each, incidents, minutes / 60) for each, incidents, minutes in problems],
        "is_cut": len(rows) > SHOWN,
        "watched": sum(each.state == State.VERIFYING for each in rows),
        "known": known_errors.listed(request.user)[:LATEST_KNOWN],
        "can_create": access.allows("problem.create"),
    }
    return render(request, "problems/landing.html", context)
