"""
What notices can be about beside records: whatever its owner declares here, with who may see it.

Deny by default: a kind that nobody declared is shown to nobody. A subject is asked for afresh whenever the inbox is
read, so that what one may no longer see leaves the inbox by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from records.models import Record

RECORD = "record"


@dataclass(frozen=True)
class About:
    """
    What a notice is about.

    :param kind: `record`, or a name declared below, the one that the log uses. :param label: what it is called, where
        somebody is told of it.
    """

    kind: str
    key: int
    label: str = field(default="", compare=False)

    @property
    def fields(self) -> dict[str, Any]:
        """The columns that say so, of a notice and of a mute."""
        if self.kind == RECORD:
            return {"record_id": self.key, "subject_kind": "", "subject_key": None}
        return {"record_id": None, "subject_kind": self.kind, "subject_key": self.key}

    @property
    def path(self) -> str:
        """Below the address of the inbox."""
        return str(self.key) if self.kind == RECORD else f"{self.kind}/{self.key}"


@dataclass(frozen=True)
class SubjectKind:
    """
    One kind of thing that people are told of.

    :param label: what one of them is called. :param visible_to: the rows that a person may see; each row says its title
        (`str`) and leads to its page (`get_absolute_url`).
    """

    name: str
    label: Any
    visible_to: Callable[[Any], QuerySet[Any]]


_KINDS: dict[str, SubjectKind] = {}


def declare(name: str, *, label: Any, visible_to: Callable[[Any], QuerySet[Any]]) -> None:
    """Let notices be about things of this kind. Called when the app of these things is ready."""
    _KINDS[name] = SubjectKind(name, label, visible_to)


def label_of(name: str) -> str:
    """What one thing of this kind is called; nothing for one that is not declared."""
    return str(_KINDS[name].label) if name in _KINDS else ""


def _rows(about: About, user: Any) -> QuerySet[Any]:
    if about.kind == RECORD:
        return Record.objects.visible_to(user).filter(pk=about.key)
    kind = _KINDS.get(about.kind)
    return kind.visible_to(user).filter(pk=about.key) if kind is not None else Record.objects.none()


def find(about: About, user: Any) -> Any:
    """The thing itself, as far as the person may see it; None otherwise."""
    return _rows(about, user).first()


def is_visible(about: About, user: Any) -> bool:
    """Whether the person may see it."""
    return _rows(about, user).exists()


def things(abouts: Iterable[About], user: Any) -> dict[About, Any]:
    """Those that the person may see; one statement for each kind among them."""
    keys: dict[str, set[int]] = {}
    for about in abouts:
        keys.setdefault(about.kind, set()).add(about.key)
    return {
        About(name, thing.pk): thing
        for name, wanted in keys.items()
        if name in _KINDS
        for thing in _KINDS[name].visible_to(user).filter(pk__in=wanted)
    }


def address_of(thing: Any) -> str:
    """Where it is shown now; addresses of some things change with them."""
    return f"/r/{thing.reference}/" if isinstance(thing, Record) else thing.get_absolute_url()


def seen_by(user: Any) -> Q:
    """Rows (notices, mutes) about what the person may see."""
    # Asked row by row, not as a list: a person has some hundred notices, the house has a hundred thousand records.
    seen = Q(Exists(Record.objects.visible_to(user).filter(pk=OuterRef("record_id"))))
    for kind in _KINDS.values():
        seen |= Q(Exists(kind.visible_to(user).filter(pk=OuterRef("subject_key")).order_by()), subject_kind=kind.name)
    return seen
