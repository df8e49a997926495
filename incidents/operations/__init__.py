"""The acts on incidents. Those that every record shares (reply, note, link, watch, attach) are in `records`."""

from .assignment import assign, start, take
from .creation import create
from .ending import cancel, close, close_when_due, reopen, resolve
from .triage import edit, override_priority, set_levels
from .waiting import hold, resume, wake_when_due

__all__ = [
    "assign",
    "cancel",
    "close",
    "close_when_due",
    "create",
    "edit",
    "hold",
    "override_priority",
    "reopen",
    "resolve",
    "resume",
    "set_levels",
    "start",
    "take",
    "wake_when_due",
]
