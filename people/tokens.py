"""API tokens: made once, shown once, kept as a hash."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused

from . import matrix
from .models import ApiToken, User

PREFIX = "stw_"
LONGEST_LIFE = timedelta(days=366)


def digest_of(token: str) -> bytes:
    """SHA-256 of the whole token."""
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def issue(
    *, user: User, name: str, scopes: Iterable[str], at: datetime, lifetime: timedelta = timedelta(days=90)
) -> tuple[ApiToken, str]:
    """
    Make a token for a person and return it with its row; it can't be shown again.

    :raises Refused: unknown scope, no scope, or a lifetime that is not within 1 minute and 366 days.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in matrix.SCOPES]
    if unknown or not wanted:
        raise Refused.because(
            "unknown_scope",
            _("There is no scope “%(scope)s”. Choose among %(known)s.")
            % {"scope": ", ".join(unknown), "known": ", ".join(sorted(matrix.SCOPES))},
            field="scopes",
        )
    if not timedelta(minutes=1) <= lifetime <= LONGEST_LIFE:
        raise Refused.because("lifetime", _("A token lives between one minute and 366 days."), field="lifetime")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, name=name, digest=digest_of(token), scopes=wanted, expires_at=at + lifetime
    )
    return row, token


@transaction.atomic
def revoke(*, token: ApiToken, at: datetime) -> None:
    """End a token now. :raises Refused: it has ended already."""
    if token.revoked_at is not None:
        raise Refused.because("revoked", _("This token was revoked before."))
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
