"""The acts on improvements. Those that every record shares (reply, note, link, watch, attach) are in `records`."""

from .catalog import change_goal, change_scale, create_goal
from .creation import create, suggest
from .editing import add_option, choose_option, edit, remove_option
from .governing import activate, end_unrealized, hold, realize, realize_partly, reopen, resume, wake
from .measuring import compare, pin, remeasure, set_target
from .observing import expect, judge, observe, remove_measure, take_effect
from .triage import accept, decline, score, share, unshare, unvote, vote, withdraw
from .walking import answer, go_to, skip

__all__ = [
    "accept",
    "activate",
    "add_option",
    "answer",
    "change_goal",
    "change_scale",
    "choose_option",
    "compare",
    "create",
    "create_goal",
    "decline",
    "edit",
    "end_unrealized",
    "expect",
    "go_to",
    "hold",
    "judge",
    "observe",
    "pin",
    "realize",
    "realize_partly",
    "remeasure",
    "remove_measure",
    "remove_option",
    "reopen",
    "resume",
    "score",
    "set_target",
    "share",
    "skip",
    "suggest",
    "take_effect",
    "unshare",
    "unvote",
    "vote",
    "wake",
    "withdraw",
]
