"""Working through a list: tickets served one by one, skipping, the place of a ticket, what follows a reply."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.models import Entry
from common.numbers import number_in, numbers_in
from common.time import start_of_day
from people.doors import requires

from ..models import AfterReply
from ..operations import playing, seeing
from ..queue.place import place_of
from ..queue.state import MOST_COUNTED, QueueState
from .base import record_or_404
from .queue_lists import state_at, state_for

MOST_SERVED = 500
ENTRIES_LOOKED_AT = 2_000


@require_POST
@requires("record.queue")
def play(request: HttpRequest, view: str = "") -> HttpResponse:
    """Serve the next ticket of the list; `skip` passes one over before, with a `reason` if there is one."""
    at = now()
    state, _views = state_for(request, view, at)
    skipped = number_in(request.POST.get("skip"))
    if skipped is not None:
        record = record_or_404(request.user, skipped)
        seeing.skip(record=record, by=request.user, at=at, reason=request.POST.get("reason", ""))
    return _redirect(_serve(request, state, at))


def _serve(request: HttpRequest, state: QueueState, at: datetime) -> str:
    served = numbers_in(request.POST.get("served", "").split(",")[-MOST_SERVED:])
    rows = state.order.apply(state.records)
    record = playing.serve(rows=rows, by=request.user, at=at, served=served)
    return state.url(part="clear") if record is None else record.get_absolute_url()


def _redirect(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def clear(request: HttpRequest, state: QueueState, at: datetime) -> HttpResponse:
    """The end of a list that was worked through: how much was handled today, and what is left to others."""
    left = min(state.figures["total"], MOST_COUNTED)
    context = {"handled": handled_today(state, at), "left": left, "list_url": state.url(), "view": state.view}
    return render(request, "records/queue/clear.html", context)


def handled_today(state: QueueState, at: datetime) -> int:
    """On how many records the person has acted since their midnight; told from their latest 2,000 acts."""
    clock = state.scene.clock
    midnight = start_of_day(at.astimezone(clock.zone).date(), clock.zone)
    latest = Entry.objects.filter(actor=state.scene.viewer.pk).order_by("-id")
    acts = latest.values_list("subject_kind", "subject_id", "recorded_at")[:ENTRIES_LOOKED_AT]
    return len({number for kind, number, recorded_at in acts if kind == "record" and recorded_at >= midnight})


def place(request: HttpRequest, state: QueueState, at: datetime) -> HttpResponse:
    """Where the ticket `at` stands in the list, and what comes before and after it."""
    number = number_in(request.GET.get("at"))
    found = place_of(state, number) if number is not None else None
    if found is None:
        raise Http404
    total = f"{MOST_COUNTED:,}+" if found.total > MOST_COUNTED else str(found.total)
    text = _("%(at)s of %(count)s") % {"at": found.position, "count": total} if found.position else ""
    return JsonResponse({"text": text, "previous": found.before, "next": found.after})


def after_reply(request: HttpRequest, record: Any, at: datetime) -> str:
    """
    Where the person wants to go once the reply is on its way, by what the form says; remembered for the next one.

    Empty to stay. `list` is the address of the list that they work through; `playing` lets the next one be served.
    """
    where = request.POST.get("after", "")
    if where not in AfterReply.values:
        return ""
    seeing.go_after_reply(by=request.user, where=where)
    if where == AfterReply.STAY:
        return ""
    state = state_at(request, request.POST.get("list", ""), at)
    if where == AfterReply.LIST:
        return state.url()
    if request.POST.get("playing"):
        return _serve(request, state, at)
    found = place_of(state, record.pk)
    return found.after if found and found.after else state.url()
