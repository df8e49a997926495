"""How approval policies look in the REST API, and what may be said of them."""

from typing import Any

from rest_framework import serializers

from calendars.models import Calendar
from common.api.fields import Answer, Choice, Flag, Integer, Row, Strict, Text, Texts
from people.enums import Role
from records.api.references import person, team

from .. import enums
from ..models import ApprovalPolicy, Board
from ..terms import ApproverTerms, ConditionTerms, StepSpec, Terms

ROLES = [choice for choice in Role.choices if choice[0] != Role.REQUESTER]


class ApproverShape(Answer):
    """Whom a step asks; keys of rows."""

    kind = serializers.ChoiceField(choices=enums.ApproverKind.choices)
    person = serializers.IntegerField(allow_null=True)
    role = serializers.CharField(allow_blank=True)
    team = serializers.IntegerField(allow_null=True)
    board = serializers.IntegerField(allow_null=True)
    is_mandatory = serializers.BooleanField()


class PolicyStepShape(Answer):
    """A step of a policy."""

    name = serializers.CharField()
    quorum = serializers.ChoiceField(choices=enums.Quorum.choices)
    needed = serializers.IntegerField()
    least_votes = serializers.IntegerField()
    deadline_minutes = serializers.IntegerField(allow_null=True)
    calendar = serializers.IntegerField(allow_null=True)
    remind_minutes = serializers.IntegerField(allow_null=True)
    on_expiry = serializers.ChoiceField(choices=enums.Expiry.choices)
    escalate_to = serializers.IntegerField(allow_null=True)
    approvers = ApproverShape(many=True)


class ConditionShape(Answer):
    """A condition; all of a policy must hold."""

    fact = serializers.CharField()
    comparison = serializers.ChoiceField(choices=enums.Comparison.choices)
    values = serializers.ListField(child=serializers.CharField())


class PolicyShape(Answer):
    """Who decides a purpose for which records."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()
    conditions = ConditionShape(many=True)
    steps = PolicyStepShape(many=True)


def board_row(**options: Any) -> Row:
    """A board, by id or short name."""
    return Row(among=lambda by: Board.objects.filter(is_active=True), **options)


class ApproverBody(Strict):
    """Whom a step asks."""

    kind = Choice(choices=enums.ApproverKind.choices)
    person = person(required=False, allow_null=True, help_text="Id or user name; for `person`.")
    role = Choice(choices=ROLES, required=False, help_text="For `role`.")
    team = team(required=False, allow_null=True, help_text="Id or short name; for `team`.")
    board = board_row(required=False, allow_null=True, help_text="Id or short name; for `board`.")
    is_mandatory = Flag(required=False)


class PolicyStepBody(Strict):
    """A step."""

    name = Text(max_length=120)
    approvers = ApproverBody(many=True, max_length=50)  # type: ignore[call-arg] # of the list, not of its rows
    quorum = Choice(choices=enums.Quorum.choices, required=False)
    needed = Integer(min_value=0, max_value=100, required=False)
    least_votes = Integer(min_value=0, max_value=100, required=False)
    deadline_minutes = Integer(min_value=1, max_value=525_600, required=False, allow_null=True)
    calendar = Row(among=lambda by: Calendar.objects.active(), required=False, allow_null=True)
    remind_minutes = Integer(min_value=1, max_value=525_600, required=False, allow_null=True)
    on_expiry = Choice(choices=enums.Expiry.choices, required=False)
    escalate_to = person(required=False, allow_null=True, help_text="Id or user name.")


class ConditionBody(Strict):
    """A condition."""

    fact = Text(max_length=40)
    comparison = Choice(choices=enums.Comparison.choices, required=False)
    values = Texts(max_length=50)


class PolicyBody(Strict):
    """All that a policy says."""

    name = Text(max_length=200)
    position = Integer(min_value=0, max_value=10_000, required=False)
    conditions = ConditionBody(many=True, required=False, max_length=20)  # type: ignore[call-arg] # of the list
    steps = PolicyStepBody(many=True, max_length=10)  # type: ignore[call-arg] # of the list, not of its rows


class NewPolicy(PolicyBody):
    """A new policy, in force at once."""

    purpose = Text(max_length=60, help_text="What it decides, for example `change.authorize`.")


def terms_of(values: dict[str, Any]) -> Terms:
    """The terms that a body describes."""
    return Terms(
        conditions=tuple(
            ConditionTerms(fact=each["fact"], values=tuple(each["values"]), comparison=each.get("comparison", "is"))
            for each in values.get("conditions", ())
        ),
        steps=tuple(_step(each) for each in values["steps"]),
    )


def _step(said: dict[str, Any]) -> StepSpec:
    rows: dict[str, Any] = {name: getattr(said.get(name), "pk", None) for name in ("calendar", "escalate_to")}
    plain = {name: value for name, value in said.items() if name not in ("approvers", *rows)}
    return StepSpec(
        approvers=tuple(
            ApproverTerms(
                kind=each["kind"],
                person=getattr(each.get("person"), "pk", None),
                role=each.get("role", ""),
                team=getattr(each.get("team"), "pk", None),
                board=getattr(each.get("board"), "pk", None),
                is_mandatory=each.get("is_mandatory", False),
            )
            for each in said["approvers"]
        ),
        **plain,
        **rows,
    )


def policy(row: ApprovalPolicy) -> dict[str, Any]:
    """The dictionary of a `PolicyShape`. :param row: read with conditions and steps."""
    names = ("slug", "name", "purpose", "position", "is_active", "version")
    return {"id": row.pk} | {name: getattr(row, name) for name in names} | Terms.of(row).as_document()
