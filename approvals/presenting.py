"""An approval as its page shows it: steps in sentences, seats with what they said, and what one's own vote would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refused
from people.models import User
from records.panels import Panel

from . import purposes, queries, rules
from .enums import Choice, Expiry, Handover, Quorum, StepState
from .models import Approval, Seat, Step, Vote
from .operations import stepping
from .operations.seats import seat_for

RISK_ICONS = {"low": "signal-low", "moderate": "signal-medium", "high": "signal-high", "very_high": "signal-high"}
VOTE_MARKS = {
    Choice.APPROVE: ("circle-check", "ok"),
    Choice.REJECT: ("x", "bad"),
    Choice.ABSTAIN: ("minus", ""),
}


class DecidedKinds:
    """Kinds of records about which something is decided, as practices register their purposes."""

    def __contains__(self, kind: object) -> bool:
        return bool(purposes.of_kind(str(kind)))


PANEL = Panel(
    name="approvals",
    on=DecidedKinds(),
    address="/decisions/beside/%(reference)s/",
    operation="approval.view",
    position=10,
)


@dataclass(frozen=True)
class SeatLine:
    """One seat: who, why, what they said and for whom."""

    seat: Seat
    vote: Vote | None
    icon: str
    tone: str
    said: str
    sits: str
    is_mine: bool
    earlier: Sequence[Vote] = ()


@dataclass(frozen=True)
class StepBlock:
    step: Step
    rule: str
    after: str
    seats: list[SeatLine]
    icon: str


@dataclass
class Mine:
    """
    What the viewer may do here.

    :param why_not: sentence when they can't vote though they look as if they could.
    :param effects: choice -> what the vote would end, where it would.
    """

    seat: Seat | None = None
    vote: Vote | None = None
    for_whom: User | None = None
    why_not: str = ""
    effects: dict[str, str] = field(default_factory=dict)
    may_abstain: bool = True
    may_hand_over: bool = False
    handed_over: Seat | None = None


@dataclass(frozen=True)
class Brief:
    """An approval beside what it is about."""

    approval: Approval
    steps: list[StepBlock]
    waits_for_me: bool
    missing: list[str]


def briefly(subject: Any, viewer: Any, *, at: datetime) -> list[Brief]:
    """Every approval of a record or other subject, the newest first, for `approvals/_beside.html`."""
    return [
        Brief(each, steps_of(each), mine_of(each, viewer, at=at).seat is not None, queries.missing_of(each))
        for each in queries.of_subject(subject)
    ]


def facts_of(approval: Approval) -> list[purposes.Fact]:
    """What approvers are shown: as it is while it is decided, as it was shown once it has ended."""
    purpose = purposes.find(approval.purpose)
    if purpose is None or not approval.is_open:
        return [purposes.Fact(label, value) for label, value in approval.snapshot]
    return list(purpose.shown(approval.subject))


def steps_of(approval: Approval, *, viewer: Any = None, mine: Mine | None = None) -> list[StepBlock]:
    """The steps in order; steps, seats and votes should be prefetched."""
    icons = {
        StepState.WAITING: "circle",
        StepState.OPEN: "mark-half",
        StepState.APPROVED: "circle-check",
        StepState.REJECTED: "x",
        StepState.ENDED: "minus",
    }
    return [
        StepBlock(
            step=step,
            rule=rule_of(step),
            after=expiry_of(step),
            seats=[_line(seat, mine) for seat in step.seats.all()],
            icon=icons[StepState(step.state)],
        )
        for step in approval.steps.all()
    ]


def _line(seat: Seat, mine: Mine | None) -> SeatLine:
    votes = list(seat.votes.all())
    vote = next((each for each in votes if each.is_current), None)
    icon, tone = VOTE_MARKS[Choice(vote.choice)] if vote else ("", "")
    return SeatLine(
        seat=seat,
        vote=vote,
        icon=icon,
        tone=tone,
        said=_said(vote) if vote else _("has not voted"),
        sits=_sits(seat),
        is_mine=mine is not None and mine.seat is not None and mine.seat.pk == seat.pk,
        earlier=[each for each in votes if not each.is_current],
    )


def _said(vote: Vote) -> str:
    has_conditions = bool(vote.conditions.all())
    said = {
        Choice.APPROVE: _("approved with conditions") if has_conditions else _("approved"),
        Choice.REJECT: _("rejected"),
        Choice.ABSTAIN: _("abstained"),
    }[Choice(vote.choice)]
    if vote.on_behalf_of is not None:
        said = _("%(said)s by %(deputy)s for %(person)s") % {
            "said": said,
            "deputy": vote.by,
            "person": vote.on_behalf_of,
        }
    if vote.recorded_by is not None:
        said = _("%(said)s, written down by %(person)s") % {"said": said, "person": vote.recorded_by}
    return said


def _sits(seat: Seat) -> str:
    """Who sits there instead of the one who was asked, and why."""
    if seat.is_vacant:
        return _("has left; nobody stands in yet")
    if not seat.is_handed_over:
        return ""
    return {
        Handover.DELEGATED: _("%(person)s decides: handed over"),
        Handover.DEPUTY: _("%(person)s decides as their deputy"),
        Handover.LEAD: _("%(person)s decides as the lead of their team"),
    }.get(Handover(seat.handover) if seat.handover else Handover.DELEGATED, "%(person)s") % {"person": seat.acting}


def rule_of(step: Step) -> str:
    """How the step decides, in a sentence."""
    seats = [seat for seat in step.seats.all() if not seat.is_deciding]
    return rule_sentence(step, len(seats))


def rule_sentence(terms: Any, count: int | None) -> str:
    """The rule of a step, of a policy (count unknown: None) or of a running approval."""
    if terms.quorum == Quorum.ANY:
        said = _("Any one of them approves.")
    elif terms.quorum == Quorum.ALL:
        said = _("All approve; who abstains does not count.")
    elif terms.quorum == Quorum.COUNT:
        said = (
            _("%(needed)d of %(count)d approve.") % {"needed": terms.needed, "count": count}
            if count is not None
            else ngettext("%(needed)d approves.", "%(needed)d approve.", terms.needed) % {"needed": terms.needed}
        )
    else:
        said = _("%(needed)d%% of those who do not abstain approve.") % {"needed": terms.needed}
    if terms.least_votes:
        said += " " + ngettext(
            "At least %(count)d vote is cast.", "At least %(count)d votes are cast.", terms.least_votes
        ) % {"count": terms.least_votes}
    return said


def expiry_of(step: Step) -> str:
    """What happens, or has happened, after the deadline."""
    if step.due_at is None or step.state not in (StepState.OPEN, StepState.WAITING):
        return ""
    if step.on_expiry == Expiry.REJECT:
        return _("Without a decision by then it is rejected.")
    if step.on_expiry == Expiry.ESCALATE and step.escalate_to is not None:
        if step.expired_at is not None:
            return _("The deadline has passed; %(person)s may decide alone.") % {"person": step.escalate_to}
        return _("After that %(person)s may decide alone.") % {"person": step.escalate_to}
    return ""


def mine_of(approval: Approval, viewer: User, *, at: datetime) -> Mine:
    """What the viewer may do; reads afresh what only matters to them."""
    found = Mine()
    if not approval.is_open:
        return found
    step = next((each for each in approval.steps.all() if each.is_open), None)
    if step is None:
        return found
    found.handed_over = next(
        (seat for seat in step.seats.all() if seat.holder_id == viewer.pk and seat.is_handed_over), None
    )
    reason = excluded_reason(approval, viewer)
    if reason:
        found.why_not = _("You may not decide this: you are %(reason)s.") % {"reason": reason}
        return found
    try:
        seat = seat_for(approval, step, viewer, at=at)
    except Refused as refused:
        found.why_not = "" if any(each.code == "no_seat" for each in refused.refusals) else str(refused)
        return found
    found.seat = seat
    found.vote = next((vote for vote in seat.votes.all() if vote.is_current), None)
    found.for_whom = seat.holder if seat.holder_id != viewer.pk else None
    found.may_abstain = not seat.is_mandatory
    found.may_hand_over = seat.holder_id == viewer.pk == seat.acting_id and found.vote is None
    found.effects = _effects(approval, step, seat)
    return found


def excluded_reason(approval: Approval, viewer: User) -> str:
    """Why the person may not decide this, now or when it was asked; empty when they may."""
    purpose = purposes.find(approval.purpose)
    now = stepping.excluded_from(purpose, approval.subject) if purpose else {}
    return str(now.get(viewer.pk) or approval.excluded.get(str(viewer.pk), ""))


def _effects(approval: Approval, step: Step, mine: Seat) -> dict[str, str]:
    """What each vote would end; nothing is said where it would only be counted."""
    seats = list(step.seats.all())
    left = sum(each.state == StepState.WAITING for each in approval.steps.all())
    found = {}
    for choice in Choice:
        ballots = [seat.ballot(choice if seat.pk == mine.pk else _spoken(seat)) for seat in seats]
        result = rules.verdict(step.rule, ballots)
        if result == rules.Verdict.REJECTED:
            found[choice.value] = _("This ends it: rejected.")
        elif result == rules.Verdict.APPROVED and left:
            found[choice.value] = ngettext(
                "This ends the step; %(count)d more follows.", "This ends the step; %(count)d more follow.", left
            ) % {"count": left}
        elif result == rules.Verdict.APPROVED:
            found[choice.value] = _("This is the vote that was missing: it is approved with it.")
    return found


def _spoken(seat: Seat) -> str | None:
    return next((vote.choice for vote in seat.votes.all() if vote.is_current), None)
