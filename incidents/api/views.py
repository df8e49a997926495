"""Doors for incidents: list, log, read, change, and the acts that are no moves."""

from typing import Any

from django.http import Http404

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Nothing
from common.api.filters import Query, Several
from common.api.paging import listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.refs import parse_reference
from common.time import now
from people.access import access_of
from records.api.idempotency import once
from records.api.records import RecordDoor
from records.api.representation import ROW_COLUMNS, RecordSummary, href, summary
from records.models import Record

from .. import operations
from ..models import Incident
from .bodies import EXAMPLES, IncidentChange, LevelsBody, NewIncident, PriorityBody
from .filters import SORTS, IncidentQuery, narrowed
from .representation import RELATED, SHOWN, IncidentShape, incident


class Inclusion(Query):
    """What to add to the incident."""

    include = Several(among=["comments"], help_text="comments: the latest 50 replies and notes.")


class Incidents(ApiView):
    """Every incident that the caller may see."""

    operations = {"GET": "record.view", "POST": "incident.create"}

    @describe("List incidents", gives=listing_of(RecordSummary), parameters=[IncidentQuery])
    def get(self, request: Any) -> Any:
        query = IncidentQuery.of(request)
        rows = narrowed(Record.objects.visible_to(request.user).filter(kind="incident"), query, request.user)
        found, following = page(
            rows.values("pk", *ROW_COLUMNS),
            request=request,
            sorts=SORTS,
            sort=query["sort"],
            cursor=query["cursor"],
            limit=query["limit"],
        )
        access = access_of(request.user)
        return self.answer(listing([summary(row, access) for row in found], following))

    @describe(
        "Log an incident",
        takes=NewIncident,
        gives=IncidentShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=EXAMPLES,
        description="Its clocks start at once, or at `opened_at`. Send an Idempotency-Key to be able to try again.",
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = NewIncident.read(request.data, by=request.user)
        values.setdefault("requester", request.user)

        def act() -> Any:
            made = operations.create(by=request.user, at=at, **values)
            made.organization = values["requester"].organization  # read with the requester
            body = incident(made, by=request.user, at=at)
            return self.answer(body, status=201, version=made.version, location=href("incident", made.pk))

        return once(request, at=at, act=act)


class IncidentDoor(RecordDoor):
    """A door to one incident."""

    kind = "incident"

    def incident(self, reference: str) -> Incident:
        """:raises Http404: unknown, or not for the eyes of the caller."""
        number = parse_reference(reference)
        rows = Incident.objects.visible_to(self.request.user).select_related(*RELATED).only(*SHOWN)
        found = None if number is None else rows.filter(pk=number).first()
        if found is None:
            raise Http404
        return found

    def current(self, record: Any) -> dict[str, Any]:
        return incident(record, by=self.request.user, at=now())

    def shown(self, record: Incident) -> Any:
        return self.answer(incident(record, by=self.request.user, at=now()), version=record.version)


class OneIncident(IncidentDoor):
    """One incident."""

    operations = {"GET": "record.view", "PATCH": "incident.edit"}

    @describe("Get an incident", gives=IncidentShape, problems=[404], parameters=[Inclusion])
    def get(self, request: Any, reference: str) -> Any:
        wanted = Inclusion.of(request).get("include", ())
        found = self.incident(reference)
        body = incident(found, by=request.user, at=now(), comments="comments" in wanted)
        return self.answer(body, version=found.version)

    @describe(
        "Change fields of an incident",
        takes=IncidentChange,
        gives=IncidentShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        examples=[("Judge it anew", {"impact": 1, "urgency": 1, "reason": "The whole site is down."})],
        description="Writes the fields that are sent and no others. If-Match is required.",
    )
    def patch(self, request: Any, reference: str) -> Any:
        at = now()
        found = self.incident(reference)
        version = seen_version(request, is_required=True)
        values = IncidentChange.read(request.data, by=request.user)
        reason = values.pop("reason", "")
        changed = self.or_current(
            found,
            lambda: operations.edit(
                incident=found, by=request.user, at=at, values=values, reason=reason, version=version
            ),
        )
        return self.shown(changed)


class IncidentPriority(IncidentDoor):
    """The priority, where the matrix is not right."""

    operations = {"POST": "incident.edit"}

    @describe(
        "Override the priority",
        takes=PriorityBody,
        gives=IncidentShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
        examples=[("The board meets", {"priority": 1, "reason": "The board meets in this room at ten."})],
    )
    def post(self, request: Any, reference: str) -> Any:
        found = self.incident(reference)
        version = seen_version(request, is_required=False)
        values = PriorityBody.read(request.data, by=request.user)
        act = operations.override_priority
        return self.shown(
            self.or_current(found, lambda: act(incident=found, by=request.user, at=now(), version=version, **values))
        )


class IncidentLevels(IncidentDoor):
    """Impact and urgency, judged anew."""

    operations = {"POST": "incident.edit"}

    @describe(
        "Judge impact and urgency; an override ends",
        takes=LevelsBody,
        gives=IncidentShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def post(self, request: Any, reference: str) -> Any:
        found = self.incident(reference)
        version = seen_version(request, is_required=False)
        values = LevelsBody.read(request.data, by=request.user)
        act = operations.set_levels
        return self.shown(
            self.or_current(found, lambda: act(incident=found, by=request.user, at=now(), version=version, **values))
        )


class IncidentTaking(IncidentDoor):
    """Assigning oneself and starting, in one act."""

    operations = {"POST": "incident.work"}

    @describe(
        "Take an incident: assign it to oneself and start work",
        takes=Nothing,
        gives=IncidentShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def post(self, request: Any, reference: str) -> Any:
        found = self.incident(reference)
        version = seen_version(request, is_required=False)
        Nothing.read(request.data, by=request.user)
        act = operations.take
        return self.shown(
            self.or_current(found, lambda: act(incident=found, by=request.user, at=now(), version=version))
        )
