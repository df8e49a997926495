"""Deciding about what was found: open it as a problem, link what came later, dismiss it, take the dismissal back."""

from .bursts import accept_burst, dismiss_burst, may_decide_burst, may_open_burst, reconsider_burst
from .clusters import LINKED_AT_MOST, accept, dismiss, link_newer, may_decide, may_open, reconsider
from .wording import LONGEST_REASON

__all__ = [
    "LINKED_AT_MOST",
    "LONGEST_REASON",
    "accept",
    "accept_burst",
    "dismiss",
    "dismiss_burst",
    "link_newer",
    "may_decide",
    "may_decide_burst",
    "may_open",
    "may_open_burst",
    "reconsider",
    "reconsider_burst",
]
