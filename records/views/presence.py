"""The door for presence: a beat every 20 seconds, answered with who else is here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from people.doors import person_of, requires

from .. import operations
from ..models import Presence
from ..operations import seeing
from ..operations.presence import GONE_AFTER
from .base import record_or_404


@requires("record.read_notes")
@require_POST
def presence(request: HttpRequest, number: int) -> HttpResponse:
    """Note that the person looks or writes; an idle one is gone after 45 seconds like one who left."""
    record = record_or_404(request.user, number)
    moment, state = now(), request.POST.get("state", "viewing")
    if state != "idle":
        operations.beat(record=record, by=request.user, at=moment, is_replying=state == "replying")
        seeing.look(record=record, by=request.user, at=moment)
    others = (
        Presence.objects.filter(record_id=record.pk, seen_at__gt=moment - GONE_AFTER)
        .exclude(user=person_of(request))
        .select_related("user")
        .order_by("-is_replying", "user__name", "user_id")
    )
    return render(request, "records/_presence.html", {"others": others})
