"""Answers what is typed into the palette: records, people, views of the queue; each as the person may see it."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from people.access import access_of
from people.doors import requires
from records.models import SavedView
from records.operations.views import label_of
from records.query import Clock, Query, Scene, Words
from records.views.base import address_for
from search import queries

MOST = 8
LONGEST = 200
Item = dict[str, str]


@require_GET
@requires("record.view")
def results(request: HttpRequest) -> JsonResponse:
    """Groups for `q`. `#` asks for records alone, `@` for people alone; acts and keys are the browser's own."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    prefix, text = (typed[:1], typed[1:].strip()) if typed[:1] in {"#", "@", ">", "?"} else ("", typed)
    groups: list[dict[str, Any]] = []
    if text and prefix not in {">", "?"}:
        if prefix != "@":
            groups.append({"label": _("Tickets"), "items": _tickets(request.user, text)})
        if prefix == "":
            groups.append({"label": _("Views"), "items": _views(request.user, text)})
        if prefix != "#":
            groups.append({"label": _("People"), "items": _people(request.user, text)})
    return JsonResponse({"groups": [group for group in groups if group["items"]]})


def _tickets(user: Any, text: str) -> list[Item]:
    zone = timezone.get_current_timezone()
    scene = Scene(user, Clock(now(), zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")))
    hits = queries.tickets(Query(tuple(Words(word) for word in text.split())), scene, limit=MOST)
    return [
        {
            "label": record.reference,
            "detail": f"{record.title} · {record.state_label}",
            "url": address_for(user, record),
        }
        for record in hits
    ]


def _views(user: Any, text: str) -> list[Item]:
    if not access_of(user).allows("record.queue"):
        return []
    named = [(view, label_of(view)) for view in SavedView.objects.visible_to(user)]
    return [
        {"label": label, "detail": view.query, "url": reverse("records:queue_view", args=[view.slug])}
        for view, label in named
        if text.lower() in label.lower()
    ][:MOST]


def _people(user: Any, text: str) -> list[Item]:
    if not access_of(user).allows("record.queue"):
        return []
    return [
        {
            "label": person.name,
            "detail": person.organization.name,
            "url": f"{reverse('records:queue')}?{urlencode({'q': f'requester:{person.username}'})}",
        }
        for person in queries.people_named(text, user)
    ]
