from .about import of_visible
from .bulk import BulkItem, BulkRun
from .conversation import Attachment, Comment, Draft, Presence
from .record import Category, PriorityCell, Record, RecordQuerySet
from .relations import ExternalReference, Link, Task, Watcher
from .requests import IdempotencyKey
from .seeing import AfterReply, Habit, Seen, Skip
from .views import SavedView, ViewStar

__all__ = [
    "AfterReply",
    "Attachment",
    "BulkItem",
    "BulkRun",
    "Category",
    "Comment",
    "Draft",
    "ExternalReference",
    "Habit",
    "IdempotencyKey",
    "Link",
    "Presence",
    "PriorityCell",
    "Record",
    "RecordQuerySet",
    "SavedView",
    "Seen",
    "Skip",
    "Task",
    "ViewStar",
    "Watcher",
    "of_visible",
]
