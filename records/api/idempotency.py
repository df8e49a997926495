"""
A creating request with an Idempotency-Key acts once, however often it arrives.

The key is taken by an insert before the act, in a transaction of its own, so that a second request at the same time
hears "still running" instead of waiting. The answer is stored in the act's own transaction: either both stand or
neither. A refused request frees its key, so that a mended one may use it again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _
from rest_framework.response import Response

from common.problems import MALFORMED, REFUSED, UNFIT, Problem

from ..models import IdempotencyKey

KEPT_FOR = timedelta(hours=24)
# Longer than any request may take: a key without an answer after this belongs to one that died before its commit.
ABANDONED_AFTER = timedelta(minutes=2)
LONGEST_KEY = 200
KEPT_HEADERS = ("ETag", "Location")


def once(request: Any, *, at: datetime, act: Callable[[], Response]) -> Response:
    """
    Do the act, or answer as it was answered when this key came first.

    :param act: makes the row and the answer; it runs in a transaction when there is a key.
    :raises Problem: 422 when the key came with another request, 409 while the first still runs.
    """
    key = _key_of(request)
    if key is None:
        return act()
    fingerprint = _fingerprint(request)
    answered = _take(request.user, key, fingerprint, at)
    if answered is not None:
        return answered
    try:
        with transaction.atomic():
            response = act()
            kept = IdempotencyKey.objects.filter(user=request.user, key=key, created_at=at, status=None).update(
                status=response.status_code,
                answer=json.loads(json.dumps(response.data, default=_plain)),
                headers={name: response[name] for name in KEPT_HEADERS if name in response},
            )
            if not kept:
                raise _still_running()
    except BaseException:
        IdempotencyKey.objects.filter(user=request.user, key=key, created_at=at, status=None).delete()
        raise
    return response


def _take(user: Any, key: str, fingerprint: bytes, at: datetime) -> Response | None:
    """None when the key is ours now; the stored answer when it was answered before."""
    if _insert(user, key, fingerprint, at):
        return None
    standing = IdempotencyKey.objects.filter(user=user, key=key).first()
    if standing is None:
        raise _still_running()
    is_over = standing.created_at < at - (KEPT_FOR if standing.status else ABANDONED_AFTER)
    if is_over:
        renewed = IdempotencyKey.objects.filter(pk=standing.pk, created_at=standing.created_at).update(
            fingerprint=fingerprint, status=None, answer=None, headers={}, created_at=at
        )
        if renewed:
            return None
        raise _still_running()
    if bytes(standing.fingerprint) != fingerprint:
        raise Problem(
            UNFIT,
            _("This Idempotency-Key came with another request before. Take a new key for a new request."),
            errors=[{"code": "key_reused", "message": _("The key belongs to another request.")}],
        )
    if standing.status is None:
        raise _still_running()
    return Response(standing.answer, status=standing.status, headers={**standing.headers, "Idempotency-Replayed": "1"})


def _insert(user: Any, key: str, fingerprint: bytes, at: datetime) -> bool:
    """Whether the key is ours. The unique constraint decides, and only RETURNING tells without a second look."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_idempotencykey (user_id, key, fingerprint, headers, created_at)"
            " VALUES (%s, %s, %s, '{}', %s) ON CONFLICT (user_id, key) DO NOTHING RETURNING id",
            [user.pk, key, fingerprint, at],
        )
        return cursor.fetchone() is not None


def _still_running() -> Problem:
    return Problem(
        REFUSED,
        _("The first request with this Idempotency-Key is still running. Ask again in a moment."),
        errors=[{"code": "key_running", "message": _("Still running.")}],
        headers={"Retry-After": "1"},
    )


def _key_of(request: Any) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not key or len(key) > LONGEST_KEY or not all("!" <= character <= "~" for character in key):
        raise Problem(
            MALFORMED,
            _("An Idempotency-Key has 1 to %(limit)s printable ASCII characters and no blanks.")
            % {"limit": LONGEST_KEY},
        )
    return key


def _fingerprint(request: Any) -> bytes:
    """SHA-256 over method, address and what the body says; how it was written (blanks, boundaries) does not matter."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    digest.update(json.dumps(_content(request.data), sort_keys=True, default=_plain).encode())
    return digest.digest()


def _content(data: Any) -> Any:
    if hasattr(data, "lists"):
        return {name: [_content(value) for value in values] for name, values in data.lists()}
    if isinstance(data, UploadedFile):
        content = hashlib.sha256()
        for chunk in data.chunks():
            content.update(chunk)
        return [data.name, data.content_type, content.hexdigest()]
    return dict(data) if isinstance(data, Mapping) else data


def _plain(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
