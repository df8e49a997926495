"""What acts on one kind of record share: lock it, ask the right, write down what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from people.access import require

from .. import changing
from ..events import EventKind


def locked_for(record: Any, *, by: Any, operation: str, version: int | None = None) -> Any:
    """
    The record as it is now, held until the transaction ends.

    :raises NotAllowed: :raises Stale:
    """
    locked = changing.lock(record)
    require(by, operation, locked)
    changing.require_version(locked, version)
    return locked


def say(
    record: Any,
    act: str,
    *,
    by: Any,
    at: datetime,
    title: str = "",
    reason: str = "",
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    **data: Any,
) -> None:
    """Save a new version and log the act as `kind.act`. :param title: what it was done to, as the timeline has it."""
    changing.save(record, changes or (), at)
    write(record, act, by=by, at=at, title=title, reason=reason, changes=changes, **data)


def write(
    record: Any,
    act: str,
    *,
    by: Any,
    at: datetime,
    title: str = "",
    reason: str = "",
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    **data: Any,
) -> None:
    """Log the act without a new version: for what stands in nobody's way, such as votes."""
    changing.write_down(
        record,
        kind=EventKind.EDITED,
        action=f"{record.kind}.{act}",
        by=by,
        at=at,
        reason=reason,
        changes=changes,
        data={"title": title, **data} if title else data,
    )
