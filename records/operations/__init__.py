"""The acts on records of every kind; a practice adds its own."""

from .checklist import add_task, complete_task, reopen_task, skip_task
from .conversation import add_note, reply
from .dating import correct_report, correct_resolution
from .drafts import discard_draft, hold_reply, release_held, save_draft, send_now, take_back
from .editing import edit, tag, untag
from .files import attach, attach_kept
from .judging import judge, override_priority, set_levels, undo_edit
from .linking import link, link_many, unlink
from .presence import beat, forget_gone, leave
from .watching import add_watcher, remove_watcher, unwatch, watch

__all__ = [
    "add_note",
    "add_task",
    "add_watcher",
    "attach",
    "attach_kept",
    "beat",
    "complete_task",
    "correct_report",
    "correct_resolution",
    "discard_draft",
    "edit",
    "forget_gone",
    "hold_reply",
    "judge",
    "leave",
    "link",
    "link_many",
    "override_priority",
    "release_held",
    "remove_watcher",
    "reopen_task",
    "reply",
    "save_draft",
    "send_now",
    "set_levels",
    "skip_task",
    "tag",
    "take_back",
    "undo_edit",
    "unlink",
    "untag",
    "unwatch",
    "watch",
]
