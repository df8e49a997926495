"""Which seat a person votes on, and why they have none."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused
from people.models import User

from .. import deputizing
from ..enums import StepState
from ..models import Approval, Seat, Step
from . import stepping


class VoteRefused(Refused):
    """The vote does not count; the sentence says why and what to do."""


class NotYourVote(NotAllowed):
    """The person has no seat in the step that is being decided."""


def seat_for(approval: Approval, step: Step, by: User, *, at: datetime, wanted: Seat | None = None) -> Seat:
    """
    The seat of the step on which this person votes now: their own, or that of somebody whose deputy they are.

    :param wanted: the one they chose, where they could vote on several.
    :raises NotYourVote: :raises VoteRefused: there is none; the sentence says why.
    """
    seats = stepping.seats_of(step)
    own = [seat for seat in seats if seat.acting_id == by.pk]
    own.sort(key=lambda seat: not seat.is_deciding)
    if own:
        if wanted is not None and wanted.pk not in {seat.pk for seat in own}:
            raise VoteRefused.because(
                "one_vote", _("You have a vote of your own in this step, so you can't vote for somebody else too.")
            )
        return next(seat for seat in own if wanted is None or seat.pk == wanted.pk)
    in_person = [seat for seat in seats if seat.acting_id and seat.acting_id == seat.holder_id]
    standing = deputizing.deputies_of([seat.holder for seat in in_person], at=at)
    for_others = [seat for seat in in_person if standing.get(seat.holder_id) == by]
    voted = [seat for seat in for_others if any(v.is_current and v.by_id == by.pk for v in seat.votes.all())]
    if wanted is not None:
        for_others = [seat for seat in for_others if seat.pk == wanted.pk]
    elif voted:
        for_others = voted
    if not for_others:
        raise _no_seat(approval, seats, by, at=at)
    if voted and voted[0].pk != for_others[0].pk:
        raise VoteRefused.because(
            "one_vote", _("You have voted in this step for somebody else. One person decides once in a step.")
        )
    # Who voted in person is not overruled by their deputy.
    silent = [seat for seat in for_others if stepping.choice_of(seat) is None or seat in voted]
    if not silent:
        raise already_in_person(for_others[0].holder)
    return silent[0]


def already_in_person(person: User) -> Refused:
    return VoteRefused.because(
        "voted_in_person", _("%(person)s has voted in person. Only they can change it.") % {"person": person}
    )


def _no_seat(approval: Approval, seats: Sequence[Seat], by: User, *, at: datetime) -> Refused:
    """Why this person can't vote now."""
    others = Seat.objects.filter(step__approval=approval, acting=by).select_related("step")
    later = others.filter(step__state=StepState.WAITING).first()
    if later is not None:
        return VoteRefused.because(
            "not_your_turn",
            _("It is not your turn yet: your step “%(step)s” comes later. You get a message then.")
            % {"step": later.step.name},
        )
    if others.exclude(step__decided_at=None).exists():
        return VoteRefused.because("step_decided", _("Your step is decided; votes in it no longer count."))
    away = {seat.acting for seat in seats if seat.acting is not None}
    first_line = deputizing.deputies_of(away, at=at)
    second = deputizing.deputies_of(set(first_line.values()), at=at)
    if by in second.values():
        return NotYourVote.because(
            "deputy_of_deputy",
            _("You stand in for a deputy, and a deputy's deputy can't vote. Ask the person who was asked first."),
        )
    handed = next((seat for seat in seats if seat.holder_id == by.pk and seat.acting_id != by.pk), None)
    if handed is not None:
        return NotYourVote.because(
            "handed_over",
            _("You have handed your vote over to %(person)s. Take it back to vote yourself.")
            % {"person": handed.acting},
        )
    return NotYourVote.because("no_seat", _("You were not asked to decide this."))
