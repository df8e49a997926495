"""The page of one agreement, for every door that shows it: also again, with what was typed."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.time import now
from people import access
from services.models import Service
from services.queries import services_visible_to

from .. import keeping, reading
from ..applying import going_on, under_other_versions
from ..backtoback import checking, house
from ..backtoback.sentences import told
from ..breaches.figures import attained
from ..enums import ENDED, AgreementState, AgreementType, Side
from ..forms import ConclusionForm, NoticeForm, PaperForm
from ..models import Agreement, Signature
from ..specifications.tracing import is_about_calls
from ..texts import version_row

LISTED_VERSIONS = 20
LISTED_SERVICES = 50


def page(request: HttpRequest, agreement: Agreement, *, status: int = 200, **forms: Any) -> HttpResponse:
    """:param forms: forms that were refused, by their name in the template."""
    at = now()
    records = keeping.open_records(agreement, request.user)
    known = house.House.read(at=at) if keeping.is_sla(agreement) else None
    context: dict[str, Any] = {
        "agreement": agreement,
        "lines": [each for each in reading.lines(agreement) if not each.key.startswith(("target ", "name"))],
        "matrix": reading.matrix(agreement),
        "findings": told(checking.check_one(agreement, at=at, known=known)) if known else (),
        "beneath": beneath(agreement, known) if known else [],
        "supplied": supplied_by(agreement, request.user),
        "attained": attained(agreement, at=at),
        "volume": keeping.volume(agreement, at=at),
        "quality": keeping.quality(agreement, viewer=request.user, at=at),
        "records": records[: keeping.LISTED],
        "has_more_records": len(records) > keeping.LISTED,
        "versions": agreement.versions.select_related("created_by")[:LISTED_VERSIONS],
        "signatures": _signatures(agreement),
        "conclusion": ConclusionForm(),
        "notice": NoticeForm(),
        "paper": PaperForm(),
        "sees_reports": agreement.type == AgreementType.CUSTOMER and access.can(request.user, "report.view"),
        **acts_for(agreement, request.user),
        **forms,
    }
    if context["may_edit"] and agreement.is_in_force:
        context |= applied(agreement, at=at)
    return render(request, "slm/agreement.html", context, status=status)


def applied(agreement: Agreement, *, at: datetime) -> dict[str, Any]:
    """Whether open tickets are being brought to the version in force, and how many clocks are not there."""
    application = going_on(agreement, at=at)
    outdated = under_other_versions(agreement).count() if application is None else application.left
    return {"application": application, "outdated": outdated}


def beneath(agreement: Agreement, known: house.House) -> list[Agreement]:
    """The agreements with teams and suppliers that stand beneath one with customers."""
    found: dict[int, Agreement] = {}
    for service in known.services_of(agreement):
        for each in (known.team_agreement(agreement, service), *known.contracts(agreement, service)):
            if each is not None:
                found[each.pk] = each
    return list(found.values())


def supplied_by(agreement: Agreement, user: Any) -> list[Service]:
    """The services that the other side of a contract delivers to us, as far as the person may see them."""
    if agreement.supplier_id is None:
        return []
    return list(services_visible_to(user).filter(supplier=agreement.supplier_id)[:LISTED_SERVICES])


def _signatures(agreement: Agreement) -> list[Signature]:
    """Those of the text that is worked on, else of the last one that was signed."""
    rows = list(agreement.signatures.select_related("recorded_by"))
    numbers = {each.number for each in rows}
    shown = agreement.latest_version if agreement.latest_version in numbers else max(numbers, default=0)
    return [each for each in rows if each.number == shown]


def acts_for(agreement: Agreement, user: Any) -> dict[str, Any]:
    """What this person may do to the agreement now, as the page and the portal offer it."""
    state = agreement.state
    draft = agreement.versions.filter(number=agreement.latest_version).first()
    signed = set(agreement.signatures.filter(number=agreement.latest_version).values_list("side", flat=True))
    is_draft = state == AgreementState.DRAFT or agreement.proposed_version is not None
    is_offered = bool(is_draft or state == AgreementState.NEGOTIATING) and draft is not None and bool(draft.offered_at)
    may_edit = access.can(user, "agreement.edit", agreement)
    open_sides = [each for each in Side if each not in signed] if is_offered else []
    return {
        "may_edit": may_edit,
        "draft": version_row(draft) if draft is not None and agreement.proposed_version else None,
        "draft_version": draft,
        "may_change_text": may_edit and state not in ENDED,
        "may_offer": may_edit and is_draft and draft is not None and draft.offered_at is None,
        "may_sign": [
            each
            for each, named in (
                (Side.PROVIDER, agreement.provider_signatory_id), (Side.PARTNER, agreement.partner_signatory_id),
            )
            if each in open_sides and named == user.pk
        ],
        "paper_sides": open_sides if access.can(user, "agreement.sign", agreement) else [],
        "open_sides": open_sides,
        "may_call_review": may_edit and state == AgreementState.ACTIVE,
        "may_conclude": may_edit and state == AgreementState.IN_REVIEW and agreement.proposed_version is None,
        "may_drop_draft": may_edit and agreement.proposed_version is not None,
        "may_give_notice": may_edit and agreement.is_in_force and agreement.ends_date is None,
        "may_withdraw_notice": may_edit and agreement.is_in_force and agreement.ends_date is not None,
        "may_retire": may_edit and state not in ENDED,
        "may_reinstate": may_edit and state == AgreementState.RETIRED,
        "is_customer": agreement.type == AgreementType.CUSTOMER,
        "is_about_calls": is_about_calls(agreement),
    }  # fmt: skip
