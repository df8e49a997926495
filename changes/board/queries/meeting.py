"""What a meeting looks like: its items with their decisions, and one in full; as many queries however many items."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from approvals.models import Approval, Seat, Vote
from approvals.operations.seats import seat_for
from approvals.presenting import excluded_reason
from approvals.queries import with_everything
from common.refusals import Refused
from people.models import User
from records.models import Record

from ...models import Change
from ...queries.conflicts import Conflict, conflicts
from ..models import AgendaItem, Attendee, BoardAction, Meeting
from ..quorum import Condition, is_quorate
from .people import condition_of_item, conditions_of, standing, voters_of

SHOWN_ACTIONS = 100
NAMED = re.compile(r"CHG-(\d{1,18})")


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """The agenda in order, with changes, steps, seats, votes and actions: five queries."""
    votes = Vote.objects.filter(replaced_at=None).select_related("by", "on_behalf_of", "recorded_by")
    seats = Seat.objects.select_related("holder", "acting").prefetch_related(
        Prefetch("votes", queryset=votes.prefetch_related("conditions"))
    )
    actions = BoardAction.objects.select_related("owner").order_by("pk")
    rows = AgendaItem.objects.filter(meeting=meeting).select_related(
        "change__service", "change__assignee", "change__requester", "step__approval"
    )
    rows = rows.prefetch_related(
        Prefetch("step__seats", queryset=seats.order_by("-is_mandatory", "pk")), Prefetch("actions", queryset=actions)
    )
    found = list(rows.order_by("position", "pk"))
    for item in found:
        item.meeting = meeting
    return found


def hidden_among(items: Iterable[AgendaItem], user: Any, *, attendees: Iterable[Attendee] = ()) -> set[int]:
    """
    Keys of the changes on the agenda that the person may not see. One query.

    :param attendees: changes that are named in why they are invited count, too.
    """
    keys = {item.change_id for item in items if item.change_id is not None}
    return unseen(keys | named_in(each.why for each in attendees), user)


def unseen(keys: set[int], user: Any) -> set[int]:
    """Those of these changes that the person may not see. One query."""
    return keys - set(Record.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))


def named_in(whys: Iterable[str]) -> set[int]:
    """Changes that are named in reasons of invitations."""
    return {int(number) for why in whys for number in NAMED.findall(why)}


def told_why(why: str, hidden: Collection[int]) -> str:
    """Why somebody is invited, without naming changes that the reader may not see."""
    masked = _("a change that you may not see")
    return NAMED.sub(lambda found: masked if int(found[1]) in hidden else found[0], why)


@dataclass
class SeatLine:
    """One voice about the item: who was asked, who is in the room for them, what was said."""

    seat: Seat
    vote: Vote | None
    voter: User | None

    @property
    def is_changeable(self) -> bool:
        """Whether it can be written down, or written over: they are there, and did not vote in person."""
        return self.voter is not None and (self.vote is None or self.vote.recorded_by_id is not None)


@dataclass
class Opened:
    """One item with all that is needed to decide it."""

    item: AgendaItem
    approval: Approval | None = None
    lines: list[SeatLine] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    condition: Condition | None = None
    quorum: list[Condition] = field(default_factory=list)
    own_seat: Seat | None = None
    why_not: str = ""

    @property
    def silent(self) -> list[SeatLine]:
        """Those in the room who have not voted yet."""
        return [line for line in self.lines if line.voter is not None and line.vote is None]

    @property
    def is_quorate(self) -> bool:
        return is_quorate([*self.quorum, *([self.condition] if self.condition else [])])


def opened(meeting: Meeting, item: AgendaItem, attendees: list[Attendee], user: Any, *, at: datetime) -> Opened:
    """The item that is being talked about."""
    found = Opened(item=item, quorum=conditions_of(meeting, attendees))
    if item.change is None:
        return found
    change = Change.objects.select_related("service__owner", "assignee", "requester")
    item.change = change.prefetch_related("services__owner", "items").get(pk=item.change_id)
    if item.change.planned_from is not None and item.change.planned_to is not None and not item.change.is_done:
        found.conflicts = conflicts(item.change, item.change.planned_from, item.change.planned_to)
    if item.step is None:
        return found
    found.approval = with_everything(Approval.objects.filter(pk=item.step.approval_id)).get()
    found.approval.record = item.change
    seats = [seat for seat in item.step.seats.all() if not seat.is_deciding]
    voters = voters_of(seats, attendees)
    found.lines = [SeatLine(seat, standing(seat), voters.get(seat.pk)) for seat in seats]
    found.condition = condition_of_item(item.change, item.step, seats, attendees)
    if found.item.step is not None and found.item.step.is_open and found.approval.is_open:
        _own(found, user, at=at)
    return found


def _own(found: Opened, user: User, *, at: datetime) -> None:
    """The seat on which the viewer votes for themselves, or why they can't."""
    approval, step = found.approval, found.item.step
    if approval is None or step is None:
        return
    reason = excluded_reason(approval, user)
    if reason:
        found.why_not = _("You may not decide this: you are %(reason)s.") % {"reason": reason}
        return
    try:
        found.own_seat = seat_for(approval, step, user, at=at)
    except Refused:
        found.own_seat = None


def open_actions(board: Any, *, viewer: User, before: Meeting | None = None) -> list[BoardAction]:
    """
    What is still to be done from meetings of the board, the earliest first; 100 at most.

    What was given about a change that the viewer may not see is left out, unless it was given to them.
    """
    seen = Q(item=None) | Q(item__change=None) | Q(owner=viewer)
    seen |= Q(item__change__in=Record.objects.visible_to(viewer).values("pk"))
    rows = BoardAction.objects.filter(seen, meeting__board=board, done_at=None).select_related("owner", "meeting")
    if before is not None:
        rows = rows.exclude(meeting=before).filter(meeting__starts_at__lt=before.starts_at)
    return list(rows.order_by("due_date", "pk")[:SHOWN_ACTIONS])
