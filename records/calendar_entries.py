"""
What stands on the change calendar beside changes: each practice that plans work offers its entries here.

A practice declares one kind with a reader. The calendar asks every reader for the period that it shows, so that no
practice imports another.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from people.access import Access


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """
    Something that takes the time [starts_at, ends_at).

    Without a title it is shown as busy: the viewer may not see what it is, and it stands in the way all the same. Such
    an entry has no address, reference, person or state either.

    :ivar kind: as declared. :ivar record_id: its record, if it is one.
    :ivar state: word of the state, for people; `state_name` is the value behind it, `phase` its phase.
    :ivar service_ids: services that it touches; they and the team decide in which lanes it stands.
    """

    kind: str
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    reference: str = ""
    url: str = ""
    record_id: int | None = None
    state: str = ""
    state_name: str = ""
    phase: str = ""
    person: str = ""
    team_id: int | None = None
    service_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_busy(self) -> bool:
        return not self.title


Reader = Callable[[Access, datetime, datetime], Iterable[CalendarEntry]]


@dataclass(frozen=True)
class Kind:
    """:ivar label: one of them, in lower case. :ivar icon: of the sprite."""

    name: str
    label: Any
    icon: str
    read: Reader


_KINDS: dict[str, Kind] = {}


def declare(kind: str, read: Reader, *, label: Any, icon: str) -> None:
    """
    Make a kind of entries known; called from its app's `ready`.

    :param read: what this person may know of the period [start, end), in a fixed number of queries: entries that touch
        the period, in any order. What they may not see, but blocks, comes without a title.
    :raises ValueError: another kind has this name.
    """
    known = _KINDS.get(kind)
    if known is not None and known.read is not read:
        raise ValueError(f"calendar entries {kind} are declared twice")
    _KINDS[kind] = Kind(kind, label, icon, read)


def kinds() -> list[Kind]:
    """Every kind, in the order of installation."""
    return list(_KINDS.values())


def between(access: Access, start: datetime, end: datetime) -> list[CalendarEntry]:
    """Entries of every kind that touch [start, end) for this person, the earliest first."""
    found = [entry for kind in _KINDS.values() for entry in kind.read(access, start, end)]
    return sorted(found, key=lambda each: (each.starts_at, each.ends_at, each.kind, each.reference))
