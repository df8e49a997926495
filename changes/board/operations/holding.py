"""Holding the meeting: begin it, mark who is there, write what is said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import deputizing
from common.refusals import Refused, Stale
from common.texts import said

from ..enums import Attendance, MeetingState
from ..models import AgendaItem, Attendee, Meeting
from .agenda import gather
from .common import lock, lock_item, require_conductor, require_held, require_planned, save, write_down

LONGEST_TEXT = 20_000


@transaction.atomic
def begin(*, meeting: Meeting, by: Any, at: datetime) -> Meeting:
    """
    Begin the meeting, with the agenda brought up to date a last time. It may begin on any moment of its day.

    :raises NotAllowed: :raises Refused: it has begun, was cancelled, or is planned for another day.
    """
    locked = lock(meeting)
    require_conductor(locked, by, at=at)
    require_planned(locked)
    if at < locked.starts_at and at.astimezone(ZoneInfo(locked.zone)).date() != locked.day:
        raise Refused.because("early", _("It is planned for %(day)s. Move it to begin today.") % {"day": locked.day})
    locked = gather(meeting=locked, by=None, at=at)
    locked.state, locked.began_at = MeetingState.HELD, at
    save(locked, "state", "began_at")
    write_down("begun", locked, by=by, at=at)
    return locked


@transaction.atomic
def mark(*, meeting: Meeting, by: Any, at: datetime, attendance: Mapping[int, str]) -> Meeting:
    """
    Say who is there: key of the person invited -> attendance. Who is left out stays as they were.

    Somebody can be excused beforehand; the rest waits for the beginning. For `represented` the deputy of this moment is
    taken.

    :raises NotAllowed: :raises Refused: not begun, minutes closed, nobody's deputy, or not invited.
    """
    locked = lock(meeting)
    require_conductor(locked, by, at=at)
    if not (locked.is_planned and set(attendance.values()) <= {Attendance.EXCUSED, Attendance.INVITED}):
        require_held(locked)
    rows = {each.user_id: each for each in Attendee.objects.filter(meeting=locked).select_related("user")}
    unknown = set(attendance) - set(rows)
    if unknown or not set(attendance.values()) <= set(Attendance.values):
        raise Refused.because("not_invited", _("Somebody of these is not invited. Load the page again."), "attendance")
    represented = [rows[key].user for key, how in attendance.items() if how == Attendance.REPRESENTED]
    deputies = deputizing.deputies_of(represented, at=at)
    changed = []
    for key, how in attendance.items():
        row = rows[key]
        deputy = deputies.get(key) if how == Attendance.REPRESENTED else None
        if how == Attendance.REPRESENTED and deputy is None:
            raise Refused.because(
                "no_deputy",
                _("%(person)s has no deputy today. Mark them absent, or let them name one.") % {"person": row.user},
                "attendance",
            )
        if (row.attendance, row.deputy) != (how, deputy):
            row.attendance, row.deputy = how, deputy
            row.save(update_fields=["attendance", "deputy"])
            changed.append({"person": key, "attendance": how})
    if changed:
        save(locked)
        write_down("attended", locked, by=by, at=at, changed=changed)
    return locked


@transaction.atomic
def write(*, item: AgendaItem, by: Any, at: datetime, text: str, version: int | None = None) -> AgendaItem:
    """
    Write what is said about an item; it replaces what was written.

    :param version: of the item that the writer has seen. :raises Stale: somebody else has written meanwhile.
    :raises NotAllowed: :raises Refused: not begun, or minutes closed.
    """
    locked = lock(item.meeting)
    require_conductor(locked, by, at=at)
    require_held(locked)
    fresh = lock_item(locked, item)
    cleaned = said(text, limit=LONGEST_TEXT, field="text")
    if cleaned == fresh.text:
        return fresh
    if version is not None and version != fresh.version:
        raise Stale.because(
            "stale", _("Somebody else has written about this item meanwhile. Compare, then save again."), "text"
        )
    fresh.text, fresh.version = cleaned, fresh.version + 1
    fresh.discussed_at = fresh.discussed_at or at
    fresh.save(update_fields=["text", "version", "discussed_at"])
    return fresh


@transaction.atomic
def write_remarks(*, meeting: Meeting, by: Any, at: datetime, text: str, version: int | None = None) -> Meeting:
    """Write what belongs to no item. :raises Stale: :raises NotAllowed: :raises Refused: not begun, or closed."""
    locked = lock(meeting, version=version)
    require_conductor(locked, by, at=at)
    require_held(locked)
    locked.remarks = said(text, limit=LONGEST_TEXT, field="text")
    save(locked, "remarks")
    return locked
