"""Approvals follow every act on a record inside its transaction: when what is decided changes, they lapse at once."""

from records.events import EventKind, RecordEvent

from . import purposes
from .operations import ending


def follow(event: RecordEvent) -> None:
    """Void what no longer fits. Costs nothing for kinds of records that nobody decides about."""
    if event.kind in (EventKind.CREATED, EventKind.COMMENTED) or not purposes.of_kind(event.record.kind):
        return
    if not event.changes:
        return
    ending.lapse_if_changed(subject=event.record, by=event.by, at=event.at)
