"""Doors to the rules by which drafts come into force."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Answer, Flag, Integer, Strict, Text, Texts
from common.api.preconditions import seen_version
from common.api.rows import RowDoor
from common.time import now
from records.api.idempotency import once

from .. import carriers, operations
from ..enums import Way
from ..models import ActivationRule

SAID = ("name", "position", "processes", "with_mandatory_steps", "way", "raises")
EXAMPLE = {"name": "At once", "position": 50, "processes": ["operate"], "way": "act"}


class ActivationRuleShape(Answer):
    """What has to happen before drafts come into force that it fits."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    position = serializers.IntegerField(help_text="The first rule that fits decides.")
    processes = serializers.ListField(child=serializers.CharField(), help_text="Empty: of any process.")
    with_mandatory_steps = serializers.BooleanField(help_text="Fits only drafts with a step that must be done.")
    way = serializers.ChoiceField(choices=Way.values)
    raises = serializers.CharField(allow_blank=True, help_text="normal or standard:MODEL where a change is raised.")
    version = serializers.IntegerField()


class ActivationRuleList(Answer):
    """Every rule in the order in which they are asked. Where none fits, a second person decides."""

    items = ActivationRuleShape(many=True)
    may_raise = serializers.ListField(child=serializers.CharField(), help_text="What `raises` can say today.")


class ActivationRuleBody(Strict):
    """All that a rule says; what is left out is as for a new one."""

    name = Text(max_length=120)
    position = Integer(min_value=0, max_value=10_000, required=False)
    processes = Texts(required=False, max_length=5, help_text="agree, change, recover, operate or improve.")
    with_mandatory_steps = Flag(required=False)
    way = Text(max_length=8, help_text="act, second, approval or change.")
    raises = Text(max_length=100, required=False, allow_blank=True)


def said_in(request: Any) -> dict[str, Any]:
    """What the operation takes."""
    usual = {"position": 50, "processes": [], "with_mandatory_steps": False, "raises": ""}
    return usual | ActivationRuleBody.read(request.data, by=request.user)


class ActivationRuleDoor(RowDoor):
    """A door to the rules of activation."""

    part = "rule"
    address = "activation-rules"

    def rows(self) -> Any:
        return ActivationRule.objects.all()

    def shape(self, row: ActivationRule) -> dict[str, Any]:
        return {"id": row.pk, **{name: getattr(row, name) for name in SAID}, "version": row.version}


class ActivationRules(ActivationRuleDoor):
    """Rules of activation."""

    operations = {"GET": "procedure.view", "POST": "procedure.set_rules"}

    @describe("List the rules by which procedures come into force", gives=ActivationRuleList)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [self.shape(row) for row in self.rows()], "may_raise": list(carriers.choices())})

    @describe(
        "Make a rule by which procedures come into force", takes=ActivationRuleBody, gives=ActivationRuleShape,
        status=201, problems=[409], parameters=[IDEMPOTENCY_KEY], examples=[("Operating at once", EXAMPLE)],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        at, said = now(), said_in(request)
        return once(
            request, at=at, act=lambda: self.made(operations.set_rule(rule=None, by=request.user, at=at, **said))
        )


class OneActivationRule(ActivationRuleDoor):
    """One rule of activation."""

    operations = {"GET": "procedure.view", "PUT": "procedure.set_rules", "DELETE": "procedure.set_rules"}

    @describe("Get a rule by which procedures come into force", gives=ActivationRuleShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Replace what a rule says by which procedures come into force", takes=ActivationRuleBody,
        gives=ActivationRuleShape, problems=[404, 409, 412], parameters=[IF_MATCH],
        description="What was handed in before keeps its way.",
    )  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found, version = self.found(number), seen_version(request, is_required=False)
        operations.set_rule(rule=found, by=request.user, at=now(), version=version, **said_in(request))
        return self.shown(number)

    @describe("Remove a rule by which procedures come into force", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove_rule(rule=self.found(number), by=request.user, at=now())
        return self.answer(status=204)
