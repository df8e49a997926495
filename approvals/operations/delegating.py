"""Handing one's vote to somebody else, for this decision only."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused
from people.access import can, require
from people.models import User

from .. import purposes
from ..enums import Handover, StepState
from ..models import Approval, Seat
from . import stepping

LONGEST_REASON = 300


@transaction.atomic
def hand_over(*, seat: Seat, to: User, by: User, at: datetime, reason: str = "") -> Seat:
    """
    Let somebody else of one's own organization decide on this seat.

    Only the person who was asked hands over; who got a vote from somebody can't pass it on.

    :raises NotAllowed: it is not theirs. :raises Refused: the step is decided, a vote was cast, or `to` can't have it.
    """
    require(by, "approval.decide")
    approval, locked = _lock(seat)
    if locked.acting_id != by.pk or locked.holder_id != by.pk:
        raise NotAllowed.because("not_yours", _("Only who was asked first can hand this vote over, and only once."))
    _refuse_if_decided(locked)
    return _give(approval, locked, to, Handover.DELEGATED, by=by, at=at, reason=reason)


@transaction.atomic
def take_back(*, seat: Seat, by: User, at: datetime) -> Seat:
    """Decide oneself after all. :raises NotAllowed: :raises Refused: the other one has voted, or nothing was given."""
    require(by, "approval.decide")
    approval, locked = _lock(seat)
    if locked.holder_id != by.pk:
        raise NotAllowed.because("not_yours", _("Only who handed this vote over can take it back."))
    if locked.acting_id == by.pk:
        raise Refused.because("yours", _("This vote is yours already."))
    _refuse_if_decided(locked)
    return _give(approval, locked, by, None, by=by, at=at, reason="")


@transaction.atomic
def fill_seat(*, seat: Seat, to: User, by: User, at: datetime) -> Seat:
    """
    Name who takes a vacant seat, by somebody who may change approval policies.

    :raises NotAllowed: :raises Refused: somebody sits there, or `to` can't have it.
    """
    require(by, "approval_policy.edit")
    approval, locked = _lock(seat)
    if not locked.is_vacant:
        raise Refused.because("taken", _("%(person)s sits there.") % {"person": locked.acting})
    _refuse_if_decided(locked)
    return _give(approval, locked, to, Handover.DELEGATED, by=by, at=at, reason="")


def _lock(seat: Seat) -> tuple[Approval, Seat]:
    approval = stepping.lock(seat.step.approval)
    locked = Seat.objects.select_for_update(of=("self",)).select_related("step", "holder", "acting").get(pk=seat.pk)
    locked.step.approval = approval
    return approval, locked


def _refuse_if_decided(seat: Seat) -> None:
    if seat.step.state not in (StepState.OPEN, StepState.WAITING):
        raise Refused.because("step_decided", _("This step is decided; nothing can be handed over any more."))
    if seat.votes.filter(replaced_at=None).exists():
        raise Refused.because("voted", _("A vote was cast here. Change it, or leave it."))


def _give(
    approval: Approval, seat: Seat, to: User, how: Handover | None, *, by: User, at: datetime, reason: str
) -> Seat:
    excluded: dict[int, Any] = {int(key): why for key, why in approval.excluded.items()}
    excluded |= stepping.excluded_from(purposes.of(approval.purpose), approval.subject)
    if to.pk in excluded:
        raise Refused.because(
            "separation_of_duties",
            _("%(person)s may not decide this: they are %(reason)s. Choose somebody else.")
            % {"person": to, "reason": excluded[to.pk]},
            "to",
        )
    if not to.is_active or not can(to, "approval.decide"):
        raise Refused.because("left", _("%(person)s can't sign in. Choose somebody else.") % {"person": to}, "to")
    if to.organization_id != seat.holder.organization_id:
        raise Refused.because(
            "organization",
            _("Choose somebody of %(organization)s.") % {"organization": seat.holder.organization},
            "to",
        )
    others = seat.step.seats.exclude(pk=seat.pk).filter(acting=to, is_deciding=seat.is_deciding)
    if others.exists():
        raise Refused.because(
            "one_vote",
            _("%(person)s has a vote in this step already. One person decides once in a step.") % {"person": to},
            "to",
        )
    if len(reason) > LONGEST_REASON:
        raise Refused.because(
            "too_long", _("A reason has at most %(limit)d characters.") % {"limit": LONGEST_REASON}, "reason"
        )
    seat.acting, seat.handover = to, how or ""
    seat.handed_over_at, seat.handed_over_by, seat.handover_reason = at, by, reason.strip()
    seat.save(update_fields=["acting", "handover", "handed_over_at", "handed_over_by", "handover_reason"])
    seat.links.filter(used_at=None).exclude(user=to).update(used_at=at)
    stepping.touch(approval)
    is_turn = seat.step.state == StepState.OPEN
    stepping.write_down(
        "handed_over" if how else "taken_back",
        approval,
        by=by,
        at=at,
        reason=reason.strip(),
        people=[to.pk] if is_turn else [],
        person=to.pk,
        to_label=str(to),
        step=seat.step.name,
    )
    return seat
