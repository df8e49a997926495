"""Closing a release after its early life, and giving one up before it goes live."""

from datetime import datetime
from typing import Any

from django.db import transaction

from records import transitions

from ..models import Release
from .deciding import end_decision


@transaction.atomic
def close(
    *,
    release: Release,
    by: Any,
    at: datetime,
    was_handed_over: bool = False,
    review: str = "",
    reason: str = "",
    version: int | None = None,
) -> Release:
    """
    End its early life. A review is demanded unless it is a minor release that caused nothing.

    :param was_handed_over: operations have taken it over.
    :param reason: why it is closed though exit criteria are not met; without one they have to be.
    :raises NotAllowed: :raises Stale: :raises TransitionRefused: what is not met, not handed over or not reviewed.
    """
    closed: Release = transitions.apply(
        record=release,
        name="close",
        by=by,
        at=at,
        reason=reason,
        version=version,
        was_handed_over=was_handed_over,
        review=review,
    )
    return closed


@transaction.atomic
def cancel(*, release: Release, by: Any, at: datetime, reason: str, version: int | None = None) -> Release:
    """
    Give it up before it is deployed; what was in it may go into another one.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: no reason, or too late.
    """
    cancelled: Release = transitions.apply(record=release, name="cancel", by=by, at=at, reason=reason, version=version)
    return end_decision(cancelled, by=by, at=at, reason=reason)
