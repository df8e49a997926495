"""Doors to the procedure of a record: where it is, and its ticks."""

from typing import Any

from django.http import Http404
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import LARGEST_KEY, Answer, Named, Strict, Text, named
from common.api.views import ApiView
from common.refs import parse_reference
from common.time import now
from people.access import access_of
from records.models import Record

from .. import operations
from ..models import ProcedureStep, Tick
from ..queries.running import Pane, beside
from .shapes import ProcedureStepShape, step


class TickShape(Answer):
    """That a step was done."""

    id = serializers.IntegerField()
    by = Named(allow_null=True)
    at = serializers.DateTimeField()


class RunningStepShape(ProcedureStepShape):
    """A step of the procedure that a record is at."""

    tick = TickShape(allow_null=True)


class RunningProcedureShape(Answer):
    """The procedure that a record is at. `procedure` is null where none applies."""

    reference = serializers.CharField()
    procedure = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    process = serializers.CharField(allow_null=True)
    step = serializers.CharField(allow_null=True)
    entered_at = serializers.DateTimeField(allow_null=True)
    steps = RunningStepShape(many=True)


class TickBody(Strict):
    """Which step was done."""

    step = Text(max_length=170, help_text="Its key.")


class UndoBody(Strict):
    """Why it was not done."""

    reason = Text(max_length=300)


def running(pane: Pane) -> dict[str, Any]:
    """The dictionary of a `RunningProcedureShape`."""
    visit = pane.visit
    slug = visit.version.procedure.slug if visit else None
    return {
        "reference": pane.record.reference,
        "procedure": slug,
        "version": visit.version.number if visit else None,
        "process": visit.process if visit else None,
        "step": visit.step if visit else None,
        "entered_at": visit.entered_at if visit else None,
        "steps": [step(each.step, str(slug)) | {"tick": _tick(each.tick)} for each in pane.steps],
    }


def _tick(row: Tick | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"id": row.pk, "by": named(row.ticked_by_id, str(row.ticked_by)), "at": row.ticked_at}


class RunningDoor(ApiView):
    """What a record is at is the provider's side: requesters do not see it."""

    def record(self, reference: str) -> Any:
        """:raises Http404: there is none whose inner side the caller sees."""
        number = parse_reference(reference)
        found = Record.objects.visible_to(self.request.user).filter(pk=number or 0).first()
        if found is None or not access_of(self.request.user).allows_on("record.read_notes", found):
            raise Http404
        return found.specific

    def shown(self, record: Any) -> Any:
        return self.answer(running(beside(record)))


class RunningProcedure(RunningDoor):
    """The procedure of a record."""

    operations = {"GET": "procedure.follow"}

    @describe("Get the procedure that a record is at", gives=RunningProcedureShape, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.shown(self.record(reference))


class Ticks(RunningDoor):
    """Ticking a step."""

    operations = {"POST": "procedure.tick"}

    @describe("Tick a step of a record's procedure", takes=TickBody, gives=RunningProcedureShape, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        record = self.record(reference)
        procedure_slug, _colon, slug = TickBody.read(request.data, by=request.user)["step"].partition(":")
        rows = ProcedureStep.objects.filter(version__visits__record=record.pk, version__visits__left_at=None)
        found = rows.filter(version__procedure__slug=procedure_slug, slug=slug).first()
        if found is None:
            raise Http404
        operations.tick(record=record, step=found, by=request.user, at=now())
        return self.shown(record)


class TickUndoing(RunningDoor):
    """Taking a tick back."""

    operations = {"POST": "procedure.tick"}

    @describe("Take a tick back", takes=UndoBody, gives=RunningProcedureShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        record = self.record(reference)
        found = Tick.objects.filter(visit__record=record.pk, pk=min(number, LARGEST_KEY)).first()
        if found is None:
            raise Http404
        values = UndoBody.read(request.data, by=request.user)
        operations.untick(record=record, tick=found, by=request.user, at=now(), **values)
        return self.shown(record)
