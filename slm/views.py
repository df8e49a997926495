"""Doors of agreements and of the explanation of clocks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.refusals import Refused, Stale
from common.time import now
from people import access
from people.doors import requires

from . import declarations, matching, operations, queries, selection
from .bars import bar_of
from .breaches.figures import attained
from .enums import AgreementType
from .explain import explanation as explain
from .forms import AgreementForm, TesterForm
from .models import Agreement, Clock
from .simulator.forms import ScopeForm


@requires("clock.view")
@require_GET
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this time? A page of its own, and a fragment for the ticket page."""
    clocks = Clock.objects.visible_to(request.user).select_related("record", "agreement", "calendar")
    clock = get_object_or_404(clocks, pk=pk)
    explained = explain(clock, now())
    is_fragment = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    context = {
        "clock": clock,
        "explained": explained,
        "view": queries.view_of(clock, at=explained.at),
        "bar": bar_of(clock, explained),
        "is_fragment": is_fragment,
    }
    response = render(request, "slm/_explanation.html" if is_fragment else "slm/explanation.html", context)
    response["Vary"] = "HX-Request"
    return response


@requires("agreement.view")
@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement, the most specific first, and which of them a given ticket falls under."""
    rows = list(
        Agreement.objects.select_related("organization", "service", "requester", "calendar").prefetch_related("targets")
    )
    rows.sort(key=lambda each: (not each.is_in_force, -selection.rank(each), each.name))
    context: dict[str, Any] = {
        "agreements": rows,
        "may_edit": access.can(request.user, "agreement.edit"),
        "uncovered": queries.without_agreement(
            {each.kind for each in rows if each.is_in_force and each.type == AgreementType.CUSTOMER}
        )
        .visible_to(request.user)[:100]
        .count(),
        "tester": TesterForm(request.GET if "reference" in request.GET else None),
    }
    tester = context["tester"]
    if tester.is_bound and tester.is_valid():
        record = tester.record(request.user)
        if record is None:
            tester.add_error("reference", _("There is no such ticket that you can see. Check the number."))
        else:
            match = _match_of(record)
            context |= {
                "tried": record,
                "chosen": match["agreement"] and match["name"],
                "reasons": matching.reasons(match),
                "candidates": matching.candidates(match),
            }
    return render(request, "slm/agreements.html", context)


@requires("agreement.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an agreement."""
    kinds = dict(declarations.kind_choices())
    kind = request.GET.get("kind", "")
    form = AgreementForm(request.POST or None, instance=Agreement(kind=kind if kind in kinds else next(iter(kinds))))
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            made = operations.create_agreement(
                by=request.user,
                at=now(),
                kind=form.instance.kind,
                name=values.pop("name"),
                calendar=values.pop("calendar"),
                targets=form.targets(),
                target_calendars=form.target_calendars(),
                **values,
            )
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("Agreement “%(name)s” made.") % {"name": made.name})
            return redirect("slm:agreement", made.slug)
    return form_page(request, form, None)


@requires("agreement.view")
@require_http_methods(["GET", "POST"])
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """What an agreement says; with the right to change it, the form that does."""
    found = get_object_or_404(Agreement.objects.prefetch_related("targets"), slug=slug)
    if request.method == "GET":
        return form_page(request, AgreementForm(instance=found), found)
    access.require(request.user, "agreement.edit", found)
    form = AgreementForm(request.POST, instance=found)
    if not form.is_valid():
        return form_page(request, form, found)
    try:
        saved = operations.revise(
            agreement=found,
            by=request.user,
            at=now(),
            values=form.values(),
            targets=form.targets(),
            target_calendars=form.target_calendars(),
            version=form.cleaned_data["seen_version"],
        )
    except Stale as stale:
        form.add_error(None, str(stale))
        return form_page(request, form, found, status=stale.status)
    except Refused as refused:
        form.tell(refused.refusals)
        return form_page(request, form, found)
    messages.success(request, _("Version %(number)s is in force for new tickets.") % {"number": saved.version})
    return redirect("slm:agreement", saved.slug)


@requires("agreement.edit")
@require_POST
def retirement(request: HttpRequest, slug: str) -> HttpResponse:
    """Have no new clock start under the agreement."""
    found = get_object_or_404(Agreement, slug=slug)
    operations.retire(agreement=found, by=request.user, at=now())
    messages.success(request, _("Agreement “%(name)s” retired.") % {"name": found.name})
    return redirect("slm:agreements")


@requires("agreement.edit")
@require_POST
def reinstatement(request: HttpRequest, slug: str) -> HttpResponse:
    """Use a retired agreement again."""
    found = get_object_or_404(Agreement, slug=slug)
    operations.reinstate(agreement=found, by=request.user, at=now())
    messages.success(request, _("Agreement “%(name)s” is in use again.") % {"name": found.name})
    return redirect("slm:agreement", slug)


def _match_of(record: Any) -> dict[str, Any]:
    choice = selection.choose(record)
    document = choice.as_document()
    if choice.terms is None:
        document |= {
            "candidates": [{"name": each.name, "outcome": str(outcome)} for each, outcome in choice.candidates]
        }
    return document


def form_page(
    request: HttpRequest, form: AgreementForm, found: Agreement | None, status: int | None = None
) -> HttpResponse:
    """The page of an agreement with its form as it stands, for every door that shows it again."""
    may_edit = access.can(request.user, "agreement.edit", found)
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {
        "form": form,
        "kinds": declarations.kind_choices(),
        "kind_label": dict(declarations.kind_choices()).get(form.instance.kind, form.instance.kind),
        "agreement": found,
        "may_edit": may_edit,
        "versions": found.versions.select_related("created_by")[:20] if found else (),
        "running": found.clocks.live().count() if found else 0,
        "attained": attained(found, at=now()) if found else None,
        "scope": ScopeForm(request.POST or None) if found and access.can(request.user, "simulation.run") else None,
    }
    return render(request, "slm/agreement.html", context, status=status or (422 if form.errors else 200))
