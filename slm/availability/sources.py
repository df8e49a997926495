"""
Which kinds of records tell of outages, and what they know about them.

A practice declares its kind here, so that service level management needs to know no practice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Told:
    """What a record tells of the outage behind it; None where it says nothing."""

    started_at: datetime | None = None
    ended_at: datetime | None = None
    users_affected: int | None = None


Teller = Callable[[Any], Told]
_SOURCES: dict[str, Teller] = {}


def declare(kind: str, tell: Teller) -> None:
    """
    Let records of a kind be the source of outages; called from the `ready` of the practice.

    :param tell: gets the record as its own kind, and says what it knows.
    """
    _SOURCES[kind] = tell


def kinds() -> frozenset[str]:
    return frozenset(_SOURCES)


def told_by(record: Any) -> Told:
    """
    What to fill in from a record: down from when it says so, else from when it was opened; up when it was resolved.

    :raises KeyError: records of this kind are no source of outages.
    """
    told = _SOURCES[record.kind](record.specific)
    return Told(
        started_at=told.started_at or record.opened_at,
        ended_at=told.ended_at or record.resolved_at,
        users_affected=told.users_affected,
    )
