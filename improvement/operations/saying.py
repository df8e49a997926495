"""What every act on an improvement shares: lock it, ask the right, write down what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require
from records import changing
from records.events import EventKind

from ..enums import State, Step
from ..models import Improvement

OPEN_TO_WORK = frozenset({State.ACCEPTED, State.ACTIVE, State.ON_HOLD})
OPEN_TO_KEEP = OPEN_TO_WORK | {State.REALIZED, State.PARTLY_REALIZED}


def locked_for(improvement: Any, *, by: Any, operation: str, version: int | None = None) -> Improvement:
    """
    The improvement as it is now, held until the transaction ends.

    :raises NotAllowed: :raises Stale:
    """
    locked: Improvement = changing.lock(improvement)
    require(by, operation, locked)
    changing.require_version(locked, version)
    return locked


def worked_on(improvement: Any, *, by: Any, version: int | None = None, step: int | None = None) -> Improvement:
    """
    The improvement, held, for an act of those who work on it.

    :param step: that the act belongs to; the last one may still be worked on when the result is there.
    :raises NotAllowed: :raises Stale: :raises Refused: nobody works on it now.
    """
    locked = locked_for(improvement, by=by, operation="improvement.edit", version=version)
    allowed = OPEN_TO_KEEP if step == Step.MOMENTUM else OPEN_TO_WORK
    if locked.state in allowed:
        return locked
    advice = _("Accept it first.") if locked.state == State.SUGGESTED else _("What was said stays as it is.")
    said = _("%(reference)s is %(state)s.") % {"reference": locked.reference, "state": locked.state_label}
    raise Refused.because("wrong_state", f"{said} {advice}")


def say(
    improvement: Improvement,
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
    changing.save(improvement, changes or (), at)
    write(improvement, act, by=by, at=at, title=title, reason=reason, changes=changes, **data)


def write(
    improvement: Improvement,
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
        improvement,
        kind=EventKind.EDITED,
        action=f"improvement.{act}",
        by=by,
        at=at,
        reason=reason,
        changes=changes,
        data={"title": title, **data} if title else data,
    )
