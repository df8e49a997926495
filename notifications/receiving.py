"""Who is told that a target is at risk or missed, where whoever keeps the targets says more than the usual."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.models import Entry
from people.models import User
from records.models import Record


@dataclass(frozen=True)
class Receiver:
    """
    Somebody to tell.

    :param why: why they get it, or what makes the words. :param asleep_until: the notice stays out of sight until
        then; None for at once. It is written down at once either way, so that nothing is lost.
    """

    person: User
    why: Any
    asleep_until: datetime | None = None


Source = Callable[[Entry, Record], list[Receiver] | None]
_SOURCES: list[Source] = []


def ask(source: Source) -> None:
    """Have `source` asked for the receivers of each warning; it answers None where it has nothing to say."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def receivers_of(entry: Entry, record: Record) -> list[Receiver] | None:
    """What the first source with an answer says; None where none has one."""
    return next((found for source in _SOURCES if (found := source(entry, record)) is not None), None)
