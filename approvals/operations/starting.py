"""Asking for an approval: choose the policy, freeze steps and seats, open the first step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from common.speech import plainly, speaking
from people.models import User

from .. import purposes, rules, seating, selection, subjects
from ..enums import Quorum, State
from ..models import Approval, ApprovalPolicy, Seat, Step
from ..seating import Place
from ..terms import StepSpec, Terms
from . import ending, stepping


class UnableToStart(Refused):
    """Nobody could decide this as things are; the sentences say what is missing and whom to ask."""


@transaction.atomic
def start(*, subject: Any, purpose: str, by: Any, at: datetime) -> Approval:
    """
    Ask for a decision about a record, or another declared subject, as it is now.

    The practice's own act calls this and checks the right to ask. Steps and seats are frozen here. An approval of an
    earlier version, if one stands, lapses.

    :param purpose: name of a registered purpose of this kind.
    :param by: who asks; None for Steward itself.
    :raises UnableToStart: no policy matches, or a step could never be approved by the people it would ask.
    :raises Refused: it is being decided already, or this very version was approved.
    """
    known = purposes.of(purpose)
    if known.kind != subject.kind:
        raise ValueError(f"{purpose} is about {known.kind}, not {subject.kind}")
    locked = subjects.lock(subject)
    fingerprint = stepping.fingerprint_of(known, locked)
    _make_room(locked, known, fingerprint, by=by, at=at)
    selected = selection.choose(known, locked)
    if selected.policy is None:
        raise UnableToStart.because(
            "no_policy",
            _("No approval policy says who may %(what)s. Ask a service level manager to add one.")
            % {"what": known.label},
        )
    policy = ApprovalPolicy.objects.prefetch_related("steps__approvers", "conditions").get(pk=selected.policy.pk)
    excluded = stepping.excluded_from(known, locked)
    with plainly():
        kept = {str(key): str(reason) for key, reason in excluded.items()}
    approval = Approval.objects.create(
        **subjects.columns(locked),
        purpose=purpose,
        subject_version=fingerprint,
        policy=policy,
        policy_version=policy.version,
        policy_name=policy.name,
        why=selected.as_document(),
        asked_by=by,
        asked_at=at,
        excluded=kept,
        excluded_ids=sorted(excluded),
        snapshot=_snapshot(known, locked),
    )
    approval.subject = locked
    _seat(approval, Terms.of(policy), locked, excluded, at=at)
    stepping.open_next(approval, by=by, at=at)
    return approval


def _make_room(subject: Any, purpose: purposes.Purpose, fingerprint: str, *, by: Any, at: datetime) -> None:
    standing = Approval.objects.about(subject).select_for_update()
    standing = standing.filter(purpose=purpose.name, state__in=[State.OPEN, State.APPROVED])
    for each in standing.order_by("id"):
        each.subject = subject
        if each.subject_version != fingerprint:
            ending.lapse(approval=each, by=by, at=at, reason=_("what is decided has changed"))
        elif each.state == State.OPEN:
            raise Refused.because("being_decided", _("This version is being decided already. Wait for the votes."))
        else:
            raise Refused.because("approved", _("This version was approved already. There is nothing to ask."))


def _snapshot(purpose: purposes.Purpose, subject: Any) -> list[list[str]]:
    """What the approvers are shown, kept in English for later readers."""
    with speaking("en"):
        return [[str(fact.label), str(fact.value)] for fact in purpose.shown(subject)]


def _seat(approval: Approval, terms: Terms, subject: Any, excluded: Mapping[int, Any], *, at: datetime) -> None:
    problems: list[Refusal] = []
    for position, spec in enumerate(terms.steps, start=1):
        places, left_out, missing = _places(spec, subject, excluded, at=at)
        if _verdict(spec, places) != rules.Verdict.OPEN:
            problems.append(Refusal("no_quorum", _no_quorum(spec, places, left_out, missing)))
            continue
        step = Step.objects.create(approval=approval, position=position, **spec.columns())
        Seat.objects.bulk_create(
            Seat(
                step=step,
                holder=place.holder,
                acting=place.acting or place.holder,
                why=place.why[:200],
                is_mandatory=place.is_mandatory,
                handover=place.handover,
                handed_over_at=at if place.handover else None,
            )
            for place in places
        )
    if problems or not terms.steps:
        raise UnableToStart.all_of(
            problems or [Refusal("no_steps", _("The policy has no steps. Ask a service level manager to add one."))]
        )


def _places(
    spec: StepSpec, subject: Any, excluded: Mapping[int, Any], *, at: datetime
) -> tuple[list[Place], list[str], list[str]]:
    """
    The seats of a step, why people were left out, and what nobody could be found for.

    Who has left or may not decide is replaced by their deputy, else by the lead of their team, where the seat is
    mandatory or the step could not be approved without it; otherwise the seat is dropped.
    """
    looked_up, missing = seating.look_up(spec.approvers, subject)
    barred = set(excluded) | {place.holder.pk for place in looked_up}
    places: list[Place] = []
    dropped: list[Place] = []
    left_out: list[str] = []
    for place in looked_up:
        reason = _why_not(place.holder, excluded)
        if reason is None:
            places.append(place)
            continue
        left_out.append(reason)
        dropped.append(place)
    for place in sorted(dropped, key=lambda each: not each.is_mandatory):
        if not place.is_mandatory and _verdict(spec, places) == rules.Verdict.OPEN:
            continue
        stand_in, how = seating.substitute(place.holder, at=at, barred=barred)
        if stand_in is not None:
            place.acting, place.handover = stand_in, str(how)
            barred.add(stand_in.pk)
            places.append(place)
        elif place.is_mandatory:
            missing.append(
                _("Nobody stands in for %(person)s, who must approve. Name a deputy.") % {"person": place.holder}
            )
    is_short_of_mandatory = sum(each.is_mandatory for each in looked_up) > sum(each.is_mandatory for each in places)
    return ([] if is_short_of_mandatory else places), left_out, missing


def _why_not(person: User, excluded: Mapping[int, Any]) -> str | None:
    if person.pk in excluded:
        return _("%(person)s may not decide: %(reason)s.") % {"person": person, "reason": excluded[person.pk]}
    if not person.is_active:
        return _("%(person)s has left.") % {"person": person}
    return None


def _verdict(spec: StepSpec, places: list[Place]) -> rules.Verdict:
    rule = rules.Rule(Quorum(spec.quorum), spec.needed, spec.least_votes)
    return rules.verdict(rule, [rules.Ballot(is_mandatory=each.is_mandatory) for each in places])


def _no_quorum(spec: StepSpec, places: list[Place], left_out: list[str], missing: list[str]) -> str:
    said = _("Step “%(step)s” could never be approved: %(count)d people may vote, which is too few.") % {
        "step": spec.name,
        "count": len(places),
    }
    return " ".join([said, *left_out, *missing, _("Ask a service level manager to change the policy.")])
