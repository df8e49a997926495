"""What observers inside the transaction get to see of the steps of approvals: clocks follow them at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.models import Entry

from .models import Step


@dataclass(frozen=True)
class StepEvent:
    """
    A step that has just asked its people, or has just ended. Its approval knows what it is about, which is held.

    :param by: who did it; None where a deadline did. :param entry: log entry of the act that opened it.
    """

    step: Step
    by: Any
    at: datetime
    entry: Entry | None = None


Observer = Callable[[StepEvent], None]
_OBSERVERS: list[Observer] = []


def observe(observer: Observer) -> None:
    """Have `observer` called in the transaction in which a step opens or ends."""
    if observer not in _OBSERVERS:
        _OBSERVERS.append(observer)


def tell(event: StepEvent) -> None:
    """Call the observers in the order in which they signed up."""
    for observer in _OBSERVERS:
        observer(event)
