"""How approvals look in the REST API."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named, named

from .. import presenting
from ..enums import Choice, Expiry, Quorum, State, StepState
from ..models import Approval, Seat, Step


class VoteShape(Answer):
    """What a seat says."""

    choice = serializers.ChoiceField(choices=Choice.choices)
    reason = serializers.CharField(allow_blank=True)
    conditions = serializers.ListField(child=serializers.CharField())
    by = Named()
    on_behalf_of = Named(allow_null=True)
    recorded_by = Named(allow_null=True, help_text="Who wrote it down in a meeting; null: they voted themselves.")
    at = serializers.DateTimeField()


class SeatShape(Answer):
    """One vote of a step: who was asked, who sits there now, what was said."""

    id = serializers.IntegerField()
    holder = Named()
    acting = Named(allow_null=True, help_text="Null: nobody; see `missing` of the approval.")
    why = serializers.CharField()
    is_mandatory = serializers.BooleanField()
    is_deciding = serializers.BooleanField(help_text="Decides the step alone.")
    handover = serializers.CharField(allow_blank=True, help_text="delegated, deputy or lead.")
    vote = VoteShape(allow_null=True)


class StepShape(Answer):
    """A step: its rule, its deadline, its seats."""

    position = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=StepState.choices)
    quorum = serializers.ChoiceField(choices=Quorum.choices)
    needed = serializers.IntegerField(help_text="A number for `count`, percent for `percent`.")
    least_votes = serializers.IntegerField()
    rule = serializers.CharField(help_text="The rule as a sentence.")
    opened_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    on_expiry = serializers.ChoiceField(choices=Expiry.choices)
    decided_at = serializers.DateTimeField(allow_null=True)
    seats = SeatShape(many=True)


class ApprovalSubjectShape(Answer):
    """What is decided."""

    kind = serializers.CharField(help_text="`record`, or for example `procedure_version`.")
    id = serializers.IntegerField()
    url = serializers.CharField(help_text="Its page.")


class ApprovalBrief(Answer):
    """An approval in a list."""

    id = serializers.IntegerField()
    record = serializers.CharField(allow_null=True, help_text="Its reference; null: it is about something else.")
    subject = ApprovalSubjectShape()
    title = serializers.CharField()
    purpose = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # a name of ours, not the field's
    state = serializers.ChoiceField(choices=State.choices)
    asked_by = Named(allow_null=True)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="Of the step that is being decided.")
    policy = serializers.CharField(allow_blank=True)
    subject_version = serializers.CharField(help_text="Fingerprint of what is decided.")
    version = serializers.IntegerField()


class DecisionFactShape(Answer):
    label = serializers.CharField()  # type: ignore[assignment] # a name of ours, not the field's
    value = serializers.CharField(allow_blank=True)


class ApprovalShape(ApprovalBrief):
    """An approval with its steps, seats and votes, and what the caller may do."""

    end_reason = serializers.CharField(allow_blank=True)
    facts = DecisionFactShape(many=True)
    steps = StepShape(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    my_seat = serializers.IntegerField(allow_null=True, help_text="The seat that the caller votes on now.")
    why_not = serializers.CharField(allow_blank=True, help_text="Why the caller can't vote, if they look as if.")


def brief(row: Approval) -> dict[str, Any]:
    """The dictionary of an `ApprovalBrief`. :param row: read with record, people and steps."""
    due = next((step.due_at for step in row.steps.all() if step.is_open), None)
    return {
        "id": row.pk,
        "record": row.record.reference if row.record else None,
        "subject": {
            "kind": row.subject_kind or "record",
            "id": row.subject.pk,
            "url": row.subject.get_absolute_url(),
        },
        "title": row.subject.title,
        "purpose": row.purpose,
        "label": str(row.label),
        "state": row.state,
        "asked_by": named(row.asked_by_id, str(row.asked_by)),
        "asked_at": row.asked_at,
        "decided_at": row.decided_at,
        "due_at": due,
        "policy": row.policy_name,
        "subject_version": row.subject_version,
        "version": row.version,
    }


def whole(row: Approval, *, mine: presenting.Mine, missing: list[str]) -> dict[str, Any]:
    """The dictionary of an `ApprovalShape`. :param row: read with everything."""
    return brief(row) | {
        "end_reason": row.end_reason,
        "facts": [{"label": str(fact.label), "value": str(fact.value)} for fact in presenting.facts_of(row)],
        "steps": [_step(step) for step in row.steps.all()],
        "missing": missing,
        "my_seat": mine.seat.pk if mine.seat else None,
        "why_not": mine.why_not,
    }


def _step(step: Step) -> dict[str, Any]:
    names = ("position", "name", "state", "quorum", "needed", "least_votes", "opened_at", "due_at", "on_expiry")
    return {name: getattr(step, name) for name in names} | {
        "rule": presenting.rule_of(step),
        "decided_at": step.decided_at,
        "seats": [_seat(seat) for seat in step.seats.all()],
    }


def _seat(seat: Seat) -> dict[str, Any]:
    vote = next((each for each in seat.votes.all() if each.is_current), None)
    return {
        "id": seat.pk,
        "holder": named(seat.holder_id, str(seat.holder)),
        "acting": named(seat.acting_id, str(seat.acting)),
        "why": seat.why,
        "is_mandatory": seat.is_mandatory,
        "is_deciding": seat.is_deciding,
        "handover": seat.handover,
        "vote": vote
        and {
            "choice": vote.choice,
            "reason": vote.reason,
            "conditions": [each.text for each in vote.conditions.all()],
            "by": named(vote.by_id, str(vote.by)),
            "on_behalf_of": named(vote.on_behalf_of_id, str(vote.on_behalf_of)),
            "recorded_by": named(vote.recorded_by_id, str(vote.recorded_by)),
            "at": vote.at,
        },
    }
