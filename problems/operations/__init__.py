"""The acts on problems. Those that every record shares (reply, note, link, watch, attach, tasks) are in `records`."""

from .creation import create
from .deciding import accept, accept_risk, cancel, close, reopen, reopen_when_due
from .editing import edit
from .solving import declare_known_error, fix, investigate, regress, verify

__all__ = [
    "accept",
    "accept_risk",
    "cancel",
    "close",
    "create",
    "declare_known_error",
    "edit",
    "fix",
    "investigate",
    "regress",
    "reopen",
    "reopen_when_due",
    "verify",
]
