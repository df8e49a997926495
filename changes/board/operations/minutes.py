"""Closing the minutes, and correcting them afterwards."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.fingerprints import fingerprint_of
from common.refusals import Refused
from common.texts import said
from people.access import can

from .. import minutes
from ..enums import Attendance, MeetingState
from ..models import Meeting, MinutesCorrection
from ..queries.meeting import items_of
from .common import invited, lock, require_conductor, require_held, save, write_down

LONGEST_CORRECTION = 5_000


@transaction.atomic
def close(*, meeting: Meeting, by: Any, at: datetime, version: int | None = None) -> Meeting:
    """
    Freeze the minutes as the data are now, under a fingerprint. What is found wrong later is added as a correction.

    Who was invited and neither came nor was excused was absent.

    :raises NotAllowed: :raises Stale: :raises Refused: not begun, or something on the agenda has no outcome yet.
    """
    locked = lock(meeting, version=version)
    require_conductor(locked, by, at=at)
    require_held(locked)
    open_ones = [item for item in items_of(locked) if item.is_open]
    if open_ones:
        count = len(open_ones)
        raise Refused.because(
            "open_items",
            ngettext(
                "%(count)d item has no outcome: %(names)s. Decide it, defer it, or write what was said.",
                "%(count)d items have no outcome: %(names)s. Decide them, defer them, or write what was said.",
                count,
            )
            % {"count": count, "names": ", ".join(_named(each) for each in open_ones)},
        )
    locked.attendees.filter(attendance=Attendance.INVITED).update(attendance=Attendance.ABSENT)
    locked.state, locked.closed_at, locked.closed_by = MeetingState.MINUTED, at, by
    locked.document = minutes.build(locked)
    locked.fingerprint = fingerprint_of(locked.document)
    save(locked, "state", "closed_at", "closed_by", "document", "fingerprint")
    write_down("minuted", locked, by=by, at=at, fingerprint=locked.fingerprint, people=invited(locked))
    return locked


def _named(item: Any) -> str:
    return str(item.change.reference) if item.change is not None else str(item.title)


@transaction.atomic
def correct(*, meeting: Meeting, by: Any, at: datetime, text: str) -> MinutesCorrection:
    """
    Add to closed minutes what was found wrong in them: who conducts the meeting, or plans meetings.

    :raises NotAllowed: :raises Refused: they are not closed, or nothing is said.
    """
    locked = lock(meeting)
    if not can(by, "cab.plan"):
        require_conductor(locked, by, at=at)
    if not locked.is_minuted:
        raise Refused.because("not_closed", _("The minutes are not closed. Write into them instead."))
    text = said(
        text, limit=LONGEST_CORRECTION, field="text", missing=_("The correction is missing. Say what was wrong.")
    )
    made = MinutesCorrection.objects.create(meeting=locked, text=text, by=by, at=at)
    write_down("corrected", locked, by=by, at=at, correction=made.pk, people=invited(locked))
    return made
