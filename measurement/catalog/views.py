"""Pages of the catalog and of the tree of success factors."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.models import Entry
from common.refusals import Refused
from common.time import now
from people.access import can
from people.doors import person_of, requires

from .. import filters, known
from ..declarations import KPI
from . import operations
from .forms import FactorForm, HandlingForm
from .listing import Standing, entries, formula_of, shown
from .models import Factor, Handling
from .tree import tree

HISTORY_ROWS = 20


@require_safe
@requires("kpi.view")
def catalog(request: HttpRequest) -> HttpResponseBase:
    """Every KPI, counted or not, found by words, state and area."""
    rows = entries()
    asked = {name: request.GET.get(name, "") for name in ("q", "state", "area")}
    context = {
        "rows": shown(rows, asked),
        "asked": asked,
        "states": Standing.choices,
        "areas": sorted({str(row.area) for row in rows if row.area}),
        "totals": {each.value: sum(row.standing == each for row in rows) for each in Standing},
        "can_set_up": can(request.user, operations.OPERATION),
        "can_define": can(request.user, "kpi.define"),
    }
    return render(request, "measurement/catalog/catalog.html", context)


def _kpi(name: str) -> KPI:
    try:
        return known.kpi(name)
    except KeyError:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@requires("kpi.set_up")
def handling(request: HttpRequest, name: str) -> HttpResponseBase:
    """Owner, target and threshold of one measure, with what they were before."""
    kpi = _kpi(name)
    row = Handling.objects.filter(kpi=name).first()
    initial = {
        "owner": row.owner_id if row else None, "target": kpi.target, "near": kpi.near,
        "seen_version": row.version if row else 0,
    }  # fmt: skip
    form = HandlingForm(request.POST or None, kpi=kpi, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            version = said.pop("seen_version")
            try:
                operations.handle(kpi=kpi, by=person_of(request), at=now(), version=version, **said)
            except Refused as refused:
                form.tell(refused.refusals)
                status = refused.status
            else:
                messages.success(request, _("Saved. It holds for every figure of this measure."))
                return redirect("measurement:kpi", name)
    context = {
        "kpi": kpi,
        "form": form,
        "formula": formula_of(kpi),
        "history": _history(row),
    }
    return render(request, "measurement/catalog/handling.html", context, status=status)


def _history(row: Handling | None) -> list[Entry]:
    if row is None:
        return []
    told = Entry.objects.filter(subject_kind="kpi_handling", subject_id=row.pk).select_related("actor")
    return list(told.order_by("-pk")[:HISTORY_ROWS])


@require_safe
@requires("kpi.view")
def success_factors(request: HttpRequest) -> HttpResponseBase:
    """Success factors with their measures, and how they stand."""
    asked = filters.read(request.GET, request.user, at=now())
    context = {"nodes": tree(asked), "asked": asked, "can_set_up": can(request.user, operations.OPERATION)}
    return render(request, "measurement/catalog/tree.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("kpi.set_up")
def new_factor(request: HttpRequest) -> HttpResponseBase:
    """Add a success factor."""
    return _factor_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("kpi.set_up")
def factor(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Change a success factor."""
    return _factor_page(request, get_object_or_404(Factor, slug=slug))


def _factor_page(request: HttpRequest, found: Factor | None) -> HttpResponseBase:
    form = FactorForm(request.POST or None, initial=FactorForm.initial_of(found) if found else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(found, form, by=person_of(request))
            except Refused as refused:
                form.tell(refused.refusals)
                status = refused.status
            else:
                messages.success(request, _("Saved."))
                return redirect("kpi_catalog:tree")
    return render(request, "measurement/catalog/factor.html", {"factor": found, "form": form}, status=status)


def _save(found: Factor | None, form: FactorForm, *, by: Any) -> None:
    if found is None:
        operations.create_factor(by=by, at=now(), **form.values)
        return
    version = form.cleaned_data["seen_version"]
    operations.change_factor(factor=found, by=by, at=now(), version=version, **form.values)


@require_POST
@requires("kpi.set_up")
def factor_removal(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Take a success factor out of the tree."""
    found = get_object_or_404(Factor, slug=slug)
    operations.remove_factor(factor=found, by=person_of(request), at=now())
    messages.success(request, _("“%(name)s” is no longer in the tree. Its measures stay.") % {"name": found.name})
    return redirect(reverse("kpi_catalog:tree"))
