"""What the API knows of incidents, and the one act that is no move."""

from typing import Any

from common.api.describing import IF_MATCH, describe
from common.api.fields import Nothing, Strict, Text
from common.api.preconditions import seen_version
from common.time import now
from records.api.representation import href
from records.api.resource import Resource, ResourceDoor
from records.enums import Source

from .. import operations
from .bodies import EXAMPLES, IncidentChange, NewIncident
from .representation import RELATED, IncidentShape, incident

INCIDENTS = Resource(
    kind="incident",
    one="an incident",
    shape=IncidentShape,
    represent=incident,
    new=NewIncident,
    making="Log an incident",
    new_examples=EXAMPLES,
    new_description=("Its clocks start at once, or at `opened_at`. Send an Idempotency-Key to be able to try again."),
    change=IncidentChange,
    change_examples=(("Judge it anew", {"impact": 1, "urgency": 1, "reason": "The whole site is down."}),),
    related=RELATED,
)


class RecurrenceBody(Strict):
    """What came up again."""

    reason = Text(max_length=10_000, help_text="What does not work; the description of the new one.")


class IncidentRecurrence(ResourceDoor):
    """A new incident that follows one which can't be reopened."""

    kind = "incident"
    resource = INCIDENTS
    operations = {"POST": "incident.reopen"}

    @describe(
        "Log what came up again as a new incident that follows this one, where none may be reopened",
        takes=RecurrenceBody,
        gives=IncidentShape,
        status=201,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def post(self, request: Any, reference: str) -> Any:
        found, version = self.found(reference), seen_version(request, is_required=False)
        said = RecurrenceBody.read(request.data, by=request.user)
        fresh = operations.log_again(
            incident=found, by=request.user, at=now(), source=Source.API, version=version, **said
        )
        body = INCIDENTS.represent(fresh, by=request.user, at=now())
        return self.answer(body, status=201, version=fresh.version, location=href("incident", fresh.pk))


class IncidentTaking(ResourceDoor):
    """Assigning oneself and starting, in one act."""

    kind = "incident"
    resource = INCIDENTS
    operations = {"POST": "incident.work"}

    @describe(
        "Take an incident: assign it to oneself and start work",
        takes=Nothing,
        gives=IncidentShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def post(self, request: Any, reference: str) -> Any:
        found, version = self.found(reference), seen_version(request, is_required=False)
        Nothing.read(request.data, by=request.user)
        act = operations.take
        return self.shown(
            self.or_current(found, lambda: act(incident=found, by=request.user, at=now(), version=version))
        )
