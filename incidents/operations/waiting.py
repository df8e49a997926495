"""Waiting for somebody else, and going on."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from records import changing, transitions
from records import operations as record_operations
from records.enums import LinkKind
from records.models import Link

from ..enums import HoldReason, State
from ..models import Incident


@transaction.atomic
def hold(
    *,
    incident: Incident,
    by: Any,
    at: datetime,
    hold_for: str,
    question: str = "",
    supplier_reference: str = "",
    waits_for: Any = None,
    wake_at: datetime | None = None,
    reason: str = "",
    version: int | None = None,
) -> Incident:
    """
    Put the incident on hold; clocks whose agreement allows the reason pause.

    A question is sent to the requester as a public reply; a change or problem is linked.

    :param wake_at: when it resumes by itself; needed for an agreed date, possible for every reason.
    :raises TransitionRefused: wrong state, or what the reason asks for is missing.
    """
    held = transitions.apply(
        record=incident,
        name="hold",
        by=by,
        at=at,
        reason=reason,
        version=version,
        hold_for=hold_for,
        question=question,
        supplier_reference=supplier_reference,
        waits_for=waits_for,
        wake_at=wake_at,
    )
    if question:
        record_operations.reply(record=held, by=by, at=at, text=question)
    if waits_for is not None:
        kind = LinkKind.CAUSED_BY if hold_for == HoldReason.PROBLEM else LinkKind.RELATED_TO
        if not Link.objects.filter(from_record=held.pk, to_record=waits_for.pk, kind=kind).exists():
            record_operations.link(record=held, to=waits_for, kind=kind, by=by, at=at)
    return Incident.objects.get(pk=held.pk)


def resume(*, incident: Incident, by: Any, at: datetime, reason: str = "", version: int | None = None) -> Incident:
    """Go on with the work: in progress, or assigned when nobody has it. Paused clocks run again."""
    return transitions.apply(record=incident, name="resume", by=by, at=at, reason=reason, version=version)


def wake_when_due(*, at: datetime, rows: int = 200) -> int:
    """Resume incidents on hold whose wake-up moment has come; a bounded number. Returns how many were resumed."""
    woken = 0
    with transaction.atomic():
        due = Incident.objects.filter(state=State.ON_HOLD, wake_at__lte=at).order_by("wake_at", "id")
        for incident in changing.take(due)[:rows]:
            transitions.apply(
                record=incident,
                name="resume",
                by=None,
                at=incident.wake_at,
                reason=_("The wake-up moment has come."),
                data={"rule": "wake_up"},
            )
            woken += 1
    return woken
