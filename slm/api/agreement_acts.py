"""The life of an agreement in the REST API: offer, signatures, reviews, notice, versions, findings."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Day, Flag, Integer, Moment, Named, Nothing, Row, Strict, Text, named
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.refusals import Refused
from common.time import now
from people.queries import organizations_visible_to
from records.api.references import person, service
from records.enums import Priority

from .. import applying, declarations, matching, operations, reading, tasks
from ..backtoback import checking
from ..backtoback.sentences import told
from ..enums import AgreementType, Side
from ..selection import Outcome
from ..texts import version_row
from .agreements import AgreementDoor, AgreementShape

EDIT = "agreement.edit"


class SignatureShape(Answer):
    """One side's word to one version."""

    version = serializers.IntegerField()
    side = serializers.ChoiceField(choices=Side.choices)
    signed_by = serializers.CharField()
    signed_for = serializers.CharField()
    at = serializers.DateTimeField()
    reference = serializers.CharField(help_text="Where the paper is kept; empty for one given here.")
    digest = serializers.CharField(help_text="SHA-256 of the text.")


class Signatures(Answer):
    """Every signature, the oldest first."""

    items = SignatureShape(many=True)


class VersionShape(Answer):
    """One text of the agreement."""

    number = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    created_by = Named(allow_null=True)
    effective_date = serializers.DateField(allow_null=True, help_text="First day beside one in force.")
    offered_at = serializers.DateTimeField(allow_null=True)
    agreed_at = serializers.DateTimeField(allow_null=True)
    in_force_from = serializers.DateTimeField(allow_null=True)
    in_force_until = serializers.DateTimeField(allow_null=True)
    differences = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)),
        help_text="Against the version before, in words: `label`, `before`, `after`.",
    )


class Versions(Answer):
    """The twenty newest versions, the newest first."""

    items = VersionShape(many=True)


class FindingShape(Answer):
    """What does not hold between the promise and the agreements underneath."""

    code = serializers.CharField()
    version = serializers.IntegerField(help_text="Of the text that was compared: in force, or drafted.")
    text = serializers.CharField()
    advice = serializers.CharField()
    is_warning = serializers.BooleanField()
    mend = serializers.CharField(allow_blank=True, help_text="Page on which it can be mended.")


class Findings(Answer):
    """The weightiest first; empty when everything underneath carries the agreement."""

    items = FindingShape(many=True)


class CandidateOutcome(Answer):
    """An agreement that was looked at, and why it was chosen or not."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=[(each.value, each.value) for each in Outcome])
    text = serializers.CharField()


class ChoiceShape(Answer):
    """Which agreement a ticket falls under."""

    agreement = Named(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    candidates = CandidateOutcome(many=True)


class AgreementSignatureBody(Strict):
    """A signature of one's own; with `signed_name` and `reference` one that stands on paper."""

    side = Choice(choices=Side.choices)
    version = Integer(min_value=1, max_value=99_999_999, help_text="The version that was read.")
    signed_name = Text(max_length=200, required=False)
    reference = Text(max_length=200, required=False)


class ConclusionBody(Strict):
    """The end of a review that changes nothing."""

    note = Text(max_length=300)
    review_date = Day(help_text="Of the next review.")


class NoticeBody(Strict):
    """Ending an agreement by notice."""

    ends_date = Day(help_text="First day on which it no longer holds.")
    reason = Text(max_length=300)
    waives_notice = Flag(required=False, help_text="Both sides agree on an earlier day than the notice allows.")


class ImaginedBody(Strict):
    """A ticket as somebody might log it."""

    kind = Text(max_length=20, required=False, help_text="Kind of ticket; else the first that has clocks.")
    organization = Row(among=organizations_visible_to, required=False, allow_null=True)
    service = service(required=False, allow_null=True, help_text="Id or short name.")
    requester = person(required=False, allow_null=True, help_text="Id or user name.")
    priority = Choice(choices=[(each.value, str(each.label)) for each in Priority], required=False)
    opened_at = Moment(required=False, help_text="Else now.")


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
        return self.answer({"items": [_signature(each) for each in found.signatures.all()]})

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
            items.append(_version(each) | {"differences": [vars(one) for one in differences]})
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
        tasks.ring_for_application(asked, by=request.user.pk)
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
        match = matching.match_of(matching.imagined(kind=kind, **said, at=now()))
        return self.answer(
            {
                "agreement": named(match.get("agreement"), match.get("name", "")),
                "version": match.get("version"),
                "reasons": matching.reasons(match),
                "candidates": [
                    {**each, "text": str(matching.OUTCOMES[Outcome(each["outcome"])])} for each in match["candidates"]
                ],
            }
        )


def _signature(row: Any) -> dict[str, Any]:
    return {
        "version": row.number, "side": row.side, "signed_by": row.signed_name, "signed_for": row.name, "at": row.at,
        "reference": row.reference, "digest": row.digest,
    }  # fmt: skip


def _version(row: Any) -> dict[str, Any]:
    moments = ("created_at", "effective_date", "offered_at", "agreed_at", "in_force_from", "in_force_until")
    return {"number": row.number, "created_by": named(row.created_by_id, str(row.created_by))} | {
        name: getattr(row, name) for name in moments
    }
