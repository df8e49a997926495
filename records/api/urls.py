"""Addresses below one record, the same for every kind."""

from django.urls import URLPattern, path

from .checklist import TaskCompletion, TaskOmission, TaskReopening, Tasks
from .conversation import Comments
from .files import AttachmentContent, Attachments
from .history import History
from .relations import Links, OneLink, OneWatcher, Watchers

_DOORS = {
    "comments/": Comments,
    "attachments/": Attachments,
    "attachments/<int:number>/": AttachmentContent,
    "links/": Links,
    "links/<int:number>/": OneLink,
    "watchers/": Watchers,
    "watchers/<int:number>/": OneWatcher,
    "tasks/": Tasks,
    "tasks/<int:number>/completion/": TaskCompletion,
    "tasks/<int:number>/omission/": TaskOmission,
    "tasks/<int:number>/reopening/": TaskReopening,
    "history/": History,
}


def nested(kind: str) -> list[URLPattern]:
    """The shared addresses below a record of this kind."""
    return [path(f"<str:reference>/{tail}", door.as_view(kind=kind)) for tail, door in _DOORS.items()]
