"""Whose proposals a person sees."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from people.access import access_of

Rows = TypeVar("Rows", bound="QuerySet[Model]")


def within_reach(rows: Rows, user: object) -> Rows:
    """Of rows with `organization_ids` those whose organizations are all covered by the person's roles."""
    if not access_of(user).rows("cluster.view", own=Q(pk__in=[]), organization="organization_ids").children:
        return rows
    allowed = _organizations_in_reach(user)
    return rows.filter(organization_ids__contained_by=sorted(allowed)) if allowed else rows.none()


def _organizations_in_reach(user: object) -> set[int]:
    """Organizations that the person's roles for proposals cover, when these are not all."""
    from people.matrix import rule  # the registry is complete only once every app is ready

    access = access_of(user)
    found: set[int] = set()
    for role in rule("cluster.view").roles:
        found |= access.reach.get(role) or set()
    return found
