"""The seven steps, the score, the ways and the work of an improvement in the API."""

from typing import Any

from common.api.describing import IF_MATCH, describe
from common.api.fields import Nothing
from common.api.preconditions import seen_version

from .. import operations
from ..models import Option
from ..queries import work as works
from ..queries.wheel import wheel_of
from . import bodies
from .representation import ImprovementDetail, WayList, WayShape, WheelShape, WorkList, way, wheel, work
from .views import ImprovementDoor


class Steps(ImprovementDoor):
    """The seven steps."""

    operations = {"GET": "record.read_notes"}

    @describe("Get the seven steps of an improvement", gives=WheelShape, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer(wheel(wheel_of(self.inner(reference))))


class StepAnswers(ImprovementDoor):
    """The answers of one step."""

    operations = {"PUT": "improvement.edit"}

    @describe(
        "Answer questions of one step", takes=bodies.AnswersBody, gives=WheelShape, problems=[404, 409, 412],
        parameters=[IF_MATCH], examples=[("The vision", {"texts": {"vision": "People get on with their work."}})],
    )  # fmt: skip
    def put(self, request: Any, reference: str, number: int) -> Any:
        found = self.inner(reference)
        values = bodies.AnswersBody.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        self.or_current(
            found,
            lambda: operations.answer(improvement=found, **self.about(), step=number, version=version, **values),
        )
        return self.answer(wheel(wheel_of(self.inner(reference))))


class Pointer(ImprovementDoor):
    """Where it stands."""

    operations = {"POST": "improvement.edit"}

    @describe(
        "Move the pointer to another step", takes=bodies.PointerBody, gives=ImprovementDetail,
        problems=[404, 409, 412], parameters=[IF_MATCH], description="Going back opens a new loop and needs a reason.",
    )  # fmt: skip
    def post(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        values = bodies.PointerBody.read(request.data, by=request.user)
        return self.acted(reference, operations.go_to, version=seen_version(request, is_required=False), **values)


class Skips(ImprovementDoor):
    """Steps left out."""

    operations = {"POST": "improvement.edit"}

    @describe("Leave a step out", takes=bodies.SkipBody, gives=ImprovementDetail, problems=[404, 409, 412],
              parameters=[IF_MATCH])  # fmt: skip
    def post(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        values = bodies.SkipBody.read(request.data, by=request.user)
        return self.acted(reference, operations.skip, version=seen_version(request, is_required=False), **values)


class Score(ImprovementDoor):
    """Value, effort and risk."""

    operations = {"PUT": "improvement.edit"}

    @describe("Score an improvement", takes=bodies.ScoreBody, gives=ImprovementDetail, problems=[404, 409, 412],
              parameters=[IF_MATCH])  # fmt: skip
    def put(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        values = bodies.ScoreBody.read(request.data, by=request.user)
        return self.acted(reference, operations.score, version=seen_version(request, is_required=False), **values)


class Effect(ImprovementDoor):
    """From which day on it is in effect."""

    operations = {"PUT": "improvement.edit"}

    @describe("Say from which day on it is in effect", takes=bodies.EffectBody, gives=ImprovementDetail,
              problems=[404, 409, 412], parameters=[IF_MATCH])  # fmt: skip
    def put(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        values = bodies.EffectBody.read(request.data, by=request.user)
        return self.acted(reference, operations.take_effect, version=seen_version(request, is_required=False), **values)


class Sharing(ImprovementDoor):
    """Shown to the suggester's colleagues."""

    operations = {"PUT": "improvement.triage", "DELETE": "improvement.triage"}

    @describe("Show a suggestion to colleagues", takes=Nothing, gives=ImprovementDetail, problems=[404, 409])
    def put(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        Nothing.read(request.data, by=request.user)
        return self.acted(reference, operations.share)

    @describe("Show a suggestion to colleagues no more", gives=ImprovementDetail, problems=[404, 409])
    def delete(self, request: Any, reference: str) -> Any:
        return self.acted(reference, operations.unshare)


class WayDoor(ImprovementDoor):
    """A door to the ways of one improvement."""

    def ways(self, reference: str) -> Any:
        found = self.inner(reference)
        return Option.objects.filter(improvement=found, loop=found.loop).select_related("improvement")


class Ways(WayDoor):
    """The ways that are weighed."""

    operations = {"GET": "record.read_notes", "POST": "improvement.edit"}

    @describe("List the ways that are weighed", gives=WayList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer({"items": [way(row) for row in self.ways(reference)]})

    @describe("Weigh one more way", takes=bodies.WayBody, gives=WayShape, status=201, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.WayBody.read(request.data, by=request.user)
        return self.answer(way(operations.add_option(improvement=found, **self.about(), **values)), status=201)


class OneWay(WayDoor):
    """One way."""

    operations = {"DELETE": "improvement.edit"}

    @describe("Take a way out", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        operations.remove_option(option=self.row(self.ways(reference), number), **self.about())
        return self.answer(status=204)


class WayChoice(WayDoor):
    """The choice of a way."""

    operations = {"POST": "improvement.edit"}

    @describe("Choose a way", takes=Nothing, gives=WayShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        Nothing.read(request.data, by=request.user)
        return self.answer(way(operations.choose_option(option=self.row(self.ways(reference), number), **self.about())))


class WorkOfImprovement(ImprovementDoor):
    """What is done for it."""

    operations = {"GET": "record.read_notes"}

    @describe(
        "List what is done for an improvement", gives=WorkList, problems=[404],
        description="Records that it is fixed by, that are part of it, or that were raised from it; linked as such.",
    )  # fmt: skip
    def get(self, request: Any, reference: str) -> Any:
        everything = works.work_of(self.inner(reference))
        seen = works.seen_by(request.user, everything)
        return self.answer({"items": [work(each) for each in seen], "hidden": len(everything) - len(seen)})
