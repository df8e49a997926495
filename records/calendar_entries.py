"""
What stands on the change calendar beside changes, and in its feeds: practices that plan work offer their entries here.

A practice declares one kind with a reader, and a second reader for feeds if it wants to stand in them. The calendar
asks every reader for the period that it shows, so that no practice imports another.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from people.access import Access
from people.models import User


# Not frozen: a month holds a thousand of them, and setting the fields of a frozen one takes three times as long.
@dataclass(kw_only=True)
class CalendarEntry:
    """
    Something that takes the time [starts_at, ends_at). Nobody alters it once it is read.

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


class Certainty(StrEnum):
    """How sure it is that it happens, in the words of iCalendar."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class FeedSubject:
    """Whose planned work a feed shows, one of the three, and in whose name it is read."""

    user: User
    person_id: int | None = None
    team_id: int | None = None
    service_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """
    Something that takes the time [starts_at, ends_at) in the calendar program of somebody who may see it.

    :ivar key: the same for as long as it is the same thing: release-1042-go-live.
    :ivar version: grows whenever it changes. :ivar summary: reference and title. :ivar state: in words.
    :ivar is_background: it takes nobody's time.
    """

    key: str
    version: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    state: str
    url: str
    certainty: Certainty = Certainty.CONFIRMED
    is_background: bool = False


Reader = Callable[[Access, datetime, datetime], Iterable[CalendarEntry]]
FeedReader = Callable[[FeedSubject, datetime, datetime], Iterable[FeedEntry]]


@dataclass(frozen=True)
class Kind:
    """:ivar label: one of them, in lower case. :ivar icon: of the sprite."""

    name: str
    label: Any
    icon: str
    read: Reader
    feed: FeedReader | None = None


_KINDS: dict[str, Kind] = {}


def declare(kind: str, read: Reader, *, label: Any, icon: str, feed: FeedReader | None = None) -> None:
    """
    Make a kind of entries known; called from its app's `ready`.

    :param read: what this person may know of the period [start, end), in a fixed number of queries: entries that touch
        the period, in any order. What they may not see, but blocks, comes without a title.
    :param feed: likewise, what stands in a feed, also what was cancelled, so that calendar programs learn of that.
    :raises ValueError: another kind has this name.
    """
    known = _KINDS.get(kind)
    if known is not None and known.read is not read:
        raise ValueError(f"calendar entries {kind} are declared twice")
    _KINDS[kind] = Kind(kind, label, icon, read, feed)


def kinds() -> list[Kind]:
    """Every kind, in the order of installation."""
    return list(_KINDS.values())


def between(access: Access, start: datetime, end: datetime) -> list[CalendarEntry]:
    """Entries of every kind that touch [start, end) for this person, the earliest first."""
    found = [entry for kind in _KINDS.values() for entry in kind.read(access, start, end)]
    return sorted(found, key=lambda each: (each.starts_at, each.ends_at, each.kind, each.reference))


def fed(subject: FeedSubject, start: datetime, end: datetime) -> list[FeedEntry]:
    """What stands in a feed beside changes and touches [start, end), the earliest first."""
    found = [entry for kind in _KINDS.values() if kind.feed for entry in kind.feed(subject, start, end)]
    return sorted(found, key=lambda each: (each.starts_at, each.key))
