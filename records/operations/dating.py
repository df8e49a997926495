"""Correcting when something was reported, where that became known only later (domain reference A3.7)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from people.access import access_of, require

from .. import changing
from ..events import EventKind
from .editing import refuse_if_closed

FREELY_BACK = timedelta(days=7)
LONGEST_REASON = 500


@transaction.atomic
def correct_report(
    *, record: Any, by: Any, at: datetime, opened_at: datetime, reason: str, version: int | None = None
) -> Any:
    """
    Set the provable moment of the report. Whoever keeps clocks lets them begin there; what has ended stays.

    :param opened_at: at most 7 days before the record was made, further only with the right for it; never after that,
        for nobody records what was not reported yet.
    :param reason: how the moment is known.
    :raises NotAllowed: :raises Stale: :raises Refused: the moment does not fit, or no reason is given.
    """
    locked = changing.lock(record)
    require(by, "record.date_back", locked)
    changing.require_version(locked, version)
    refuse_if_closed(locked)
    reason = one_line(reason)
    if not reason:
        raise Refused.because("required", _("Say how the moment of the report is known."), "reason")
    if len(reason) > LONGEST_REASON:
        message = _("The reason has more than %(limit)s characters. Shorten it.") % {"limit": LONGEST_REASON}
        raise Refused.because("too_long", message, "reason")
    if opened_at > locked.created_at:
        message = _("The report can't be later than its record. Choose an earlier moment.")
        raise Refused.because("opened_later", message, "opened_at")
    if locked.created_at - opened_at > FREELY_BACK and not access_of(by).allows_on("record.date_back_far", locked):
        message = _("A report can be dated back 7 days at most. Choose a later moment, or ask a service level manager.")
        raise Refused.because("too_far_back", message, "opened_at")
    if opened_at == locked.opened_at:
        raise Refused.because("unchanged", _("The report is dated so already."), "opened_at")
    before = changing.snapshot(locked)
    locked.opened_at = opened_at
    changes = changing.differences(locked, before)
    changing.save(locked, changes, at)
    changing.write_down(
        locked, kind=EventKind.EDITED, action=f"{locked.kind}.dated_back", by=by, at=at, changes=changes, reason=reason
    )
    return locked
