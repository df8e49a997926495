"""What we do after others have acted: a call within a day of reading means that reading was not enough."""

from datetime import timedelta

from audit.models import Entry
from audit.subscriptions import subscribe
from measurement.marks import mark
from records.models import Record

from .models import Visit

SAME_MATTER = timedelta(hours=24)


def register() -> None:
    """Called when the app is ready."""
    subscribe("knowledge.visits", to=["incident.created", "request.created"], handler=count_visits_again)


def count_visits_again(entry: Entry) -> None:
    """Have the visits before a new call counted again. Safe to run twice."""
    called = Record.objects.filter(pk=entry.subject_id).only("requester_id", "opened_at").first()
    if called is None:
        return
    recent = Visit.objects.filter(
        user=called.requester_id, at__gt=called.opened_at - SAME_MATTER, at__lte=called.opened_at
    )
    mark(recent.values_list("record_id", flat=True), at=entry.at)
