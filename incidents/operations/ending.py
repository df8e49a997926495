"""Resolving, reopening, closing and cancelling."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from records import changing, transitions
from records import operations as record_operations
from records.enums import LinkKind
from records.models import Link

from .. import queries
from ..enums import State
from ..models import Incident


@transaction.atomic
def resolve(
    *,
    incident: Incident,
    by: Any,
    at: datetime,
    code: str,
    text: str,
    service: Any = None,
    version: int | None = None,
) -> Incident:
    """
    Say that it works again: the resolution clock stops, open children and duplicates follow.

    Followers that are still new go through `assign` to their parent's team, so that no state is jumped.

    :param code: one of `ResolutionCode`. :param text: what was done, shown to the requester.
    :raises TransitionRefused: wrong state, no code, text or service, or open mandatory tasks (a child's included).
    """
    resolved = transitions.apply(
        record=incident, name="resolve", by=by, at=at, version=version, code=code, text=text, service=service
    )
    for key in queries.followers_of(resolved):
        follower = Incident.objects.get(pk=key)
        if follower.state == State.NEW:
            follower = transitions.apply(
                record=follower,
                name="assign",
                by=None,
                at=at,
                team=resolved.team,
                data={"followed": resolved.pk},
                reason=_("Follows %(reference)s.") % {"reference": resolved.reference},
                assignee=None if resolved.team else resolved.assignee or by,
            )
        transitions.apply(
            record=follower,
            name="resolve",
            by=by,
            at=at,
            reason=_("Follows %(reference)s.") % {"reference": resolved.reference},
            data={"followed": resolved.pk},
            code=code,
            text=text,
            service=resolved.service if follower.service_id is None else None,
        )
    return resolved


def reopen(*, incident: Incident, by: Any, at: datetime, reason: str, version: int | None = None) -> Incident:
    """
    Take a resolved incident up again inside the window; its clocks go on as the agreement says.

    Children that were resolved with it stay resolved.

    :raises TransitionRefused: not resolved, no reason, or the window has passed.
    """
    return transitions.apply(record=incident, name="reopen", by=by, at=at, reason=reason, version=version)


def close(
    *,
    incident: Incident,
    by: Any,
    at: datetime,
    confirmed_by_requester: bool = False,
    version: int | None = None,
) -> Incident:
    """
    Close for good and freeze the results.

    :param confirmed_by_requester: an agent notes that the requester said so; the requester closing it says so anyway.
    :raises TransitionRefused: not resolved, or neither confirmed nor past the window.
    """
    return transitions.apply(
        record=incident,
        name="close",
        by=by,
        at=at,
        version=version,
        confirmed_by_requester=confirmed_by_requester,
    )


@transaction.atomic
def cancel(
    *,
    incident: Incident,
    by: Any,
    at: datetime,
    reason: str,
    original: Any = None,
    is_duplicate: bool = False,
    version: int | None = None,
) -> Incident:
    """
    Drop an incident that should not have been logged. Its clocks are cancelled, the trace stays.

    :param original: the incident that it duplicates; it gets linked.
    :raises TransitionRefused: work has begun, no reason, a duplicate of nothing, or a breached one without the right.
    """
    cancelled = transitions.apply(
        record=incident,
        name="cancel",
        by=by,
        at=at,
        reason=reason,
        version=version,
        is_duplicate=is_duplicate or original is not None,
        original=original,
    )
    if (
        original is not None
        and not Link.objects.filter(
            from_record=cancelled.pk, to_record=original.pk, kind=LinkKind.DUPLICATE_OF
        ).exists()
    ):
        record_operations.link(record=cancelled, to=original, kind=LinkKind.DUPLICATE_OF, by=by, at=at)
    return Incident.objects.get(pk=cancelled.pk)


def close_when_due(*, at: datetime, rows: int = 500) -> int:
    """
    Close incidents whose reopening window has passed, a bounded number, dated at the end of the window.

    Returns how many were closed. Several workers may do this at once.
    """
    closed = 0
    with transaction.atomic():
        due = Incident.objects.resolved_before(at - queries.REOPENING_WINDOW).order_by("resolved_at", "id")
        for incident in changing.take(due)[:rows]:
            transitions.apply(
                record=incident,
                name="close",
                by=None,
                at=incident.resolved_at + queries.REOPENING_WINDOW,
                reason=_("Nobody objected within the window."),
                data={"rule": "auto_close"},
            )
            closed += 1
    return closed
