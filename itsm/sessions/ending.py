"""
The end of a sign-in: `SESSION_COOKIE_AGE` after signing in, or after the person last said that they stay.

The moment stands in the session itself, because pages must name it beforehand: what Django keeps moves with every
save and is not to be had from the cache.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from common.time import now

_KEY = "ends_at"


def begin(session: SessionBase, *, at: datetime) -> None:
    """Let the sign-in last its full time from `at` on. Saves nothing; the request does."""
    session[_KEY] = (at + timedelta(seconds=settings.SESSION_COOKIE_AGE)).timestamp()


def end_of(session: SessionBase) -> datetime | None:
    """Return the moment in UTC, or None for nobody and for sign-ins from before we wrote it down."""
    written = session.get(_KEY)
    return datetime.fromtimestamp(written, UTC) if written is not None else None


def seconds_left(session: SessionBase, *, at: datetime) -> int | None:
    """Return whole seconds until the end, never negative; None where there is no end to name."""
    end = end_of(session)
    return None if end is None else max(0, int((end - at).total_seconds()))


def on_sign_in(sender: Any, request: HttpRequest, **more: Any) -> None:
    """Write the end down with the sign-in. A signal's receiver is a door: it reads the clock."""
    begin(request.session, at=now())
