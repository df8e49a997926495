"""What observers inside the transaction get to see of an act: clocks follow it at once or the act fails with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from audit.models import Entry


class EventKind(StrEnum):
    CREATED = "created"
    MOVED = "moved"
    EDITED = "edited"
    COMMENTED = "commented"


@dataclass(frozen=True)
class RecordEvent:
    """
    One act on a record, seen from inside its transaction.

    :param changes: field -> (before, after); for a creation the fields that matter, with None before.
    :param comment: the comment of a `COMMENTED` event. :param task: the task that an act on the checklist is about.
    """

    kind: EventKind
    record: Any
    entry: Entry
    by: Any
    at: datetime
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    comment: Any = None
    task: Any = None

    def changed(self, *names: str) -> bool:
        return any(name in self.changes for name in names)


Observer = Callable[[RecordEvent], None]
_OBSERVERS: list[Observer] = []


def observe(observer: Observer) -> None:
    """Have `observer` called in the transaction of every act on a record."""
    if observer not in _OBSERVERS:
        _OBSERVERS.append(observer)


def tell(event: RecordEvent) -> None:
    """Call the observers in the order in which they signed up."""
    for observer in _OBSERVERS:
        observer(event)
