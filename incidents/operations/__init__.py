"""The acts on incidents. Those that every record shares (reply, note, link, watch, attach) are in `records`."""

from .assignment import assign, start, take
from .calls import add_caller, log_and_assign, log_and_resolve
from .creation import create
from .ending import cancel, close, close_when_due, reopen, resolve
from .recurring import log_again
from .triage import edit
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
    "log_again",
    "log_and_assign",
    "log_and_resolve",
    "reopen",
    "resolve",
    "resume",
    "start",
    "take",
    "wake_when_due",
]
