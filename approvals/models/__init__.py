from .approvals import Approval, ApprovalQuerySet, Seat, Step, Vote, VoteCondition
from .deputies import Deputy
from .mail import DecisionLink
from .policies import (
    ApprovalPolicy,
    ApprovalPolicyVersion,
    Board,
    BoardMember,
    PolicyCondition,
    PolicyStep,
    StepApprover,
)

__all__ = [
    "Approval",
    "ApprovalPolicy",
    "ApprovalPolicyVersion",
    "ApprovalQuerySet",
    "Board",
    "BoardMember",
    "DecisionLink",
    "Deputy",
    "PolicyCondition",
    "PolicyStep",
    "Seat",
    "Step",
    "StepApprover",
    "Vote",
    "VoteCondition",
]
