"""From a draft to a decision, and back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import operations as approvals
from approvals import purposes
from approvals import queries as approval_queries
from approvals.operations.starting import UnableToStart
from approvals.operations.stepping import fingerprint_of
from common.refusals import Refused
from common.speech import plainly
from people.access import require
from records import changing, transitions
from records.events import EventKind

from ..enums import State
from ..models import Change
from ..queries.facts import AUTHORIZE
from .asking import ask
from .scheduling import book, one_at_a_time, release


@transaction.atomic
def submit(*, change: Change, by: Any, at: datetime, version: int | None = None) -> Change:
    """
    Hand the draft in: a normal change or an emergency to be assessed, a standard one straight into its window.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: what is missing, or what is in the way of the window.
    :raises UnableToSchedule: somebody booked the same a moment before.
    """
    one_at_a_time(change)
    submitted: Change = transitions.apply(record=change, name="submit", by=by, at=at, version=version)
    if submitted.state == State.SCHEDULED:
        book(submitted)
    return submitted


@transaction.atomic
def assess(*, change: Change, by: Any, at: datetime, version: int | None = None) -> Change:
    """
    Say that it is ready to be decided; those whom the policy names for its risk are asked.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: a plan is missing, or a conflict is open.
    :raises Refused: nobody could decide by the policies in force.
    """
    assessed: Change = transitions.apply(record=change, name="assess", by=by, at=at, version=version)
    ask(change=assessed, by=by, at=at)
    return Change.objects.get(pk=assessed.pk)


@transaction.atomic
def authorize(*, change: Change, by: Any, at: datetime, version: int | None = None) -> Change:
    """
    Let an emergency begin before the board has decided. The board is asked all the same, and decides within a day.

    Where nobody can be asked, it begins all the same: `ask_board` asks later. With `by=None` it is the engine's own act
    after the last vote.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: no emergency, an own change, or the window is taken.
    """
    one_at_a_time(change)
    scheduled: Change = transitions.apply(record=change, name="authorize", by=by, at=at, version=version)
    book(scheduled)
    if by is not None and approval_queries.open_one(scheduled, AUTHORIZE) is None:
        try:
            # Why nobody was asked is read in the history alone.
            with plainly():
                ask(change=scheduled, by=by, at=at)
        except UnableToStart as refused:
            changing.write_down(
                scheduled, kind=EventKind.EDITED, action="change.board_missed", by=by, at=at, reason=str(refused)
            )
        return Change.objects.get(pk=scheduled.pk)
    return scheduled


@transaction.atomic
def ask_board(*, change: Change, by: Any, at: datetime) -> Change:
    """
    Ask for the late approval of an emergency again, after the first asking failed or lapsed.

    :raises NotAllowed: :raises Refused: no emergency that began before the board decided, or it was asked already.
    :raises UnableToStart: nobody can decide by the policies in force.
    """
    locked: Change = changing.lock(change)
    require(by, "change.assess", locked)
    if locked.late_authorizer_id is None or locked.is_done:
        raise Refused.because(
            "no_late_approval", _("%(reference)s needs no late approval.") % {"reference": locked.reference}
        )
    if approval_queries.open_one(locked, AUTHORIZE) or approval_queries.standing(locked, AUTHORIZE):
        raise Refused.because("asked", _("The board has been asked already. Look at the approvals."))
    ask(change=locked, by=by, at=at)
    return Change.objects.get(pk=locked.pk)


@transaction.atomic
def amend(*, change: Change, by: Any, at: datetime, reason: str = "", version: int | None = None) -> Change:
    """
    Take it back to the draft, to alter what is decided. Votes lapse and stay in the history; its window is free again.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: it has begun, or has ended.
    """
    amended: Change = transitions.apply(record=change, name="amend", by=by, at=at, reason=reason, version=version)
    release(amended)
    with plainly():
        said = reason or _("The change was amended.")
    return _end_approval(amended, by=by, at=at, reason=said)


@transaction.atomic
def reject(*, change: Change, by: Any, at: datetime, reason: str, version: int | None = None) -> Change:
    """Refuse it before the vote, because it is a duplicate or of no use. :raises TransitionRefused: no reason."""
    refused: Change = transitions.apply(record=change, name="reject", by=by, at=at, reason=reason, version=version)
    return _end_approval(refused, by=by, at=at, reason=reason)


@transaction.atomic
def cancel(*, change: Change, by: Any, at: datetime, reason: str, version: int | None = None) -> Change:
    """Give it up before it has begun; its window is free again. :raises TransitionRefused: no reason, or too late."""
    cancelled: Change = transitions.apply(record=change, name="cancel", by=by, at=at, reason=reason, version=version)
    release(cancelled)
    return _end_approval(cancelled, by=by, at=at, reason=reason)


def _end_approval(change: Change, *, by: Any, at: datetime, reason: str) -> Change:
    for approval in (approval_queries.open_one(change, AUTHORIZE), approval_queries.standing(change, AUTHORIZE)):
        if approval is not None:
            approvals.lapse(approval=approval, by=by, at=at, reason=reason)
    return Change.objects.get(pk=change.pk)


def approved(*, subject: Any, approval: Any, by: Any, at: datetime) -> None:
    """After the last vote: into the calendar. A late approval of an emergency under way changes nothing else."""
    change = subject.specific
    if change.state in (State.ASSESSING, State.AUTHORIZING):
        one_at_a_time(change)
        scheduled = transitions.apply(record=change, name="authorize", by=None, at=at, data={"approval": approval.pk})
        book(scheduled)


def rejected(*, subject: Any, approval: Any, by: Any, at: datetime) -> None:
    """After a vote that can't be turned any more: it is rejected, with the words of the last vote."""
    change = subject.specific
    if change.state not in (State.ASSESSING, State.AUTHORIZING):
        return
    words = approval.end_reason or _("The approvers said no.")
    transitions.apply(record=change, name="reject", by=None, at=at, reason=words, data={"approval": approval.pk})


def lapsed(*, subject: Any, approval: Any, by: Any, at: datetime) -> None:
    """Votes that no longer fit: what waited for them, or was scheduled by them, is a draft again."""
    change = subject.specific
    if change.state == State.SCHEDULED:
        purpose = purposes.find(AUTHORIZE)
        if purpose is None or fingerprint_of(purpose, change) == approval.subject_version:
            return  # voided by an act that goes on by itself, as moving the window does
    elif change.state != State.AUTHORIZING or by is None:
        return
    amended = transitions.apply(
        record=change,
        name="amend",
        by=None,
        at=at,
        reason=_("What was decided about has changed."),
        data={"approval": approval.pk},
    )
    release(amended)
