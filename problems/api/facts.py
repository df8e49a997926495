"""Comparisons, events and incidents that look like a problem, in the API."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Choice, Moment, Named, Strict, Text, named
from common.time import now
from records.models import Record

from .. import operations
from ..enums import Dimension
from ..models import Comparison, RecurrenceMatch, TimelineEvent
from .views import ProblemDoor

TEXTS = ("is_text", "is_not_text", "distinction", "change")
MOST_ROWS = 500


class ComparisonShape(Answer):
    """One row of the is / is-not table."""

    id = serializers.IntegerField()
    dimension = serializers.ChoiceField(choices=Dimension.values)
    is_text = serializers.CharField(allow_blank=True)
    is_not_text = serializers.CharField(allow_blank=True)
    distinction = serializers.CharField(allow_blank=True)
    change = serializers.CharField(allow_blank=True)


class ComparisonList(Answer):
    """The whole table."""

    items = ComparisonShape(many=True)


class ComparisonChange(Strict):
    """The texts of a row; only those sent are written."""

    is_text = Text(max_length=500, required=False, allow_blank=True)
    is_not_text = Text(max_length=500, required=False, allow_blank=True)
    distinction = Text(max_length=500, required=False, allow_blank=True)
    change = Text(max_length=500, required=False, allow_blank=True)


class ComparisonBody(ComparisonChange):
    """A new row; at least one text says something."""

    dimension = Choice(choices=Dimension.choices)


class EventShape(Answer):
    """Something that happened and that no record tells."""

    id = serializers.IntegerField()
    happened_at = serializers.DateTimeField()
    text = serializers.CharField()
    by = Named(allow_null=True)


class EventList(Answer):
    """All events, oldest first."""

    items = EventShape(many=True)


class EventBody(Strict):
    """A new event."""

    happened_at = Moment()
    text = Text(max_length=500)


class MatchShape(Answer):
    """An incident that came during the watch and looks like the problem."""

    id = serializers.IntegerField()
    incident = serializers.CharField(help_text="Its reference.")
    score = serializers.FloatField()
    words = serializers.FloatField(help_text="How much the words agree, 0 to 1.")
    is_same_item = serializers.BooleanField()
    is_same_category = serializers.BooleanField()
    is_linked = serializers.BooleanField(help_text="Somebody linked it as caused by the problem.")
    is_confirmed = serializers.BooleanField()
    explanation = serializers.CharField(allow_blank=True)
    explained_by = Named(allow_null=True)


class MatchList(Answer):
    """All such incidents that the caller may see, the latest first."""

    items = MatchShape(many=True)


class ExplanationBody(Strict):
    """Why it is something else."""

    explanation = Text(max_length=300)


def comparison(row: Comparison) -> dict[str, Any]:
    return {"id": row.pk, "dimension": row.dimension, **{name: getattr(row, name) for name in TEXTS}}


def event(row: TimelineEvent) -> dict[str, Any]:
    return {
        "id": row.pk,
        "happened_at": row.happened_at,
        "text": row.text,
        "by": named(row.by_id, row.by.name if row.by else None),
    }


def match(row: RecurrenceMatch) -> dict[str, Any]:
    return {
        "id": row.pk,
        "incident": row.incident.reference,
        "score": row.score,
        "words": row.evidence.get("words", 0.0),
        "is_same_item": bool(row.evidence.get("item")),
        "is_same_category": bool(row.evidence.get("category")),
        "is_linked": bool(row.evidence.get("linked")),
        "is_confirmed": row.is_confirmed,
        "explanation": row.explanation,
        "explained_by": named(row.explained_by_id, row.explained_by.name if row.explained_by else None),
    }


class Comparisons(ProblemDoor):
    """The is / is-not table of a problem."""

    operations = {"GET": "record.read_notes", "POST": "problem.analyze"}

    @describe("List what is and is not hit", gives=ComparisonList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        rows = Comparison.objects.filter(problem=self.inner(reference))[:MOST_ROWS]
        return self.answer({"items": [comparison(row) for row in rows]})

    @describe("Add a row to the table", takes=ComparisonBody, gives=ComparisonShape, status=201, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        problem, values = self.inner(reference), ComparisonBody.read(request.data, by=request.user)
        dimension = values.pop("dimension")
        about: dict[str, Any] = {"problem": problem, "by": request.user, "at": now()}
        made = operations.compare(**about, dimension=dimension, values=values)
        return self.answer(comparison(made), status=201, location=f"{request.path}{made.pk}/")


class OneComparison(ProblemDoor):
    """One row of the table."""

    operations = {"PATCH": "problem.analyze", "DELETE": "problem.analyze"}

    def one(self, reference: str, number: int) -> Any:
        return self.row(Comparison.objects.filter(problem=self.inner(reference)).select_related("problem"), number)

    @describe("Change a row", takes=ComparisonChange, gives=ComparisonShape, problems=[404, 409])
    def patch(self, request: Any, reference: str, number: int) -> Any:
        row, values = self.one(reference, number), ComparisonChange.read(request.data, by=request.user)
        changed = operations.change_comparison(comparison=row, by=request.user, at=now(), values=values)
        return self.answer(comparison(changed))

    @describe("Take a row away", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        operations.remove_comparison(comparison=self.one(reference, number), by=request.user, at=now())
        return self.answer(status=204)


class Events(ProblemDoor):
    """Events that people wrote down."""

    operations = {"GET": "record.read_notes", "POST": "problem.analyze"}

    @describe("List the events of a problem", gives=EventList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        rows = TimelineEvent.objects.filter(problem=self.inner(reference)).select_related("by")[:MOST_ROWS]
        return self.answer({"items": [event(row) for row in rows]})

    @describe("Write down an event", takes=EventBody, gives=EventShape, status=201, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        problem, values = self.inner(reference), EventBody.read(request.data, by=request.user)
        made = operations.add_event(problem=problem, by=request.user, at=now(), **values)
        return self.answer(event(made), status=201, location=f"{request.path}{made.pk}/")


class OneEvent(ProblemDoor):
    """One event."""

    operations = {"DELETE": "problem.analyze"}

    @describe("Take an event away", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        rows = TimelineEvent.objects.filter(problem=self.inner(reference)).select_related("problem")
        operations.remove_event(event=self.row(rows, number), by=request.user, at=now())
        return self.answer(status=204)


class MatchDoor(ProblemDoor):
    """A door to incidents that look like a problem."""

    def matches(self, reference: str) -> Any:
        rows = RecurrenceMatch.objects.filter(problem=self.inner(reference))
        seen = Record.objects.visible_to(self.request.user).filter(pk__in=rows.values("incident"))
        return rows.filter(incident__in=seen).select_related("incident", "explained_by", "problem")


class Matches(MatchDoor):
    """Incidents that came during the watch and look like the problem."""

    operations = {"GET": "record.read_notes"}

    @describe("List incidents that look like a problem", gives=MatchList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer({"items": [match(row) for row in self.matches(reference)[:MOST_ROWS]]})


class Explanation(MatchDoor):
    """Why such an incident is something else."""

    operations = {"POST": "problem.work"}

    @describe("Say why it is something else", takes=ExplanationBody, gives=MatchShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        found = self.row(self.matches(reference), number)
        values = ExplanationBody.read(request.data, by=request.user)
        operations.explain_match(match=found, by=request.user, at=now(), **values)
        return self.answer(match(self.row(self.matches(reference), number)))
