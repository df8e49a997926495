"""How much waits in somebody's inbox. Shown on every page, so it is kept in the cache for a minute."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction

from . import queries

KEPT_SECONDS = 60


def _key(user_id: int) -> str:
    return f"inbox-count:{user_id}"


def count_of(user: Any, *, at: datetime) -> int:
    """Records and other subjects with something unread; at most a minute old."""
    known = cache.get(_key(user.pk))
    if known is None:
        known = queries.unread_count(user, at=at)
        cache.set(_key(user.pk), known, KEPT_SECONDS)
    return known


def forget(user_ids: Iterable[int]) -> None:
    """Count again at the next question, after the commit."""
    keys = [_key(user_id) for user_id in user_ids]
    if keys:
        transaction.on_commit(lambda: cache.delete_many(keys))
