"""The tree of causes in the API. Judging a cause is an act with a noun."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Choice, Integer, Moment, Named, Nothing, Strict, Text, named
from common.time import now
from records.api.checklist import COLUMNS as TASK_COLUMNS
from records.api.checklist import ReasonBody, TaskShape, task
from records.api.references import RecordRow, person
from records.models import Record, Task

from .. import operations
from ..enums import CauseGroup, CauseMethod, Confidence
from ..models import Cause, CauseEvidence
from ..operations.analysis import DIRECTIONS
from .views import ProblemDoor


class EvidenceShape(Answer):
    """A record that speaks for a cause."""

    id = serializers.IntegerField()
    record = serializers.CharField(help_text="Its reference.")
    note = serializers.CharField(allow_blank=True)


class CauseShape(Answer):
    """One answer to “why?”. Its parent is what it explains."""

    id = serializers.IntegerField()
    parent = serializers.IntegerField(allow_null=True)  # type: ignore[assignment] # the field of that name
    position = serializers.IntegerField()
    text = serializers.CharField()
    method = serializers.ChoiceField(choices=CauseMethod.values)
    group = serializers.ChoiceField(choices=CauseGroup.values, allow_blank=True)
    confidence = serializers.IntegerField(help_text="1 a guess, 2 likely, 3 confirmed.")
    is_root = serializers.BooleanField()
    disproved_at = serializers.DateTimeField(allow_null=True)
    disproved_by = Named(allow_null=True)
    disproved_reason = serializers.CharField(allow_blank=True)
    evidence = EvidenceShape(many=True)
    actions = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of tasks of the problem.")


class CauseList(Answer):
    """All causes, those of one parent in their order."""

    items = CauseShape(many=True)


class CauseBody(Strict):
    """A new cause."""

    text = Text(max_length=500)
    parent = Integer(  # type: ignore[assignment] # as above
        required=False, min_value=1, help_text="Id of what it explains; the problem itself when left out."
    )
    method = Choice(choices=CauseMethod.choices, required=False)
    group = Choice(choices=[("", "none"), *CauseGroup.choices], required=False)
    confidence = Choice(choices=Confidence.choices, required=False)


class CauseChange(Strict):
    """Only what is sent is written."""

    text = Text(max_length=500, required=False)
    method = Choice(choices=CauseMethod.choices, required=False)
    group = Choice(choices=[("", "none"), *CauseGroup.choices], required=False)
    confidence = Choice(choices=Confidence.choices, required=False)


class CausePlaceBody(Strict):
    """Where to: among its siblings, below the one above, or beside its parent."""

    direction = Choice(choices=[(each, each) for each in DIRECTIONS])


class EvidenceBody(Strict):
    """A record that speaks for the cause."""

    record = RecordRow()
    note = Text(max_length=300, required=False, allow_blank=True)


class ActionBody(Strict):
    """What is done about it, by whom, by when."""

    title = Text(max_length=200)
    assignee = person(help_text="Id or user name.")
    due_at = Moment()


def causes_of(problem: Any, by: Any) -> list[dict[str, Any]]:
    """Dictionaries of `CauseShape`; evidence that the caller may not see is left out."""
    rows = Cause.objects.filter(problem=problem).select_related("disproved_by").prefetch_related("actions")
    seen = Record.objects.visible_to(by).filter(pk__in=CauseEvidence.objects.filter(cause__in=rows).values("record"))
    evidence: dict[int, list[dict[str, Any]]] = {}
    for each in CauseEvidence.objects.filter(cause__problem=problem, record__in=seen).select_related("record"):
        shown = {"id": each.pk, "record": each.record.reference, "note": each.note}
        evidence.setdefault(each.cause_id, []).append(shown)
    return [
        {
            "id": cause.pk,
            "parent": cause.parent_id,
            "position": cause.position,
            "text": cause.text,
            "method": cause.method,
            "group": cause.group,
            "confidence": cause.confidence,
            "is_root": cause.is_root,
            "disproved_at": cause.disproved_at,
            "disproved_by": named(cause.disproved_by_id, cause.disproved_by.name if cause.disproved_by else None),
            "disproved_reason": cause.disproved_reason,
            "evidence": evidence.get(cause.pk, []),
            "actions": sorted(task.pk for task in cause.actions.all()),
        }
        for cause in rows
    ]


class CauseDoor(ProblemDoor):
    """A door to one cause."""

    def cause(self, reference: str, number: int) -> Cause:
        problem = self.inner(reference)
        found: Cause = self.row(Cause.objects.filter(problem=problem).select_related("problem"), number)
        return found

    def shown(self, cause: Cause, *, status: int = 200, location: str = "") -> Any:
        found = next(each for each in causes_of(cause.problem, self.request.user) if each["id"] == cause.pk)
        return self.answer(found, status=status, location=location)

    def about(self, cause: Cause) -> dict[str, Any]:
        return {"cause": cause, "by": self.request.user, "at": now()}


class Causes(CauseDoor):
    """The tree of causes of a problem."""

    operations = {"GET": "record.read_notes", "POST": "problem.analyze"}

    @describe("List the causes of a problem", gives=CauseList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer({"items": causes_of(self.inner(reference), request.user)})

    @describe("Write down a cause", takes=CauseBody, gives=CauseShape, status=201, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        problem, values = self.inner(reference), CauseBody.read(request.data, by=request.user)
        parent = values.pop("parent", None)
        above = None if parent is None else self.row(Cause.objects.filter(problem=problem), parent)
        made = operations.add_cause(problem=problem, by=request.user, at=now(), parent=above, **values)
        return self.shown(made, status=201, location=f"{request.path}{made.pk}/")


class OneCause(CauseDoor):
    """One cause."""

    operations = {"PATCH": "problem.analyze"}

    @describe("Change a cause", takes=CauseChange, gives=CauseShape, problems=[404, 409])
    def patch(self, request: Any, reference: str, number: int) -> Any:
        cause = self.cause(reference, number)
        values = CauseChange.read(request.data, by=request.user)
        return self.shown(operations.change_cause(**self.about(cause), values=values))


class CausePlace(CauseDoor):
    """Where a cause stands."""

    operations = {"POST": "problem.analyze"}

    @describe("Move a cause with what is below it", takes=CausePlaceBody, gives=CauseShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        cause = self.cause(reference, number)
        values = CausePlaceBody.read(request.data, by=request.user)
        return self.shown(operations.move_cause(**self.about(cause), **values))


class CauseRoot(CauseDoor):
    """That it is a root cause."""

    operations = {"PUT": "problem.analyze", "DELETE": "problem.analyze"}

    @describe("Mark a root cause", takes=Nothing, gives=CauseShape, problems=[404, 409])
    def put(self, request: Any, reference: str, number: int) -> Any:
        cause = self.cause(reference, number)
        Nothing.read(request.data, by=request.user)
        return self.shown(operations.mark_root(**self.about(cause)))

    @describe("Take back that it is a root cause", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        operations.unmark_root(**self.about(self.cause(reference, number)))
        return self.answer(status=204)


class CauseDisproof(CauseDoor):
    """That it was ruled out."""

    operations = {"PUT": "problem.analyze", "DELETE": "problem.analyze"}

    @describe("Rule a cause out; it stays with the reason", takes=ReasonBody, gives=CauseShape, problems=[404, 409])
    def put(self, request: Any, reference: str, number: int) -> Any:
        cause = self.cause(reference, number)
        values = ReasonBody.read(request.data, by=request.user)
        return self.shown(operations.disprove(**self.about(cause), **values))

    @describe("Take a cause up again", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        operations.restore(**self.about(self.cause(reference, number)))
        return self.answer(status=204)


class Evidence(CauseDoor):
    """What speaks for a cause."""

    operations = {"POST": "problem.analyze"}

    @describe(
        "Name a record that speaks for a cause", takes=EvidenceBody, gives=CauseShape, status=201, problems=[404, 409]
    )
    def post(self, request: Any, reference: str, number: int) -> Any:
        cause = self.cause(reference, number)
        values = EvidenceBody.read(request.data, by=request.user)
        operations.add_evidence(**self.about(cause), **values)
        return self.shown(cause, status=201)


class OneEvidence(ProblemDoor):
    """One record that speaks for a cause."""

    operations = {"DELETE": "problem.analyze"}

    @describe("Take a record away from a cause", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        rows = CauseEvidence.objects.filter(cause__problem=self.inner(reference)).select_related("cause__problem")
        found = self.row(rows.filter(record__in=Record.objects.visible_to(request.user)), number)
        operations.remove_evidence(evidence=found, by=request.user, at=now())
        return self.answer(status=204)


class Actions(CauseDoor):
    """What is done about a cause."""

    operations = {"POST": "problem.analyze"}

    @describe(
        "Make a conclusion an action: a task of the problem", takes=ActionBody, gives=TaskShape, status=201,
        problems=[404, 409],
    )  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        cause = self.cause(reference, number)
        values = ActionBody.read(request.data, by=request.user)
        made = operations.act_on(**self.about(cause), **values)
        return self.answer(task(Task.objects.filter(pk=made.pk).values(*TASK_COLUMNS).get()), status=201)
