"""The acts on incidents. Those that every record shares (reply, note, link, watch, attach) are in `records`."""

from .assignment import assign, start, take
from .calls import add_caller, log_and_assign, log_and_resolve
from .creation import create
from .ending import cancel, close, close_when_due, reopen, resolve
from .triage import edit, judge, override_priority, set_levels, undo_edit
from .waiting import hold, resume, wake_when_due

__all__ = [
    "add_caller",
    "assign",
    "cancel",
    "close",
    "close_when_due",
    "create",
    "edit",
    "hold",
    "judge",
    "log_and_assign",
    "log_and_resolve",
    "override_priority",
    "reopen",
    "resolve",
    "resume",
    "set_levels",
    "start",
    "take",
    "undo_edit",
    "wake_when_due",
]
