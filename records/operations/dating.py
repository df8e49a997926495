"""Correcting when something was reported or solved, where that became known only later (domain reference A3.7)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.models import Entry
from common.refusals import Refused
from common.texts import one_line
from people.access import access_of, require

from .. import changing
from ..events import EventKind
from ..models import Comment
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
    reason = _reason(reason, missing=_("Say how the moment of the report is known."))
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


@transaction.atomic
def correct_resolution(
    *, record: Any, by: Any, at: datetime, resolved_at: datetime, reason: str, version: int | None = None
) -> Any:
    """
    Set the provable moment at which it worked again. Whoever keeps clocks lets those stop there that stopped with it.

    :param resolved_at: earlier than what is recorded, at most 7 days unless the person has the right for it; not before
        the work on it began anew, nor before the requester said last that it fails.
    :param reason: how the moment is known.
    :raises NotAllowed: :raises Stale: :raises Refused: it is not solved or closed, the moment does not fit, no reason.
    """
    locked = changing.lock(record)
    require(by, "record.date_back", locked)
    changing.require_version(locked, version)
    refuse_if_closed(locked)
    if locked.resolved_at is None:
        raise Refused.because("not_resolved", _("It is not resolved, so there is no moment to correct."))
    reason = _reason(reason, missing=_("Say how the moment of the resolution is known."))
    _refuse_unprovable(locked, resolved_at, by=by)
    before = changing.snapshot(locked)
    locked.resolved_at = resolved_at
    changes = changing.differences(locked, before)
    changing.save(locked, changes, at)
    action = f"{locked.kind}.resolution_dated_back"
    changing.write_down(locked, kind=EventKind.EDITED, action=action, by=by, at=at, changes=changes, reason=reason)
    return locked


def _refuse_unprovable(record: Any, resolved_at: datetime, *, by: Any) -> None:
    if resolved_at >= record.resolved_at:
        message = _("It was recorded as resolved by then already. Choose an earlier moment.")
        raise Refused.because("resolved_later", message, "resolved_at")
    if record.resolved_at - resolved_at > FREELY_BACK and not access_of(by).allows_on("record.date_back_far", record):
        message = _(
            "A resolution can be dated back 7 days at most. Choose a later moment, or ask a service level manager."
        )
        raise Refused.because("too_far_back", message, "resolved_at")
    logged = Entry.objects.filter(subject_kind="record", subject_id=record.pk, changes__has_key="resolved_at")
    reopened_at = logged.filter(changes__resolved_at__1=None).order_by("-at").values_list("at", flat=True).first()
    if resolved_at < max(filter(None, (record.opened_at, reopened_at))):
        message = _("It was reported or reopened only after that moment. Choose a later one.")
        raise Refused.because("not_open_yet", message, "resolved_at")
    said = Comment.objects.filter(record_id=record.pk, is_public=True, is_from_requester_side=True)
    if said.filter(at__gt=resolved_at, at__lte=record.resolved_at).exists():
        message = _("The requester wrote after that moment, before it was resolved. Choose a moment after their words.")
        raise Refused.because("requester_wrote", message, "resolved_at")


def _reason(reason: str, *, missing: str) -> str:
    reason = one_line(reason)
    if not reason:
        raise Refused.because("required", missing, "reason")
    if len(reason) > LONGEST_REASON:
        message = _("The reason has more than %(limit)s characters. Shorten it.") % {"limit": LONGEST_REASON}
        raise Refused.because("too_long", message, "reason")
    return reason
