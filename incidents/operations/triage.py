"""Saying what it is about and how much it matters."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from records import operations

from ..models import Incident

EDITABLE = frozenset({
    "title", "description", "requester", "service", "item", "category", "location", "source", "tags",
    "affected_count", "symptom", "outage_from", "outage_to", "is_security_related", "cause_code",
    "supplier_reference", "impact", "urgency",
})  # fmt: skip


def edit(
    *,
    incident: Incident,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    reason: str = "",
    version: int | None = None,
) -> Incident:
    """
    Change fields that no move owns, those of `EDITABLE`.

    :raises NotAllowed: :raises Stale: :raises Refused: as `records.operations.edit`.
    """
    return operations.edit(
        record=incident,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE,
        operation="incident.edit",
        reason=reason,
        version=version,
    )
