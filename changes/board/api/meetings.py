"""Doors to meetings: read, plan, conduct, close."""

from collections.abc import Callable
from typing import Any

from django.http import Http404

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Nothing
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.numbers import number_in
from common.refusals import Refused
from common.time import now
from records.api.idempotency import once

from .. import operations
from ..models import Meeting
from . import bodies
from .shapes import MeetingBrief, MeetingShape, brief, whole

RELATED = ("board", "chair", "secretary", "closed_by")
SORTS = {"-starts_at": Sort("starts_at", is_descending=True, is_moment=True)}


class MeetingDoor(ApiView):
    """A door to one meeting; acts answer with the meeting as it is then."""

    def meeting(self, request: Any, key: str) -> Meeting:
        found = Meeting.objects.visible_to(request.user).select_related(*RELATED).filter(key=key[:20]).first()
        if found is None:
            raise Http404
        return found

    def shown(self, request: Any, row: Meeting, *, status: int = 200, location: str = "") -> Any:
        fresh = Meeting.objects.select_related(*RELATED).get(pk=row.pk)
        body = whole(fresh, viewer=request.user)
        return self.answer(body, status=status, version=fresh.version, location=location)

    def acted(self, request: Any, key: str, act: Callable[..., Any], **values: Any) -> Any:
        found = self.meeting(request, key)
        act(meeting=found, by=request.user, at=now(), **values)
        return self.shown(request, found)


class Meetings(MeetingDoor):
    """Meetings of boards."""

    operations = {"GET": "cab.view", "POST": "cab.plan"}

    @describe("List meetings of boards", gives=listing_of(MeetingBrief), parameters=[bodies.MeetingQuery])
    def get(self, request: Any) -> Any:
        query = bodies.MeetingQuery.of(request)
        rows = Meeting.objects.visible_to(request.user).select_related(*RELATED)
        if "state" in query:
            rows = rows.filter(state__in=query["state"])
        found, following = page(
            rows, request=request, sorts=SORTS, sort="-starts_at", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([brief(row) for row in found], following))

    @describe(
        "Plan a meeting of a board",
        takes=bodies.NewMeeting,
        gives=MeetingShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[("Next week", {"board": "cab", "starts_at": "2026-03-11T09:00:00Z"})],
    )
    def post(self, request: Any) -> Any:
        at, values = now(), bodies.NewMeeting.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.create(by=request.user, at=at, **values)
            return self.shown(request, made, status=201, location=f"/api/v1/cab-meetings/{made.key}/")

        return once(request, at=at, act=act)


class OneMeeting(MeetingDoor):
    """One meeting."""

    operations = {"GET": "cab.view", "PATCH": "cab.plan"}

    @describe("Get a meeting with its agenda and minutes", gives=MeetingShape, problems=[404])
    def get(self, request: Any, key: str) -> Any:
        return self.shown(request, self.meeting(request, key))

    @describe(
        "Change when and with whom a board meets", takes=bodies.MeetingChange, gives=MeetingShape,
        problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def patch(self, request: Any, key: str) -> Any:
        found = self.meeting(request, key)
        values = bodies.MeetingChange.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        operations.revise(meeting=found, by=request.user, at=now(), version=version, **values)
        return self.shown(request, found)


class Gathering(MeetingDoor):
    """The agenda from the data."""

    operations = {"POST": "cab.plan"}

    @describe(
        "Bring the agenda of a meeting up to date", takes=Nothing, gives=MeetingShape, problems=[404, 409],
        description="Changes that wait for the board, conflicts first, then by risk; emergencies and failures since.",
    )  # fmt: skip
    def post(self, request: Any, key: str) -> Any:
        Nothing.read(request.data, by=request.user)
        return self.acted(request, key, operations.gather)


class Guests(MeetingDoor):
    """Guests."""

    operations = {"POST": "cab.plan"}

    @describe("Invite somebody else to a meeting", takes=bodies.GuestBody, gives=MeetingShape, problems=[404, 409])
    def post(self, request: Any, key: str) -> Any:
        self.meeting(request, key)
        values = bodies.GuestBody.read(request.data, by=request.user)
        return self.acted(request, key, operations.invite, **values)


class MeetingCancellation(MeetingDoor):
    """Calling it off."""

    operations = {"POST": "cab.plan"}

    @describe("Call a meeting off", takes=bodies.MeetingReasonBody, gives=MeetingShape, problems=[404, 409])
    def post(self, request: Any, key: str) -> Any:
        self.meeting(request, key)
        return self.acted(
            request, key, operations.cancel, **bodies.MeetingReasonBody.read(request.data, by=request.user)
        )


class Beginning(MeetingDoor):
    """Beginning it."""

    operations = {"POST": "cab.conduct"}
    also = ("cab.view",)

    @describe("Begin a meeting", takes=Nothing, gives=MeetingShape, problems=[404, 409])
    def post(self, request: Any, key: str) -> Any:
        Nothing.read(request.data, by=request.user)
        return self.acted(request, key, operations.begin)


class Attending(MeetingDoor):
    """Who is there."""

    operations = {"PUT": "cab.conduct"}
    also = ("cab.view",)

    @describe(
        "Say who is there", takes=bodies.AttendanceBody, gives=MeetingShape, problems=[404, 409],
        description="People who are left out stay as they were.",
        examples=[("Two came", {"people": {"12": "present", "15": "present", "17": "excused"}})],
    )  # fmt: skip
    def put(self, request: Any, key: str) -> Any:
        self.meeting(request, key)
        said = bodies.AttendanceBody.read(request.data, by=request.user)["people"]
        known = {person: how for name, how in said.items() if (person := number_in(name)) is not None}
        if len(known) != len(said):
            raise Refused.because("not_invited", "Name people by their id.", "people")
        return self.acted(request, key, operations.mark, attendance=known)


class Closure(MeetingDoor):
    """Closing the minutes."""

    operations = {"POST": "cab.conduct"}
    also = ("cab.view",)

    @describe(
        "Close the minutes of a meeting", takes=Nothing, gives=MeetingShape, problems=[404, 409, 412],
        parameters=[IF_MATCH], description="They are frozen under a fingerprint; corrections are added below.",
    )  # fmt: skip
    def post(self, request: Any, key: str) -> Any:
        self.meeting(request, key)
        Nothing.read(request.data, by=request.user)
        return self.acted(request, key, operations.close, version=seen_version(request, is_required=False))


class Corrections(MeetingDoor):
    """Corrections of closed minutes."""

    operations = {"POST": "cab.conduct"}
    also = ("cab.view",)

    @describe("Add a correction to minutes", takes=bodies.CorrectionBody, gives=MeetingShape, problems=[404, 409])
    def post(self, request: Any, key: str) -> Any:
        self.meeting(request, key)
        return self.acted(request, key, operations.correct, **bodies.CorrectionBody.read(request.data, by=request.user))
