"""Saying what it is about and how much it matters."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from records import changing, operations
from records.enums import Priority
from records.operations.editing import clean_tags
from records.priority import priority_of

from ..models import Incident

EDITABLE = frozenset({
    "title", "description", "requester", "service", "item", "category", "location", "source", "tags",
    "affected_count", "symptom", "outage_from", "outage_to", "is_security_related", "cause_code",
    "supplier_reference", "impact", "urgency",
})  # fmt: skip


@transaction.atomic
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
    Change fields that no move owns. With impact or urgency the priority follows the matrix, unless it was overridden.

    :param values: field -> value, names of `EDITABLE`.
    :raises NotAllowed: :raises Stale: :raises Refused: a field that can't be changed this way, or a value that
        does not fit.
    """
    values = dict(values)
    if "title" in values:
        values["title"] = " ".join(str(values["title"]).split())
    if "tags" in values:
        values["tags"] = clean_tags(values["tags"])
    if values.keys() & {"impact", "urgency"}:
        locked = changing.lock(incident)
        if not locked.is_priority_overridden:
            levels = values.get("impact", locked.impact), values.get("urgency", locked.urgency)
            try:
                values["priority"] = priority_of(*levels)
            except KeyError:
                raise Refused.because("unfit", _("Impact and urgency are 1, 2 or 3."), field="impact") from None
    return operations.edit(
        record=incident,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE | ({"priority"} if "priority" in values else set()),
        operation="incident.edit",
        reason=reason,
        version=version,
    )


def set_levels(
    *, incident: Incident, by: Any, at: datetime, impact: int, urgency: int, version: int | None = None
) -> Incident:
    """Judge impact and urgency; the priority comes from the matrix again, an override ends."""
    try:
        priority = priority_of(impact, urgency)
    except KeyError:
        raise Refused.because("unfit", _("Impact and urgency are 1, 2 or 3."), field="impact") from None
    return operations.edit(
        record=incident,
        by=by,
        at=at,
        values={"impact": impact, "urgency": urgency, "priority": priority, "priority_reason": ""},
        allowed=["impact", "urgency", "priority", "priority_reason"],
        operation="incident.edit",
        version=version,
    )


def override_priority(
    *, incident: Incident, by: Any, at: datetime, priority: int, reason: str, version: int | None = None
) -> Incident:
    """
    Set a priority that the matrix does not give, saying why. It stays until impact and urgency are judged again.

    :raises Refused: no reason, or no such priority.
    """
    if not reason.strip():
        raise Refused.because("required", _("Say why the matrix is not right here."), field="reason")
    if priority not in Priority.values:
        raise Refused.because("unfit", _("Priorities go from 1 to 5."), field="priority")
    return operations.edit(
        record=incident,
        by=by,
        at=at,
        values={"priority": priority, "priority_reason": reason.strip()},
        allowed=["priority", "priority_reason"],
        operation="incident.edit",
        reason=reason,
        version=version,
    )
