"""Saying what it is about and how much it matters."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log import plain
from audit.models import Entry
from common.refusals import Refused
from people.access import require
from records import changing, operations
from records.enums import Priority
from records.operations.editing import clean_tags
from records.priority import matrix, priority_of

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
    values, derived = dict(values), set()
    if "title" in values:
        values["title"] = " ".join(str(values["title"]).split())
    if "tags" in values:
        values["tags"] = clean_tags(values["tags"])
    if "priority" not in values and values.keys() & {"impact", "urgency"}:
        locked = changing.lock(incident)
        if not locked.is_priority_overridden:
            levels = values.get("impact", locked.impact), values.get("urgency", locked.urgency)
            try:
                values["priority"] = priority_of(*levels)
                derived.add("priority")
            except KeyError:
                raise Refused.because("unfit", _("Impact and urgency are 1, 2 or 3."), field="impact") from None
    return operations.edit(
        record=incident,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE | derived,
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


def judge(
    *,
    incident: Incident,
    by: Any,
    at: datetime,
    impact: int,
    urgency: int,
    priority: int | None = None,
    reason: str = "",
    version: int | None = None,
) -> Incident:
    """
    Judge impact and urgency, and with `priority` say that the matrix is not right here; one act, one log entry.

    :param priority: None, or what the matrix says anyway, takes it from the matrix.
    :raises NotAllowed: :raises Stale: :raises Refused: a level or priority that does not exist, or no reason.
    """
    about: dict[str, Any] = {"incident": incident, "by": by, "at": at, "version": version}
    if priority is None or priority == matrix().get((impact, urgency)):
        return set_levels(**about, impact=impact, urgency=urgency)
    with transaction.atomic():
        judged = changing.lock(incident)
        changing.require_version(judged, version)
        if (judged.impact, judged.urgency) != (impact, urgency):
            judged = set_levels(**about, impact=impact, urgency=urgency)
        return override_priority(**about | {"version": None}, priority=priority, reason=reason)


UNDO_WITHIN = timedelta(minutes=5)


@transaction.atomic
def undo_edit(*, incident: Incident, by: Any, at: datetime, entry_id: int) -> Incident:
    """
    Put back what one's own edit changed, as another edit: the history keeps both.

    :raises Refused: not an edit of this person, older than 5 minutes, or somebody changed the same field since.
    """
    locked = changing.lock(incident)
    require(by, "incident.edit", locked)
    entry = Entry.objects.filter(
        pk=entry_id, subject_kind="record", subject_id=locked.pk, action="incident.edited", actor=by
    ).first()
    if entry is None or at - entry.at > UNDO_WITHIN:
        raise Refused.because("too_late", _("This can't be undone any more. Change the field again instead."))
    values = {}
    for column, (old, new) in entry.changes.items():
        field: Any = Incident._meta.get_field(column.removesuffix("_id"))
        if plain(getattr(locked, field.attname)) != new:
            raise Refused.because("changed", _("It was changed again meanwhile, so nothing was undone."))
        values[field.attname] = field.to_python(old) if not field.is_relation else old
    return operations.edit(
        record=locked, by=by, at=at, values=values, allowed=set(values), operation="incident.edit", reason=_("Undone.")
    )
