"""What outages do after others have acted on the tickets behind them: propose, and end."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from audit.models import Entry
from audit.subscriptions import subscribe
from common.refusals import Refused
from records.enums import Priority
from records.models import Record

from . import operations, sources
from .models import Outage
from .pledges import pledges

PROPOSED_FROM = (Priority.P1, Priority.P2)


def register(kind: str) -> None:
    """Listen to a kind of records that is a source of outages."""
    subscribe(
        f"availability.{kind}",
        to=[f"{kind}.created", f"{kind}.edited", f"{kind}.started", f"{kind}.assigned", f"{kind}.resolved"],
        handler=follow,
    )


def follow(entry: Entry) -> None:
    """Propose an outage from a critical ticket, and end the outage of one that was resolved."""
    if entry.subject_kind != "record":
        return
    record = Record.objects.filter(pk=entry.subject_id).select_related("service").first()
    if record is None or record.kind not in sources.kinds():
        return
    if record.resolved_at is not None:
        _end(record, at=entry.at)
    elif not record.is_done:
        _propose(record, at=entry.at)


def _end(record: Record, *, at: datetime) -> None:
    for outage in Outage.objects.live().filter(record=record, ends_with_record=True, ended_at=None):
        try:
            operations.end(outage=outage, by=None, at=at, ended_at=record.resolved_at or at)
        except Refused:
            continue  # it was resolved before it began: somebody has to look, and the outage stays open until then


def _propose(record: Record, *, at: datetime) -> None:
    """P1 and P2 about a service whose availability was promised, unless an outage of it is known to go on."""
    if record.priority not in PROPOSED_FROM or record.service is None or not _is_promised(record):
        return
    known = Outage.objects.filter(service=record.service_id)
    going_on = known.live().filter(Q(ended_at=None) | Q(ended_at__gt=record.opened_at), started_at__lte=at)
    if known.filter(record=record).exists() or going_on.exists():
        return
    told = sources.told_by(record)
    try:
        operations.propose(
            record=record,
            started_at=min(told.started_at or record.opened_at, at),
            users_affected=told.users_affected,
            at=at,
        )
    except Refused:
        return  # another worker was faster


def _is_promised(record: Any) -> bool:
    found = pledges(
        [record.service_id],
        organization_id=record.organization_id,
        at_from=record.opened_at,
        at_to=record.opened_at.replace(microsecond=0) + timedelta(seconds=2),
    )
    return any(each.target is not None for each in found[record.service_id])
