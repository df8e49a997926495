"""The acts on records of every kind; a practice adds its own."""

from .checklist import add_task, complete_task, reopen_task, skip_task
from .conversation import add_note, reply
from .editing import edit, tag, untag
from .files import attach
from .linking import link, unlink
from .watching import add_watcher, remove_watcher, unwatch, watch

__all__ = [
    "add_note",
    "add_task",
    "add_watcher",
    "attach",
    "complete_task",
    "edit",
    "link",
    "remove_watcher",
    "reopen_task",
    "reply",
    "skip_task",
    "tag",
    "unlink",
    "untag",
    "unwatch",
    "watch",
]
