"""Writing drafts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.refusals import NotAllowed, Refused, Stale
from people.doors import requires
from records.practices import PROCESSES
from records.processes import STEPS
from records.views.base import pressed, see_other

from .. import operations
from ..enums import OPEN
from ..forms import DraftEditor
from ..models import Procedure, ProcedureVersion

WRITE = "procedure.write"


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new procedure; `process` and `step` in the address choose where it belongs."""
    if request.method != "POST":
        editor = DraftEditor(viewer=request.user)
        process, step = request.GET.get("process", ""), request.GET.get("step", "")
        if editor.place and process in PROCESSES and step in STEPS[process]:
            editor.place.initial["step"] = f"{process}:{step}"
        return _ask(request, editor)
    editor = DraftEditor(viewer=request.user, data=request.POST)
    if "more" in request.POST or not editor.is_valid() or editor.place is None:
        return _ask(request, editor)
    process, step = editor.place.place()
    said = editor.place.cleaned_data
    try:
        draft = operations.create_procedure(
            by=request.user,
            at=now(),
            name=said["name"],
            owner=said["owner"],
            process=process,
            step=step,
            terms=editor.terms(),
        )
    except NotAllowed:
        raise
    except Refused as refused:
        editor.tell(refused.refusals)
        return _ask(request, editor)
    messages.success(request, _("Draft written. Hand it in when it is ready."))
    return see_other(request, f"{draft.procedure.get_absolute_url()}versions/{draft.number}/")


@requires(WRITE)
@require_POST
def drafts(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a draft from what is in force, and lead to its editor."""
    procedure = get_object_or_404(Procedure, slug=slug)
    return pressed(
        request, lambda: operations.begin_draft(procedure=procedure, by=request.user, at=now()),
        url=f"{procedure.get_absolute_url()}draft/", back=procedure.get_absolute_url(),
    )  # fmt: skip


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit the draft of a procedure; without one, its page says so."""
    procedure = get_object_or_404(Procedure, slug=slug)
    rows = ProcedureVersion.objects.select_related("procedure").prefetch_related("steps")
    found = rows.filter(procedure=procedure, state__in=OPEN).first()
    if found is None or found.is_carried:
        messages.error(request, _("No draft can be edited. Begin one, or look at what was handed in."))
        return see_other(request, procedure.get_absolute_url())
    if request.method != "POST":
        return _ask(request, DraftEditor(viewer=request.user, draft=found), procedure)
    editor = DraftEditor(viewer=request.user, draft=found, data=request.POST)
    if "more" in request.POST or not editor.is_valid():
        return _ask(request, editor, procedure)
    head = editor.head.cleaned_data
    try:
        operations.save_draft(
            draft=found,
            by=request.user,
            at=now(),
            terms=editor.terms(),
            what_changed=head["what_changed"],
            revision=head["revision"],
        )
    except NotAllowed:
        raise
    except Stale as stale:
        editor.non_field_errors.append(str(stale))
        return _ask(request, editor, procedure, status=stale.status)
    except Refused as refused:
        editor.tell(refused.refusals)
        return _ask(request, editor, procedure)
    messages.success(request, _("Draft saved."))
    return see_other(request, f"{procedure.get_absolute_url()}versions/{found.number}/")


def _ask(
    request: HttpRequest, editor: DraftEditor, procedure: Procedure | None = None, status: int | None = None
) -> HttpResponse:
    is_growing = request.method == "POST" and "more" in request.POST
    errors = [] if is_growing else editor.errors
    context = {
        "editor": editor,
        "procedure": procedure,
        "process_label": PROCESSES[procedure.process] if procedure else "",
        "errors": errors,
    }
    return render(request, "procedures/draft.html", context, status=status or (422 if errors else 200))
