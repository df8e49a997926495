"""Late approvals that are overdue: written down once each, whoever manages changes is told by it."""

from datetime import datetime

from django.db import transaction

from approvals import queries as approval_queries
from audit.models import Entry
from records import changing
from records.enums import Phase
from records.events import EventKind

from ..models import Change
from ..queries.facts import AUTHORIZE

NOTED = "change.late_approval_overdue"


@transaction.atomic
def note_overdue(*, at: datetime, rows: int = 100) -> int:
    """
    Write down emergencies whose late approval is due and not given, at most `rows`, each once.

    :returns: how many were written down.
    """
    due = Change.objects.filter(late_approval_due_at__lte=at).exclude(phase=Phase.DONE)
    noted = Entry.objects.filter(subject_kind="record", action=NOTED).values("subject_id")
    found = changing.take(due.exclude(pk__in=noted).order_by("late_approval_due_at", "pk"))
    held = {change.pk: change for change in found[:rows]}
    # Asked again, for another worker may have written them down just before they were held.
    done = set(noted.filter(subject_id__in=held).values_list("subject_id", flat=True))
    count = 0
    for key, change in held.items():
        if key not in done and approval_queries.standing(change, AUTHORIZE) is None:
            changing.write_down(change, kind=EventKind.EDITED, action=NOTED, by=None, at=at)
            count += 1
    return count
