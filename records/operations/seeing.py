"""What a person has seen, and what they pass over. Theirs alone: nothing is logged, and it changes no record."""

from datetime import datetime, timedelta
from typing import Any

from common.texts import one_line
from people.access import require

from ..models import AfterReply, Habit, Record, Seen, Skip

NOT_SERVED_FOR = timedelta(hours=8)
LONGEST_REASON = 200


def look(*, record: Any, by: Any, at: datetime) -> None:
    """Note that the person knows the record as it was at the moment, or as they have just changed it."""
    _see(record, by, at)


def mark_unread(*, record: Any, by: Any) -> None:
    """
    Let the record look as if something had happened to it since.

    :raises NotAllowed: the person does not work on this record.
    """
    require(by, "record.read_notes", record)
    _see(record, by, record.opened_at - timedelta(seconds=1))


def _see(record: Any, by: Any, at: datetime) -> None:
    Seen.objects.bulk_create(
        [Seen(user_id=by.pk, record_id=record.pk, seen_at=at)],
        update_conflicts=True,
        unique_fields=["user", "record"],
        update_fields=["seen_at"],
    )


def skip(*, record: Record, by: Any, at: datetime, reason: str = "") -> None:
    """
    Pass a ticket over: it is not served to this person again for 8 hours. Colleagues read the reason in its preview.

    :raises NotAllowed: the person does not work on this record.
    """
    require(by, "record.read_notes", record)
    reason = one_line(reason)[:LONGEST_REASON]
    Skip.objects.bulk_create(
        [Skip(user_id=by.pk, record_id=record.pk, reason=reason, at=at)],
        update_conflicts=True,
        unique_fields=["user", "record"],
        update_fields=["reason", "at"],
    )


def forget_skips(*, at: datetime) -> int:
    """Remove what was skipped a day ago."""
    return Skip.objects.filter(at__lt=at - timedelta(hours=24)).delete()[0]


def go_after_reply(*, by: Any, where: str) -> None:
    """Remember where the person wants to go once a reply was sent; an unknown place means to stay."""
    place = where if where in AfterReply.values else AfterReply.STAY
    Habit.objects.update_or_create(user=by, defaults={"after_reply": place})
