"""Agreements on the customer's side: those with one's own organization, and signing where one is named."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.numbers import version_in
from common.refusals import Refused
from common.time import now
from people.doors import requires

from .. import operations, reading
from ..enums import AgreementState, Side
from ..models import Agreement
from ..texts import version_row
from .agreements import RELATED
from .page import acts_for

OPERATION = "agreement.accept"
LISTED = 200


@require_safe
@requires(OPERATION)
def agreements(request: HttpRequest) -> HttpResponse:
    """What was agreed with one's organization; what waits for one's signature first."""
    return _list(request)


@require_safe
@requires(OPERATION)
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """One agreement in words: in force, and the version that waits for signatures."""
    return _page(request, get_object_or_404(_seen(request), slug=slug))


@requires(OPERATION)
@require_POST
def signatures(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign for one's organization."""
    found = _seen(request).filter(slug=slug).first()
    if found is None:
        return _taken_back(request, slug)
    text = request.POST.get("version", "")
    version = version_in(text) or 0
    try:
        operations.sign(agreement=found, side=Side.PARTNER, by=request.user, at=now(), version=version)
    except Refused as refused:
        for each in refused.refusals:
            messages.error(request, str(each))
        return _page(request, get_object_or_404(_seen(request), slug=slug), status=refused.status)
    messages.success(request, _("Signed version %(number)s.") % {"number": version})
    return redirect("portal_agreements:agreement", slug)


def _taken_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Say to whom the text was shown why it is gone; to everybody else there never was one."""
    named = Agreement.objects.filter(partner_signatory=request.user.pk, versions__offered_at__isnull=False)
    draft = get_object_or_404(named.distinct(), slug=slug, state=AgreementState.DRAFT)
    words = _("“%(name)s” was taken back to be changed. You are told when it is offered for signature again.")
    messages.error(request, words % {"name": draft.name})
    return _list(request, status=409)


def _list(request: HttpRequest, status: int = 200) -> HttpResponse:
    rows = list(_seen(request).order_by("name")[:LISTED])
    for each in rows:
        each.waits = bool(each.partner_signatory_id == request.user.pk and acts_for(each, request.user)["may_sign"])  # type: ignore[attr-defined]
    rows.sort(key=lambda each: (not each.waits, each.name))  # type: ignore[attr-defined]
    return render(request, "slm/portal_agreements.html", {"agreements": rows}, status=status)


def _page(request: HttpRequest, found: Agreement, status: int = 200) -> HttpResponse:
    acts = acts_for(found, request.user)
    drafted, is_offered = acts["draft_version"], bool(acts["draft_version"] and acts["draft_version"].offered_at)
    # A text that is not offered is still being written: outside the house nobody reads it.
    shows_draft = found.proposed_version is not None and is_offered
    draft = version_row(drafted) if shows_draft else None
    context = {
        "agreement": found,
        "lines": reading.lines(found),
        "draft": draft,
        "differences": reading.differences(found, draft) if draft else (),
        "draft_version": drafted if shows_draft or not found.is_in_force else None,
        "may_sign": Side.PARTNER in acts["may_sign"],
        "signatures": found.signatures.filter(
            number=found.latest_version if shows_draft or not found.proposed_version else found.version
        ),
    }
    return render(request, "slm/portal_agreement.html", context, status=status)


def _seen(request: HttpRequest):  # type: ignore[no-untyped-def]
    return (
        Agreement.objects.visible_to_partner(request.user)
        .select_related(*RELATED)
        .prefetch_related("targets__calendar")
    )
