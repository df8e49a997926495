"""Doors to the items of an agenda, and to the actions that come of a meeting."""

from typing import Any

from django.db import transaction
from django.http import Http404

from approvals.models import Seat
from common.api.describing import describe
from common.api.fields import Nothing
from common.api.views import one_of
from common.time import now

from ...models import Change
from .. import operations
from ..models import AgendaItem, BoardAction, Meeting
from . import bodies
from .meetings import MeetingDoor
from .shapes import MeetingShape


class ItemDoor(MeetingDoor):
    """A door to one item."""

    def item(self, request: Any, key: str, number: int) -> tuple[Meeting, AgendaItem]:
        found = self.meeting(request, key)
        rows = found.items.select_related("meeting__board", "meeting__chair", "change", "step__approval")
        item: AgendaItem = one_of(rows, number)
        if item.change_id and not Change.objects.visible_to(request.user).filter(pk=item.change_id).exists():
            raise Http404
        return found, item


class AgendaTopics(MeetingDoor):
    """Topics."""

    operations = {"POST": "cab.conduct"}
    also = ("cab.view",)

    @describe(
        "Add a topic to an agenda", takes=bodies.TopicBody, gives=MeetingShape, status=201, problems=[404, 409]
    )  # fmt: skip
    def post(self, request: Any, key: str) -> Any:
        found = self.meeting(request, key)
        values = bodies.TopicBody.read(request.data, by=request.user)
        operations.add_topic(meeting=found, by=request.user, at=now(), **values)
        return self.shown(request, found, status=201)


class OneAgendaItem(ItemDoor):
    """One item."""

    operations = {"PATCH": "cab.conduct", "DELETE": "cab.conduct"}
    also = ("cab.view",)

    @describe(
        "Write about an item, or move it", takes=bodies.AgendaItemChange, gives=MeetingShape, problems=[404, 409, 412]
    )
    def patch(self, request: Any, key: str, number: int) -> Any:
        found, item = self.item(request, key, number)
        values = bodies.AgendaItemChange.read(request.data, by=request.user)
        about = {"item": item, "by": request.user, "at": now()}
        with transaction.atomic():
            if "position" in values:
                operations.move_item(**about, to=values["position"])
            if "minutes" in values:
                operations.set_minutes(**about, minutes=values["minutes"])
            if "text" in values:
                operations.write(**about, text=values["text"], version=values.get("version"))
        return self.shown(request, found)

    @describe("Take a topic off an agenda", status=204, problems=[404, 409])
    def delete(self, request: Any, key: str, number: int) -> Any:
        _found, item = self.item(request, key, number)
        operations.remove_item(item=item, by=request.user, at=now())
        return self.answer(status=204)


class RoomVotes(ItemDoor):
    """Votes said aloud."""

    operations = {"POST": "cab.conduct"}
    also = ("cab.view",)

    @describe(
        "Write down what is voted in the room",
        takes=bodies.RoomVoteBody,
        gives=MeetingShape,
        problems=[404, 409],
        description="By who conducts the meeting. People vote for themselves with `POST /approvals/{id}/vote/`.",
        examples=[("Everybody approves", {"choice": "approve"})],
    )
    def post(self, request: Any, key: str, number: int) -> Any:
        found, item = self.item(request, key, number)
        values = bodies.RoomVoteBody.read(request.data, by=request.user)
        seat = values.pop("seat", None)
        about = {"item": item, "by": request.user, "at": now()}
        if seat is None:
            operations.decide(**about, **values)
        else:
            row = one_of(Seat.objects.select_related("holder").filter(step=item.step_id), seat)
            operations.record_vote(**about, seat=row, **values)
        return self.shown(request, found)


class BoardDeferral(ItemDoor):
    """Putting a decision off."""

    operations = {"POST": "cab.conduct", "DELETE": "cab.conduct"}
    also = ("cab.view",)

    @describe("Defer a decision", takes=bodies.BoardDeferralBody, gives=MeetingShape, problems=[404, 409])
    def post(self, request: Any, key: str, number: int) -> Any:
        found, item = self.item(request, key, number)
        values = bodies.BoardDeferralBody.read(request.data, by=request.user)
        operations.defer(item=item, by=request.user, at=now(), **values)
        return self.shown(request, found)

    @describe("Take a deferral back", gives=MeetingShape, problems=[404, 409])
    def delete(self, request: Any, key: str, number: int) -> Any:
        found, item = self.item(request, key, number)
        operations.take_up(item=item, by=request.user, at=now())
        return self.shown(request, found)


class BoardActions(MeetingDoor):
    """Actions."""

    operations = {"POST": "cab.conduct"}
    also = ("cab.view",)

    @describe(
        "Give somebody something to do", takes=bodies.BoardActionBody, gives=MeetingShape, status=201,
        problems=[404, 409],
    )  # fmt: skip
    def post(self, request: Any, key: str) -> Any:
        found = self.meeting(request, key)
        values = bodies.BoardActionBody.read(request.data, by=request.user)
        number = values.pop("item", None)
        item = one_of(found.items.all(), number) if number is not None else None
        operations.add_action(meeting=found, by=request.user, at=now(), item=item, **values)
        return self.shown(request, found, status=201)


class BoardActionEnd(MeetingDoor):
    """Doing it."""

    operations = {"POST": "cab.act", "DELETE": "cab.act"}
    also = ("cab.view",)

    def action(self, request: Any, key: str, number: int) -> BoardAction:
        found: BoardAction = one_of(self.meeting(request, key).actions.all(), number)
        return found

    @describe("Say that an action is done", takes=Nothing, gives=MeetingShape, problems=[404, 409])
    def post(self, request: Any, key: str, number: int) -> Any:
        found = self.action(request, key, number)
        Nothing.read(request.data, by=request.user)
        operations.finish_action(action=found, by=request.user, at=now())
        return self.shown(request, self.meeting(request, key))

    @describe("Say that an action is not done", gives=MeetingShape, problems=[404, 409])
    def delete(self, request: Any, key: str, number: int) -> Any:
        operations.reopen_action(action=self.action(request, key, number), by=request.user, at=now())
        return self.shown(request, self.meeting(request, key))
