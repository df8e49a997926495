"""Planning a meeting: when, where, who chairs it; moving it, and calling it off."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from approvals.models import Board
from common.refusals import Refusal, Refused
from common.texts import said
from people.access import can, require
from people.models import User

from ..enums import MeetingState
from ..models import Meeting
from .agenda import gather
from .common import invited, lock, require_planned, save, write_down

LONGEST_PLACE = 200
LONGEST_REASON = 300
FIELDS = ("starts_at", "zone", "place", "chair", "secretary")


@transaction.atomic
def create(
    *,
    by: Any,
    at: datetime,
    board: Board,
    starts_at: datetime,
    chair: User | None = None,
    secretary: User | None = None,
    place: str = "",
    zone: str = "",
    is_sample: bool = False,
) -> Meeting:
    """
    Plan a meeting with the agenda as the data have it now. A worker invites soon after.

    :param chair: the chair of the board when left out. :param zone: of the meeting; that of `by` when left out.
    :raises NotAllowed: :raises Refused: it would begin in the past, the board has nobody, or the chair may not conduct.
    """
    if by is not None:
        require(by, "cab.plan")
    chair = chair or User.objects.filter(board_seats__board=board, board_seats__is_chair=True).first()
    if chair is None:
        raise Refused.because("chair", _("“%(board)s” has no chair. Name who chairs it.") % {"board": board}, "chair")
    meeting = Meeting(
        board=board,
        chair=chair,
        secretary=secretary,
        starts_at=starts_at,
        zone=zone or (by.time_zone if by is not None else "") or "UTC",
        place=said(place, limit=LONGEST_PLACE, field="place"),
        is_sample=is_sample,
    )
    _check(meeting, at=at)
    meeting.key = _free_key(meeting)
    meeting.save(force_insert=True)
    write_down("planned", meeting, by=by, at=at, starts_at=starts_at)
    return gather(meeting=meeting, by=None, at=at)


@transaction.atomic
def revise(*, meeting: Meeting, by: Any, at: datetime, version: int | None = None, **values: Any) -> Meeting:
    """
    Change when, where or with whom; those invited are told by the worker when it moves.

    :param values: of `FIELDS`; what is left out stays.
    :raises NotAllowed: :raises Stale: :raises Refused: not planned any more, or values that don't fit.
    """
    require(by, "cab.plan")
    locked = lock(meeting, version=version)
    require_planned(locked)
    was = locked.starts_at
    for name in FIELDS:
        if name in values:
            setattr(locked, name, values[name])
    locked.place = said(locked.place, limit=LONGEST_PLACE, field="place")
    _check(locked, at=at)
    if locked.starts_at != was:
        locked.key, locked.invited_at, locked.reminded_at = _free_key(locked), None, None
    save(locked, *FIELDS, "key", "invited_at", "reminded_at")
    write_down("moved" if locked.starts_at != was else "edited", locked, by=by, at=at, starts_at=locked.starts_at)
    return gather(meeting=locked, by=None, at=at)


@transaction.atomic
def cancel(*, meeting: Meeting, by: Any, at: datetime, reason: str) -> Meeting:
    """Call a planned meeting off; those invited are told. :raises NotAllowed: :raises Refused: begun, or no reason."""
    require(by, "cab.plan")
    locked = lock(meeting)
    require_planned(locked)
    locked.cancel_reason = said(
        reason, limit=LONGEST_REASON, field="reason", missing=_("The reason is missing. Say why it is called off.")
    )
    locked.state = MeetingState.CANCELLED
    save(locked, "state", "cancel_reason")
    write_down("cancelled", locked, by=by, at=at, reason=locked.cancel_reason, people=invited(locked))
    return locked


def _check(meeting: Meeting, *, at: datetime) -> None:
    refusals = []
    if meeting.starts_at <= at:
        refusals.append(Refusal("past", _("It would begin in the past. Pick a later moment."), "starts_at"))
    if not meeting.board.is_active:
        refusals.append(Refusal("board", _("This board is not in use any more. Choose another one."), "board"))
    for field in ("chair", "secretary"):
        person = getattr(meeting, field)
        if person is not None and not (person.is_active and can(person, "cab.conduct")):
            refusals.append(
                Refusal(
                    field, _("%(person)s can't conduct meetings of boards. Choose somebody else.") % {"person": person},
                    field,
                )
            )  # fmt: skip
    try:
        ZoneInfo(meeting.zone)
    except (ZoneInfoNotFoundError, ValueError):
        refusals.append(Refusal("zone", _("There is no time zone of this name."), "zone"))
    if refusals:
        raise Refused.all_of(refusals)


def _free_key(meeting: Meeting) -> str:
    """The date, with a number from the second meeting of a day on."""
    day = meeting.day.isoformat()
    taken = set(Meeting.objects.filter(key__startswith=day).exclude(pk=meeting.pk).values_list("key", flat=True))
    number = 1
    while (key := day if number == 1 else f"{day}-{number}") in taken:
        number += 1
    return key
