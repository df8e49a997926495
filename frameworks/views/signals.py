"""Signals: measures that practices carry and that miss their targets."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import NotAllowed, Refused
from common.time import now
from people.access import access_of
from people.doors import person_of, requires

from ..models import Signal
from ..raising import raise_signal
from ..signaling import shown


@require_safe
@requires("practice_map.view")
def signals(request: HttpRequest) -> HttpResponseBase:
    """Measures that miss their targets now, with the practices that carry them."""
    context = {
        "signals": shown(request.user),
        "can_raise": access_of(request.user).allows("improvement.create"),
        "sees_measures": access_of(request.user).allows("kpi.view"),
    }
    return render(request, "frameworks/signals.html", context)


@require_POST
@requires("improvement.create")
def improvement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make an improvement of a signal."""
    found = get_object_or_404(Signal, pk=pk)
    try:
        made = raise_signal(signal=found, by=person_of(request), at=now())
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("frameworks:signals")
    messages.success(request, _("%(reference)s is in the register.") % {"reference": made.reference})
    return redirect(made.get_absolute_url())
