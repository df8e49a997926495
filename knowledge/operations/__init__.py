"""The acts on articles. Those that every record shares (note, link, watch, task) are in `records`."""

from .audience import set_audience
from .creation import create
from .feedback import note_visit, vote
from .publishing import call_review, call_review_when_due, confirm, hand_back, publish, retire, submit
from .searches import dismiss_search, forget_old, note_click, note_search
from .using import dismiss, insert
from .writing import discard, edit, write

__all__ = [
    "call_review",
    "call_review_when_due",
    "confirm",
    "create",
    "discard",
    "dismiss",
    "dismiss_search",
    "edit",
    "forget_old",
    "hand_back",
    "insert",
    "note_click",
    "note_search",
    "note_visit",
    "publish",
    "retire",
    "set_audience",
    "submit",
    "vote",
    "write",
]
