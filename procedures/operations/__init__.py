"""The acts on procedures: writing, bringing into force, working by them, and saying who is accountable."""

from .accountability import remove_rule, set_duty, set_rule
from .activating import (
    PURPOSE,
    activate,
    activate_carried,
    may_take_back,
    propose,
    retire,
    send_back,
    send_back_carried,
    way_for,
)
from .drafting import begin_draft, create_procedure, describe, drop_draft, hands_of, save_draft
from .running import tick, untick

__all__ = [
    "PURPOSE",
    "activate",
    "activate_carried",
    "begin_draft",
    "create_procedure",
    "describe",
    "drop_draft",
    "hands_of",
    "may_take_back",
    "propose",
    "remove_rule",
    "retire",
    "save_draft",
    "send_back",
    "send_back_carried",
    "set_duty",
    "set_rule",
    "tick",
    "untick",
    "way_for",
]
