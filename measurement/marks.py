"""Marking what an act touched, inside its transaction: one small row, so that acts stay quick."""

from collections.abc import Iterable
from datetime import date, datetime

from audit.models import Entry
from common import rows
from records.events import EventKind, RecordEvent

from .models import Mark
from .periods import start_of

MOMENTS = ("opened_at", "responded_at", "resolved_at", "closed_at", "cause_found_at")


def on_event(event: RecordEvent) -> None:
    """Observer of every act on a record: have its days counted again. Notes and the like touch nothing countable."""
    if event.kind == EventKind.COMMENTED and not (event.comment is not None and event.comment.is_public):
        return
    left = [event.changes[name][0] for name in MOMENTS if name in event.changes and event.changes[name][0] is not None]
    rows.insert([Mark(record_id=event.record.pk, moments=left, marked_at=event.at)])


def on_entry(entry: Entry) -> None:
    """Subscriber to what happens to clocks between acts: a breach found by the sweep."""
    Mark.objects.create(record_id=entry.subject_id, moments=[], marked_at=entry.at)


def mark(record_ids: Iterable[int], *, at: datetime, moments: Iterable[datetime] = ()) -> None:
    """
    Have the days of these records counted again; for changes that no act on the record made.

    :param moments: those that they had before and have no longer.
    """
    left = list(moments)
    Mark.objects.bulk_create([Mark(record_id=key, moments=left, marked_at=at) for key in record_ids])


def mark_days(days: Iterable[date], *, at: datetime) -> None:
    """Have whole days counted again; for changes of what is no record and counts by the day."""
    moments = [start_of(day) for day in sorted(set(days))]
    if moments:
        Mark.objects.create(record_id=0, moments=moments, marked_at=at)
