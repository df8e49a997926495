"""Inviting and reminding: guests by hand, the rest by the worker."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require
from people.models import User
from records import changing
from records.events import EventKind

from ..enums import Attendance, MeetingState
from ..models import Attendee, Meeting
from .agenda import gather
from .common import invited, lock, require_unsettled, save, write_down

REMINDED_BEFORE = timedelta(days=1)
BATCH_ROWS = 20


@transaction.atomic
def invite(*, meeting: Meeting, person: User, by: Any, at: datetime) -> Attendee:
    """
    Ask somebody to come whom neither the board nor a change calls for; they have no vote.

    :raises NotAllowed: :raises Refused: they are invited, have left, or the minutes are closed.
    """
    require(by, "cab.plan")
    locked = lock(meeting)
    require_unsettled(locked)
    if not person.is_active:
        raise Refused.because("left", _("%(person)s has left. Choose somebody else.") % {"person": person}, "person")
    attendee, is_new = Attendee.objects.get_or_create(
        meeting=locked, user=person, defaults={"why": _("is a guest"), "is_guest": True}
    )
    if not is_new:
        raise Refused.because("invited", _("%(person)s is invited already.") % {"person": person}, "person")
    save(locked)
    write_down("guest_invited", locked, by=by, at=at, people=[person.pk] if locked.invited_at else [])
    return attendee


@transaction.atomic
def uninvite(*, attendee: Attendee, by: Any, at: datetime) -> Meeting:
    """Take the invitation of a guest back. :raises NotAllowed: :raises Refused: no guest, or they came."""
    require(by, "cab.plan")
    locked = lock(attendee.meeting)
    require_unsettled(locked)
    fresh = Attendee.objects.filter(pk=attendee.pk, is_guest=True, attendance=Attendance.INVITED).first()
    if fresh is None:
        raise Refused.because("no_guest", _("Only guests who have not come yet can be left out."))
    fresh.delete()
    save(locked)
    told = [fresh.user_id] if locked.invited_at else []
    write_down("guest_left_out", locked, by=by, at=at, person=fresh.user_id, people=told)
    return locked


def look_after(*, at: datetime, rows: int = BATCH_ROWS) -> int:
    """
    Invite to meetings that are planned, and send the agenda a day before; each once.

    A bounded batch: rows that somebody holds are skipped and looked at again with the next beat.
    """
    due = Q(invited_at=None) | Q(reminded_at=None, starts_at__lte=at + REMINDED_BEFORE)
    keys = Meeting.objects.filter(due, state=MeetingState.PLANNED, starts_at__gt=at, is_sample=False)
    return sum(_look_at(key, at=at) for key in list(keys.order_by("starts_at").values_list("pk", flat=True)[:rows]))


@transaction.atomic
def _look_at(key: int, *, at: datetime) -> int:
    meeting = (
        Meeting.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("board", "chair", "secretary")
        .filter(pk=key, state=MeetingState.PLANNED, starts_at__gt=at)
        .first()
    )
    if meeting is None:
        return 0
    is_near = meeting.starts_at <= at + REMINDED_BEFORE
    if meeting.invited_at is None:
        act = "invited"
    elif meeting.reminded_at is None and is_near:
        act = "reminded"
    else:
        return 0
    meeting = gather(meeting=meeting, by=None, at=at)
    meeting.invited_at = meeting.invited_at or at
    # Who is invited within the last day has the agenda with it.
    meeting.reminded_at = at if is_near else None
    save(meeting, "invited_at", "reminded_at")
    write_down(act, meeting, by=None, at=at, people=invited(meeting))
    if act == "invited":
        for item in meeting.items.exclude(change=None).select_related("change"):
            changing.write_down(
                item.change,
                kind=EventKind.EDITED,
                action="change.board_invited",
                by=None,
                at=at,
                data={"meeting": meeting.pk, "board": meeting.board.name, "day": meeting.day.isoformat()},
            )
    return 1
