"""Casting a vote."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import NotAllowed, Refusal
from common.speech import plainly
from common.texts import one_line
from people.access import require
from people.models import User

from .. import purposes
from ..enums import Choice, State, StepState
from ..models import Approval, DecisionLink, Seat, Vote, VoteCondition
from . import ending, stepping
from .seats import VoteRefused, already_in_person, seat_for

LONGEST_CONDITION = 200
CONDITIONS_AT_MOST = 20
LONGEST_REASON = 5_000


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
    recorded_by: User | None = None,
) -> Vote:
    """
    Say yes or no, or abstain, on a seat of the step that is being decided.

    A vote can be changed until the step is decided; the same vote again changes nothing. The last vote ends the step,
    opens the next one or ends the approval, all in one transaction. An attempt by somebody excluded is logged, and an
    approval whose subject has changed lapses, though the vote itself is refused; call it outside a transaction of
    your own if you want both to stay.

    :param conditions: with an approval of a record: what must be done first. They become mandatory tasks of it.
    :param seat: which one, for a deputy of several people; found by itself where there is one.
    :param recorded_by: who wrote it down when `by` said it aloud, where they did not vote themselves. The caller makes
        sure that both were there. It replaces no vote that was cast in person.
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
                recorded_by=None if recorded_by == by else recorded_by,
            )
    except SeparationOfDuties as refused:
        with plainly():
            reason = str(refused.refusals[0])
        stepping.write_down("vote_refused", approval, by=recorded_by or by, at=at, reason=reason, choice=str(choice))
        raise
    except _Changed:
        with transaction.atomic():
            ending.lapse_if_changed(subject=stepping.lock(approval).subject, by=None, at=at)
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
    recorded_by: User | None,
) -> Vote:
    locked = stepping.lock(approval)
    _refuse_if_ended(locked)
    purpose = purposes.of(locked.purpose)
    if stepping.fingerprint_of(purpose, locked.subject) != locked.subject_version:
        raise _Changed.because(
            "changed",
            _("This has changed since you were asked, so votes on it no longer count. You are asked again when the "
              "new version is ready."),
        )  # fmt: skip
    _refuse_if_excluded(locked, purpose, by, recorded_by)
    step = locked.steps.select_for_update(of=("self",)).get(state=StepState.OPEN)
    step.approval = locked
    mine = seat_for(locked, step, by, at=at, wanted=seat)
    cleaned = _clean(locked, mine, choice, reason, conditions)
    standing = next((each for each in mine.votes.all() if each.is_current), None)
    if standing is not None:
        if _is_same(standing, by, choice, reason.strip(), cleaned):
            return standing
        if recorded_by is not None and standing.recorded_by_id is None:
            raise already_in_person(standing.by)
        standing.replaced_at = at
        standing.save(update_fields=["replaced_at"])
    holder = mine.holder if by.pk != mine.holder_id else None
    made = Vote.objects.create(
        seat=mine, choice=choice, reason=reason.strip(), by=by, on_behalf_of=holder, at=at,
        recorded_by=recorded_by,
    )  # fmt: skip
    VoteCondition.objects.bulk_create(VoteCondition(vote=made, text=text) for text in cleaned)
    DecisionLink.objects.filter(seat=mine, used_at=None).update(used_at=at)
    stepping.touch(locked)
    stepping.write_down(
        "vote_recorded" if recorded_by else "voted",
        locked,
        by=recorded_by or by,
        at=at,
        reason=made.reason,
        on_behalf_of=by if recorded_by else holder,
        person=by.pk,
        person_label=str(by),
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
    if approval.state == State.LAPSED:
        raise VoteRefused.because(
            "ended",
            _("What was to be decided has changed, so votes no longer count. You are asked again if need be."),
        )
    if not approval.is_open:
        raise VoteRefused.because(
            "ended",
            _("This was %(state)s on %(moment)s; votes no longer count.")
            % {
                "state": approval.get_state_display(),
                "moment": date_format(localtime(approval.decided_at), "j M Y, H:i"),
            },
        )


def _refuse_if_excluded(approval: Approval, purpose: purposes.Purpose, by: User, recorded_by: User | None) -> None:
    """Whoever is excluded now, and whoever was when it was asked: giving the work away does not help."""
    excluded: dict[int, Any] = {int(key): why for key, why in approval.excluded.items()}
    excluded |= stepping.excluded_from(purpose, approval.subject)
    if recorded_by is not None and recorded_by.pk in excluded:
        said = gettext_lazy(
            "You may not write down votes about this: you are %(reason)s. Let somebody else do it. The attempt was "
            "noted."
        )
        reason = excluded[recorded_by.pk]
    elif by.pk not in excluded:
        return
    else:
        reason = excluded[by.pk]
        said = gettext_lazy("%(person)s may not decide this: they are %(reason)s. The attempt was noted.")
        if recorded_by is None:
            said = gettext_lazy(
                "You may not decide this: you are %(reason)s. The others who were asked decide. The attempt was noted."
            )
    # Said when it is read: the person reads it in their words, the log keeps it without.
    message = lazy(lambda: said % {"person": by, "reason": reason}, str)()
    raise SeparationOfDuties.because("separation_of_duties", message)


def _clean(approval: Approval, seat: Seat, choice: Choice, reason: str, conditions: list[str]) -> list[str]:
    """:raises VoteRefused: what was said does not fit together."""
    refusals = []
    cleaned = [one_line(each) for each in conditions]
    cleaned = list(dict.fromkeys(each for each in cleaned if each))
    if choice == Choice.REJECT and not reason.strip():
        refusals.append(Refusal("required", _("The reason is missing. Say what would have to change."), "reason"))
    if len(reason) > LONGEST_REASON or "\x00" in reason:
        refusals.append(
            Refusal("too_long", _("A reason has at most %(limit)d characters.") % {"limit": LONGEST_REASON}, "reason")
        )
    if cleaned and not approval.takes_conditions:
        said = _("Conditions become tasks of a record, and this is about none. Reject it, and say what has to change.")
        refusals.append(Refusal("conditions", said, "conditions"))
    elif cleaned and choice != Choice.APPROVE:
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
