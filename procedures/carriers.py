"""
By which record a draft is decided where a rule asks for that. A practice above offers itself; none is imported here.

The practice raises the record, has it decided by its own approvals, and calls `operations.activate_carried` when it was
carried out or `operations.send_back_carried` when it was not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Raise(Protocol):
    """Make the record that carries this draft. :raises Refused: it can't be made so any more."""

    def __call__(self, *, draft: Any, raises: str, said: list[str], by: Any, at: datetime) -> Any: ...


NORMAL = "normal"  # a choice that every carrier offers; rules that are shipped ask for it


@dataclass(frozen=True)
class Carrier:
    """
    :param kind: of the records. :param choices: value and label of every sort of record that a rule may ask for.
    :param raise_for: takes the draft, one of these values, and what the draft changes, in sentences.
    """

    kind: str
    choices: Callable[[], Sequence[tuple[str, Any]]]
    raise_for: Raise


_CARRIERS: list[Carrier] = []


def register(carrier: Carrier) -> None:
    """Offer records of this kind; from an app's `ready`."""
    if carrier not in _CARRIERS:
        _CARRIERS.append(carrier)


def choices() -> dict[str, Any]:
    """What rules may have raised: value -> label; nothing where no such practice is installed."""
    return {value: label for each in _CARRIERS[:1] for value, label in each.choices()}


def carrier() -> Carrier | None:
    """The first that offers itself; None where no such practice is installed."""
    return _CARRIERS[0] if _CARRIERS else None
