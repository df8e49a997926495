"""
Mails that are noted as rows and sent afterwards, each in a transaction of its own, until they go out or are given up.

A row has `retry_at` (null: nothing to send), `sent_at`, `attempts` and `error`.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet

TRIES_AT_MOST = 8
BATCH_ROWS = 200
LONGEST_GAP_SECONDS = 3600
LONGEST_ERROR = 2000
LONGEST_SUBJECT = 250
_logger = logging.getLogger(__name__)


def send_due(
    noted: QuerySet[Any],
    *,
    at: datetime,
    is_wanted: Callable[[Any], bool],
    message_of: Callable[[Any], EmailMessage],
    rows: int = BATCH_ROWS,
) -> int:
    """
    Send what is due, at most `rows` mails; rows that another worker holds are skipped. One that fails takes none of the
    others with it, and is tried again later.

    :param noted: the rows, with all that their mails are made from.
    :param is_wanted: asked at the last moment: whether it still holds. :returns: how many went out.
    """
    due = noted.filter(retry_at__lte=at).order_by("retry_at", "pk").values_list("pk", flat=True)
    return sum(_send_one(noted, key, at=at, is_wanted=is_wanted, message_of=message_of) for key in list(due[:rows]))


def _send_one(
    noted: QuerySet[Any],
    key: int,
    *,
    at: datetime,
    is_wanted: Callable[[Any], bool],
    message_of: Callable[[Any], EmailMessage],
) -> bool:
    try:
        with transaction.atomic():
            locked = noted.select_for_update(skip_locked=True, of=("self",))
            row = locked.filter(pk=key, retry_at__isnull=False).first()
            if row is None:
                return False
            wanted = is_wanted(row)
            row.retry_at = None
            row.sent_at = at if wanted else None
            row.attempts += 1
            row.save(update_fields=["retry_at", "sent_at", "attempts"])
            if wanted:
                # Last, so that only the commit can fail after it: then it goes out again under the same Message-ID.
                message_of(row).send()
            return wanted
    except Exception as error:
        _logger.exception("%s %s was not sent", noted.model._meta.label, key)
        _try_later(noted, key, error, at=at)
        return False


def _try_later(noted: QuerySet[Any], key: int, error: Exception, *, at: datetime) -> None:
    """Note the failure, outside the transaction that it undid; after eight tries the row stays as it is, to be seen."""
    with transaction.atomic():
        row = noted.model._default_manager.select_for_update().get(pk=key)
        row.attempts += 1
        row.retry_at = None if row.attempts >= TRIES_AT_MOST else at + _gap(row.attempts)
        row.error = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
        row.save(update_fields=["attempts", "retry_at", "error"])


def _gap(attempts: int) -> timedelta:
    """How long to wait after so many failures: four times as long each time, an hour at most, spread by a fifth."""
    seconds = min(LONGEST_GAP_SECONDS, 5 * 4**attempts)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - jitter


def letter(
    row: Any, kind: str, *, subject: str, body: str, to: str, rich: str = "", leave: str = ""
) -> EmailMultiAlternatives:
    """
    The mail of a noted row, which has the same Message-ID whenever it goes out again.

    :param kind: what mails of this kind are called in their Message-ID.
    :param rich: the same as HTML. :param leave: address of the page on which the reader stops such mails.
    """
    headers = {"Message-ID": f"<{kind}-{row.pk}@{sender_host()}>", "Auto-Submitted": "auto-generated"}
    if leave:
        headers["List-Unsubscribe"] = f"<{leave}>"
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:LONGEST_SUBJECT], body=body, to=[to], headers=headers
    )
    if rich:
        message.attach_alternative(rich, "text/html")
    return message


def sender_host() -> str:
    """The right side of our message ids: the domain we send from."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return domain or urlsplit(settings.BASE_URL).hostname or "localhost"
