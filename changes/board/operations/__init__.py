"""The acts on meetings of boards."""

from .actions import add_action, finish_action, reopen_action
from .agenda import add_topic, gather, move_item, remove_item, set_minutes
from .deciding import decide, defer, record_vote, take_up
from .holding import begin, mark, write, write_remarks
from .invitations import invite, look_after, uninvite
from .minutes import close, correct
from .planning import cancel, create, revise

__all__ = [
    "add_action",
    "add_topic",
    "begin",
    "cancel",
    "close",
    "correct",
    "create",
    "decide",
    "defer",
    "finish_action",
    "gather",
    "invite",
    "look_after",
    "mark",
    "move_item",
    "record_vote",
    "remove_item",
    "reopen_action",
    "revise",
    "set_minutes",
    "take_up",
    "uninvite",
    "write",
    "write_remarks",
]
