"""The steps of a change in the API."""

from typing import Any

from common.api.describing import describe
from common.api.fields import Nothing
from common.time import now
from records.api.parts import PartsDoor

from .. import operations
from ..models import ChangeStep
from . import bodies
from .representation import ChangeStepList, ChangeStepShape, step


class StepDoor(PartsDoor):
    """A door to the steps of one change."""

    kind = "change"
    part = "step"

    def parts(self, reference: str) -> Any:
        rows = ChangeStep.objects.filter(change=self.inner(reference))
        return rows.select_related("change", "owner", "ended_by").order_by("position")

    def shape(self, row: ChangeStep) -> dict[str, Any]:
        return step(row)


class Steps(StepDoor):
    """The plan of the implementation, in order."""

    operations = {"GET": "record.read_notes", "POST": "change.edit"}

    @describe("List the steps of a change", gives=ChangeStepList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.listed(reference)

    @describe("Add a step", takes=bodies.ChangeStepBody, gives=ChangeStepShape, status=201, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.ChangeStepBody.read(request.data, by=request.user)
        made = operations.add_step(change=found, by=request.user, at=now(), **values)
        return self.answer(step(made), status=201)


class OneStep(StepDoor):
    """One step."""

    operations = {"DELETE": "change.edit"}

    @describe("Take a step out of the plan", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        return self.removed(reference, number, operations.remove_step)


class StepPlace(StepDoor):
    """The place of a step in the order."""

    operations = {"PUT": "change.edit"}

    @describe("Move a step", takes=bodies.PlaceBody, gives=ChangeStepShape, problems=[404, 409])
    def put(self, request: Any, reference: str, number: int) -> Any:
        return self.acted(reference, number, operations.move_step, bodies.PlaceBody)


class StepStart(StepDoor):
    """The stamp of the beginning."""

    operations = {"POST": "change.implement"}

    @describe("Begin a step", takes=Nothing, gives=ChangeStepShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        return self.acted(reference, number, operations.start_step)


class StepEnd(StepDoor):
    """The stamp of the end."""

    operations = {"POST": "change.implement"}

    @describe(
        "End a step", takes=bodies.EndBody, gives=ChangeStepShape, problems=[404, 409],
        examples=[("Done", {"state": "done"}), ("Skipped", {"state": "skipped", "note": "It was done already."})],
    )  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        return self.acted(reference, number, operations.end_step, bodies.EndBody)


class StepReopening(StepDoor):
    """Taking the end of a step back."""

    operations = {"POST": "change.implement"}

    @describe("Take up a step again", takes=Nothing, gives=ChangeStepShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        return self.acted(reference, number, operations.reopen_step)
