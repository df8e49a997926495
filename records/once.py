"""Forms that act once: a one-use token with the effect of an Idempotency-Key (OWASP ASVS 5.0 V2.3)."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused

from .models import IdempotencyKey

PREFIX = "form:"


def new_token() -> str:
    """What the form carries."""
    return secrets.token_urlsafe(16)


@transaction.atomic
def act_once(*, user: Any, token: str, at: datetime, act: Callable[[], str]) -> tuple[str, bool]:
    """
    Do `act` for the first use of the token and remember the address it answers; later uses get that address again.

    The insert decides who is first: a second press waits for the first one's commit. When the act is refused the
    token stays unused.

    :returns: the address, and whether it was done just now.
    :raises Refused: no token.
    """
    if not token or len(token) > 100:
        raise Refused.because("no_token", _("The form was incomplete. Reload the page and send it once more."))
    key = IdempotencyKey(
        user=user,
        key=PREFIX + token,
        fingerprint=hashlib.sha256(token.encode()).digest(),
        created_at=at,
    )
    IdempotencyKey.objects.bulk_create([key], ignore_conflicts=True)
    mine = IdempotencyKey.objects.select_for_update().get(user=user, key=PREFIX + token)
    if mine.answer is not None:
        return mine.answer["url"], False
    address = act()
    mine.status, mine.answer = 303, {"url": address}
    mine.save(update_fields=["status", "answer"])
    return address, True


def forget_used(*, before: datetime, rows: int = 10_000) -> int:
    """Remove keys, of forms and of the API, that were used before the moment; a bounded number at a time."""
    old = IdempotencyKey.objects.filter(created_at__lt=before).values("pk")[:rows]
    return IdempotencyKey.objects.filter(pk__in=old).delete()[0]
