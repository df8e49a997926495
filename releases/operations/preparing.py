"""Building and testing, and back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from records import transitions
from records.operations.saying import say

from ..models import Release
from .criteria import reopen_verdicts
from .deciding import end_decision
from .signing import void_signatures


def build(*, release: Release, by: Any, at: datetime, version: int | None = None) -> Release:
    """
    Begin to build what is in it. The planned date becomes the promise that on-time is measured by.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: no version, services, contents or date.
    """
    built: Release = transitions.apply(record=release, name="build", by=by, at=at, version=version)
    return built


def test(*, release: Release, by: Any, at: datetime, version: int | None = None) -> Release:
    """
    Hand the build to the tests. From now on nothing comes in any more.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: no build is recorded, or no criterion is written.
    """
    tested: Release = transitions.apply(record=release, name="test", by=by, at=at, version=version)
    return tested


@transaction.atomic
def rework(*, release: Release, by: Any, at: datetime, reason: str, version: int | None = None) -> Release:
    """
    Send it back to be built anew. Verdicts, signatures and a decision to go were about another build: they end.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: no reason, or it is not being tested or ready.
    """
    back: Release = transitions.apply(record=release, name="rework", by=by, at=at, reason=reason, version=version)
    reopen_verdicts(back)
    count = void_signatures(back)
    if count:
        say(back, "signatures_voided", by=by, at=at, reason=reason, title=str(count))
    return end_decision(back, by=by, at=at, reason=reason)
