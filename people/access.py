"""
What one person may do, worked out from the matrix and the roles granted to them.

One query a person and request at the most; the answer is kept on the user object, which lives for one request.
"""

from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from common.refusals import NotAllowed

from . import matrix
from .enums import Relation, Role
from .models import User

EVERYWHERE = None
# One statement for both, and ready-made, since every request begins with it. A row without a role is a membership.
GRANTS = """
    SELECT role, organization_id FROM people_rolegrant WHERE user_id = %s
    UNION ALL SELECT '', team_id FROM people_membership WHERE user_id = %s
"""


@dataclass
class Access:
    """The roles and teams of one person at one moment. A reach of None means every organization."""

    user: User
    reach: dict[Role, set[int] | None] = field(default_factory=dict)
    team_ids: frozenset[int] = frozenset()
    token_scopes: frozenset[str] | None = None

    @property
    def is_staff_side(self) -> bool:
        """Whether the person works for the provider: sees work notes, queues and dashboards."""
        return bool(self.reach.keys() - {Role.REQUESTER, Role.ORGANIZATION_MANAGER})

    def allows(self, operation: str) -> bool:
        """Whether the person may do this to anything at all."""
        rule = matrix.rule(operation)
        if self.token_scopes is not None and rule.scope not in self.token_scopes:
            return False
        return any(
            role in self.reach and (relation != Relation.GLOBAL or self.reach[role] is EVERYWHERE)
            for role, relation in rule.roles.items()
        )

    def allows_on(self, operation: str, obj: Any) -> bool:
        """
        Whether the person may do this to this object, which has `organization_id` and perhaps `requester_id`.

        Following a record lets a requester read it; that is decided in querysets, not here.
        """
        if not self.allows(operation):
            return False
        for role, relation in matrix.rule(operation).roles.items():
            if role not in self.reach:
                continue
            reach = self.reach[role]
            if relation == Relation.OWN and getattr(obj, "requester_id", None) == self.user.pk:
                return True
            if relation == Relation.SCOPE and (reach is EVERYWHERE or obj.organization_id in reach):
                return True
            if relation == Relation.GLOBAL and reach is EVERYWHERE:
                return True
        return False

    def rows(self, operation: str, *, own: Q, organization: str = "organization") -> Q:
        """
        The condition for rows that the person may do this to, for use in `visible_to` querysets.

        :param own: condition for rows that count as the person's own.
        :param organization: path from the row to its organization.
        """
        nothing = Q(pk__in=[])
        if not self.allows(operation):
            return nothing
        wanted, is_any = nothing, False
        organizations: set[int] = set()
        for role, relation in matrix.rule(operation).roles.items():
            if role not in self.reach:
                continue
            reach = self.reach[role]
            if relation == Relation.OWN:
                wanted |= own
            elif reach is EVERYWHERE:
                is_any = True
            elif relation == Relation.SCOPE:
                organizations |= reach
        if is_any:
            return Q()
        if organizations:
            wanted |= Q(**{f"{organization}__in": sorted(organizations)})
        return wanted


def access_of(user: Any) -> Access:
    """Work out, once for each user object, what the person may do. Nobody signed in: nothing."""
    known = getattr(user, "_access", None)
    if known is not None:
        return known
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Access(user=user)
    reach: dict[Role, set[int] | None] = {Role.REQUESTER: {user.organization_id}}
    teams = set()
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, [user.pk, user.pk])
        rows = cursor.fetchall()
    for name, key in rows:
        if not name:
            teams.add(key)
        elif key is None:
            reach[Role(name)] = EVERYWHERE
        elif (held := reach.setdefault(Role(name), set())) is not EVERYWHERE:
            held.add(key)
    access = Access(user=user, reach=reach, team_ids=frozenset(teams))
    user._access = access
    return access


def forget(user: User) -> None:
    """Work the person's access out again at the next question: their roles or teams have changed."""
    user.__dict__.pop("_access", None)


def can(user: Any, operation: str, obj: Any = None) -> bool:
    """Whether the person may do the operation, to the object if one is given."""
    access = access_of(user)
    return access.allows(operation) if obj is None else access.allows_on(operation, obj)


def require(user: Any, operation: str, obj: Any = None) -> None:
    """:raises NotAllowed: the person may not do this; the sentence says who can grant it."""
    if not can(user, operation, obj):
        raise NotAllowed.because(
            "not_allowed",
            _("You may not do this: %(act)s. An administrator can give you a role that allows it.")
            % {"act": matrix.rule(operation).label},
        )


def lend(user: User, *scopes: str) -> User:
    """
    The same person with a token that carries more scopes, for one act that includes acts of other scopes.

    Roles stay as they are; a door that lends says in its own scope's description what that includes.
    """
    lent = copy(user)
    held = access_of(user)
    widened = None if held.token_scopes is None else held.token_scopes | set(scopes)
    lent._access = replace(held, user=lent, token_scopes=widened)  # type: ignore[attr-defined]
    return lent
