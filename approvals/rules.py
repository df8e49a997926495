"""
When a step is decided: one pure function of its rule, its seats and their votes.

A step is approved as soon as no vote that is still missing could turn it, and rejected as soon as none could save it.
Silence is no consent: nothing is ever approved by a seat that has not voted.

What an abstention means:

* any, number: it is a vote that does not approve; the others must bring the approvals.
* all, percent: it leaves the base. "All" asks everybody who does not abstain, and "60 percent" counts 60 percent of
  those who don't. When everybody abstains nobody has approved, and the step is rejected.
* A mandatory seat can't abstain: it approves or it rejects, and its rejection ends the step (a veto).
* For `least_votes`, presence, it counts as a vote cast.

A deciding seat, which an escalation adds, decides the step alone by its first vote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .enums import Choice, Quorum


class Verdict(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Rule:
    """
    :param needed: the number for `COUNT`, the share in percent for `PERCENT`; of no meaning otherwise.
    :param least_votes: votes that must have been cast, abstentions included, before the step can be approved.
    """

    quorum: Quorum
    needed: int = 0
    least_votes: int = 0


@dataclass(frozen=True)
class Ballot:
    """One seat and what it has said so far."""

    choice: Choice | None = None
    is_mandatory: bool = False
    is_deciding: bool = False


def verdict(rule: Rule, ballots: Sequence[Ballot]) -> Verdict:
    """Say whether the votes cast so far decide the step."""
    for each in ballots:
        if each.is_deciding and each.choice == Choice.APPROVE:
            return Verdict.APPROVED
        if (each.is_deciding or each.is_mandatory) and each.choice == Choice.REJECT:
            return Verdict.REJECTED
    counted = [each for each in ballots if not each.is_deciding]
    approvals, rejections, abstentions, silent = tally(counted)
    if not _is_reachable(rule, approvals=approvals, rejections=rejections, silent=silent, seats=len(counted)):
        # While somebody can still decide alone, the others can't lose the step for good.
        is_waiting = any(each.is_deciding and each.choice is None for each in ballots)
        return Verdict.OPEN if is_waiting else Verdict.REJECTED
    if any(each.is_mandatory and each.choice is None for each in counted):
        return Verdict.OPEN
    if approvals + rejections + abstentions < rule.least_votes:
        return Verdict.OPEN
    is_safe = _is_met(rule, approvals=approvals, rejections=rejections + silent)
    return Verdict.APPROVED if is_safe else Verdict.OPEN


def tally(ballots: Sequence[Ballot]) -> tuple[int, int, int, int]:
    """Count approvals, rejections, abstentions and silent seats."""
    said = [each.choice for each in ballots]
    return tuple(said.count(which) for which in (Choice.APPROVE, Choice.REJECT, Choice.ABSTAIN, None))  # type: ignore[return-value]


def approvals_needed(rule: Rule, *, base: int) -> int:
    """How many approvals the rule asks for when `base` seats do not abstain; at least one, whatever the rule."""
    if rule.quorum == Quorum.ALL:
        return max(1, base)
    if rule.quorum == Quorum.COUNT:
        return max(1, rule.needed)
    if rule.quorum == Quorum.PERCENT:
        return max(1, -(-rule.needed * base // 100))
    return 1


def _is_met(rule: Rule, *, approvals: int, rejections: int) -> bool:
    return approvals >= approvals_needed(rule, base=approvals + rejections)


def _is_reachable(rule: Rule, *, approvals: int, rejections: int, silent: int, seats: int) -> bool:
    """Whether it is met when everybody who is silent approves, which is the best that can still happen."""
    return seats >= rule.least_votes and _is_met(rule, approvals=approvals + silent, rejections=rejections)
