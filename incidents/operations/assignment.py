"""Who works on it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from records import transitions

from ..models import Incident


def assign(
    *,
    incident: Incident,
    by: Any,
    at: datetime,
    team: Any = None,
    assignee: Any = None,
    confirm_absent: bool = False,
    reason: str = "",
    version: int | None = None,
) -> Incident:
    """
    Give the incident to a team, a person, or a person of a team. Without a team it stays with the one it has.

    Giving it to another team counts as a bounce. Leaving the person out takes the present one off.

    :param confirm_absent: assign although the person is away.
    :raises TransitionRefused: wrong state, team closed down, person not in the team, away, or neither given.
    """
    return transitions.apply(
        record=incident,
        name="assign",
        by=by,
        at=at,
        reason=reason,
        version=version,
        team=team or incident.team,
        assignee=assignee,
        confirm_absent=confirm_absent,
    )


def start(*, incident: Incident, by: Any, at: datetime, version: int | None = None) -> Incident:
    """Begin work; whoever starts an incident without an assignee becomes it. The response clock runs on."""
    return transitions.apply(record=incident, name="start", by=by, at=at, version=version)


@transaction.atomic
def take(*, incident: Incident, by: Any, at: datetime, version: int | None = None) -> Incident:
    """
    Assign the incident to oneself and begin work, in one act of two moves.

    The team stays when one is a member of it; otherwise it becomes the first of one's own teams.
    """
    team = incident.team
    if team is None or not team.memberships.filter(user=by).exists():
        team = by.teams.filter(is_active=True).order_by("name").first() or team
    taken = assign(incident=incident, by=by, at=at, team=team, assignee=by, confirm_absent=True, version=version)
    return start(incident=taken, by=by, at=at)
