"""Doors to procedures: read them, write drafts, bring them into force."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Nothing
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now
from records.api.idempotency import once
from records.practices import PROCESSES

from .. import operations
from ..enums import OPEN, VersionState
from ..models import Procedure, ProcedureVersion
from .shapes import (
    ChangedDraft,
    NewProcedure,
    ProcedureReason,
    ProcedureRowShape,
    ProcedureShape,
    procedure,
    procedure_row,
    terms_of,
)

SORTS = {"name": Sort("name")}
STEP = {"name": "Ask which gateway", "role": "technician"}


class ProcedureQuery(PageQuery):
    """Which procedures."""

    process = serializers.ChoiceField(choices=list(PROCESSES), required=False)


class ProcedureDoor(ApiView):
    """A door to one procedure. The ETag is the revision of the draft; 0 without one."""

    def rows(self) -> Any:
        versions = ProcedureVersion.objects.filter(state__in=[VersionState.IN_FORCE, *OPEN])
        versions = versions.select_related("written_by", "activated_by").prefetch_related("steps")
        return Procedure.objects.select_related("owner").prefetch_related(
            Prefetch("versions", versions, to_attr="shown")
        )

    def found(self, number: int) -> Any:
        return one_of(self.rows(), number)

    def shown(self, number: int, *, status: int = 200) -> Any:
        row = self.found(number)
        draft = next((each for each in row.shown if not each.is_in_force), None)
        location = f"/api/v1/procedures/{row.pk}/" if status == 201 else ""
        return self.answer(procedure(row), version=draft.revision if draft else 0, status=status, location=location)

    def open_version(self, number: int) -> ProcedureVersion:
        """:raises Http404: no such procedure, or nothing of it is being written or decided."""
        found = next((each for each in self.found(number).shown if not each.is_in_force), None)
        if found is None:
            raise Http404
        return found


class Procedures(ProcedureDoor):
    """Procedures."""

    operations = {"GET": "procedure.view", "POST": "procedure.write"}

    @describe("List procedures", gives=listing_of(ProcedureRowShape), parameters=[ProcedureQuery])
    def get(self, request: Any) -> Any:
        query = ProcedureQuery.of(request)
        rows = Procedure.objects.select_related("owner").order_by()
        if "process" in query:
            rows = rows.filter(process=query["process"])
        found, following = page(
            rows, request=request, sorts=SORTS, sort="name", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([procedure_row(row) for row in found], following))

    @describe(
        "Write a procedure, as a draft",
        takes=NewProcedure,
        gives=ProcedureShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[("Diagnosis", {"name": "VPN diagnosis", "process": "recover", "step": "diagnose", "steps": [STEP]})],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = NewProcedure.read(request.data, by=request.user)
        plain = {name: values[name] for name in ("name", "process", "step")}

        def act() -> Any:
            draft = operations.create_procedure(
                by=request.user, at=at, owner=values.get("owner"), terms=terms_of(values), **plain
            )
            return self.shown(draft.procedure_id, status=201)

        return once(request, at=at, act=act)


class OneProcedure(ProcedureDoor):
    """One procedure."""

    operations = {"GET": "procedure.view"}

    @describe("Get a procedure", gives=ProcedureShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)


class ProcedureDraft(ProcedureDoor):
    """The draft of a procedure."""

    operations = {"POST": "procedure.write", "PUT": "procedure.write"}

    @describe("Begin a draft of a procedure", takes=Nothing, gives=ProcedureShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(number)
        Nothing.read(request.data, by=request.user)
        operations.begin_draft(procedure=found, by=request.user, at=now())
        return self.shown(number)

    @describe(
        "Replace what the draft of a procedure says",
        takes=ChangedDraft,
        gives=ProcedureShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def put(self, request: Any, number: int) -> Any:
        draft = self.open_version(number)
        revision = seen_version(request, is_required=False)
        values = ChangedDraft.read(request.data, by=request.user)
        operations.save_draft(
            draft=draft,
            by=request.user,
            at=now(),
            terms=terms_of(values),
            what_changed=values.get("what_changed", ""),
            revision=revision,
        )
        return self.shown(number)


class DraftDropping(ProcedureDoor):
    """Giving a draft up."""

    operations = {"POST": "procedure.write"}

    @describe("Drop the draft of a procedure", takes=Nothing, gives=ProcedureShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        draft = self.open_version(number)
        Nothing.read(request.data, by=request.user)
        operations.drop_draft(draft=draft, by=request.user, at=now())
        return self.shown(number)


class DraftProposal(ProcedureDoor):
    """Handing a draft in."""

    operations = {"POST": "procedure.write"}

    @describe(
        "Hand the draft of a procedure in",
        takes=Nothing,
        gives=ProcedureShape,
        problems=[404, 409],
        description="What happens next is what the rules of activation ask for: `way` says it.",
    )
    def post(self, request: Any, number: int) -> Any:
        draft = self.open_version(number)
        Nothing.read(request.data, by=request.user)
        operations.propose(draft=draft, by=request.user, at=now())
        return self.shown(number)


class DraftActivation(ProcedureDoor):
    """Bringing what was handed in into force."""

    operations = {"POST": "procedure.activate"}

    @describe("Bring a procedure into force", takes=Nothing, gives=ProcedureShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        draft = self.open_version(number)
        Nothing.read(request.data, by=request.user)
        operations.activate(version=draft, by=request.user, at=now())
        return self.shown(number)


class DraftReturn(ProcedureDoor):
    """Making what was handed in a draft again."""

    operations = {"POST": "procedure.write"}

    @describe("Send a procedure back", takes=ProcedureReason, gives=ProcedureShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        draft = self.open_version(number)
        values = ProcedureReason.read(request.data, by=request.user)
        operations.send_back(version=draft, by=request.user, at=now(), **values)
        return self.shown(number)


class ProcedureRetirement(ProcedureDoor):
    """Ending a procedure."""

    operations = {"POST": "procedure.activate"}

    @describe("Retire a procedure", takes=ProcedureReason, gives=ProcedureShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(number)
        values = ProcedureReason.read(request.data, by=request.user)
        operations.retire(procedure=found, by=request.user, at=now(), **values)
        return self.shown(number)
