"""Doors of agreements: the list, which one would match, one with all that belongs to it, and its text."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.forms import tell
from common.numbers import number_in
from common.refusals import Refused, Stale
from common.time import now
from people import access
from people.doors import requires

from .. import declarations, matching, operations, queries, reading, selection
from ..agreement_form import AgreementForm
from ..backtoback.sentences import told
from ..enums import ENDED, AgreementState, AgreementType
from ..forms import HandlingForm, HypotheticalForm, TesterForm
from ..models import Agreement, AgreementVersion
from ..simulator.forms import ScopeForm
from ..texts import latest_document, row_of, version_row
from .page import page

RELATED = (
    "organization", "service", "requester", "calendar", "team", "supplier", "service_hours", "maintenance_windows",
    "provider_signatory", "partner_signatory",
)  # fmt: skip


@requires("agreement.view")
@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement, by type, the most specific first, and which of them a given ticket falls under."""
    rows = list(
        Agreement.objects.visible_to(request.user)
        .select_related("organization", "service", "requester", "calendar", "team", "supplier", "back_to_back")
        .prefetch_related("targets")
    )
    rows.sort(key=lambda each: (each.state in ENDED, -selection.rank(each), each.name))
    for each in rows:
        check = getattr(each, "back_to_back", None)
        each.warnings = [one for one in told(check.findings) if one.is_warning] if check else []  # type: ignore[attr-defined]
    covered = {each.kind for each in rows if each.is_in_force and each.type == AgreementType.CUSTOMER}
    state = request.GET.get("state", "")
    if state in AgreementState.values:
        rows = [each for each in rows if each.state == state]
    else:
        state = ""
    groups = [(kind.label, [each for each in rows if each.type == kind]) for kind in AgreementType]
    context: dict[str, Any] = {
        "state": AgreementState(state).label if state else "",
        "groups": [group for group in groups if group[1]],
        "may_edit": access.can(request.user, "agreement.edit"),
        "uncovered": queries.without_agreement(covered).visible_to(request.user)[:100].count(),
        "tester": TesterForm(request.GET if request.GET.get("reference") else None),
        "guess": HypotheticalForm(request.GET if "kind" in request.GET else None, viewer=request.user),
    }
    _try_ticket(request, context)
    _try_guess(context)
    return render(request, "slm/agreements.html", context)


def _try_ticket(request: HttpRequest, context: dict[str, Any]) -> None:
    tester = context["tester"]
    if not (tester.is_bound and tester.is_valid()):
        return
    record = tester.record(request.user)
    if record is None:
        tester.add_error("reference", _("There is no such ticket that you can see. Check the number."))
    else:
        context |= {"tried": record.reference, **_explained(record)}


def _try_guess(context: dict[str, Any]) -> None:
    guess = context["guess"]
    if guess.is_bound and guess.is_valid():
        context |= {"tried": _("This ticket"), **_explained(matching.imagined(**guess.cleaned_data, at=now()))}


def _explained(record: Any) -> dict[str, Any]:
    """The agreement with the customer, and those beneath that would hold then."""
    known = {str(AgreementType.CUSTOMER): matching.match_of(record), **matching.beneath(record)}
    rows = Agreement.objects.in_bulk([each["agreement"] for each in known.values() if each["agreement"]])
    return {
        "matches": [
            {
                "type": type,
                "label": AgreementType(type).label,
                "chosen": rows.get(match["agreement"]),
                "reasons": matching.reasons(match),
                "candidates": matching.candidates(match),
            }
            for type, match in known.items()
        ]
    }


