"""Missed targets beside a record."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.time import now
from people.access import can
from people.doors import requires
from records.views.base import record_or_404

from ..forms import ExplanationForm
from ..listing import whole
from ..models import Breach

SHOWN = 5


@require_safe
@requires("breach.view")
def beside(request: HttpRequest, number: int) -> HttpResponseBase:
    """What was missed, why, what is decided; and the form that says why, right where the record is worked on."""
    record = record_or_404(request.user, number)
    rows = whole(Breach.objects.visible_to(request.user).live().filter(record=record.pk))
    found = list(rows.order_by("-missed_at", "-pk")[:SHOWN])
    may_explain = bool(found) and can(request.user, "breach.explain", found[0])
    unexplained = next((each for each in found if not each.cause_id), None) if may_explain else None
    form = None
    if unexplained is not None:
        form = ExplanationForm(initial=ExplanationForm.initial_of(unexplained), auto_id="breach_%s")
    context = {"record": record, "breaches": found, "unexplained": unexplained, "form": form, "at": now()}
    return render(request, "slm/breaches/_beside.html", context)
