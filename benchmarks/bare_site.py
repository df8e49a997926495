"""
The bare Django views that pages and API are compared with: one query by the ORM and a plain template or JSON.

No rights, no clocks, no log, no components: what a quick sketch of the same page would cost.
"""

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Engine
from django.urls import path
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

from audit.models import Entry
from incidents.models import Incident
from measurement.cells import unpack
from measurement.models import Reading
from records.models import Comment, Record
from search.models import Document

NAMES = ("requester", "organization", "service", "team", "assignee")
ENGINE = Engine()
TABLE = ENGINE.from_string("""<!doctype html><title>Queue</title><p>{{ user.name }}</p><table>{% for r in rows %}<tr>
<td><a href="/incidents/INC-{{ r.pk }}/">INC-{{ r.pk }}</a></td><td>{{ r.title }}</td>
<td>{{ r.get_priority_display }}</td><td>{{ r.state }}</td><td>{{ r.requester.name }}</td>
<td>{{ r.organization.name }}</td><td>{{ r.service.name }}</td>
<td>{{ r.team.name }}</td><td>{{ r.assignee.name }}</td><td>{{ r.opened_at|date:"Y-m-d H:i" }}</td>
<td>{{ r.due_at|date:"Y-m-d H:i" }}</td></tr>{% endfor %}</table>""")
TICKET = ENGINE.from_string("""<!doctype html><title>{{ r.title }}</title><h1>INC-{{ r.pk }} {{ r.title }}</h1>
<p>{{ r.description }}</p><dl><dd>{{ r.requester.name }}</dd><dd>{{ r.organization.name }}</dd>
<dd>{{ r.team.name }}</dd><dd>{{ r.assignee.name }}</dd><dd>{{ r.due_at|date:"Y-m-d H:i" }}</dd></dl>
{% for c in clocks %}<p>{{ c.kind }} {{ c.state }} {{ c.due_at|date:"Y-m-d H:i" }}</p>{% endfor %}
{% for c in comments %}<article>{{ c.author.name }} {{ c.at|date:"Y-m-d H:i" }}<p>{{ c.text }}</p></article>{% endfor %}
{% for e in entries %}<p>{{ e.action }} {{ e.at|date:"Y-m-d H:i" }}</p>{% endfor %}""")


def _page(template: Any, request: HttpRequest, **values: Any) -> HttpResponse:
    return HttpResponse(template.render(Context({"user": request.user, **values})))


def queue(request: HttpRequest) -> HttpResponse:
    rows = Record.objects.exclude(phase="done").select_related(*NAMES).order_by("due_at", "id")[:50]
    return _page(TABLE, request, rows=rows)


def ticket(request: HttpRequest, key: int) -> HttpResponse:
    found = Incident.objects.select_related(*NAMES).get(pk=key)
    return _page(
        TICKET,
        request,
        r=found,
        clocks=found.clocks.all(),
        comments=Comment.objects.filter(record=key).select_related("author"),
        entries=Entry.objects.filter(subject_kind="record", subject_id=key).order_by("id"),
    )


def search(request: HttpRequest) -> HttpResponse:
    newest = Record.objects.order_by("-id").values_list("pk", flat=True)[0] - 10_000
    hits = Document.objects.filter(record__gt=newest, vector=request.GET["q"]).order_by("-record_id")[:25]
    rows = Record.objects.filter(pk__in=[each.record_id for each in hits]).select_related(*NAMES)
    return _page(TABLE, request, rows=rows)


def dashboard(request: HttpRequest) -> HttpResponse:
    days = Reading.objects.filter(family="incident.finished", cube="work", grain="day").order_by("-first_day")[:200]
    sums = [[str(day.first_day), *(int(each.sum()) for each in unpack(day.cells)[1:])] for day in days]
    return JsonResponse({"user": request.user.name, "days": sums})


def _plain(found: Any) -> dict[str, Any]:
    names = {name: getattr(getattr(found, name), "name", None) for name in NAMES}
    return names | {"number": found.pk, "title": found.title, "state": found.state, "opened_at": found.opened_at,
                    "due_at": found.due_at, "priority": found.priority}  # fmt: skip


@csrf_exempt
def incidents(request: HttpRequest) -> HttpResponse:
    """The list, or a new one: two rows and a log entry in one transaction."""
    if request.method == "POST":
        said, at = json.loads(request.body), now()
        with transaction.atomic():
            made = Incident.objects.create(
                kind="incident", title=said["title"], requester_id=said["requester"], state="new",
                organization_id=said["organization"], created_at=at, opened_at=at, updated_at=at,
            )  # fmt: skip
            Entry.objects.create(at=at, action="incident.created", subject_kind="record", subject_id=made.pk,
                                 channel="api", changes={"title": [None, made.title]})  # fmt: skip
        return JsonResponse(_plain(made), status=201)
    rows = Record.objects.filter(kind="incident").select_related(*NAMES).order_by("-id")[:50]
    return JsonResponse({"user": request.user.pk, "items": [_plain(each) for each in rows]})


def incident(request: HttpRequest, key: int) -> HttpResponse:
    found = Incident.objects.select_related(*NAMES).get(pk=key)
    said = [
        {"author": each.author.name if each.author else None, "text": each.text, "at": each.at}
        for each in Comment.objects.filter(record=key).select_related("author")
    ]
    return JsonResponse(_plain(found) | {"user": request.user.pk, "comments": said})


urlpatterns = [
    path("queue/", queue),
    path("incidents/<int:key>/", ticket),
    path("search/", search),
    path("sla/", dashboard),
    path("api/incidents/", incidents),
    path("api/incidents/<int:key>/", incident),
]
