"""The acts on releases. Those that every record shares (reply, note, link, watch, attach) are in `records`."""

from .catalog import add_line, change_line
from .contents import add_change, take_out
from .creation import create
from .criteria import add_criterion, judge, remove_criterion, waive
from .deciding import ask_go, make_ready, rejected, stop
from .deploying import (
    add_deployment,
    deploy,
    end_deployment,
    enter_early_life,
    remove_deployment,
    repeat,
    roll_back,
    start_deployment,
)
from .editing import edit, plan_window, set_scope
from .ending import cancel, close
from .preparing import build, rework, test
from .reminding import remind
from .signing import sign, unsign

__all__ = [
    "add_change",
    "add_criterion",
    "add_deployment",
    "add_line",
    "ask_go",
    "build",
    "cancel",
    "change_line",
    "close",
    "create",
    "deploy",
    "edit",
    "end_deployment",
    "enter_early_life",
    "judge",
    "make_ready",
    "plan_window",
    "rejected",
    "remind",
    "remove_criterion",
    "remove_deployment",
    "repeat",
    "rework",
    "roll_back",
    "set_scope",
    "sign",
    "start_deployment",
    "stop",
    "take_out",
    "test",
    "unsign",
    "waive",
]
