"""
Deciding in a meeting. Nothing is decided here: what people say becomes votes of the approval engine, one by one, under
its rules; the engine says when the board has decided.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import operations as approvals
from approvals.enums import Choice
from approvals.models import Seat, Vote
from approvals.operations import stepping
from common.refusals import Refused, Stale
from common.texts import said
from people.models import User
from records import changing
from records.events import EventKind

from ...models import Change
from ..enums import ItemKind
from ..models import AgendaItem, Meeting
from ..queries.people import attendees_of, condition_of_item, conditions_of, standing, voters_of
from ..quorum import is_quorate
from .common import lock, lock_item, require_conductor, require_held, write_down

LONGEST_REASON = 300


def decide(
    *, item: AgendaItem, by: User, at: datetime, choice: str, reason: str = "", conditions: Iterable[str] = ()
) -> list[Vote]:
    """
    Write down that everybody in the room who has not voted yet says the same; conditions go with the first of them.

    It ends as soon as the board has decided. Each vote is an act of its own, so that what was said stays said.

    :param by: who conducts the meeting; their own vote is cast in person.
    :returns: the votes made. :raises NotAllowed: :raises Refused: no quorum, nobody left, or the engine refuses.
    """
    made: list[Vote] = []
    refused: Refused | None = None
    with transaction.atomic():
        meeting, fresh, seats, voters = _ready(item, by, at=at)
        silent = [seat for seat in seats if seat.pk in voters and standing(seat) is None]
        # Mandatory seats first: the others may not be needed any more.
        silent.sort(key=lambda seat: (voters[seat.pk] != meeting.chair, not seat.is_mandatory, seat.pk))
        if not silent:
            raise Refused.because("nobody", _("Everybody in the room has voted. Change single votes below."))
        left = list(conditions)
        for seat in silent:
            try:
                made.append(_vote(fresh, seat, voters[seat.pk], by, at=at, choice=choice, reason=reason, asked=left))
            except Refused as found:
                refused = None if made else found
                break
            left = []
            if not _is_still_open(fresh):
                break
        if made:
            _note(fresh, at=at)
    # Outside of the transaction: attempts that were refused stay in the log.
    if refused is not None:
        raise refused
    return made


def record_vote(
    *, item: AgendaItem, seat: Seat, by: User, at: datetime, choice: str, reason: str = "",
    conditions: Iterable[str] = (), seen: int | None = None,
) -> Vote:  # fmt: skip
    """
    Write down what one person in the room says, or correct what was written down for them.

    :param seen: key of the vote that stood there when the writer looked; 0 for none. None does not compare.
    :raises Stale: another vote stands there by now. :raises NotAllowed: :raises Refused: the person is not in the room,
        no quorum, or the engine refuses.
    """
    refused: Refused | None = None
    made: Vote | None = None
    with transaction.atomic():
        _meeting, fresh, seats, voters = _ready(item, by, at=at)
        mine = next((each for each in seats if each.pk == seat.pk), None)
        if mine is None or mine.pk not in voters:
            raise Refused.because(
                "not_there", _("%(person)s is not in the room. Mark them present first.") % {"person": seat.holder}
            )
        stands = standing(mine)
        if seen is not None and seen != (stands.pk if stands else 0):
            raise Stale.because(
                "stale", _("Another vote of %(person)s was written down meanwhile. Look, then save again.")
                % {"person": mine.holder},
            )  # fmt: skip
        try:
            made = _vote(fresh, mine, voters[mine.pk], by, at=at, choice=choice, reason=reason, asked=list(conditions))
            _note(fresh, at=at)
        except Refused as found:
            refused = found
    if made is None:
        raise refused or Refused.because("not_recorded", _("The vote was not written down. Try again."))
    return made


def _ready(item: AgendaItem, by: User, *, at: datetime) -> tuple[Meeting, AgendaItem, list[Seat], dict[int, User]]:
    """The meeting and the item, locked, with the seats of the step and who votes on them in the room."""
    meeting = lock(item.meeting)
    require_conductor(meeting, by, at=at)
    require_held(meeting)
    fresh = lock_item(meeting, item)
    if fresh.kind != ItemKind.DECISION or fresh.step is None:
        raise Refused.because("nothing_to_decide", _("There is nothing to decide about this item. Write what is said."))
    if not fresh.step.is_open or not fresh.step.approval.is_open:
        raise Refused.because("step_decided", _("This was decided, or its votes no longer count. Look at it again."))
    attendees = attendees_of(meeting)
    seats = stepping.seats_of(fresh.step)
    change = Change.objects.select_related("service__owner").prefetch_related("services__owner").get(pk=fresh.change_id)
    conditions = [*conditions_of(meeting, attendees), condition_of_item(change, fresh.step, seats, attendees)]
    if not is_quorate(conditions):
        said_missing = " ".join(each.sentence for each in conditions if not each.is_met)
        raise Refused.because(
            "no_quorum",
            _("The board can't decide this now. %(missing)s Defer it, or let people vote for themselves.")
            % {"missing": said_missing},
        )
    return meeting, fresh, seats, voters_of(seats, attendees)


def _vote(
    item: AgendaItem, seat: Seat, voter: User, by: User, *, at: datetime, choice: str, reason: str, asked: list[str]
) -> Vote:
    if choice not in Choice.values:
        raise Refused.because("choice", _("Choose approve, reject or abstain."), "choice")
    if item.step is None:
        raise Refused.because("nothing_to_decide", _("There is nothing to decide about this item."))
    return approvals.vote(
        approval=item.step.approval,
        by=voter,
        at=at,
        choice=choice,
        reason=reason,
        conditions=asked,
        seat=seat,
        recorded_by=by,
    )


def _is_still_open(item: AgendaItem) -> bool:
    return item.step is not None and type(item.step).objects.get(pk=item.step.pk).is_open


def _note(item: AgendaItem, *, at: datetime) -> None:
    """It was talked about; what was deferred before is taken up again with the vote."""
    item.discussed_at, item.deferred_to, item.defer_reason = item.discussed_at or at, None, ""
    item.save(update_fields=["discussed_at", "deferred_to", "defer_reason"])


@transaction.atomic
def defer(*, item: AgendaItem, by: Any, at: datetime, to: date, reason: str) -> AgendaItem:
    """
    Put a decision off to a later day; it comes back onto the agenda of the first meeting from then on.

    Votes cast stay, and the deadline of the step runs on. It needs no quorum.

    :param to: a day after that of the meeting.
    :raises NotAllowed: :raises Refused: decided, no reason, or no later day.
    """
    locked = lock(item.meeting)
    require_conductor(locked, by, at=at)
    require_held(locked)
    fresh = lock_item(locked, item)
    if fresh.kind != ItemKind.DECISION or fresh.change is None or not (fresh.is_open or fresh.deferred_to):
        raise Refused.because("nothing_to_defer", _("Only what waits for a decision can be deferred."))
    if to <= locked.day:
        raise Refused.because("earlier", _("Pick a day after the meeting."), "to")
    fresh.defer_reason = said(
        reason, limit=LONGEST_REASON, field="reason", missing=_("The reason is missing. Say what it waits for.")
    )
    fresh.deferred_to, fresh.discussed_at = to, fresh.discussed_at or at
    fresh.save(update_fields=["deferred_to", "defer_reason", "discussed_at"])
    changing.write_down(
        fresh.change, kind=EventKind.EDITED, action="change.board_deferred", by=by, at=at, reason=fresh.defer_reason,
        data={"meeting": locked.pk, "to": to.isoformat()},
    )  # fmt: skip
    return fresh


@transaction.atomic
def take_up(*, item: AgendaItem, by: Any, at: datetime) -> AgendaItem:
    """Take a deferral of this meeting back. :raises NotAllowed: :raises Refused: it was not deferred, or settled."""
    locked = lock(item.meeting)
    require_conductor(locked, by, at=at)
    require_held(locked)
    fresh = lock_item(locked, item)
    if fresh.deferred_to is None:
        raise Refused.because("not_deferred", _("This was not deferred."))
    fresh.deferred_to, fresh.defer_reason = None, ""
    fresh.save(update_fields=["deferred_to", "defer_reason"])
    write_down("taken_up", locked, by=by, at=at, item=fresh.pk)
    return fresh
