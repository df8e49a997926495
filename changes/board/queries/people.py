"""Who is invited to a meeting and why, who is in the room, and whose word one change needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from approvals import deputizing
from approvals.models import BoardMember, Seat, Step, Vote
from people.access import can
from people.models import User

from ...models import Change
from ..models import Attendee, Meeting
from ..quorum import Condition, Place, of_item, of_meeting


@dataclass
class Invited:
    """Somebody a meeting calls for."""

    user: User
    is_voting: bool = False
    whys: list[str] = field(default_factory=list)

    @property
    def why(self) -> str:
        return "; ".join(self.whys)[:300]


def called_for(meeting: Meeting, steps: Iterable[Step], changes: dict[int | None, Change]) -> dict[int, Invited]:
    """
    Members of the board with a vote, those whom the changes to be decided seat, the owners of the services that they
    touch, and who implements them. Two queries beside what is given.
    """
    found: dict[int, Invited] = {}

    def call(user: Any, why: str, *, is_voting: bool = False) -> None:
        if user is None or not user.is_active:
            return
        known = found.setdefault(user.pk, Invited(user))
        known.is_voting = known.is_voting or is_voting
        if why not in known.whys:
            known.whys.append(why)

    call(meeting.chair, _("chairs the meeting"), is_voting=True)
    for member in BoardMember.objects.filter(board=meeting.board_id).select_related("user").order_by("pk"):
        call(member.user, _("is a member of the board"), is_voting=True)
    call(meeting.secretary, _("writes the minutes"))
    wanted = list(steps)
    references = {step.pk: changes[step.approval.record_id].reference for step in wanted}
    seats = Seat.objects.filter(step__in=[step.pk for step in wanted]).select_related("acting").order_by("pk")
    for seat in seats:
        if seat.acting_id not in found:
            call(seat.acting, _("is asked about %(reference)s") % {"reference": references[seat.step_id]})
    for step in wanted:
        change = changes[step.approval.record_id]
        said = {"reference": change.reference}
        for owner in owners_of(change):
            if owner.pk not in found:
                call(owner, _("owns a service that %(reference)s touches") % said)
        call(change.assignee, _("implements %(reference)s") % said)
    return found


def owners_of(change: Change) -> list[User]:
    """Owners of the services that it touches; services should be read along."""
    services = [*change.services.all(), *([change.service] if change.service is not None else [])]
    return list({each.owner.pk: each.owner for each in services if each.owner is not None}.values())


def attendees_of(meeting: Meeting) -> list[Attendee]:
    """Those invited, voting members first; one query."""
    rows = Attendee.objects.filter(meeting=meeting).select_related("user", "deputy")
    return list(rows.order_by("-is_voting", "user__name", "pk"))


def conditions_of(meeting: Meeting, attendees: Iterable[Attendee]) -> list[Condition]:
    """The quorum of the meeting as attendance stands."""
    return of_meeting(
        [
            Place(
                person=each.user_id,
                voter=each.in_the_room.pk if each.in_the_room is not None else None,
                is_chair=each.user_id == meeting.chair_id,
            )
            for each in attendees
            if each.is_voting
        ]
    )


def condition_of_item(change: Change, step: Step, seats: Iterable[Seat], attendees: Iterable[Attendee]) -> Condition:
    """
    Whose word the change needs: mandatory seats, and the owners of the services that it touches unless they may not
    decide. :param seats: of the step, with votes.
    """
    mandatory: dict[int, str] = {}
    voted: set[int] = set()
    for seat in seats:
        if seat.is_mandatory:
            mandatory[seat.holder_id] = str(seat.holder)
        if any(vote.is_current for vote in seat.votes.all()):
            voted |= {seat.holder_id, *([seat.acting_id] if seat.acting_id else [])}
        if seat.acting_id and seat.acting_id != seat.holder_id and seat.acting_id in _there(attendees):
            voted.add(seat.holder_id)
    excluded = set(step.approval.excluded_ids)
    mandatory |= {owner.pk: str(owner) for owner in owners_of(change) if owner.pk not in excluded}
    return of_item(mandatory, there=_there(attendees), voted=voted)


def _there(attendees: Iterable[Attendee]) -> set[int]:
    """Those present or represented, and the deputies who are there."""
    found: set[int] = set()
    for each in attendees:
        if each.in_the_room is not None:
            found |= {each.user_id, each.in_the_room.pk}
    return found


def voters_of(seats: Iterable[Seat], attendees: Iterable[Attendee]) -> dict[int, User]:
    """Who in the room votes on each seat, by the key of the seat; seats of people who are not there are left out."""
    rooms = {each.user_id: each.in_the_room for each in attendees}
    guests = {each.in_the_room.pk: each.in_the_room for each in attendees if each.in_the_room is not None}
    found = {}
    for seat in seats:
        if seat.acting_id is None:
            continue
        voter = rooms.get(seat.acting_id) or guests.get(seat.acting_id)
        if voter is not None:
            found[seat.pk] = voter
    return found


def standing(seat: Seat) -> Vote | None:
    """What the seat says now; votes should be prefetched."""
    return next((vote for vote in seat.votes.all() if vote.is_current), None)


def may_conduct(meeting: Meeting, user: Any, *, at: datetime) -> bool:
    """The chair, who stands in for them, and who writes the minutes: attendance, votes said aloud, minutes."""
    if not can(user, "cab.conduct"):
        return False
    if user.pk in (meeting.chair_id, meeting.secretary_id):
        return True
    return deputizing.deputy_of(meeting.chair, at=at) == user
