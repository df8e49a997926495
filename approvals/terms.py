"""The terms of one version of a policy as plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .enums import ApproverKind, Comparison, Expiry, Quorum
from .models import ApprovalPolicy


@dataclass(frozen=True)
class ApproverTerms:
    """Whom a step asks. `person`, `team` and `board` are keys."""

    kind: str
    person: int | None = None
    role: str = ""
    team: int | None = None
    board: int | None = None
    is_mandatory: bool = False


@dataclass(frozen=True)
class StepSpec:
    """
    One step.

    :param needed: a number for the quorum `count`, a share in percent for `percent`.
    :param deadline_minutes: working minutes where there is a calendar, all minutes without one; None for no deadline.
    """

    name: str
    approvers: tuple[ApproverTerms, ...]
    quorum: str = Quorum.ALL
    needed: int = 0
    least_votes: int = 0
    deadline_minutes: int | None = None
    calendar: int | None = None
    remind_minutes: int | None = None
    on_expiry: str = Expiry.REMIND
    escalate_to: int | None = None

    def columns(self) -> dict[str, Any]:
        """The columns that a step of a policy and one of a running approval have in common."""
        same = ("name", "quorum", "needed", "least_votes", "deadline_minutes", "remind_minutes", "on_expiry")
        return {name: getattr(self, name) for name in same} | {
            "calendar_id": self.calendar,
            "escalate_to_id": self.escalate_to,
        }


@dataclass(frozen=True)
class ConditionTerms:
    fact: str
    values: tuple[str, ...]
    comparison: str = Comparison.IS


@dataclass(frozen=True)
class Terms:
    """All that a policy says."""

    steps: tuple[StepSpec, ...]
    conditions: tuple[ConditionTerms, ...] = field(default=())

    @classmethod
    def of(cls, policy: ApprovalPolicy) -> "Terms":
        """Read the rows; conditions and steps with their approvers should be prefetched."""
        return cls(
            conditions=tuple(
                ConditionTerms(fact=each.fact, comparison=each.comparison, values=tuple(each.values))
                for each in policy.conditions.all()
            ),
            steps=tuple(
                StepSpec(
                    name=step.name,
                    quorum=step.quorum,
                    needed=step.needed,
                    least_votes=step.least_votes,
                    deadline_minutes=step.deadline_minutes,
                    calendar=step.calendar_id,
                    remind_minutes=step.remind_minutes,
                    on_expiry=step.on_expiry,
                    escalate_to=step.escalate_to_id,
                    approvers=tuple(
                        ApproverTerms(
                            kind=each.kind,
                            person=each.person_id,
                            role=each.role,
                            team=each.team_id,
                            board=each.board_id,
                            is_mandatory=each.is_mandatory,
                        )
                        for each in step.approvers.all()
                    ),
                )
                for step in policy.steps.all()
            ),
        )

    def as_document(self) -> dict[str, Any]:
        """Plain JSON values; `from_document` reads them back."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Terms":
        return cls(
            conditions=tuple(
                ConditionTerms(**(each | {"values": tuple(each["values"])})) for each in document["conditions"]
            ),
            steps=tuple(
                StepSpec(**(each | {"approvers": tuple(ApproverTerms(**who) for who in each["approvers"])}))
                for each in document["steps"]
            ),
        )


def asks(kind: ApproverKind | str, **whom: Any) -> ApproverTerms:
    """Write an approver shortly: `asks("team", team=networks.pk)`."""
    return ApproverTerms(kind=str(kind), **whom)
