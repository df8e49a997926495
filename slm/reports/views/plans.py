"""Report plans: all of them, a new one, one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.months import month_of
from common.refusals import Refused
from common.time import now
from people import access
from people.access import can
from people.doors import person_of, requires

from .. import operations
from ..forms import MonthForm, PlanForm, customers_of
from ..models import ReportPlan


@require_safe
@requires("report.view")
def plans(request: HttpRequest) -> HttpResponseBase:
    """For whom reports are made."""
    rows = ReportPlan.objects.visible_to(request.user).select_related("organization", "owner")
    context = {
        "plans": rows.prefetch_related("receivers").order_by("organization__name"),
        "may_prepare": can(request.user, "report.prepare"),
        "unplanned": customers_of(request.user, "report.prepare").filter(report_plan=None)[:20],
    }
    return render(request, "slm/reports/plans.html", context)


@require_http_methods(["GET", "POST"])
@requires("report.prepare")
def new(request: HttpRequest) -> HttpResponseBase:
    """Plan reports for a customer."""
    if request.method == "GET":
        initial = {"organization": request.GET.get("customer"), "first_month": None}
        return _form_page(request, PlanForm(viewer=request.user, initial=initial), None)
    form = PlanForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _form_page(request, form, None, status=422)
    try:
        made = operations.create_plan(by=person_of(request), at=now(), **form.values())
    except Refused as refused:
        form.tell(refused.refusals)
        return _form_page(request, form, None, status=422)
    messages.success(request, _("Plan made. Say who gets the report."))
    return redirect(made)


@require_http_methods(["GET", "POST"])
@requires("report.view")
def plan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What a plan says; with the right to change it, the form that does."""
    found = _plan(request, pk)
    if request.method == "GET":
        return _form_page(request, PlanForm(viewer=request.user, plan=found, initial=PlanForm.initial_of(found)), found)
    access.require(request.user, "report.prepare", found)
    form = PlanForm(request.POST, viewer=request.user, plan=found)
    if not form.is_valid():
        return _form_page(request, form, found, status=422)
    values = form.values()
    try:
        operations.revise_plan(
            plan=found, by=person_of(request), at=now(), version=form.cleaned_data["seen_version"],
            receivers=list(values.pop("receivers")), **values,
        )  # fmt: skip
    except Refused as refused:
        form.tell(refused.refusals)
        return _form_page(request, form, found, status=refused.status if refused.status == 412 else 422)
    messages.success(request, _("Plan saved."))
    return redirect(found)


@require_POST
@requires("report.prepare")
def compilation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Compile the report of one month now."""
    found = _plan(request, pk)
    month_form = MonthForm(request.POST)
    status = 422
    if month_form.is_valid():
        try:
            made = operations.compile_report(
                plan=found, first_day=month_form.cleaned_data["month"], by=person_of(request), at=now()
            )
        except Refused as refused:
            month_form.tell(refused.refusals)
            status = refused.status
        else:
            messages.success(request, _("Report compiled."))
            return redirect(made)
    form = PlanForm(viewer=request.user, plan=found, initial=PlanForm.initial_of(found))
    return _form_page(request, form, found, month_form=month_form, status=status)


def _plan(request: HttpRequest, pk: int) -> ReportPlan:
    rows = ReportPlan.objects.visible_to(request.user).select_related("organization", "owner")
    found: ReportPlan = get_object_or_404(rows, pk=pk)
    return found


def _form_page(
    request: HttpRequest, form: PlanForm, found: ReportPlan | None, *, month_form: MonthForm | None = None,
    status: int = 200,
) -> HttpResponseBase:  # fmt: skip
    may_prepare = can(request.user, "report.prepare", found)
    context: dict[str, Any] = {"form": form, "plan": found, "may_prepare": may_prepare, "summary": month_form or form}
    if not may_prepare:
        for field in form.fields.values():
            field.disabled = True
    if found is not None:
        latest = month_of(now(), found.month(found.first_month).zone).moved(-1)
        context |= {
            "month_form": month_form or MonthForm(initial={"month": latest.first}),
            "reports": found.reports.defer("document", "summary").select_related("organization")[:12],
        }
    return render(request, "slm/reports/plan.html", context, status=status)
