"""
What approvals are about beside records: whatever its owner declares here, as ADR 16 says.

Of a subject the engine asks what `Subject` names; records have all of it by themselves. Deny by default: a decision
about a kind that nobody declared is listed for nobody, and waits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from records import changing
from records.models import Record


class Subject(Protocol):
    """
    What is decided. `reference` may be empty; `str` of it is what people call it.

    :ivar kind: the name under which it was declared; of a record, its kind.
    """

    pk: Any
    kind: str
    reference: str
    title: str
    organization_id: int | None
    requester_id: int | None
    is_done: bool
    is_sample: bool

    def get_absolute_url(self) -> str: ...


class Hold(Protocol):
    """Read the subject afresh and hold it; None where another act holds it and `skip_locked` asks not to wait."""

    def __call__(self, key: int, *, skip_locked: bool = False) -> Any: ...


@dataclass(frozen=True)
class Kind:
    """
    A kind of subject.

    :param visible_to: takes a person; the rows that they may see, with what `Subject` needs.
    :param rows: every row, likewise; the engine asks where somebody has a say whatever they may see.
    :param logged_as: takes a subject; in whose history its decisions are told: kind, key and label of the log.
    """

    name: str
    visible_to: Callable[[Any], QuerySet[Any]]
    rows: Callable[[], QuerySet[Any]]
    hold: Hold
    logged_as: Callable[[Any], tuple[str, int, str]]


_KINDS: dict[str, Kind] = {}


def declare(kind: Kind) -> None:
    """Let approvals be about these; from an app's `ready`."""
    _KINDS[kind.name] = kind


def is_declared(name: str) -> bool:
    """Whether it is a kind of its own, and not one of records."""
    return name in _KINDS


def columns(subject: Any) -> dict[str, Any]:
    """The columns of an approval that name what it is about; also for finding the approvals of a subject."""
    if isinstance(subject, Record):
        return {"record_id": subject.pk, "subject_kind": "", "subject_key": None}
    return {"record_id": None, "subject_kind": subject.kind, "subject_key": subject.pk}


def log_columns(subject: Any) -> dict[str, Any]:
    """Where an act on its approvals is written down."""
    if isinstance(subject, Record):
        kind, key, label = "record", subject.pk, str(subject)
    else:
        kind, key, label = _KINDS[subject.kind].logged_as(subject)
    return {"subject_kind": kind, "subject_id": key, "subject_label": label}


def lock(subject: Any) -> Any:
    """Read a record or another subject afresh and hold it until the transaction ends."""
    if isinstance(subject, Record):
        return changing.lock(subject)
    return _KINDS[subject.kind].hold(subject.pk)


def take(approval: Any) -> Any:
    """The subject of an approval, held; None where somebody else holds it, or nobody knows its kind any more."""
    if approval.record_id is not None:
        record = Record.objects.select_for_update(skip_locked=True).filter(pk=approval.record_id).first()
        return record and record.specific
    kind = _KINDS.get(approval.subject_kind)
    return kind and kind.hold(approval.subject_key, skip_locked=True)


def find(kind: str, key: int | None) -> Any:
    """One subject that is no record; None where it is gone."""
    found = _KINDS.get(kind)
    return found and found.rows().filter(pk=key).first()


def attach(approvals: Iterable[Any]) -> list[Any]:
    """The approvals, each with its subject, those left out whose subject is gone. A statement for each kind of them."""
    rows, wanted = list(approvals), dict[str, set[int]]()
    for each in rows:
        if each.record_id is None:
            wanted.setdefault(each.subject_kind, set()).add(each.subject_key)
    found = {
        (name, row.pk): row
        for name, keys in wanted.items()
        if name in _KINDS
        for row in _KINDS[name].rows().filter(pk__in=keys)
    }
    for each in rows:
        if each.record_id is None:
            each.subject = found.get((each.subject_kind, each.subject_key))
    return [each for each in rows if each.subject is not None]


def may_see(subject: Any, user: Any) -> bool:
    """Whether the person may open it."""
    if isinstance(subject, Record):
        return Record.objects.visible_to(user).filter(pk=subject.pk).exists()
    return _KINDS[subject.kind].visible_to(user).filter(pk=subject.pk).exists()


def declared() -> Q:
    """Approvals about records, and about kinds that are declared."""
    return Q(record__isnull=False) | Q(subject_kind__in=list(_KINDS))


def seen_by(user: Any) -> Q:
    """Approvals about what is no record and what the person may see."""
    seen = Q(pk__in=[])
    for kind in _KINDS.values():
        rows = kind.visible_to(user).filter(pk=OuterRef("subject_key")).order_by()
        seen |= Q(Exists(rows), subject_kind=kind.name)
    return seen
