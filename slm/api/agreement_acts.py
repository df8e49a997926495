"""The life of an agreement in the REST API: offer, signatures, reviews, notice, versions, findings."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from common.api.describing import IF_MATCH, describe
from common.api.fields import Nothing, named
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.refusals import Refused
from common.time import now

from .. import applying, declarations, matching, operations, reading, tasks
from ..backtoback import checking
from ..backtoback.sentences import told
from ..enums import AgreementType
from ..selection import Outcome
from ..texts import version_row
from .agreement_act_shapes import (
    AgreementSignatureBody,
    ChoiceShape,
    ConclusionBody,
    Findings,
    ImaginedBody,
    NoticeBody,
    Signatures,
    Versions,
    signature,
    version,
)
from .agreement_shapes import AgreementShape
from .agreements import AgreementDoor

EDIT = "agreement.edit"


class AgreementOffer(AgreementDoor):
    """Letting both sides sign."""

    operations = {"POST": EDIT}

    @describe(
        "Offer the draft of an agreement for signature",
        takes=Nothing, gives=AgreementShape, problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        Nothing.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        self.or_current(found.pk, lambda: operations.offer(agreement=found, by=request.user, at=now(), version=version))
        return self.shown(found.pk)


class AgreementSignatures(AgreementDoor):
    """Signatures of an agreement."""

    operations = {"GET": "agreement.view", "POST": "agreement.sign"}

    @describe("List the signatures of an agreement", gives=Signatures, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        return self.answer({"items": [signature(each) for each in found.signatures.all()]})

    @describe(
        "Sign an agreement, or record a signature on paper",
        takes=AgreementSignatureBody, gives=AgreementShape, problems=[404, 409, 412],
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        body = AgreementSignatureBody.read(request.data, by=request.user)
        said = {"agreement": found, "by": request.user, "at": now(), "side": body["side"], "version": body["version"]}
        if "signed_name" in body or "reference" in body:
            paper = {name: body.get(name, "") for name in ("signed_name", "reference")}
            self.or_current(found.pk, lambda: operations.record_signature(**said, **paper))
        else:
            self.or_current(found.pk, lambda: operations.sign(**said))
        return self.shown(found.pk)


class AgreementReview(AgreementDoor):
    """Calling for a review."""

    operations = {"POST": EDIT}

    @describe("Call for the review of an agreement", takes=Nothing, gives=AgreementShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        Nothing.read(request.data, by=request.user)
        operations.call_review(agreement=found, by=request.user, at=now())
        return self.shown(found.pk)


class AgreementConclusion(AgreementDoor):
    """Ending a review."""

    operations = {"POST": EDIT}

    @describe(
        "End the review of an agreement, unchanged",
        takes=ConclusionBody, gives=AgreementShape, problems=[404, 409],
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        said = ConclusionBody.read(request.data, by=request.user)
        operations.conclude_review(agreement=found, by=request.user, at=now(), **said)
        return self.shown(found.pk)


class AgreementDraft(AgreementDoor):
    """The version drafted beside the one in force."""

    operations = {"DELETE": EDIT}

    @describe("Drop the draft beside the version in force", gives=AgreementShape, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        operations.withdraw_draft(agreement=found, by=request.user, at=now())
        return self.shown(found.pk)


class AgreementNotice(AgreementDoor):
    """Notice to end an agreement."""

    operations = {"POST": EDIT, "DELETE": EDIT}

    @describe("Give notice to an agreement", takes=NoticeBody, gives=AgreementShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        said = NoticeBody.read(request.data, by=request.user)
        operations.give_notice(agreement=found, by=request.user, at=now(), **said)
        return self.shown(found.pk)

    @describe("Withdraw the notice of an agreement", gives=AgreementShape, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        operations.withdraw_notice(agreement=found, by=request.user, at=now())
        return self.shown(found.pk)


class AgreementVersions(AgreementDoor):
    """Versions of an agreement."""

    operations = {"GET": "agreement.view"}

    @describe("List the versions of an agreement", gives=Versions, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        rows = list(found.versions.select_related("created_by", "agreement__calendar")[:21])
        texts = [version_row(each) for each in rows]
        items = []
        for place, each in enumerate(rows[:20]):
            before = texts[place + 1] if place + 1 < len(texts) else None
            differences = reading.differences(before, texts[place]) if before is not None else []
            items.append(version(each) | {"differences": [vars(one) for one in differences]})
        return self.answer({"items": items})


class AgreementFindings(AgreementDoor):
    """What does not hold between an agreement and those underneath."""

    operations = {"GET": "agreement.view"}

    @describe("Compare an agreement with those underneath", gives=Findings, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        items = []
        if found.type == AgreementType.CUSTOMER:
            items = [
                {
                    "code": each.code, "version": each.version, "text": each.text, "advice": each.advice,
                    "is_warning": each.is_warning, "mend": each.url,
                }
                for each in told(checking.check_one(found, at=now()))
            ]  # fmt: skip
        return self.answer({"items": items})


class AgreementApplication(AgreementDoor):
    """Bringing open tickets to the version in force."""

    operations = {"POST": EDIT}

    @describe(
        "Apply the version in force to open tickets",
        takes=Nothing, gives=AgreementShape, status=202, problems=[404, 409],
        description="Live clocks under earlier versions follow in the background; finished ones stay. Try it first: "
        "`simulations` shows what would change.",
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        Nothing.read(request.data, by=request.user)
        asked = applying.ask(agreement=found, by=request.user, at=now())
        tasks.ring_for_application(agreement=asked.pk, version=asked.version, by=request.user.pk)
        return self.shown(found.pk, status=202)


class AgreementChoice(ApiView):
    """Which agreement a ticket would fall under."""

    operations = {"POST": "agreement.view"}

    @describe(
        "Say which agreement a ticket would fall under, and why",
        takes=ImaginedBody, gives=ChoiceShape,
        description="Nothing is logged. Those that lost are listed with their reasons, the best first.",
        examples=[("An incident of one service", {"kind": "incident", "service": "vpn", "priority": 2})],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        said = ImaginedBody.read(request.data, by=request.user)
        kinds = [kind for kind, _label in declarations.kind_choices()]
        kind = said.pop("kind", kinds[0])
        if kind not in kinds:
            message = _("Tickets of this kind have no clocks. Choose one of: %(kinds)s.") % {"kinds": ", ".join(kinds)}
            raise Refused.because("unknown_kind", message, "kind")
        ticket = matching.imagined(kind=kind, **said, at=now())
        beneath = matching.beneath(ticket)
        sides = {each: _chosen(beneath[each]) if each in beneath else None for each in ("team", "supplier")}
        return self.answer(_chosen(matching.match_of(ticket)) | sides)


def _chosen(match: dict[str, Any]) -> dict[str, Any]:
    return {
        "agreement": named(match.get("agreement"), match.get("name", "")),
        "version": match.get("version"),
        "reasons": matching.reasons(match),
        "candidates": [
            {**each, "text": str(matching.OUTCOMES[Outcome(each["outcome"])])} for each in match["candidates"]
        ],
    }
