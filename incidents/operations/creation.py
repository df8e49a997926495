"""Logging an incident."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused
from people.access import access_of, require
from records import changing
from records.enums import Level, Source
from records.operations.drawing_up import draw_up

from ..enums import State
from ..models import Incident

BACKDATED_AT_MOST = timedelta(days=7)
DETAILS = frozenset({"service", "item", "category", "location", "affected_count", "symptom", "outage_from",
                     "outage_to", "is_security_related"})  # fmt: skip


@transaction.atomic
def create(
    *,
    by: Any,
    at: datetime,
    requester: Any,
    title: str,
    description: str = "",
    impact: int = Level.LOW,
    urgency: int = Level.MEDIUM,
    source: str = Source.OTHER,
    opened_at: datetime | None = None,
    reason: str = "",
    tags: tuple[str, ...] | list[str] = (),
    is_sample: bool = False,
    **details: Any,
) -> Incident:
    """
    Log an incident in the state `new`; its clocks start at `opened_at`.

    :param opened_at: the provable moment of the report; `at` when not given. At most 7 days back, with a reason
        (domain reference A3.7), never later than `at`.
    :param details: more fields, those of `DETAILS`.
    :raises NotAllowed: the person may not log incidents, or not for this requester.
    :raises Refused: a field does not fit.
    """
    require(by, "incident.create")
    if by is not None and requester.pk != by.pk:
        stands_in = Incident(organization_id=requester.organization_id, requester_id=requester.pk)
        if not access_of(by).allows_on("incident.create_for_others", stands_in):
            raise NotAllowed.because("not_allowed", _("You may log incidents for yourself only."), "requester")
    if not requester.is_active:
        raise Refused.because(
            "inactive", _("%(name)s has left. Choose another requester.") % {"name": requester}, "requester"
        )
    opened_at = _provable_moment(opened_at, at=at, reason=reason)
    incident: Incident = draw_up(
        "incident",
        at=at,
        state=State.NEW,
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
        opened_at=opened_at,
        opened_by=by,
    )
    shown = (
        "title",
        "requester_id",
        "organization_id",
        "service_id",
        "impact",
        "urgency",
        "priority",
        "state",
    )
    changing.create(
        incident,
        action="incident.created",
        by=by,
        at=at,
        reason=reason,
        changes={name: (None, getattr(incident, name)) for name in shown},
        data={"source": source, "opened_at": opened_at},
    )
    return incident


def _provable_moment(opened_at: datetime | None, *, at: datetime, reason: str) -> datetime:
    if opened_at is None or opened_at == at:
        return at
    if opened_at > at:
        raise Refused.because(
            "opened_later",
            _("The report can't be later than its record. Choose an earlier moment."),
            "opened_at",
        )
    if at - opened_at > BACKDATED_AT_MOST:
        raise Refused.because(
            "too_far_back",
            _("A report can be dated back 7 days at most. Choose a later moment."),
            "opened_at",
        )
    if not reason.strip():
        raise Refused.because("required", _("Say how the earlier moment of the report is known."), "reason")
    return opened_at
