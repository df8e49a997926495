"""Models of standard changes in the API."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Day, Integer, Named, Strict, Text, Texts
from common.api.rows import RowDoor
from common.time import now
from records.api.references import person, service, team
from records.api.representation import person_of, row_of
from records.api.resource import LARGEST_COUNT, LONGEST_TEXT

from .. import operations
from ..enums import ModelState
from ..models import ChangeModel
from ..operations.catalog import MOST_STEPS
from .bodies import ChangeReasonBody, prose, rows

PLAIN = (
    "name", "slug", "description", "state", "state_reason", "longest_minutes", "implementation_plan", "test_plan",
    "back_out_plan", "communication_plan", "steps", "approved_at", "expires_date", "least_success_percent",
    "judged_uses", "version",
)  # fmt: skip


class ChangeModelShape(Answer):
    """What may be done without asking each time, and within which limits."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=ModelState.values)
    state_reason = serializers.CharField(allow_blank=True)
    owner = Named()
    team = Named(allow_null=True)
    services = Named(many=True, help_text="Only changes of these; all when empty.")
    longest_minutes = serializers.IntegerField()
    implementation_plan = serializers.CharField()
    test_plan = serializers.CharField(allow_blank=True)
    back_out_plan = serializers.CharField()
    communication_plan = serializers.CharField(allow_blank=True)
    steps = serializers.ListField(child=serializers.CharField())
    approved_at = serializers.DateTimeField(allow_null=True)
    approved_by = Named(allow_null=True)
    expires_date = serializers.DateField(allow_null=True, help_text="This day not included.")
    least_success_percent = serializers.IntegerField()
    judged_uses = serializers.IntegerField()
    version = serializers.IntegerField()


class ChangeModelList(Answer):
    """Every model, by name."""

    items = ChangeModelShape(many=True)


class ModelChange(Strict):
    """Only the fields sent are written. One that was approved has to be approved again."""

    name = Text(max_length=120, required=False)
    description = prose()
    owner = person(required=False, help_text="Id or user name; the caller when left out.")
    team = team(required=False, allow_null=True, help_text="Id or short name.")
    services = rows(service(), required=False)
    longest_minutes = Integer(min_value=1, max_value=LARGEST_COUNT, required=False)
    implementation_plan = Text(max_length=LONGEST_TEXT, required=False)
    test_plan = prose()
    back_out_plan = Text(max_length=LONGEST_TEXT, required=False)
    communication_plan = prose()
    steps = Texts(required=False, max_length=MOST_STEPS)
    least_success_percent = Integer(min_value=0, max_value=100, required=False)
    judged_uses = Integer(min_value=1, max_value=1000, required=False)


class NewModel(ModelChange):
    """A proposal."""

    name = Text(max_length=120)
    implementation_plan = Text(max_length=LONGEST_TEXT)
    back_out_plan = Text(max_length=LONGEST_TEXT)


class ApprovalBody(Strict):
    """Until when."""

    expires_date = Day(help_text="The first day on which it no longer holds.")


def model(row: ChangeModel) -> dict[str, Any]:
    """The dictionary of a `ChangeModelShape`."""
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in PLAIN},
        "owner": person_of(row.owner),
        "team": row_of(row.team),
        "services": [row_of(each) for each in row.services.all()],
        "approved_by": person_of(row.approved_by),
    }


class ModelDoor(RowDoor):
    """A door to models of standard changes."""

    also = ("record.queue",)
    part = "model"
    address = "change-models"

    def rows(self) -> Any:
        return ChangeModel.objects.select_related("owner", "team", "approved_by").prefetch_related("services")

    def shape(self, row: ChangeModel) -> dict[str, Any]:
        return model(row)


class Models(ModelDoor):
    """Every model."""

    operations = {"GET": "record.queue", "POST": "change.set_models"}

    @describe("List models of standard changes", gives=ChangeModelList)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [model(row) for row in self.rows().order_by("name")]})

    @describe("Propose a model", takes=NewModel, gives=ChangeModelShape, status=201, problems=[409])
    def post(self, request: Any) -> Any:
        values = NewModel.read(request.data, by=request.user)
        return self.made(operations.propose_model(by=request.user, at=now(), **values))


class OneModel(ModelDoor):
    """One model."""

    operations = {"GET": "record.queue", "PATCH": "change.set_models"}

    @describe("Get a model", gives=ChangeModelShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Change a model",
        takes=ModelChange,
        gives=ChangeModelShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
    )
    def patch(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.change_model, ModelChange, is_required=True, as_values=True)


class ModelApproval(ModelDoor):
    """Its approval."""

    operations = {"POST": "change.set_models"}

    @describe(
        "Approve or renew a model", takes=ApprovalBody, gives=ChangeModelShape, problems=[404, 409, 412],
        parameters=[IF_MATCH], examples=[("For a year", {"expires_date": "2027-03-01"})],
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.approve_model, ApprovalBody)


class ModelSuspension(ModelDoor):
    """Its suspension."""

    operations = {"POST": "change.set_models"}

    @describe(
        "Suspend a model",
        takes=ChangeReasonBody,
        gives=ChangeModelShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def post(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.suspend_model, ChangeReasonBody)


class ModelRetirement(ModelDoor):
    """Its end."""

    operations = {"POST": "change.set_models"}

    @describe(
        "Retire a model",
        takes=ChangeReasonBody,
        gives=ChangeModelShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def post(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.retire_model, ChangeReasonBody)
