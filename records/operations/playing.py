"""Serving tickets one after the other: each goes to one person, whoever asks at the same moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from people.access import require

from ..models import Presence, Skip
from . import presence
from .presence import GONE_AFTER
from .seeing import NOT_SERVED_FOR


@transaction.atomic
def serve(*, rows: Any, by: Any, at: datetime, served: Sequence[int] = ()) -> Any:
    """
    Give the person the first ticket that nobody else has open, and note that they have it open from now on.

    Two who ask at once get different ones: the row is locked while the presence is written, and locked rows are
    passed over. Nothing about the ticket itself changes, so nothing is logged.

    :param rows: records in their order, already limited to what the person may see.
    :param served: numbers of those served before; they do not come again.
    :returns: the record, or None when none is left.
    """
    require(by, "record.queue")
    others = Presence.objects.filter(record=OuterRef("pk"), seen_at__gt=at - GONE_AFTER).exclude(user=by.pk)
    passed_over = Skip.objects.filter(record=OuterRef("pk"), user=by.pk, at__gt=at - NOT_SERVED_FOR)
    free = rows.exclude(pk__in=served).exclude(Exists(others)).exclude(Exists(passed_over))
    while record := free.select_for_update(skip_locked=True, of=("self",)).first():
        # Asked again, for a colleague's presence may have been written just before the row was held.
        if free.filter(pk=record.pk).exists():
            presence.beat(record=record, by=by, at=at, is_replying=False)
            return record
    return None
