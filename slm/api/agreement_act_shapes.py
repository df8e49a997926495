"""What is said and answered around an agreement: signatures, versions, findings, choices, notice."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Choice, Day, Flag, Integer, Moment, Named, Row, Strict, Text, named
from people.queries import organizations_visible_to, teams_visible_to
from records.api.references import person, service
from records.enums import Priority
from services.queries import items_open_to

from ..enums import Side
from ..selection import Outcome


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


class ChoiceBeneathShape(Answer):
    """Which agreement of one type a ticket falls under."""

    agreement = Named(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    candidates = CandidateOutcome(many=True)


class ChoiceShape(ChoiceBeneathShape):
    """Which agreements a ticket falls under: with the customer, and beneath."""

    team = ChoiceBeneathShape(allow_null=True, help_text="With the team that has it; null without any.")
    supplier = ChoiceBeneathShape(allow_null=True, help_text="When it is handed to a supplier; null without any.")


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
    team = Row(among=teams_visible_to, required=False, allow_null=True, help_text="That has it.")
    item = Row(
        among=items_open_to, by="name", required=False, allow_null=True, help_text="Configuration item it is about.",
    )  # fmt: skip


def signature(row: Any) -> dict[str, Any]:
    return {
        "version": row.number, "side": row.side, "signed_by": row.signed_name, "signed_for": row.name, "at": row.at,
        "reference": row.reference, "digest": row.digest,
    }  # fmt: skip


def version(row: Any) -> dict[str, Any]:
    moments = ("created_at", "effective_date", "offered_at", "agreed_at", "in_force_from", "in_force_until")
    return {"number": row.number, "created_by": named(row.created_by_id, str(row.created_by))} | {
        name: getattr(row, name) for name in moments
    }
