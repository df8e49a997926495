"""Starting improvements, putting them on hold, and saying what came of them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from records import changing, transitions

from ..enums import State, Step
from ..models import Improvement
from .walking import open_loop


def activate(*, improvement: Improvement, by: Any, at: datetime, version: int | None = None) -> Improvement:
    """Start the work. :raises TransitionRefused: nobody owns it, it serves no goal, or it is not scored."""
    return _moved(improvement, "activate", by=by, at=at, version=version)


def hold(
    *, improvement: Improvement, by: Any, at: datetime, reason: str, until: datetime | None = None,
    version: int | None = None,
) -> Improvement:  # fmt: skip
    """
    Put it on hold until a moment, at which Steward takes it up again.

    :raises TransitionRefused: no reason, no moment, or one that is over.
    """
    return _moved(improvement, "hold", by=by, at=at, version=version, reason=reason, until=until)


def resume(*, improvement: Improvement, by: Any, at: datetime, version: int | None = None) -> Improvement:
    """Take it up again, by hand or because its moment has come. :raises TransitionRefused: it is not on hold."""
    return _moved(improvement, "resume", by=by, at=at, version=version)


def realize(*, improvement: Improvement, by: Any, at: datetime, version: int | None = None) -> Improvement:
    """Say that it is realized. :raises TransitionRefused: work is open, or the verdict is not “reached”."""
    return _moved(improvement, "realize", by=by, at=at, version=version)


def realize_partly(*, improvement: Improvement, by: Any, at: datetime, version: int | None = None) -> Improvement:
    """Say that it is partly realized. :raises TransitionRefused: work is open, or nothing shows that it got better."""
    return _moved(improvement, "realize_partly", by=by, at=at, version=version)


def end_unrealized(
    *, improvement: Improvement, by: Any, at: datetime, reason: str, version: int | None = None
) -> Improvement:
    """Say that it is not realized, and why it ends. :raises TransitionRefused: no verdict, no statement, no reason."""
    return _moved(improvement, "end_unrealized", by=by, at=at, version=version, reason=reason)


@transaction.atomic
def reopen(*, improvement: Improvement, by: Any, at: datetime, reason: str, version: int | None = None) -> Improvement:
    """
    Begin a new loop at the third step, because the target was missed or the result did not hold.

    What was answered and measured in earlier loops stays there.

    :raises TransitionRefused: no reason, or the result holds.
    """
    moved = _moved(improvement, "reopen", by=by, at=at, version=version, reason=reason)
    open_loop(moved, to=Step.TARGET, by=by, at=at, reason=reason)
    return Improvement.objects.get(pk=moved.pk)


@transaction.atomic
def wake(*, at: datetime) -> int:
    """Take up again what was on hold until a moment that has come. :returns: how many."""
    due = Improvement.objects.filter(state=State.ON_HOLD, wake_at__lte=at).order_by("pk")
    count = 0
    for each in changing.take(due[:200]):
        resume(improvement=each, by=None, at=at)
        count += 1
    return count


def _moved(improvement: Improvement, name: str, **said: Any) -> Improvement:
    moved: Improvement = transitions.apply(record=improvement, name=name, **said)
    return moved
