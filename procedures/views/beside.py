"""The procedure beside a record: its steps, ticked and taken back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.numbers import number_in
from people.access import can
from people.doors import requires
from records.rendering import render as render_text
from records.views.base import act_and_return, is_worked_on_by, record_or_404

from .. import operations
from ..models import ProcedureStep, Tick
from ..queries import running


@requires("procedure.follow")
@require_safe
def beside(request: HttpRequest, number: int) -> HttpResponse:
    """The procedure at which the record is, for those who work on it."""
    record = _worked_on(request, number)
    pane = running.beside(record)
    context = {
        "record": record,
        "pane": pane,
        "steps": [{"shown": each, "guidance": render_text(each.step.guidance)} for each in pane.steps],
        "instructions": render_text(pane.version.instructions) if pane.version else "",
        "can_tick": record.closed_at is None and can(request.user, "procedure.tick", record),
        "can_open": can(request.user, "procedure.view"),
    }
    return render(request, "procedures/_beside.html", context)


@requires("procedure.tick")
@require_POST
def ticks(request: HttpRequest, number: int) -> HttpResponse:
    """Note that a step was done: `step` is its key."""
    record = _worked_on(request, number)
    step = get_object_or_404(ProcedureStep, pk=_key(request.POST.get("step")))
    return act_and_return(
        request,
        record,
        lambda: operations.tick(record=record, step=step, by=request.user, at=now()),
        said=_("Step ticked."),
    )


@requires("procedure.tick")
@require_POST
def undoing(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Take a tick back, with a reason."""
    record = _worked_on(request, number)
    tick = get_object_or_404(Tick, pk=key, visit__record_id=record.pk)
    reason = request.POST.get("reason", "")
    return act_and_return(
        request,
        record,
        lambda: operations.untick(record=record, tick=tick, by=request.user, at=now(), reason=reason),
        said=_("Taken back."),
    )


def _worked_on(request: HttpRequest, number: int) -> Any:
    record = record_or_404(request.user, number)
    if not is_worked_on_by(request.user, record):
        raise Http404
    return record


def _key(text: str | None) -> int:
    return number_in(text) or 0
