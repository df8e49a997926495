"""Logging a problem, alone or from the incidents that show it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require
from records import changing
from records import operations as record_operations
from records.enums import Level, LinkKind, Source
from records.homes import home_of
from records.models import Link
from records.operations.drawing_up import draw_up

from ..enums import Origin, State
from ..models import Problem

DETAILS = frozenset({"service", "item", "category", "location", "team", "impact_statement", "cause_code"})
FROM_AT_MOST = 1000


@transaction.atomic
def create(
    *,
    by: Any,
    at: datetime,
    title: str,
    description: str = "",
    requester: Any = None,
    origin: str = Origin.INCIDENT,
    impact: int = Level.LOW,
    urgency: int = Level.MEDIUM,
    source: str = Source.OTHER,
    incidents: Iterable[Any] = (),
    tags: tuple[str, ...] | list[str] = (),
    is_sample: bool = False,
    **details: Any,
) -> Problem:
    """
    Log a problem in the state `logged`.

    It belongs to the organization of whoever raises it: a problem of the provider stays among the provider's people,
    even when the incidents are those of a customer. Who works for single customers only raises it for them.

    :param requester: who raised it; the person acting when not given.
    :param incidents: what it causes; each gets the link “caused by”.
    :param details: more fields, those of `DETAILS`.
    :raises NotAllowed: the person may not log problems, or may not link one of the incidents.
    :raises Refused: a field does not fit, or there are more than 1,000 incidents.
    """
    requester = requester or by
    incidents = sorted(incidents, key=lambda each: each.pk)
    home = requester.organization_id
    if by is not None and by.pk == requester.pk:
        home = home_of(by, ["problem.create", "record.link"], about=[each.organization_id for each in incidents])
    require(by, "problem.create", Problem(organization_id=home, requester_id=requester.pk))
    if len(incidents) > FROM_AT_MOST:
        raise Refused.because(
            "too_many",
            _("A problem is opened from at most %(limit)s incidents. Link the others afterwards.")
            % {"limit": FROM_AT_MOST},
            "incidents",
        )
    problem: Problem = draw_up(
        "problem",
        at=at,
        state=State.LOGGED,
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
        organization_id=home,
        origin=origin,
    )
    shown = ("title", "requester_id", "organization_id", "service_id", "origin", "priority", "state")
    changing.create(
        problem,
        action="problem.created",
        by=by,
        at=at,
        changes={name: (None, getattr(problem, name)) for name in shown},
        data={"origin": origin, "incidents": [each.pk for each in incidents]},
    )
    if incidents:
        record_operations.link_many(records=incidents, to=problem, kind=LinkKind.CAUSED_BY, by=by, at=at)
    return Problem.objects.get(pk=problem.pk) if incidents else problem


def link_if_needed(*, record: Any, to: Any, kind: str, by: Any, at: datetime) -> None:
    """Link two records unless they are linked this way already."""
    if not Link.objects.filter(from_record=record.pk, to_record=to.pk, kind=kind).exists():
        record_operations.link(record=record, to=to, kind=kind, by=by, at=at)
