"""Casting a vote."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refusal, Refused
from people.access import require
from people.models import User

from .. import deputizing, purposes
from ..enums import Choice, StepState
from ..models import Approval, DecisionLink, Seat, Step, Vote, VoteCondition
from . import ending, stepping

LONGEST_CONDITION = 200
CONDITIONS_AT_MOST = 20
LONGEST_REASON = 5_000


class VoteRefused(Refused):
    """The vote does not count; the sentence says why and what to do."""


class NotYourVote(NotAllowed):
    """The person has no seat in the step that is being decided."""


class SeparationOfDuties(NotAllowed):
    """The person asked for it, profits from it or does the work, and so may not decide it."""


class _Changed(VoteRefused):
    """What is decided has changed since the approval was asked for."""


def vote(
    *,
    approval: Approval,
    by: User,
    at: datetime,
    choice: str,
    reason: str = "",
    conditions: Iterable[str] = (),
    seat: Seat | None = None,
) -> Vote:
    """
    Say yes or no, or abstain, on a seat of the step that is being decided.

    A vote can be changed until the step is decided; the same vote again changes nothing. The last vote ends the step,
    opens the next one or ends the approval, all in one transaction. An attempt by somebody excluded is logged, and an
    approval whose subject has changed lapses, though the vote itself is refused; call it outside a transaction of
    your own if you want both to stay.

    :param conditions: with an approval: what must be done first. They become mandatory tasks of the record.
    :param seat: which one, for a deputy of several people; found by itself where there is one.
    :raises SeparationOfDuties: :raises NotYourVote: no seat here, or not their turn.
    :raises VoteRefused: ended, changed meanwhile, no reason, a mandatory seat that abstains, a second vote of one
        person in one step.
    """
    require(by, "approval.decide")
    try:
        with transaction.atomic():
            return _vote(
                approval=approval,
                by=by,
                at=at,
                choice=Choice(choice),
                reason=reason,
                conditions=list(conditions),
                seat=seat,
            )
    except SeparationOfDuties as refused:
        stepping.write_down("vote_refused", approval, by=by, at=at, reason=str(refused), choice=str(choice))
        raise
    except _Changed:
        with transaction.atomic():
            ending.lapse_if_changed(record=stepping.lock(approval).record, by=None, at=at)
        raise


def _vote(
    *,
    approval: Approval,
    by: User,
    at: datetime,
    choice: Choice,
    reason: str,
    conditions: list[str],
    seat: Seat | None,
) -> Vote:
    locked = stepping.lock(approval)
    _refuse_if_ended(locked)
    purpose = purposes.of(locked.purpose)
    if stepping.fingerprint_of(purpose, locked.record) != locked.subject_version:
        raise _Changed.because(
            "changed",
            _("This has changed since you were asked, so votes on it no longer count. You are asked again when the "
              "new version is ready."),
        )  # fmt: skip
    _refuse_if_excluded(locked, purpose, by)
    step = locked.steps.select_for_update(of=("self",)).get(state=StepState.OPEN)
    step.approval = locked
    mine = seat_for(locked, step, by, at=at, wanted=seat)
    cleaned = _clean(mine, choice, reason, conditions)
    standing = next((each for each in mine.votes.all() if each.is_current), None)
    if standing is not None:
        if _is_same(standing, by, choice, reason.strip(), cleaned):
            return standing
        standing.replaced_at = at
        standing.save(update_fields=["replaced_at"])
    holder = mine.holder if by.pk != mine.holder_id else None
    made = Vote.objects.create(seat=mine, choice=choice, reason=reason.strip(), by=by, on_behalf_of=holder, at=at)
    VoteCondition.objects.bulk_create(VoteCondition(vote=made, text=text) for text in cleaned)
    DecisionLink.objects.filter(seat=mine, used_at=None).update(used_at=at)
    stepping.touch(locked)
    stepping.write_down(
        "voted",
        locked,
        by=by,
        at=at,
        reason=made.reason,
        on_behalf_of=holder,
        choice=choice.value,
        said=_conditional(choice, cleaned),
        conditions=cleaned,
        step=step.name,
        vote=made.pk,
    )
    stepping.settle(locked, step, by=by, at=at)
    return made


def _conditional(choice: Choice, conditions: list[str]) -> str:
    """The vote in a word or two for the log, which is kept in English."""
    return f"{choice.value} with conditions" if conditions else choice.value


def _refuse_if_ended(approval: Approval) -> None:
    if not approval.is_open:
        raise VoteRefused.because(
            "ended",
            _("This was %(state)s on %(moment)s; votes no longer count.")
            % {
                "state": approval.get_state_display(),
                "moment": date_format(localtime(approval.decided_at), "j M Y, H:i"),
            },
        )


def _refuse_if_excluded(approval: Approval, purpose: purposes.Purpose, by: User) -> None:
    """Whoever is excluded now, and whoever was when it was asked: giving the work away does not help."""
    excluded: dict[int, Any] = {int(key): why for key, why in approval.excluded.items()}
    excluded |= stepping.excluded_from(purpose, approval.record)
    if by.pk in excluded:
        raise SeparationOfDuties.because(
            "separation_of_duties",
            _("You may not decide this: you are %(reason)s. The others who were asked decide. The attempt was noted.")
            % {"reason": excluded[by.pk]},
        )


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
        raise VoteRefused.because(
            "voted_in_person",
            _("%(person)s has voted in person. Only they can change it.") % {"person": for_others[0].holder},
        )
    return silent[0]


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


def _clean(seat: Seat, choice: Choice, reason: str, conditions: list[str]) -> list[str]:
    """:raises VoteRefused: what was said does not fit together."""
    refusals = []
    cleaned = [" ".join(each.replace("\x00", "").split()) for each in conditions]
    cleaned = list(dict.fromkeys(each for each in cleaned if each))
    if choice == Choice.REJECT and not reason.strip():
        refusals.append(Refusal("required", _("The reason is missing. Say what would have to change."), "reason"))
    if len(reason) > LONGEST_REASON or "\x00" in reason:
        refusals.append(
            Refusal("too_long", _("A reason has at most %(limit)d characters.") % {"limit": LONGEST_REASON}, "reason")
        )
    if cleaned and choice != Choice.APPROVE:
        refusals.append(
            Refusal("conditions", _("Conditions go with an approval. Approve, or leave them out."), "conditions")
        )
    if len(cleaned) > CONDITIONS_AT_MOST or any(len(each) > LONGEST_CONDITION for each in cleaned):
        refusals.append(
            Refusal(
                "conditions",
                _("Name at most %(count)d conditions of at most %(limit)d characters each.")
                % {"count": CONDITIONS_AT_MOST, "limit": LONGEST_CONDITION},
                "conditions",
            )
        )
    if choice == Choice.ABSTAIN and seat.is_mandatory:
        refusals.append(
            Refusal(
                "mandatory", _("Your approval is mandatory here, so you can't abstain. Approve or reject."), "choice"
            )
        )
    if refusals:
        raise VoteRefused.all_of(refusals)
    return cleaned


def _is_same(standing: Vote, by: User, choice: Choice, reason: str, conditions: list[str]) -> bool:
    return (
        standing.by_id == by.pk
        and standing.choice == choice
        and standing.reason == reason
        and [each.text for each in standing.conditions.all()] == conditions
    )
