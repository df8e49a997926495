"""The acts on service reports, by ability."""

from .answering import accept, answer, dispute
from .compiling import compile_again, compile_due, compile_report, correct
from .crediting import remove_credits, set_credits
from .issuing import issue, review
from .planning import create_plan, revise_plan

__all__ = [
    "accept",
    "answer",
    "compile_again",
    "compile_due",
    "compile_report",
    "correct",
    "create_plan",
    "dispute",
    "issue",
    "remove_credits",
    "review",
    "revise_plan",
    "set_credits",
]
