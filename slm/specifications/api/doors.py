"""Doors to specifications: read them, write drafts, put them in force, and ask what a call is."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Nothing
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now
from services.models import Service
from services.queries import services_visible_to
from services.specifications import operations
from services.specifications.classifying import classify
from services.specifications.models import Specification, Statement

from ..tracing import agreements_of, checked, shared_availability
from .shapes import (
    CallQuery,
    CallShape,
    DraftStatements,
    ForceBody,
    SpecificationCheckShape,
    SpecificationVersionShape,
    call,
    check,
    terms_of,
    version,
)

SAID = {"cell": "support_functionality", "text": "We set a new password when yours is lost", "also": "forgot password"}


class SpecificationVersionsShape(Answer):
    """Every version, the latest first."""

    results = SpecificationVersionShape(many=True)


class SpecificationDoor(ApiView):
    """A door to the versions of one service. The ETag is the revision of the draft."""

    def service(self, request: Any, number: int) -> Service:
        found: Service = one_of(services_visible_to(request.user), number)
        return found

    def rows(self, service: Service) -> Any:
        rows = service.specifications.select_related("written_by", "decided_by").order_by("-number")
        return rows.prefetch_related(Prefetch("statements", Statement.objects.select_related("offering")))

    def draft(self, request: Any, number: int) -> Specification:
        """:raises Http404: no such service, or no draft of it."""
        service = self.service(request, number)
        found: Specification | None = self.rows(service).drafts().first()
        if found is None:
            raise Http404
        found.service = service
        return found

    def shown(self, service: Service, number: int, *, status: int = 200) -> Any:
        row = self.rows(service).get(number=number)
        return self.answer(version(row), version=row.revision, status=status)


class SpecificationVersions(SpecificationDoor):
    """Versions."""

    operations = {"GET": "specification.view"}

    @describe("List the versions of a service's specification", gives=SpecificationVersionsShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer({"results": [version(row) for row in self.rows(self.service(request, number))]})


class SpecificationDraft(SpecificationDoor):
    """The draft."""

    operations = {"GET": "specification.view", "POST": "specification.write", "PUT": "specification.write"}

    @describe("Get the draft of a service's specification", gives=SpecificationVersionShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = self.draft(request, number)
        return self.answer(version(found), version=found.revision)

    @describe(
        "Begin a draft of a service's specification",
        takes=Nothing,
        gives=SpecificationVersionShape,
        status=201,
        problems=[404, 409],
    )
    def post(self, request: Any, number: int) -> Any:
        service = self.service(request, number)
        Nothing.read(request.data, by=request.user)
        draft = operations.begin_draft(service=service, by=request.user, at=now())
        return self.shown(service, draft.number, status=201)

    @describe(
        "Replace what the draft of a service's specification says",
        takes=DraftStatements,
        gives=SpecificationVersionShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
        examples=[("A lost password", {"statements": [SAID]})],
    )
    def put(self, request: Any, number: int) -> Any:
        draft = self.draft(request, number)
        revision = seen_version(request, is_required=False)
        terms = terms_of(DraftStatements.read(request.data, by=request.user))
        operations.save_draft(draft=draft, by=request.user, at=now(), terms=terms, revision=revision)
        return self.shown(draft.service, draft.number)


class SpecificationDropping(SpecificationDoor):
    """Giving a draft up."""

    operations = {"POST": "specification.write"}

    @describe(
        "Drop the draft of a service's specification", takes=Nothing, status=204, problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        draft = self.draft(request, number)
        revision = seen_version(request, is_required=False)
        Nothing.read(request.data, by=request.user)
        operations.drop_draft(draft=draft, by=request.user, at=now(), revision=revision)
        return self.answer(status=204)


class SpecificationForce(SpecificationDoor):
    """Putting a draft in force."""

    operations = {"POST": "specification.put_in_force"}

    @describe(
        "Put the draft of a service's specification in force",
        takes=ForceBody,
        gives=SpecificationVersionShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def post(self, request: Any, number: int) -> Any:
        draft = self.draft(request, number)
        revision = seen_version(request, is_required=False)
        values = ForceBody.read(request.data, by=request.user)
        operations.put_in_force(draft=draft, by=request.user, at=now(), revision=revision, **values)
        return self.shown(draft.service, draft.number)


class SpecificationCheck(SpecificationDoor):
    """Cells and agreements."""

    operations = {"GET": "agreement.view"}
    also = ("specification.view",)

    @describe("Check agreements against a service's specification", gives=SpecificationCheckShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        service = self.service(request, number)
        standing = Specification.objects.in_force(operations.local_day(now()))
        shown = self.rows(service).filter(pk__in=standing.filter(service=service).values("pk")).first()
        return self.answer(check(checked(shown, agreements_of(service), shared=shared_availability())))


class CallClassification(ApiView):
    """What a call is."""

    operations = {"GET": "service.view"}

    @describe(
        "Say what a call is by the specifications in force",
        gives=CallShape,
        parameters=[CallQuery],
        description="`call` is null where no cell decides; `reason` says why.",
    )
    def get(self, request: Any) -> Any:
        query = CallQuery.of(request)
        on = operations.local_day(now())
        return self.answer(call(classify(request.user, query["text"], on=on, service=query.get("service"))))
