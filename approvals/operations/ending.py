"""Ending an approval without votes: what is decided has changed, or nobody wants it decided any more."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused

from .. import purposes
from ..enums import State
from ..models import Approval
from . import stepping

MAY_LAPSE = (State.OPEN, State.APPROVED)


@transaction.atomic
def lapse(*, approval: Approval, by: Any, at: datetime, reason: str) -> Approval:
    """
    End an approval because what is decided has changed. It stays in the history; those who were asked are told.

    One that was given lapses too. Conditions that became tasks and are open are skipped.

    :raises Refused: it has lapsed, or was rejected or withdrawn before.
    """
    locked = stepping.lock(approval)
    if locked.state not in MAY_LAPSE:
        raise Refused.because(
            "ended", _("This approval is %(state)s; there is nothing to void.") % {"state": locked.get_state_display()}
        )
    stepping.finish(locked, State.LAPSED, by=by, at=at, reason=reason)
    return locked


@transaction.atomic
def withdraw(*, approval: Approval, by: Any, at: datetime, reason: str) -> Approval:
    """End an approval that nobody needs any more, for example of a cancelled record. :raises Refused: it has ended."""
    locked = stepping.lock(approval)
    if not locked.is_open:
        raise Refused.because("ended", _("This approval is %(state)s.") % {"state": locked.get_state_display()})
    stepping.finish(locked, State.WITHDRAWN, by=by, at=at, reason=reason)
    return locked


@transaction.atomic
def lapse_if_changed(*, subject: Any, by: Any, at: datetime) -> list[Approval]:
    """
    Void every approval of it whose fingerprint no longer fits, and withdraw open ones of what is done.

    Acts on records do this by themselves. Practices call it after changing something that belongs to what is decided
    and lies outside the record (tasks, items), and after changing a subject that is no record.

    :returns: the approvals that ended.
    """
    known = {purpose.name: purpose for purpose in purposes.of_kind(subject.kind)}
    if not known:
        return []
    standing = Approval.objects.about(subject).select_for_update().filter(purpose__in=known, state__in=MAY_LAPSE)
    ended = []
    for approval in standing.order_by("id"):
        approval.subject = subject
        purpose = known[approval.purpose]
        is_over = subject.is_done and purpose.ends_with_subject
        if is_over and approval.is_open:
            stepping.finish(approval, State.WITHDRAWN, by=by, at=at, reason=_("it was ended before the decision"))
        elif is_over or not (approval.is_open or purpose.is_binding(subject)):
            continue
        elif stepping.fingerprint_of(purpose, subject) != approval.subject_version:
            stepping.finish(approval, State.LAPSED, by=by, at=at, reason=_("what is decided has changed"))
        else:
            continue
        ended.append(approval)
    return ended
