"""One editor for every cell of the queue: GET asks with a small form, POST acts and answers the row."""

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.forms import tell
from common.numbers import version_in
from common.refusals import NotAllowed, Refused
from people.doors import requires

from ..bulk import runs
from ..bulk.acts import ACTS
from ..models import Comment, Record
from ..operations import seeing
from ..queue.forms import act_form
from ..queue.ordering import Order
from ..queue.rows import lay_out, rows_of
from .base import record_or_404
from .queue_lists import state_at

EDITOR = "records/queue/editor.html"


@require_http_methods(["GET", "POST"])
@requires("record.queue")
def edit(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Ask for, and do, one act on one ticket, in the place of its cell."""
    if act not in ACTS:
        raise Http404
    at = now()
    record = record_or_404(request.user, number)
    if request.method == "GET":
        form = act_form(act, records=[record], viewer=request.user, data=None, chosen=request.GET.get("move", ""))
        return _ask(request, record, act, form)
    form = act_form(act, records=[record], viewer=request.user, data=request.POST)
    if not form.is_valid():
        return _refuse(request, record, act, form)
    version = request.POST.get("version", "")
    try:
        changed, run = runs.do_one(
            record=record,
            act=act,
            inputs=form.inputs(),
            by=request.user,
            at=at,
            version=version_in(version),
        )
    except NotAllowed:
        raise
    except Refused as refused:
        tell(form, refused.refusals)
        return _refuse(request, record_or_404(request.user, number), act, form)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("records:queue"))
    answer = answer_row(request, changed, at)
    text = _("%(act)s: %(reference)s.") % {"act": ACTS[act].label, "reference": changed.reference}
    told = {"text": text, "undo_url": reverse("records:bulk_undo", args=[run.pk])}
    answer["HX-Trigger"] = json.dumps({"steward:toast": told})
    return answer


def _refuse(request: HttpRequest, record: Any, act: str, form: Any) -> HttpResponse:
    """
    Say what is wrong in the editor.

    A page that has shown the change already puts the old value back, and says why on a line that stays.
    """
    if not request.headers.get("X-Optimistic"):
        return _ask(request, record, act, form, status=422)
    why = " ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)
    text = _("%(reference)s is unchanged. %(why)s") % {"reference": record.reference, "why": why}
    headers = {"HX-Reswap": "none", "HX-Trigger": json.dumps({"steward:toast": {"text": text, "tone": "bad"}})}
    return HttpResponse(status=422, headers=headers)


def _ask(request: HttpRequest, record: Any, act: str, form: Any, status: int = 200) -> HttpResponse:
    context = {"record": record, "act": ACTS[act], "form": form}
    response = render(request, EDITOR, context, status=status)
    if status != 200:
        # The form's answer goes to the row; what was refused stays in the editor.
        response["HX-Retarget"] = ".inline-editor"
        response["HX-Reswap"] = "innerHTML"
    return response


def answer_row(request: HttpRequest, record: Any, at: datetime) -> HttpResponse:
    """The row as it is now, with the columns of the list that it stands in."""
    state = state_at(request, request.headers.get("HX-Current-URL", ""), at)
    found = Record.objects.visible_to(request.user).filter(pk=record.pk)
    rows, _visible = rows_of(found, columns=state.columns, order=Order("number"), viewer=request.user, at=at)
    if not rows:
        raise Http404
    lay_out(rows, columns=state.columns, can_act=True)
    return HttpResponse(rows[0].html)


@require_POST
@requires("record.queue")
def unread(request: HttpRequest, number: int) -> HttpResponse:
    """Let the ticket look unread, or read again; answers its row."""
    record, at = record_or_404(request.user, number), now()
    if request.POST.get("unread"):
        seeing.mark_unread(record=record, by=request.user)
    else:
        seeing.look(record=record, by=request.user, at=at)
    return answer_row(request, record, at)


@require_http_methods(["GET"])
@requires("record.queue")
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """A ticket beside the list: what it is about and the latest words on it."""
    record = record_or_404(request.user, number)
    latest = Comment.objects.visible_to(request.user).filter(record=record).order_by("-at", "-id")
    context = {
        "record": record,
        "comments": list(latest.select_related("author")[:2]),
        "skips": list(record.skips.select_related("user").order_by("-at")[:3]),
    }
    return render(request, "records/queue/preview.html", context)
