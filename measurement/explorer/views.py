"""Pages of files of measures: one's own list, one with its progress, and the file itself."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from audit import log
from common.refusals import NotAllowed, Refused
from people.doors import person_of, requires

from .. import known
from . import operations, tasks
from .models import Export

OPERATION = "kpi.export"
LISTED = 50
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@requires(OPERATION)
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """One's own files of the past week; POST asks for one."""
    if request.method != "POST":
        found = Export.objects.visible_to(request.user)[:LISTED]
        return render(request, "measurement/explorer/exports.html", {"exports": found})
    try:
        kpi = known.kpi(request.POST.get("kpi", ""))
    except KeyError:
        raise Http404 from None
    said = {name: request.POST.get(name, "") for name in ("what", "format", "query")}
    try:
        made = operations.ask(kpi=kpi, by=request.user, at=now(), **said)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("explorer:exports")
    tasks.ring(made.pk)
    return redirect("explorer:export", made.pk)


@require_safe
@requires(OPERATION)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far it is, and the link when it is ready; `?part=state` gives that alone, 204 while nothing has changed."""
    found = _own(request, pk)
    context = {"export": found, "may_read": operations.may_read(found, request.user)}
    if request.GET.get("part") != "state":
        return render(request, "measurement/explorer/export.html", context)
    if request.GET.get("seen") == f"{found.state}-{found.done}":
        return HttpResponse(status=204)
    return render(request, "measurement/explorer/export.html#state", context)


@require_GET
@requires(OPERATION)
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, to whoever asked for it and still may see all that is in it."""
    found = _own(request, pk)
    return answer(found, request)


def answer(found: Export, request: HttpRequest) -> HttpResponseBase:
    """:raises NotAllowed: the person lost organizations whose rows are in it. :raises Http404: not ready, or gone."""
    if not operations.may_read(found, request.user):
        raise NotAllowed.because(
            "not_allowed",
            _("This file holds records of organizations that you may no longer see. Ask for a new one."),
        )
    if not found.is_ready or found.expires_at <= now() or not found.path.exists():
        raise Http404
    log.record(
        "kpi.downloaded", subject_kind="measure", subject_id=0, subject_label=found.title, by=request.user, at=now(),
        data={"export": found.pk},
    )  # fmt: skip
    response = FileResponse(
        found.path.open("rb"), as_attachment=True, filename=found.file_name, content_type=TYPES[found.format]
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@requires(OPERATION)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Write no further rows."""
    try:
        operations.stop(export=_own(request, pk), by=request.user, at=now())
    except Refused as refused:
        messages.info(request, str(refused))
    return redirect("explorer:export", pk)


@requires(OPERATION)
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a file before it expires."""
    operations.remove(export=_own(request, pk), by=request.user)
    messages.success(request, _("File removed."))
    return redirect("explorer:exports")


def _own(request: HttpRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.visible_to(person_of(request)), pk=pk)
