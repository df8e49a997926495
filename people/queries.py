"""Which people, teams and organizations a person may see and name."""

from typing import Any

from django.db.models import Q, QuerySet

from .access import access_of
from .models import Organization, Team, User, UserQuerySet


def people_visible_to(user: Any) -> UserQuerySet:
    """Oneself, and those of the organizations that one's roles cover."""
    own = Q(pk=user.pk)
    condition = access_of(user).rows("people.view", own=own)
    # No condition means everybody; "or oneself" would turn it into oneself alone.
    return User.objects.filter(condition | own) if condition else User.objects.all()


def organizations_visible_to(user: Any) -> QuerySet[Organization]:
    """One's own, and those that one's roles cover."""
    own = Q(pk=user.organization_id)
    condition = access_of(user).rows("people.view", own=own, organization="pk")
    return Organization.objects.filter(condition | own) if condition else Organization.objects.all()


def teams_visible_to(user: Any) -> QuerySet[Team]:
    """Every team for those who see the people of every organization; for others the teams that they are in."""
    access = access_of(user)
    sees_everybody = not access.rows("people.view", own=Q(pk=user.pk))
    return Team.objects.all() if sees_everybody else Team.objects.filter(pk__in=access.team_ids)
