"""
By which record a draft is decided where a rule asks for that. A practice above offers itself; none is imported here.

The practice raises the record, has it decided by its own approvals, and calls `operations.activate_carried` when it was
carried out or `operations.send_back_carried` when it was not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Raise(Protocol):
    """Make the record that carries this draft."""

    def __call__(self, *, draft: Any, said: list[str], by: Any, at: datetime) -> Any: ...


@dataclass(frozen=True)
class Carrier:
    """:param kind: of the records. :param raise_for: takes the draft and what it changes, in sentences."""

    kind: str
    raise_for: Raise


_CARRIERS: list[Carrier] = []


def register(carrier: Carrier) -> None:
    """Offer records of this kind; from an app's `ready`."""
    if carrier not in _CARRIERS:
        _CARRIERS.append(carrier)


def carrier() -> Carrier | None:
    """The first that offers itself; None where no such practice is installed."""
    return _CARRIERS[0] if _CARRIERS else None
