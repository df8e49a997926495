"""The acts on approvals, their policies, boards and deputies."""

from .boards import create_board, ensure_board, revise_board
from .delegating import fill_seat, hand_over, take_back
from .deputies import end_deputy, name_deputy
from .ending import lapse, lapse_if_changed, withdraw
from .policies import create_policy, reinstate_policy, retire_policy, revise_policy
from .seats import NotYourVote, VoteRefused
from .starting import UnableToStart, start
from .voting import SeparationOfDuties, vote

__all__ = [
    "NotYourVote",
    "SeparationOfDuties",
    "UnableToStart",
    "VoteRefused",
    "create_board",
    "create_policy",
    "end_deputy",
    "ensure_board",
    "fill_seat",
    "hand_over",
    "lapse",
    "lapse_if_changed",
    "name_deputy",
    "reinstate_policy",
    "retire_policy",
    "revise_board",
    "revise_policy",
    "start",
    "take_back",
    "vote",
    "withdraw",
]
