"""
What approvals are for. A practice registers a purpose from its app's `ready`; the engine knows the practice only
through it, as `docs/guide/approvals.md` describes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class Reaction(Protocol):
    """
    What a practice does when an approval has ended, in the same transaction.

    `by` is the person whose vote or act ended it, None when a deadline did. Raising `Refused` takes the vote back and
    shows its sentence to the voter: raise only when the decision itself can't stand.
    """

    def __call__(self, *, subject: Any, approval: Any, by: Any, at: datetime) -> None: ...


def nothing(*, subject: Any, approval: Any, by: Any, at: datetime) -> None:
    """Leave it at that."""


def always(subject: Any) -> bool:
    """An approval binds what it is about for as long as that is not done."""
    return True


@dataclass(frozen=True)
class Fact:
    """One line that the approver reads. `url` leads to more; `risk` (low, moderate, high, very_high) marks a risk."""

    label: Any
    value: Any
    url: str = ""
    risk: str = ""


@dataclass(frozen=True)
class Condition:
    """
    A value of what is decided that a policy may ask for.

    :param kind: `choice` (compared as text) or `number`.
    :param choices: gives (value, label) pairs for the screen of policies; None for free values.
    """

    name: str
    label: Any
    kind: str = "choice"
    choices: Callable[[], Sequence[tuple[Any, Any]]] | None = None


@dataclass(frozen=True)
class Purpose:
    """
    One kind of decision about one kind of record, or about another subject that `subjects` knows.

    :param name: for example `change.authorize`.
    :param label: what is decided, as the end of "You are asked to …": "authorize the change".
    :param fingerprint: text that differs whenever what is decided differs; votes count only while it stays.
    :param excluded: people who may not decide, by key, with the reason: `{requester_id: _("the requester")}`.
    :param values: what the conditions of policies compare: name -> value. Keep it cheap.
    :param shown: what the approver reads about it, in the language in force.
    :param template: more for the page of the decision, included with `subject` and `approval`; optional.
    :param is_binding: whether an approval that was given must still fit its subject; after that it can't lapse.
    :param ends_with_subject: whether nobody decides any more once the subject is done. False for what is decided about
        done records: whether a missed target is excused.
    """

    name: str
    kind: str
    label: Any
    fingerprint: Callable[[Any], str]
    excluded: Callable[[Any], Mapping[int, Any]]
    values: Callable[[Any], Mapping[str, Any]] = field(default=lambda subject: {})
    shown: Callable[[Any], Sequence[Fact]] = field(default=lambda subject: ())
    conditions: Sequence[Condition] = ()
    template: str = ""
    is_binding: Callable[[Any], bool] = always
    ends_with_subject: bool = True
    on_approved: Reaction = nothing
    on_rejected: Reaction = nothing
    on_lapsed: Reaction = nothing


_PURPOSES: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """:raises ValueError: the name is taken by another purpose."""
    if _PURPOSES.setdefault(purpose.name, purpose) is not purpose:
        raise ValueError(f"the purpose {purpose.name} is registered already")


def forget(name: str) -> None:
    """Take a purpose back; for tests, which register their own."""
    _PURPOSES.pop(name, None)


def of(name: str) -> Purpose:
    """:raises KeyError: no installed practice decides this."""
    return _PURPOSES[name]


def find(name: str) -> Purpose | None:
    """The purpose, or None where its practice is not installed any more."""
    return _PURPOSES.get(name)


def of_kind(kind: str) -> list[Purpose]:
    """Purposes about one kind of record or other subject; none costs nothing."""
    return [each for each in _PURPOSES.values() if each.kind == kind]


def all_purposes() -> list[Purpose]:
    return list(_PURPOSES.values())
