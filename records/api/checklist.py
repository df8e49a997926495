"""The checklist of a record. Ending a task and opening it again are acts with a noun, as moves are."""

from typing import Any

from django.http import Http404
from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, describe
from common.api.fields import LARGEST_KEY, Answer, Flag, Moment, Named, Nothing, Strict, Text, named
from common.time import now

from .. import operations
from ..enums import TaskState
from ..models import Task
from .idempotency import once
from .records import RecordDoor
from .references import person

COLUMNS = (
    "pk", "title", "is_mandatory", "state", "assignee_id", "assignee__name", "due_at", "ended_at", "ended_by_id",
    "ended_by__name", "skip_reason",
)  # fmt: skip
MOST_ROWS = 500


class TaskShape(Answer):
    """A step of the checklist."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    is_mandatory = serializers.BooleanField()
    state = serializers.ChoiceField(choices=TaskState.values)
    assignee = Named(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = Named(allow_null=True)
    skip_reason = serializers.CharField(allow_blank=True)


class TaskList(Answer):
    """The whole checklist."""

    items = TaskShape(many=True)


class TaskBody(Strict):
    """A new step."""

    title = Text(max_length=200)
    is_mandatory = Flag(default=False)
    assignee = person(required=False, help_text="Id or user name.")
    due_at = Moment(required=False)


class ReasonBody(Strict):
    """Why."""

    reason = Text(max_length=300)


def task(row: dict[str, Any]) -> dict[str, Any]:
    """The dictionary of a `TaskShape`. :param row: `values(*COLUMNS)`."""
    return {
        "id": row["pk"],
        "title": row["title"],
        "is_mandatory": row["is_mandatory"],
        "state": row["state"],
        "assignee": named(row["assignee_id"], row["assignee__name"]),
        "due_at": row["due_at"],
        "ended_at": row["ended_at"],
        "ended_by": named(row["ended_by_id"], row["ended_by__name"]),
        "skip_reason": row["skip_reason"],
    }


class ChecklistDoor(RecordDoor):
    """The checklist is the provider's side: requesters do not see it."""

    def task_of(self, reference: str, number: int) -> Task:
        """:raises Http404: no such task on a record whose inner side the caller sees."""
        found = Task.objects.filter(record_id=self.inner(reference).pk, pk=min(number, LARGEST_KEY)).first()
        if found is None:
            raise Http404
        return found

    def inner(self, reference: str) -> Any:
        """The record. :raises Http404: the caller does not see its inner side."""
        record = self.record(reference)
        if not self.reads_notes(record):
            raise Http404
        return record

    def shown(self, key: int, *, status: int = 200, location: str = "") -> Any:
        row = Task.objects.filter(pk=key).values(*COLUMNS).get()
        return self.answer(task(row), status=status, location=location)


class Tasks(ChecklistDoor):
    """The checklist."""

    operations = {"GET": "record.read_notes", "POST": "record.task"}

    @describe("List the tasks of a record", gives=TaskList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        rows = Task.objects.filter(record_id=self.inner(reference).pk).order_by("pk").values(*COLUMNS)
        return self.answer({"items": [task(row) for row in rows[:MOST_ROWS]]})

    @describe(
        "Put a task on the checklist",
        takes=TaskBody,
        gives=TaskShape,
        status=201,
        problems=[404, 409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[("A mandatory step", {"title": "Check the backup line", "is_mandatory": True})],
    )
    def post(self, request: Any, reference: str) -> Any:
        at = now()
        record = self.inner(reference)
        values = TaskBody.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.add_task(record=record, by=request.user, at=at, **values)
            return self.shown(made.pk, status=201)

        return once(request, at=at, act=act)


class TaskCompletion(ChecklistDoor):
    """Ticking a task."""

    operations = {"POST": "record.task"}

    @describe("Complete a task", takes=Nothing, gives=TaskShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        found = self.task_of(reference, number)
        Nothing.read(request.data, by=request.user)
        operations.complete_task(task=found, by=request.user, at=now())
        return self.shown(found.pk)


class TaskOmission(ChecklistDoor):
    """Leaving a task out."""

    operations = {"POST": "record.task"}

    @describe("Skip a task, saying why", takes=ReasonBody, gives=TaskShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        found = self.task_of(reference, number)
        values = ReasonBody.read(request.data, by=request.user)
        operations.skip_task(task=found, by=request.user, at=now(), reason=values["reason"])
        return self.shown(found.pk)


class TaskReopening(ChecklistDoor):
    """Taking back that a task has ended."""

    operations = {"POST": "record.task"}

    @describe("Open a task again", takes=Nothing, gives=TaskShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        found = self.task_of(reference, number)
        Nothing.read(request.data, by=request.user)
        operations.reopen_task(task=found, by=request.user, at=now())
        return self.shown(found.pk)
