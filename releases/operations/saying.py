"""What every act on a release shares: lock it, ask the right, write down what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from people.access import require
from records import changing
from records.events import EventKind

from ..models import Release


def locked_for(release: Any, *, by: Any, operation: str, version: int | None = None) -> Release:
    """
    The release as it is now, held until the transaction ends.

    :raises NotAllowed: :raises Stale:
    """
    locked: Release = changing.lock(release)
    require(by, operation, locked)
    changing.require_version(locked, version)
    return locked


def say(
    release: Release,
    act: str,
    *,
    by: Any,
    at: datetime,
    title: str = "",
    reason: str = "",
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    **data: Any,
) -> None:
    """Save a new version and log the act. :param title: what it was done to, as the timeline names it."""
    changing.save(release, changes or (), at)
    changing.write_down(
        release,
        kind=EventKind.EDITED,
        action=f"release.{act}",
        by=by,
        at=at,
        reason=reason,
        changes=changes,
        data={"title": title, **data} if title else data,
    )
