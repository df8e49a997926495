"""Acts of administrators on accounts and on parked work, each with its entry in the log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from audit import log, outbox
from audit.models import Dispatch
from people import operations as people_operations
from people import tokens
from people.access import require
from people.models import ApiToken, Organization, RoleGrant, User


def _tell(action: str, person: User, *, by: User, at: datetime, **data: Any) -> None:
    log.record(
        action,
        subject_kind="person",
        subject_id=person.pk,
        subject_label=person.name,
        organization_id=person.organization_id,
        by=by,
        at=at,
        data=data,
    )


@transaction.atomic
def grant_role(*, by: User, at: datetime, user: User, role: str, organization: Organization | None = None) -> RoleGrant:
    """Give a role, as `people.operations.grant_role`, and write it down."""
    grant = people_operations.grant_role(by=by, user=user, role=role, organization=organization)
    _tell("role.granted", user, by=by, at=at, role=role, organization=organization)
    return grant


@transaction.atomic
def withdraw_role(*, by: User, at: datetime, grant: RoleGrant) -> None:
    """Take a role back, as `people.operations.withdraw_role`, and write it down."""
    user, role, organization = grant.user, grant.role, grant.organization
    people_operations.withdraw_role(by=by, grant=grant)
    _tell("role.withdrawn", user, by=by, at=at, role=role, organization=organization)


@transaction.atomic
def revoke_token(*, by: User, at: datetime, token: ApiToken) -> None:
    """End somebody's token now. :raises NotAllowed: :raises Refused: it has ended already."""
    require(by, "setup.edit")
    tokens.revoke(token=token, at=at)
    _tell("token.revoked", token.user, by=by, at=at, token=token.pk, name=token.name, scopes=token.scopes)


@transaction.atomic
def set_password(*, by: User, at: datetime, user: User) -> None:
    """Write down that somebody else chose a new password for the person; the password itself is nowhere."""
    _tell("person.password_set", user, by=by, at=at)


@transaction.atomic
def replay(*, by: User, at: datetime, dispatches: Iterable[Dispatch]) -> int:
    """Let workers try parked work again from the first attempt on. Returns how much was parked and now waits."""
    require(by, "setup.edit")
    count = 0
    for dispatch in dispatches:
        if not outbox.replay(dispatch, at=at):
            continue
        count += 1
        log.record(
            "dispatch.replayed",
            subject_kind="dispatch",
            subject_id=dispatch.pk,
            subject_label=dispatch.subscriber,
            by=by,
            at=at,
            data={"entry": dispatch.entry_id, "error": dispatch.error},
        )
    return count
