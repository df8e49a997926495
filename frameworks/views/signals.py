"""Signals: measures that practices carry and that miss their targets."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import NotAllowed, Refused
from common.time import now
from measurement.values import INDICATIVE_UNDER
from people.access import access_of
from people.doors import person_of, requires

from ..dismissing import LONGEST_REASON, OPERATION, dismiss, reconsider
from ..models import Signal
from ..raising import raise_signal
from ..signaling import shown, too_little

SHOWS = {"open": _lazy("Open"), "dismissed": _lazy("Dismissed"), "little": _lazy("Too little to say")}


@require_safe
@requires("practice_map.view")
def signals(request: HttpRequest) -> HttpResponseBase:
    """Measures that miss their targets now, false alarms, and measures that say too little."""
    return _page(request, show=request.GET.get("show", "open"))


def _page(
    request: HttpRequest, *, show: str, refused: Refused | None = None, signal: Signal | None = None, status: int = 200
) -> HttpResponseBase:
    """:param refused: why an act on this signal was not done; what was typed stands at it again."""
    access = access_of(request.user)
    show = show if show in SHOWS else "open"
    rows = Signal.objects.dismissed() if show == "dismissed" else Signal.objects.open()
    context = {
        "show": show,
        "tabs": [
            {"label": label, "url": f"?show={name}" if name != "open" else "?", "is_current": name == show}
            for name, label in SHOWS.items()
        ],
        "signals": shown(request.user, rows) if show != "little" else [],
        "values": too_little(at=now()) if show == "little" else [],
        "least": INDICATIVE_UNDER,
        "can_raise": access.allows("improvement.create"),
        "can_dismiss": access.allows(OPERATION),
        "sees_measures": access.allows("kpi.view"),
        "longest_reason": LONGEST_REASON,
        "refusals": refused.refusals if refused else (),
        "refused": signal,
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "frameworks/signals.html", context, status=status)


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
        return _page(request, show="open", refused=refused, signal=found, status=409)
    messages.success(request, _("%(reference)s is in the register.") % {"reference": made.reference})
    return redirect(made.get_absolute_url())


@require_POST
@requires(OPERATION)
def dismissal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Call it a false alarm, with the reason."""
    found = get_object_or_404(Signal, pk=pk)
    try:
        dismiss(signal=found, by=person_of(request), at=now(), reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refused as refused:
        status = 422 if refused.refusals[0].field else 409
        return _page(request, show="open", refused=refused, signal=found, status=status)
    messages.success(request, _("Dismissed. It comes back if a month is worse."))
    return redirect("frameworks:signals")


@require_POST
@requires(OPERATION)
def reconsideration(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the dismissal back."""
    found = get_object_or_404(Signal, pk=pk)
    try:
        reconsider(signal=found, by=person_of(request), at=now())
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(request, show="dismissed", refused=refused, signal=found, status=409)
    messages.success(request, _("The signal is open again."))
    return redirect("frameworks:signals")
