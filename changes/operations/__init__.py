"""The acts on changes. Those that every record shares (reply, note, link, watch, attach) are in `records`."""

from .calendar import (
    accept_conflict,
    exempt,
    reinstate_window,
    retire_window,
    save_window,
    withdraw_exemption,
)
from .catalog import approve_model, change_model, propose_model, retire_model, suspend_expired, suspend_model
from .creation import create
from .deciding import amend, approved, ask_board, assess, authorize, cancel, lapsed, reject, rejected, submit
from .editing import edit, plan_window, set_scope
from .feeds import issue_feed, revoke_feed
from .overdue import note_overdue
from .questionnaire import revise_question, write_question
from .risk import answer_risk
from .running import back_out, begin, close, finish
from .scheduling import reschedule, take_window
from .steps import add_step, end_step, move_step, remove_step, reopen_step, start_step

__all__ = [
    "accept_conflict",
    "add_step",
    "amend",
    "answer_risk",
    "approve_model",
    "approved",
    "ask_board",
    "assess",
    "authorize",
    "back_out",
    "begin",
    "cancel",
    "change_model",
    "close",
    "create",
    "edit",
    "end_step",
    "exempt",
    "finish",
    "issue_feed",
    "lapsed",
    "move_step",
    "note_overdue",
    "plan_window",
    "propose_model",
    "reinstate_window",
    "reject",
    "rejected",
    "remove_step",
    "reopen_step",
    "reschedule",
    "retire_model",
    "retire_window",
    "revise_question",
    "revoke_feed",
    "save_window",
    "set_scope",
    "start_step",
    "submit",
    "suspend_expired",
    "suspend_model",
    "take_window",
    "withdraw_exemption",
    "write_question",
]
