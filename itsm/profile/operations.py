"""Making and ending one's own API tokens, written down in the log: a token acts in one's name."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from audit import log
from people import tokens
from people.access import require
from people.models import ApiToken, User


@transaction.atomic
def issue_token(
    *, by: User, at: datetime, name: str, scopes: Iterable[str], lifetime: timedelta
) -> tuple[ApiToken, str]:
    """Make a token for oneself; the text is answered once. :raises Refused: as `tokens.issue`."""
    require(by, "people.profile")
    row, text = tokens.issue(user=by, name=name, scopes=scopes, at=at, lifetime=lifetime)
    _say("token.issued", row, by=by, at=at)
    return row, text


@transaction.atomic
def revoke_token(*, by: User, at: datetime, token: ApiToken) -> None:
    """End one's own token now. :raises Refused: it has ended already."""
    require(by, "people.profile")
    tokens.revoke(token=token, at=at)
    _say("token.revoked", token, by=by, at=at)


def _say(action: str, token: ApiToken, *, by: User, at: datetime) -> None:
    log.record(
        action,
        subject_kind="person",
        subject_id=by.pk,
        subject_label=by.name,
        organization_id=by.organization_id,
        by=by,
        at=at,
        data={"token": token.pk, "name": token.name, "scopes": token.scopes, "expires_at": token.expires_at},
    )
