"""Service credits: which agreements give some, and the terms of one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.refusals import Refused, Stale
from common.time import now
from people import access
from people.access import can
from people.doors import person_of, requires

from ...models import Agreement
from .. import currencies, operations, sayings
from ..credit_form import CreditForm, plain
from ..crediting import Step
from ..models import CreditTerms

SAME = ("monthly_fee", "currency", "cap_percent", "part_month")


@require_safe
@requires("agreement.view")
def agreements(request: HttpRequest) -> HttpResponseBase:
    """The agreements in force with customers, with what they give back."""
    rows = Agreement.objects.in_force().with_customers().select_related("organization", "credit_terms")
    listed = list(rows.order_by("name"))
    for each in listed:
        terms = getattr(each, "credit_terms", None)
        each.fee = sayings.money(str(terms.monthly_fee), terms.currency) if terms else ""  # type: ignore[attr-defined]
        each.cap = sayings.plain_percent(f"{terms.cap_percent:f}") if terms else ""  # type: ignore[attr-defined]
    context = {
        "agreements": listed,
        "may_edit": can(request.user, "agreement.edit"),
        "sees_reports": can(request.user, "report.view"),
    }
    return render(request, "slm/reports/credits.html", context)


@require_http_methods(["GET", "POST"])
@requires("agreement.view")
def terms(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The terms of one agreement; with the right to change it, the form that does."""
    found = get_object_or_404(Agreement.objects.with_customers(), slug=slug)
    known = CreditTerms.objects.filter(agreement=found).prefetch_related("steps").first()
    if request.method == "GET":
        return _page(request, found, known, CreditForm(steps=_steps(known), initial=_initial(known)))
    access.require(request.user, "agreement.edit", found)
    form = CreditForm(request.POST, steps=_steps(known))
    if not form.is_valid():
        return _page(request, found, known, form, status=422)
    said = {name: form.cleaned_data[name] for name in SAME}
    try:
        operations.set_credits(
            agreement=found, by=person_of(request), at=now(), steps=form.steps(),
            version=form.cleaned_data["seen_version"], **said,
        )  # fmt: skip
    except Refused as refused:
        form.tell(refused.refusals)
        return _page(request, found, known, form, status=refused.status if isinstance(refused, Stale) else 422)
    messages.success(request, _("Service credits saved. Reports that are compiled from now on go by them."))
    return redirect("reports:credit_terms", slug)


@require_POST
@requires("agreement.edit")
def removal(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Give none any more."""
    found = get_object_or_404(Agreement, slug=slug)
    operations.remove_credits(agreement=found, by=person_of(request), at=now())
    messages.success(request, _("“%(agreement)s” gives no service credits any more.") % {"agreement": found})
    return redirect("reports:credits")


def _steps(known: CreditTerms | None) -> list[Step]:
    if known is None:
        return []
    return [Step(each.promise, each.below_percent, each.credit_percent) for each in known.steps.all()]


def _initial(known: CreditTerms | None) -> dict[str, Any]:
    if known is None:
        return {"seen_version": 0}
    fee = currencies.plain(known.monthly_fee, known.currency)
    return {name: getattr(known, name) for name in SAME} | {
        "monthly_fee": fee, "cap_percent": plain(known.cap_percent), "seen_version": known.version,
    }  # fmt: skip


def _page(
    request: HttpRequest, found: Agreement, known: CreditTerms | None, form: CreditForm, *, status: int = 200
) -> HttpResponseBase:
    may_edit = can(request.user, "agreement.edit", found)
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {
        "agreement": found,
        "known": known,
        "form": form,
        "may_edit": may_edit,
        "sees_reports": can(request.user, "report.view"),
    }
    return render(request, "slm/reports/credit_terms.html", context, status=status)
