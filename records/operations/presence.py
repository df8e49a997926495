"""Who has a record open. A courtesy among colleagues: nothing is logged, and it is forgotten after 45 seconds."""

from datetime import datetime, timedelta
from typing import Any

from people.access import require

from ..models import Presence, Record

GONE_AFTER = timedelta(seconds=45)


def beat(*, record: Record, by: Any, at: datetime, is_replying: bool) -> None:
    """
    Say that the person has the record open.

    :raises NotAllowed: the person does not work on this record; requesters leave no trace of their reading.
    """
    require(by, "record.read_notes", record)
    Presence.objects.bulk_create(
        [Presence(record_id=record.pk, user=by, is_replying=is_replying, seen_at=at)],
        update_conflicts=True,
        unique_fields=["record", "user"],
        update_fields=["is_replying", "seen_at"],
    )


def leave(*, record: Record, by: Any) -> None:
    """Say that the person looks elsewhere."""
    Presence.objects.filter(record_id=record.pk, user=by).delete()


def forget_gone(*, at: datetime) -> int:
    """Remove what nobody has renewed for an hour."""
    return Presence.objects.filter(seen_at__lt=at - timedelta(hours=1)).delete()[0]
