"""The acts on service reports, by ability."""

from .acting import finish_action, give_action, register_action
from .answering import accept, answer, dispute
from .compiling import compile_again, compile_due, compile_report, correct
from .crediting import remove_credits, set_credits
from .issuing import issue, review
from .meeting import add_topic, close_minutes, plan_meeting, take_minutes
from .planning import create_plan, revise_plan

__all__ = [
    "accept",
    "add_topic",
    "answer",
    "close_minutes",
    "compile_again",
    "compile_due",
    "compile_report",
    "correct",
    "create_plan",
    "dispute",
    "finish_action",
    "give_action",
    "issue",
    "plan_meeting",
    "register_action",
    "remove_credits",
    "review",
    "revise_plan",
    "set_credits",
    "take_minutes",
]
