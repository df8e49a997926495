"""Reminders, written down once each: before the planned date, before the end of early life, and when it is over."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from audit.models import Entry
from records import changing
from records.events import EventKind

from ..enums import State
from ..models import Release

DATE_NEAR, ENDS_SOON, ENDED = "release.date_near", "release.early_life_ends_soon", "release.early_life_ended"
BEFORE_DATE = timedelta(days=3)
BEFORE_END = timedelta(days=1)
AHEAD = (State.PLANNING, State.BUILDING, State.TESTING, State.READY)


@transaction.atomic
def remind(*, at: datetime) -> int:
    """
    Write down what is due to be remembered of; a date that moved is reminded of anew.

    Looks at releases ahead and in early life only: few, however many there have been.

    :returns: how many reminders were written down.
    """
    near = Release.objects.filter(state__in=AHEAD, planned_from__gt=at, planned_from__lte=at + BEFORE_DATE)
    due: list[tuple[str, Any, datetime]] = [(DATE_NEAR, each, each.planned_from) for each in _held(near)]
    for each in _held(Release.objects.filter(state=State.EARLY_LIFE)):
        end = each.early_life_ends_at
        if end <= at:
            due.append((ENDED, each, end))
        elif end <= at + BEFORE_END:
            due.append((ENDS_SOON, each, end))
    keys = {release.pk for _action, release, _moment in due}
    entries = Entry.objects.filter(subject_kind="record", subject_id__in=keys, action__in=[DATE_NEAR, ENDS_SOON, ENDED])
    noted = {(entry.action, entry.subject_id, entry.data.get("due")) for entry in entries}
    count = 0
    for action, release, moment in due:
        if (action, release.pk, moment.isoformat()) in noted:
            continue
        changing.write_down(
            release, kind=EventKind.EDITED, action=action, by=None, at=at, data={"due": moment.isoformat()}
        )
        count += 1
    return count


def _held(rows: Any) -> list[Any]:
    """The releases, held so that two workers don't remind of the same."""
    return list(changing.take(rows.order_by("pk")))
