"""What breaches do after others have acted: they follow facts, and excuses lapse with the clock they were about."""

from typing import Any

from audit.models import Entry
from audit.subscriptions import subscribe
from records.events import RecordEvent

from . import excuses, recording
from .enums import IN_CASE
from .models import Breach

# Acts that can make a clock another one: those that choose the agreement or the target, and those that end it.
CHANGES_CLOCKS = ("priority", "service_id", "organization_id", "requester_id", "state")


def register() -> None:
    """Called when the app is ready."""
    subscribe("breaches", to=["clock.breached", "clock.corrected"], handler=follow_fact)


def follow_fact(entry: Entry) -> None:
    """
    Make the breach of a fact, and with it those of the facts around it: a sweep that found a thousand costs one set.

    A corrected fact takes its breach back.
    """
    clock_id = entry.data.get("clock")
    if entry.action == "clock.corrected":
        for breach in Breach.objects.live().filter(clock_id=clock_id).select_related("record"):
            recording.withdraw_if_corrected(breach, at=entry.at)
        return
    if recording.unanswered().filter(clock_id=clock_id).exists():
        recording.make(recording.unanswered().filter(at__gte=entry.at))


def follow(event: RecordEvent) -> None:
    """
    Let excuses lapse whose clock an act has changed, inside its transaction. Runs after the clocks have followed.

    Records that missed nothing cost no statement.
    """
    record: Any = event.record
    if not record.is_breached or not event.changed(*CHANGES_CLOCKS):
        return
    rows = Breach.objects.select_for_update(of=("self",)).filter(record_id=record.pk, state__in=IN_CASE)
    for breach in rows.select_related("clock", "record", "approval"):
        excuses.lapse_if_changed(breach, by=event.by, at=event.at)
