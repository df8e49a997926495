"""The acts on agreements. A change makes a version, which both sides sign; clocks keep the one they started under."""

from ..terms import LONGEST_TARGET_MINUTES
from .defaults import DEFAULT_MINUTES, DEFAULT_NAME, ensure_default_agreement
from .drafting import create_agreement, edit_agreement, handle, revise, set_targets, withdraw_draft
from .living import (
    call_review,
    conclude_review,
    follow,
    give_notice,
    reinstate,
    retire,
    withdraw_notice,
)
from .rows import keep_version
from .signing import offer, record_signature, sign

__all__ = [
    "DEFAULT_MINUTES",
    "DEFAULT_NAME",
    "LONGEST_TARGET_MINUTES",
    "call_review",
    "conclude_review",
    "create_agreement",
    "edit_agreement",
    "ensure_default_agreement",
    "follow",
    "give_notice",
    "handle",
    "keep_version",
    "offer",
    "record_signature",
    "reinstate",
    "retire",
    "revise",
    "set_targets",
    "sign",
    "withdraw_draft",
    "withdraw_notice",
]
