"""Doors of the inbox."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import Refused
from people.doors import requires
from records.models import Record

from . import counts, operations, queries

SLEEP = {"hour": timedelta(hours=1), "evening": timedelta(hours=4)}
MORNING_HOUR = 8


@requires("inbox.use")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What needs this person, grouped by record."""
    moment = now()
    show = request.GET.get("show", "all")
    show = show if show in queries.FILTERS else "all"
    tabs = [
        {"label": label, "url": f"?show={name}", "is_current": name == show, "count": None}
        for name, label in (("all", _("All")), ("mentions", _("Mentions")), ("sla", _("SLA")))
    ]
    context = {"groups": queries.groups(request.user, at=moment, show=show), "tabs": tabs, "show": show}
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


ALLOWED_BACK = {f"/inbox/?show={name}" for name in queries.FILTERS}


@requires("inbox.use")
@require_POST
def reading(request: HttpRequest, number: int) -> HttpResponse:
    """Note that it was read, and lead to the record."""
    record = get_object_or_404(Record.objects.visible_to(request.user), pk=number)
    operations.mark_read(by=request.user, record_id=record.pk, at=now())
    answer = HttpResponseRedirect(f"/r/{record.reference}/")
    answer.status_code = 303
    return answer


@requires("inbox.use")
@require_POST
def done(request: HttpRequest, number: int) -> HttpResponse:
    """Put it away (E), or take it out again."""
    if since := parse_datetime(request.POST.get("since", "")):
        operations.take_out(by=request.user, record_id=number, since=since)
    else:
        operations.done(by=request.user, record_id=number, at=now())
    return _back(request)


@requires("inbox.use")
@require_POST
def snooze(request: HttpRequest, number: int) -> HttpResponse:
    """Let it sleep (Z): an hour, four hours, or until tomorrow morning."""
    moment = now()
    try:
        operations.snooze(
            by=request.user, record_id=number, at=moment, until=_until(request.POST.get("until", ""), moment)
        )
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(request)


def _until(choice: str, moment: datetime) -> datetime:
    if choice in SLEEP:
        return moment + SLEEP[choice]
    tomorrow = localtime(moment) + timedelta(days=1)
    return tomorrow.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)


@requires("inbox.use")
@require_POST
def unread(request: HttpRequest, number: int) -> HttpResponse:
    """Mark it unread (U)."""
    operations.mark_unread(by=request.user, record_id=number)
    return _back(request)
