from .bulk import BulkItem, BulkRun
from .conversation import Attachment, Comment, Draft, Presence
from .record import Category, PriorityCell, Record, RecordQuerySet
from .relations import ExternalReference, Link, Task, Watcher
from .requests import IdempotencyKey
from .views import SavedView, ViewStar

__all__ = [
    "Attachment",
    "BulkItem",
    "BulkRun",
    "Category",
    "Comment",
    "Draft",
    "ExternalReference",
    "IdempotencyKey",
    "Link",
    "Presence",
    "PriorityCell",
    "Record",
    "RecordQuerySet",
    "SavedView",
    "Task",
    "ViewStar",
    "Watcher",
]
