"""The acts on problems. Those that every record shares (reply, note, link, watch, attach, tasks) are in `records`."""

from .analysis import add_cause, change_cause, move_cause
from .creation import FROM_AT_MOST, create
from .deciding import accept, accept_risk, cancel, close, reopen, reopen_when_due
from .editing import edit
from .facts import add_event, change_comparison, compare, remove_comparison, remove_event
from .judging import act_on, add_evidence, disprove, mark_root, remove_evidence, restore, unmark_root
from .known_errors import revise
from .solving import declare_known_error, fix, investigate, regress, verify
from .watching import explain_match, note_match
from .workarounds import dismiss, note_insertion, send_workaround, tell_outcome

__all__ = [
    "FROM_AT_MOST",
    "accept",
    "accept_risk",
    "act_on",
    "add_cause",
    "add_event",
    "add_evidence",
    "cancel",
    "change_cause",
    "change_comparison",
    "close",
    "compare",
    "create",
    "declare_known_error",
    "dismiss",
    "disprove",
    "edit",
    "explain_match",
    "fix",
    "investigate",
    "mark_root",
    "move_cause",
    "note_insertion",
    "note_match",
    "regress",
    "remove_comparison",
    "remove_event",
    "remove_evidence",
    "reopen",
    "reopen_when_due",
    "restore",
    "revise",
    "send_workaround",
    "tell_outcome",
    "unmark_root",
    "verify",
]
