"""Acceptance criteria, the signed checklist and its template, in the API."""

from typing import Any

from django.http import Http404

from common.api.describing import IF_MATCH, describe
from common.api.fields import LARGEST_KEY
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.time import now

from .. import operations
from ..models import AcceptanceCriterion, ChecklistItem, ReadinessItem
from . import bodies
from .representation import (
    ChecklistLineList,
    ChecklistLineShape,
    CriterionList,
    CriterionShape,
    ReadinessList,
    ReadinessShape,
    criterion,
    line,
    readiness,
)
from .views import ReleaseDoor


class CriteriaDoor(ReleaseDoor):
    """A door to the acceptance criteria of one release."""

    def criteria(self, reference: str) -> Any:
        rows = AcceptanceCriterion.objects.filter(release=self.inner(reference))
        return rows.select_related("release", "by").order_by("position")

    def acted(self, reference: str, number: int, act: Any, **said: Any) -> Any:
        act(criterion=self.row(self.criteria(reference), number), **self.about(), **said)
        return self.answer(criterion(self.row(self.criteria(reference), number)))


class Criteria(CriteriaDoor):
    """What it must fulfill."""

    operations = {"GET": "record.read_notes", "POST": "release.edit"}

    @describe("List the acceptance criteria of a release", gives=CriterionList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer({"items": [criterion(row) for row in self.criteria(reference)]})

    @describe(
        "Add an acceptance criterion", takes=bodies.CriterionBody, gives=CriterionShape, status=201, problems=[404, 409]
    )
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.CriterionBody.read(request.data, by=request.user)
        return self.answer(criterion(operations.add_criterion(release=found, **self.about(), **values)), status=201)


class OneCriterion(CriteriaDoor):
    """One acceptance criterion."""

    operations = {"DELETE": "release.edit"}

    @describe("Take an acceptance criterion out", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        operations.remove_criterion(criterion=self.row(self.criteria(reference), number), **self.about())
        return self.answer(status=204)


class CriterionJudgment(CriteriaDoor):
    """What the tests found about it."""

    operations = {"POST": "release.judge"}

    @describe(
        "Judge an acceptance criterion", takes=bodies.JudgmentBody, gives=CriterionShape, problems=[404, 409],
        examples=[("Met", {"is_met": True}), ("Not met", {"is_met": False, "note": "Drops after 40 minutes."})],
    )  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        values = bodies.JudgmentBody.read(request.data, by=request.user)
        return self.acted(reference, number, operations.judge, **values)


class CriterionWaiver(CriteriaDoor):
    """The owner's word that it may pass without."""

    operations = {"POST": "release.judge"}

    @describe("Waive an acceptance criterion", takes=bodies.ReleaseReason, gives=CriterionShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        values = bodies.ReleaseReason.read(request.data, by=request.user)
        return self.acted(reference, number, operations.waive, **values)


class ReadinessDoor(ReleaseDoor):
    """A door to the readiness checklist of one release."""

    def lines(self, reference: str) -> Any:
        rows = ReadinessItem.objects.filter(release=self.inner(reference))
        return rows.select_related("release", "signed_by").order_by("position")

    def acted(self, reference: str, number: int, act: Any, **said: Any) -> Any:
        act(item=self.row(self.lines(reference), number), **self.about(), **said)
        return self.answer(readiness(self.row(self.lines(reference), number)))


class Readiness(ReadinessDoor):
    """The checklist."""

    operations = {"GET": "record.read_notes"}

    @describe("List the readiness checklist of a release", gives=ReadinessList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer({"items": [readiness(row) for row in self.lines(reference)]})


class Signature(ReadinessDoor):
    """A signature under one line."""

    operations = {"POST": "release.sign"}

    @describe(
        "Sign a line of the checklist", takes=bodies.SignatureBody, gives=ReadinessShape, problems=[404, 409],
        description="The caller needs the role that the line names.",
    )  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        values = bodies.SignatureBody.read(request.data, by=request.user)
        return self.acted(reference, number, operations.sign, **values)


class SignatureEnd(ReadinessDoor):
    """Taking a signature back."""

    operations = {"POST": "release.sign"}

    @describe("Take a signature back", takes=bodies.ReleaseReason, gives=ReadinessShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        values = bodies.ReleaseReason.read(request.data, by=request.user)
        return self.acted(reference, number, operations.unsign, **values)


class ChecklistLines(ApiView):
    """What new releases are asked."""

    operations = {"GET": "record.read_notes", "POST": "release.set_checklist"}

    @describe("List the template of the readiness checklist", gives=ChecklistLineList)
    def get(self, request: Any) -> Any:
        rows = ChecklistItem.objects.order_by("-is_active", "position", "pk")
        return self.answer({"items": [line(row) for row in rows]})

    @describe(
        "Ask one thing more of new releases", takes=bodies.ChecklistLineBody, gives=ChecklistLineShape, status=201,
        problems=[409],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        values = bodies.ChecklistLineBody.read(request.data, by=request.user)
        return self.answer(line(operations.add_line(by=request.user, at=now(), **values)), status=201)


class OneChecklistLine(ApiView):
    """One line of the template."""

    operations = {"PUT": "release.set_checklist"}

    @describe(
        "Change a line of the template", takes=bodies.ChecklistLineChange, gives=ChecklistLineShape,
        problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found = ChecklistItem.objects.filter(pk=number).first() if number <= LARGEST_KEY else None
        if found is None:
            raise Http404
        version = seen_version(request, is_required=False)
        values = bodies.ChecklistLineChange.read(request.data, by=request.user)
        saved = operations.change_line(line=found, by=request.user, at=now(), version=version, **values)
        return self.answer(line(saved), version=saved.version)
