"""Saying how much a record matters, and taking one's own change of fields back."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log import plain
from audit.models import Entry
from common.refusals import Refused
from people.access import require

from .. import changing
from ..enums import Priority
from ..priority import matrix, priority_of
from .editing import edit

UNDO_WITHIN = timedelta(minutes=5)


def set_levels(*, record: Any, by: Any, at: datetime, impact: int, urgency: int, version: int | None = None) -> Any:
    """
    Judge impact and urgency; the priority comes from the matrix again, an override ends.

    :raises NotAllowed: :raises Stale: :raises Refused: a level that does not exist.
    """
    try:
        priority = priority_of(impact, urgency)
    except KeyError:
        raise Refused.because("unfit", _("Impact and urgency are 1, 2 or 3."), field="impact") from None
    return edit(
        record=record,
        by=by,
        at=at,
        values={"impact": impact, "urgency": urgency, "priority": priority, "priority_reason": ""},
        allowed=["impact", "urgency", "priority", "priority_reason"],
        operation=f"{record.kind}.edit",
        version=version,
    )


def override_priority(
    *, record: Any, by: Any, at: datetime, priority: int, reason: str, version: int | None = None
) -> Any:
    """
    Set a priority that the matrix does not give, saying why. It stays until impact and urgency are judged again.

    :raises NotAllowed: :raises Stale: :raises Refused: no reason, or no such priority.
    """
    if not reason.strip():
        raise Refused.because("required", _("Say why the matrix is not right here."), field="reason")
    if priority not in Priority.values:
        raise Refused.because("unfit", _("Priorities go from 1 to 5."), field="priority")
    return edit(
        record=record,
        by=by,
        at=at,
        values={"priority": priority, "priority_reason": reason.strip()},
        allowed=["priority", "priority_reason"],
        operation=f"{record.kind}.edit",
        reason=reason,
        version=version,
    )


def judge(
    *,
    record: Any,
    by: Any,
    at: datetime,
    impact: int,
    urgency: int,
    priority: int | None = None,
    reason: str = "",
    version: int | None = None,
) -> Any:
    """
    Judge impact and urgency, and with `priority` say that the matrix is not right here; all of it or nothing.

    :param priority: None, or what the matrix says anyway, takes it from the matrix.
    :raises NotAllowed: :raises Stale: :raises Refused: a level or priority that does not exist, or no reason.
    """
    about: dict[str, Any] = {"by": by, "at": at}
    if priority is None or priority == matrix().get((impact, urgency)):
        return set_levels(record=record, impact=impact, urgency=urgency, version=version, **about)
    with transaction.atomic():
        judged = changing.lock(record)
        changing.require_version(judged, version)
        if (judged.impact, judged.urgency) != (impact, urgency):
            judged = set_levels(record=record, impact=impact, urgency=urgency, version=version, **about)
        return override_priority(record=judged, priority=priority, reason=reason, **about)


@transaction.atomic
def undo_edit(*, record: Any, by: Any, at: datetime, entry_id: int) -> Any:
    """
    Put back what one's own edit changed, as another edit: the history keeps both.

    :raises Refused: not an edit of this person, older than 5 minutes, or somebody changed the same field since.
    """
    locked = changing.lock(record)
    require(by, f"{locked.kind}.edit", locked)
    entry = Entry.objects.filter(
        pk=entry_id, subject_kind="record", subject_id=locked.pk, action=f"{locked.kind}.edited", actor=by
    ).first()
    if entry is None or at - entry.at > UNDO_WITHIN:
        raise Refused.because("too_late", _("This can't be undone any more. Change the field again instead."))
    values = {}
    for column, (old, new) in entry.changes.items():
        field: Any = locked._meta.get_field(column.removesuffix("_id"))
        if plain(getattr(locked, field.attname)) != new:
            raise Refused.because("changed", _("It was changed again meanwhile, so nothing was undone."))
        values[field.attname] = field.to_python(old) if not field.is_relation else old
    return edit(
        record=locked,
        by=by,
        at=at,
        values=values,
        allowed=set(values),
        operation=f"{locked.kind}.edit",
        reason=_("Undone."),
    )