@requires("agreement.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draft an agreement."""
    kinds = dict(declarations.kind_choices())
    kind = request.GET.get("kind", "")
    form = AgreementForm(request.POST or None, instance=Agreement(kind=kind if kind in kinds else next(iter(kinds))))
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            made = operations.create_agreement(
                by=request.user,
                at=now(),
                type=form.cleaned_data["type"] or AgreementType.CUSTOMER,
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
            messages.success(
                request, _("“%(name)s” is drafted. Say who signs, then offer it for signature.") % {"name": made.name}
            )
            return redirect("slm:agreement", made.slug)
    return form_page(request, form, None)


@requires("agreement.view")
@require_GET
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """What is promised, in words; who signed; what stands beneath; how it is kept."""
    return page(request, find(request, slug))


@requires("agreement.edit")
@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the text; of an agreement in force a version beside it."""
    found = find(request, slug)
    access.require(request.user, "agreement.edit", found)
    draft = row_of(found, latest_document(found))
    if request.method == "GET":
        days = found.versions.filter(number=found.proposed_version or 0).values_list("effective_date", flat=True)
        return form_page(request, AgreementForm(instance=draft, initial={"effective_date": days.first()}), found)
    form = AgreementForm(request.POST, instance=draft)
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
            effective_date=form.cleaned_data["effective_date"] if found.is_in_force else None,
        )
    except Stale as stale:
        form.add_error(None, str(stale))
        return form_page(request, form, found, status=stale.status)
    except Refused as refused:
        form.tell(refused.refusals)
        return form_page(request, form, found)
    said = {"number": saved.latest_version}
    messages.success(request, _("Version %(number)s is drafted. Offer it for signature when it stands.") % said)
    return redirect("slm:agreement", saved.slug)


@requires("agreement.edit")
@require_http_methods(["GET", "POST"])
def handling(request: HttpRequest, slug: str) -> HttpResponse:
    """Who signs, and when it is reviewed."""
    found = find(request, slug)
    access.require(request.user, "agreement.edit", found)
    form = HandlingForm(request.POST or None, agreement=found)
    if request.method == "POST" and form.is_valid():
        try:
            operations.handle(agreement=found, by=request.user, at=now(), values=form.cleaned_data)
        except Refused as refused:
            tell(form, refused.refusals)
        else:
            messages.success(request, _("Noted."))
            return redirect("slm:agreement", slug)
    context = {"agreement": found, "form": form}
    return render(request, "slm/agreement_handling.html", context, status=422 if form.errors else 200)


@requires("agreement.view")
@require_GET
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version in words, and what it says differently from another: the one before, unless `with` names one."""
    found = find(request, slug)
    rows = {each.number: each for each in found.versions.select_related("created_by", "agreement__calendar")}
    shown = get_object_or_404(AgreementVersion, agreement=found, number=number)
    earlier = [each for each in rows if each < number]
    other = rows.get(number_in(request.GET.get("with")) or 0)
    if other is None and earlier:
        other = rows[max(earlier)]
    context = {
        "agreement": found,
        "version": rows[shown.number],
        "lines": reading.lines(version_row(rows[shown.number])),
        "other": other,
        "differences": reading.differences(version_row(other), version_row(rows[shown.number])) if other else (),
        "others": [each for each in rows.values() if each.number != number],
        "signatures": found.signatures.filter(number=number).select_related("person", "recorded_by"),
    }
    return render(request, "slm/agreement_version.html", context)


def find(request: HttpRequest, slug: str) -> Agreement:
    """The agreement, if the person may see it; else 404."""
    rows = Agreement.objects.visible_to(request.user).select_related(*RELATED).prefetch_related("targets__calendar")
    return get_object_or_404(rows, slug=slug)


def form_page(
    request: HttpRequest, form: AgreementForm, found: Agreement | None, status: int | None = None
) -> HttpResponse:
    """The page with the text of an agreement as it stands in the form, for every door that shows it again."""
    kinds = declarations.kind_choices()
    context = {
        "form": form,
        "kinds": kinds,
        "kind_label": dict(kinds).get(form.instance.kind, form.instance.kind),
        "agreement": found,
        "is_beside": found is not None and found.is_in_force,
        "is_signed": found is not None and found.state in (AgreementState.NEGOTIATING, AgreementState.AGREED),
        "scope": ScopeForm(request.POST or None) if found and access.can(request.user, "simulation.run") else None,
    }
    return render(request, "slm/agreement_text.html", context, status=status or (422 if form.errors else 200))
