"""Baselines, targets and verdicts of an improvement in the API."""

from typing import Any

from common.api.describing import describe
from common.api.fields import Nothing

from .. import operations
from ..models import Measure
from . import bodies
from .representation import MeasureList, MeasureShape, VerdictShape, measure, verdict
from .views import ImprovementDoor


class MeasureDoor(ImprovementDoor):
    """A door to the measures of one improvement."""

    def measures(self, reference: str) -> Any:
        found = self.inner(reference)
        rows = Measure.objects.filter(improvement=found, loop=found.loop)
        return rows.select_related("improvement").prefetch_related("verdicts__by", "verdicts__measure__improvement")

    def one(self, reference: str, number: int) -> Any:
        return self.row(self.measures(reference), number)

    def again(self, reference: str, number: int, *, status: int = 200) -> Any:
        return self.answer(measure(self.one(reference, number), by=self.request.user), status=status)


class Measures(MeasureDoor):
    """What it is measured by."""

    operations = {"GET": "record.read_notes"}

    @describe("List what an improvement is measured by", gives=MeasureList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer({"items": [measure(row, by=request.user) for row in self.measures(reference)]})


class Observations(MeasureDoor):
    """What we see now, in words."""

    operations = {"POST": "improvement.edit"}

    @describe("Say what we see now", takes=bodies.ObservationBody, gives=MeasureShape, status=201, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.ObservationBody.read(request.data, by=request.user)
        made = operations.observe(improvement=found, **self.about(), **values)
        return self.again(reference, made.pk, status=201)


class OneMeasure(MeasureDoor):
    """One measure."""

    operations = {"DELETE": "improvement.edit"}

    @describe("Take a measure out", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        operations.remove_measure(measure=self.one(reference, number), **self.about())
        return self.answer(status=204)


class Expectation(MeasureDoor):
    """What we want to see instead of an observation."""

    operations = {"PUT": "improvement.edit"}

    @describe("Set the target of an observation", takes=bodies.ExpectationBody, gives=MeasureShape,
              problems=[404, 409])  # fmt: skip
    def put(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        values = bodies.ExpectationBody.read(request.data, by=request.user)
        operations.expect(measure=self.one(reference, number), **self.about(), **values)
        return self.again(reference, number)


class Judgment(MeasureDoor):
    """A person's verdict on an observation."""

    operations = {"POST": "improvement.judge"}

    @describe("Judge what came of an observation", takes=bodies.JudgmentOfObservation, gives=VerdictShape, status=201,
              problems=[404, 409])  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        values = bodies.JudgmentOfObservation.read(request.data, by=request.user)
        made = operations.judge(measure=self.one(reference, number), **self.about(), **values)
        return self.answer(verdict(made, by=request.user), status=201)


class Baselines(MeasureDoor):
    """Baselines of KPIs."""

    operations = {"POST": "improvement.edit"}

    @describe(
        "Pin the baseline of a measure", takes=bodies.BaselineBody, gives=MeasureShape, status=201, problems=[404, 409],
        examples=[("Twelve weeks", {"kpi": "inc-mttr-resolve", "baseline_from": "2026-01-05",
                                    "baseline_to": "2026-03-30", "service": "vpn"})],
    )  # fmt: skip
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.BaselineBody.read(request.data, by=request.user)
        made = operations.pin(improvement=found, **self.about(), **values)
        return self.again(reference, made.pk, status=201)


class Target(MeasureDoor):
    """The figure to be reached."""

    operations = {"PUT": "improvement.edit"}

    @describe("Set the target of a measure", takes=bodies.MeasureTargetBody, gives=MeasureShape, problems=[404, 409],
              description="The answer says the minimum sample.")  # fmt: skip
    def put(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        values = bodies.MeasureTargetBody.read(request.data, by=request.user)
        operations.set_target(measure=self.one(reference, number), **self.about(), **values)
        return self.again(reference, number)


class Comparison(MeasureDoor):
    """The comparison before and after."""

    operations = {"POST": "improvement.judge"}

    @describe("Compare a measure before and after", takes=Nothing, gives=VerdictShape, status=201,
              problems=[404, 409])  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        Nothing.read(request.data, by=request.user)
        made = operations.compare(measure=self.one(reference, number), **self.about())
        return self.answer(verdict(made, by=request.user), status=201)
