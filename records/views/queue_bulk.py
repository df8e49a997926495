"""Acts on many tickets: ask and preview, do (or hand to a worker), show what came of it, take it back."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.numbers import numbers_in
from common.refusals import Refused
from people.doors import requires

from .. import tasks
from ..bulk import runs
from ..bulk.acts import ACTS
from ..models import BulkRun, Record
from ..queue.forms import FORMS, act_form
from .base import see_other
from .queue_lists import state_for
from .replies import toast_response

DIALOG = "records/queue/bulk.html"
RESULT = "records/queue/bulk_result.html"
SURE_ABOVE = 50


def _selected(request: HttpRequest) -> list[Any]:
    """The tickets ticked, or all that match the query; at most one more than an act takes, to tell "too many"."""
    said = request.POST if request.method == "POST" else request.GET
    if said.get("all"):
        return runs.specific(_matching(request))
    numbers = numbers_in(said.getlist("record")[: runs.MOST + 1])
    return runs.specific(Record.objects.visible_to(request.user).filter(pk__in=numbers).order_by("pk"))


def _matching(request: HttpRequest) -> Sequence[Any]:
    said = request.POST if request.method == "POST" else request.GET
    request.GET = said  # type: ignore[assignment]  # the list's own parameters travel in the form
    state, _views = state_for(request, said.get("view", ""), now())
    if state.problem is not None:
        return []
    return list(state.records.order_by("pk")[: runs.MOST + 1])


@require_http_methods(["GET", "POST"])
@requires("record.queue")
def bulk(request: HttpRequest, act: str) -> HttpResponse:
    """
    GET asks; POST with `preview` tells what would happen; POST without it does it.

    Up to 50 tickets are done at once, more by a worker whose progress the page shows.
    """
    if act not in FORMS:
        raise Http404
    records = _selected(request)
    if request.method == "GET":
        form = act_form(act, records=records, viewer=request.user, data=None, chosen=request.GET.get("move", ""))
        return _ask(request, act, records, form, None)
    is_preview = bool(request.POST.get("preview"))
    form = act_form(act, records=records, viewer=request.user, data=request.POST)
    if not form.is_valid():
        return _ask(request, act, records, form, None, status=200 if is_preview else 422)
    at = now()
    if is_preview:
        seen = runs.preview(records=records, act=act, inputs=form.inputs(), by=request.user, at=at)
        return _ask(request, act, records, form, seen)
    try:
        run = runs.plan(records=records, act=act, inputs=form.inputs(), by=request.user, at=at)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _ask(request, act, records, form, None, status=422)
    return _begin(request, run, len(records))


def _ask(
    request: HttpRequest,
    act: str,
    records: Sequence[Any],
    form: Any,
    preview: runs.Preview | None,
    *,
    status: int = 200,
) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    context = {
        "act": ACTS[act],
        "form": form,
        "preview": preview,
        "show_errors": status != 200,
        "count": len(records),
        "is_too_many": len(records) > runs.MOST,
        "limit": runs.MOST,
        "is_sure_needed": len(records) > SURE_ABOVE,
        "numbers": [] if said.get("all") else [record.pk for record in records],
        "list": {name: said[name] for name in ("all", "view", "q", "sort", "group", "cols") if name in said},
    }
    # With scripts the preview follows each change, and a second button would take the Enter key.
    context["is_plain"] = not request.headers.get("HX-Request")
    part = "" if context["is_plain"] else "#form"
    return render(request, DIALOG + part, context, status=status)


def _begin(request: HttpRequest, run: BulkRun, count: int) -> HttpResponse:
    if count <= runs.AT_ONCE:
        runs.finish(run=run, at=now())
        return toast_response(request, reverse("records:queue"), **_told(run))
    tasks.work_bulk.delay(run_id=run.pk)
    return see_other(request, reverse("records:bulk_run", args=[run.pk]))


def _told(run: BulkRun) -> dict[str, Any]:
    """One line about a run, with Undo where something can be taken back."""
    result = runs.result_of(run)
    words = ngettext("%(count)d ticket changed", "%(count)d tickets changed", result.changed) % {
        "count": result.changed
    }
    if result.skipped:
        first = next(iter(result.reasons))
        left = ngettext("%(count)d skipped: %(reason)s", "%(count)d skipped: %(reason)s", result.skipped)
        words += ", " + left % {"count": result.skipped, "reason": first.rstrip(".")}
    told: dict[str, Any] = {"text": f"{words}."}
    if result.changed and run.undoes_id is None and ACTS[run.act].has_way_back:
        told["undo_url"] = reverse("records:bulk_undo", args=[run.pk])
    elif result.skipped:
        told["view_url"] = reverse("records:bulk_run", args=[run.pk])
    return told


def _own(request: HttpRequest, key: int) -> BulkRun:
    return get_object_or_404(BulkRun.objects.filter(by=request.user.pk).select_related("by"), pk=key)


@require_http_methods(["GET"])
@requires("record.queue")
def bulk_run(request: HttpRequest, key: int) -> HttpResponse:
    """How far the work is, and what came of it."""
    run = _own(request, key)
    visible = set(
        Record.objects.visible_to(request.user).filter(pk__in=run.items.values("record")).values_list("pk", flat=True)
    )
    result = runs.result_of(run)
    reasons = [
        (reason, [item.record for item in items if item.record_id in visible])
        for reason, items in result.reasons.items()
    ]
    context = {"run": run, "act": ACTS[run.act], "result": result, "reasons": reasons, "told": _told(run)}
    part = "#progress" if request.headers.get("HX-Request") else ""
    return render(request, RESULT + part, context)


@require_POST
@requires("record.queue")
def bulk_undo(request: HttpRequest, key: int) -> HttpResponse:
    """Take back what a run changed."""
    try:
        undo = runs.plan_undo(run=_own(request, key), by=request.user, at=now())
    except Refused as refused:
        return toast_response(request, reverse("records:bulk_run", args=[key]), text=str(refused), tone="bad")
    if undo.items.count() > runs.AT_ONCE:
        tasks.work_bulk.delay(run_id=undo.pk)
        return see_other(request, reverse("records:bulk_run", args=[undo.pk]))
    runs.finish(run=undo, at=now())
    told = _told(undo)
    told["text"] = _("Taken back: %(what)s") % {"what": told["text"]}
    return toast_response(request, reverse("records:queue"), **told)


@require_POST
@requires("record.queue")
def bulk_stop(request: HttpRequest, key: int) -> HttpResponse:
    """Leave out what has not been done yet."""
    run = _own(request, key)
    runs.cancel(run=run, by=request.user, at=now())
    return see_other(request, reverse("records:bulk_run", args=[run.pk]))
