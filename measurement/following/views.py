"""Pages of what one follows: one's alerts, a new one, and pinning."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.doors import person_of, requires
from records import once
from records.views.base import pressed
from records.views.making import made_once

from .. import known
from ..filters import RANGES
from . import operations
from .forms import AlertForm, filters_in
from .models import OPERATION, Alert, Pin


@require_safe
@requires(OPERATION)
def alerts(request: HttpRequest) -> HttpResponse:
    """One's alerts, those beyond their line first."""
    found = list(Alert.objects.visible_to(person_of(request)).order_by("-is_crossed", "pk"))
    measures = {each.id: each for each in known.kpis()} if found else {}
    for each in found:
        each.measure = measures.get(each.kpi)
    return render(request, "measurement/following/alerts.html", {"alerts": found})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(OPERATION)
def new_alert(request: HttpRequest) -> HttpResponse:
    """Be told of the measure that `?kpi=` names, narrowed as the address says."""
    kpi = next((each for each in known.kpis() if each.id == request.GET.get("kpi")), None)
    if kpi is None:
        raise Http404
    filters = filters_in(request.GET.dict())
    address = f"{reverse('measurement:kpi', args=[kpi.id])}?{urlencode(filters)}"

    def ask(token: str, status: int) -> HttpResponse:
        context = {"form": form, "kpi": kpi, "filters": filters, "token": token, "address": address}
        return render(request, "measurement/following/alert.html", context, status=status)

    if request.method != "POST":
        days = request.GET.get("range", "")
        initial = {"when": "target" if kpi.target is not None else "above", "range": days if days in RANGES else "30d"}
        form = AlertForm(kpi=kpi, initial=initial)
        return ask(once.new_token(), 200)
    form = AlertForm(request.POST, kpi=kpi)

    def make() -> str:
        made = operations.alert(by=person_of(request), at=now(), kpi=kpi.id, filters=filters, **form.cleaned_data)
        said = _("It is beyond that line now. You are told when it has come back and crosses it again.")
        messages.success(request, said if made.is_crossed else _("You are told once when it crosses that line."))
        return reverse("kpi_following:alerts")

    return made_once(request, form, make, ask=ask)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(OPERATION)
def alert_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Be told no more; letters lead here, and one that is gone says so."""
    user = person_of(request)
    found = Alert.objects.visible_to(user).filter(pk=pk).first()
    if request.method != "POST":
        return render(request, "measurement/following/removal.html", {"alert": found})
    if found is None:
        raise Http404
    operations.forget(alert=found, by=user, at=now())
    messages.success(request, _("Alert removed."))
    return redirect("kpi_following:alerts")


@require_POST
@requires(OPERATION)
def pins(request: HttpRequest) -> HttpResponse:
    """Pin a measure to one's first page."""
    said: dict[str, Any] = request.POST.dict()
    kpi, filters = str(said.get("kpi", ""))[:80], filters_in(said)
    if not any(each.id == kpi for each in known.kpis()):
        raise Http404
    person = person_of(request)
    return pressed(
        request, lambda: operations.pin(by=person, kpi=kpi, filters=filters),
        url=f"{reverse('measurement:kpi', args=[kpi])}?{urlencode(filters)}", said=_("Pinned to Home."),
    )  # fmt: skip


@require_POST
@requires(OPERATION)
def pin_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a measure off one's first page; `?back=home` leads there again."""
    user = person_of(request)
    found = get_object_or_404(Pin.objects.visible_to(user), pk=pk)
    operations.unpin(pin=found, by=user)
    messages.success(request, _("Unpinned from Home."))
    return redirect("/" if request.POST.get("back") == "home" else found.get_absolute_url())
