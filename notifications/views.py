"""Doors of the inbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.templatetags.steward import exact
from people.doors import requires

from . import counts, operations, queries, subjects

MORNING_HOUR = 9
MUTED = "muted"


@requires("inbox.use")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What needs this person, grouped by what it is about."""
    moment = now()
    show = request.GET.get("show", "all")
    show = show if show in queries.FILTERS or show == MUTED else "all"
    tabs = [
        {"label": label, "url": f"?show={name}", "is_current": name == show, "count": None}
        for name, label in (
            ("all", _("All")),
            ("mentions", _("Mentions")),
            ("approvals", _("Approvals")),
            ("sla", _("SLA")),
            (MUTED, _("Muted")),
        )
    ]
    if show == MUTED:
        return render(request, "notifications/muted.html", {"headings": queries.muted(request.user), "tabs": tabs})
    context = {
        "groups": queries.groups(request.user, at=moment, show=show),
        "tabs": tabs,
        "show": show,
        "presets": presets(moment),
    }
    if request.headers.get("HX-Request") and request.GET.get("part") == "list":
        stamp = _stamp(context["groups"])  # type: ignore[arg-type]
        if stamp == request.GET.get("seen"):
            return HttpResponse(status=204)
        answer = render(request, "notifications/inbox.html#list", context)
        answer["X-Poll-Url"] = f"{request.path}?show={show}&part=list&seen={stamp}"
        return answer
    return render(request, "notifications/inbox.html", context | {"stamp": _stamp(context["groups"])})  # type: ignore[arg-type]


def _stamp(groups: list[queries.Group]) -> str:
    """Changes with whatever the list shows."""
    newest = max((notice.pk for group in groups for notice in group.notices), default=0)
    return f"{newest}-{sum(len(group.notices) for group in groups)}-{sum(group.is_unread for group in groups)}"


@requires("inbox.use")
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """The number beside “Inbox”: 204 while it is what the page shows."""
    number = counts.count_of(request.user, at=now())
    if request.GET.get("seen") == str(number):
        return HttpResponse(status=204)
    answer = render(request, "notifications/_count.html", {"count": number})
    answer["X-Poll-Url"] = f"{request.path}?seen={number}"
    return answer


def _back(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    back = request.POST.get("back", "")
    answer = HttpResponseRedirect(back if back in ALLOWED_BACK else "/inbox/")
    answer.status_code = 303
    return answer


ALLOWED_BACK = {f"/inbox/?show={name}" for name in (*queries.FILTERS, MUTED)}


def _seen(request: HttpRequest, about: subjects.About) -> Any:
    thing = subjects.find(about, request.user)
    if thing is None:
        raise Http404
    return thing


@requires("inbox.use")
@require_POST
def reading(request: HttpRequest, number: int, kind: str = subjects.RECORD) -> HttpResponse:
    """Note that it was read, and lead to it."""
    about = subjects.About(kind, number)
    thing = _seen(request, about)
    operations.mark_read(by=request.user, about=about, at=now())
    answer = HttpResponseRedirect(subjects.address_of(thing))
    answer.status_code = 303
    return answer


@requires("inbox.use")
@require_POST
def done(request: HttpRequest, number: int, kind: str = subjects.RECORD) -> HttpResponse:
    """Put it away (E), or take it out again."""
    moment = now()
    if since := parse_datetime(request.POST.get("since", "") or request.GET.get("since", "")):
        operations.take_out(by=request.user, about=subjects.About(kind, number), since=since)
    elif operations.done(by=request.user, about=subjects.About(kind, number), at=moment):
        undo = f"{request.path}?{urlencode({'since': moment.isoformat()})}"
        messages.success(request, _("Done."), extra_tags=undo)
    return _back(request)


@requires("inbox.use")
@require_POST
def snooze(request: HttpRequest, number: int, kind: str = subjects.RECORD) -> HttpResponse:
    """Let it sleep (Z): an hour, until tomorrow morning, or until Monday morning."""
    moment = now()
    until = {preset.name: preset.until for preset in presets(moment)}.get(request.POST.get("until", ""))
    if until is None:
        messages.error(request, _("Choose how long it sleeps."))
        return _back(request)
    operations.snooze(by=request.user, about=subjects.About(kind, number), at=moment, until=until)
    messages.success(request, _("Asleep until %(moment)s.") % {"moment": exact(until)})
    return _back(request)


@dataclass(frozen=True)
class Preset:
    """How long something may sleep. :param until: the moment it wakes up."""

    name: str
    label: Any
    until: datetime


def presets(moment: datetime) -> list[Preset]:
    """An hour, tomorrow and Monday at nine; by the wall clock of the person's zone, also when it changes meanwhile."""
    today = localtime(moment)
    morning = today.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)
    return [
        Preset("hour", _("In an hour"), moment + timedelta(hours=1)),
        Preset("morning", _("Tomorrow, 9:00"), morning + timedelta(days=1)),
        Preset("week", _("Monday, 9:00"), morning + timedelta(days=7 - today.weekday())),
    ]


@requires("inbox.use")
@require_POST
def muting(request: HttpRequest, number: int, kind: str = subjects.RECORD) -> HttpResponse:
    """Hear nothing more of a record or another subject, or (`off`) of it again."""
    about = subjects.About(kind, number)
    thing = _seen(request, about)
    named = {"subject": getattr(thing, "reference", "") or str(thing)}
    if request.POST.get("off") or request.GET.get("off"):
        operations.unmute(by=request.user, about=about)
        messages.success(request, _("You hear of %(subject)s again.") % named)
    else:
        operations.mute(by=request.user, about=about, at=now())
        text = _("%(subject)s is muted. You hear of it when it is given to you or names you.")
        messages.success(request, text % named, extra_tags=f"{request.path}?off=1")
    return _back(request)


@requires("inbox.use")
@require_POST
def unread(request: HttpRequest, number: int, kind: str = subjects.RECORD) -> HttpResponse:
    """Mark it unread (U)."""
    operations.mark_unread(by=request.user, about=subjects.About(kind, number))
    return _back(request)
