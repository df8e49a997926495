"""The acts on complaints. Those that every record shares (reply, note, link, watch, attach) are in `records`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from people.access import require
from records import changing, transitions
from records import operations as record_operations
from records.enums import Level, Source
from records.operations.drawing_up import draw_up

from .enums import State
from .models import Complaint

DETAILS = frozenset({"service", "item", "category", "team", "assignee", "owner", "promised"})
EDITABLE = DETAILS | {"title", "description", "requester", "location", "tags", "impact", "urgency", "supplier"}


@transaction.atomic
def create(
    *,
    by: Any,
    at: datetime,
    title: str,
    supplier: str,
    description: str = "",
    requester: Any = None,
    impact: int = Level.LOW,
    urgency: int = Level.MEDIUM,
    source: str = Source.OTHER,
    tags: tuple[str, ...] | list[str] = (),
    is_sample: bool = False,
    **details: Any,
) -> Complaint:
    """
    Write a complaint, in the state `written`. The supplier knows nothing of it yet.

    :param details: more fields, those of `DETAILS`.
    :raises NotAllowed: the person may not write complaints. :raises Refused: a field does not fit.
    """
    requester = requester or by
    require(by, "supplier_complaint.create", Complaint(organization_id=requester.organization_id))
    complaint: Complaint = draw_up(
        "supplier_complaint",
        at=at,
        state=State.WRITTEN,
        title=title,
        description=description,
        requester=requester,
        impact=impact,
        urgency=urgency,
        source=source,
        tags=tags,
        is_sample=is_sample,
        details=details,
        allowed=DETAILS,
        supplier=" ".join(supplier.split()),
    )
    shown = ("title", "supplier", "requester_id", "organization_id", "service_id", "priority", "state")
    changing.create(
        complaint,
        action="supplier_complaint.created",
        by=by,
        at=at,
        changes={name: (None, getattr(complaint, name)) for name in shown},
    )
    return complaint


def edit(
    *,
    supplier_complaint: Complaint,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    reason: str = "",
    version: int | None = None,
) -> Complaint:
    """
    Change fields that no move owns, those of `EDITABLE`.

    :raises NotAllowed: :raises Stale: :raises Refused: another field, or a value that does not fit.
    """
    edited: Complaint = record_operations.edit(
        record=supplier_complaint,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE,
        operation="supplier_complaint.edit",
        reason=reason,
        version=version,
    )
    return edited


def lodge(
    *, supplier_complaint: Complaint, by: Any, at: datetime, reason: str = "", version: int | None = None
) -> Complaint:
    """
    Lodge it with the supplier; the clock of their answer begins.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: it does not say what was agreed.
    """
    return _move("lodge", supplier_complaint, by=by, at=at, reason=reason, version=version)


def note_answer(
    *, supplier_complaint: Complaint, by: Any, at: datetime, text: str, reason: str = "", version: int | None = None
) -> Complaint:
    """
    Write down what the supplier says; their clock stops.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: it is not with them, or there is no text.
    """
    return _move("note_answer", supplier_complaint, by=by, at=at, reason=reason, version=version, text=text)


def insist(
    *, supplier_complaint: Complaint, by: Any, at: datetime, reason: str, version: int | None = None
) -> Complaint:
    """
    Send it back to the supplier; a new clock begins, and what became of the first stays.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: nothing was answered, or no reason.
    """
    return _move("insist", supplier_complaint, by=by, at=at, reason=reason, version=version)


def settle(
    *, supplier_complaint: Complaint, by: Any, at: datetime, remedy: str, reason: str = "", version: int | None = None
) -> Complaint:
    """
    Accept the answer. :param remedy: one of `Remedy`.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: nothing was answered, or no remedy is named.
    """
    return _move("settle", supplier_complaint, by=by, at=at, reason=reason, version=version, remedy=remedy)


def withdraw(
    *, supplier_complaint: Complaint, by: Any, at: datetime, reason: str, version: int | None = None
) -> Complaint:
    """
    Give it up before it is settled; what was promised about it ends.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: no reason, or too late.
    """
    return _move("withdraw", supplier_complaint, by=by, at=at, reason=reason, version=version)


def _move(name: str, complaint: Complaint, **said: Any) -> Complaint:
    """The one door of states, which locks, asks the right, asks the guards, saves and logs."""
    moved: Complaint = transitions.apply(record=complaint, name=name, **said)
    return moved
