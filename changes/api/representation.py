"""One change as the API shows it."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named, named
from people.access import access_of
from records.api import detail
from records.api.representation import person_of, row_of

from ..enums import Band, Outcome, StepState, Type
from ..models import Change, ChangeStep
from ..queries.conflicts import Conflict, Reason

RELATED = (*detail.RELATED, "model", "late_authorizer", "reviewed_by")
TEXTS = (
    "rationale", "benefit", "harm", "implementation_plan", "test_plan", "test_evidence", "back_out_plan",
    "back_out_trigger", "communication_plan", "outage_minutes", "risk_score", "risk_band", "outcome", "review_text",
    "review_due_date", "amend_count",
)  # fmt: skip
MOMENTS = (
    "planned_from", "planned_to", "agreed_from", "agreed_to", "actual_from", "actual_to", "submitted_at",
    "authorized_at", "late_approval_due_at",
)  # fmt: skip


class ChangeDetail(detail.RecordDetail):
    """A change. What only the provider's people may see is left out for others."""

    type = serializers.ChoiceField(choices=Type.values)
    model = Named(required=False, allow_null=True)
    services = Named(many=True, required=False)
    items = Named(many=True, required=False)
    rationale = serializers.CharField(required=False, allow_blank=True)
    benefit = serializers.CharField(required=False, allow_blank=True)
    harm = serializers.CharField(required=False, allow_blank=True)
    implementation_plan = serializers.CharField(required=False, allow_blank=True)
    test_plan = serializers.CharField(required=False, allow_blank=True)
    test_evidence = serializers.CharField(required=False, allow_blank=True)
    back_out_plan = serializers.CharField(required=False, allow_blank=True)
    back_out_trigger = serializers.CharField(required=False, allow_blank=True)
    communication_plan = serializers.CharField(required=False, allow_blank=True)
    outage_minutes = serializers.IntegerField(required=False)
    risk_score = serializers.IntegerField(required=False, allow_null=True, help_text="0 to 100.")
    risk_band = serializers.ChoiceField(required=False, choices=Band.choices, allow_blank=True)
    outcome = serializers.ChoiceField(required=False, choices=Outcome.values, allow_blank=True)
    review_text = serializers.CharField(required=False, allow_blank=True)
    review_due_date = serializers.DateField(required=False, allow_null=True)
    amend_count = serializers.IntegerField(required=False)
    planned_from = serializers.DateTimeField(required=False, allow_null=True)
    planned_to = serializers.DateTimeField(required=False, allow_null=True)
    agreed_from = serializers.DateTimeField(
        required=False, allow_null=True, help_text="The window that was authorized."
    )
    agreed_to = serializers.DateTimeField(required=False, allow_null=True)
    actual_from = serializers.DateTimeField(required=False, allow_null=True)
    actual_to = serializers.DateTimeField(required=False, allow_null=True)
    submitted_at = serializers.DateTimeField(required=False, allow_null=True)
    authorized_at = serializers.DateTimeField(required=False, allow_null=True)
    late_authorizer = Named(required=False, allow_null=True)
    late_approval_due_at = serializers.DateTimeField(required=False, allow_null=True)
    reviewed_by = Named(required=False, allow_null=True)


class ChangeStepShape(Answer):
    """One step of the implementation."""

    id = serializers.IntegerField()
    position = serializers.IntegerField()
    title = serializers.CharField()
    instructions = serializers.CharField(allow_blank=True)
    owner = Named(allow_null=True)
    state = serializers.ChoiceField(choices=StepState.values)
    planned_from = serializers.DateTimeField(allow_null=True)
    planned_to = serializers.DateTimeField(allow_null=True)
    began_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = Named(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    is_unplanned = serializers.BooleanField()


class ChangeStepList(Answer):
    """All steps, in order."""

    items = ChangeStepShape(many=True)


class ConflictShape(Answer):
    """Something that collides with the window."""

    key = serializers.CharField(help_text="Names this very overlap; another one when a window moves.")
    reason = serializers.ChoiceField(choices=Reason.values)
    change = serializers.CharField(
        allow_null=True, help_text="Reference of the other change; null for one that the caller may not see."
    )
    window = serializers.IntegerField(allow_null=True, help_text="Id of the freeze.")
    sentence = serializers.CharField()
    is_open = serializers.BooleanField(help_text="Nobody has accepted it yet.")
    accepted = serializers.CharField(allow_blank=True, help_text="Why it was accepted.")
    accepted_by = Named(allow_null=True)


class ConflictList(Answer):
    """Everything that collides with the planned window; empty without one."""

    items = ConflictShape(many=True)


class RiskAnswerShape(Answer):
    """One risk question and what was answered."""

    key = serializers.CharField()
    question = serializers.CharField()
    weight = serializers.IntegerField()
    points = serializers.IntegerField(allow_null=True, help_text="0 to 4; null while nothing is answered.")
    is_changed = serializers.BooleanField(help_text="It says something else by now than when it was answered.")
    is_for_less = serializers.BooleanField(help_text="The change touches more by now: answer it anew.")


class RiskShape(Answer):
    """How the score comes about."""

    score = serializers.IntegerField(allow_null=True)
    band = serializers.ChoiceField(choices=Band.choices, allow_null=True)
    raised_by = serializers.ListField(child=serializers.CharField(), help_text="Questions that raised the band.")
    questions = RiskAnswerShape(many=True)


class ExemptionShape(Answer):
    """A freeze in which it may happen."""

    id = serializers.IntegerField()
    window = Named()
    reason = serializers.CharField()
    by = Named()
    at = serializers.DateTimeField()


class ExemptionList(Answer):
    """All exemptions of one change."""

    items = ExemptionShape(many=True)


def change(record: Change, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of a `ChangeDetail`. :param record: read with `RELATED`, so that no name costs a query."""
    found = detail.detail(record, by=by, at=at, comments=comments) | {"type": record.type}
    if not access_of(by).allows_on("record.read_notes", record):
        return found
    return found | {
        "model": row_of(record.model),
        "services": [named(*each) for each in record.services.order_by("name").values_list("pk", "name")],
        "items": [named(*each) for each in record.items.order_by("name").values_list("pk", "name")],
        **{name: getattr(record, name) for name in (*TEXTS, *MOMENTS)},
        "late_authorizer": person_of(record.late_authorizer),
        "reviewed_by": person_of(record.reviewed_by),
    }


def step(row: ChangeStep) -> dict[str, Any]:
    plain = ("position", "title", "instructions", "state", "planned_from", "planned_to", "began_at", "ended_at", "note")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in plain},
        "owner": person_of(row.owner),
        "ended_by": person_of(row.ended_by),
        "is_unplanned": row.is_unplanned,
    }


def conflict(found: Conflict) -> dict[str, Any]:
    return {
        "key": found.key,
        "reason": found.reason.value,
        "change": None if found.is_freeze or found.other is None else found.other.reference,
        "window": found.other.pk if found.is_freeze else None,
        "sentence": found.sentence,
        "is_open": found.is_open,
        "accepted": found.accepted,
        "accepted_by": person_of(found.accepted_by),
    }
