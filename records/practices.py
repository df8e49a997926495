"""How a practice presents itself to the platform: its kind of record, its workflow, its doors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.access import Access

from .processes import STEPS

# USM's five processes, in the order of the navigation.
PROCESSES = {
    "agree": _("Agree"),
    "change": _("Change"),
    "recover": _("Recover"),
    "operate": _("Operate"),
    "improve": _("Improve"),
}


@dataclass(frozen=True)
class Send:
    """
    What may follow a public reply in the same act: a move, with its inputs made from the text of the reply.

    :param label: whole sentence of the button, with `%(to)s` for who gets the reply.
    """

    label: Any
    move: str
    inputs: Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Practice:
    """
    One practice. The platform knows it only through this.

    :param kind: stored in `Record.kind`, and the first word of its operations and logged actions (`incident.resolve`).
    :param process: the USM process it belongs to: agree, change, recover, operate or improve.
    :param states: choices class of the states, with labels.
    :param phases: state -> phase, for every state.
    :param operations: the module with the acts; `create` makes a record.
    :param facts: makes the object that guards ask, from (record, at).
    :param facts_of_many: the same for many records at once, by their keys, where guards ask of each what can be looked
        up together; None asks for each alone.
    :param resumes_on_reply: states in which the requester's public reply starts the work again, with the move's name.
    :param sends: name -> what may follow a public reply.
    :param raised_from: kinds of records from which one of this kind is raised, with the words of the act ("Open a
        problem"). Its address is `/<slug>/new/?from=INC-1042`.
    :param authorized_states: states in which one may be carried out, or has been; empty where nobody authorizes them.
    :param carried_out_states: states in which one has been carried out though it has not ended yet.
    :param gathers: kinds of records that one of this kind is made of: those are linked as released in it.
    :param refuse_link: (record, other, kind of link, whether it is a new one): why this record takes or gives up no
        such link now; None when it does. Asked of both ends, with both locked.
    :param steps: state -> step of its process (`records.processes`) that is done there. A state without one, such as
        one of waiting, belongs to the step before it.
    :param done_at: step of the practice map, by the short name of its procedure -> states of records on which it is
        done.
    :param has_portal_page: requesters follow theirs in the portal; other kinds don't exist for them.
    :param icon: of its place in the navigation, which leads to its records in the queue; empty for a practice whose
        places are named by the shell.
    :param heading: what the practice is called where places are grouped by practice; needed with an icon.
    """

    kind: str
    prefix: str
    slug: str
    process: str
    label: Any
    label_plural: Any
    model: type[Any]
    states: type[Any]
    phases: Mapping[Any, str]
    operations: ModuleType
    facts: Callable[..., Any]
    facts_of_many: Callable[..., Mapping[int, Any]] | None = None
    resumes_on_reply: Mapping[str, str] = field(default_factory=dict)
    sends: Mapping[str, Send] = field(default_factory=dict)
    raised_from: Mapping[str, Any] = field(default_factory=dict)
    authorized_states: frozenset[str] = frozenset()
    carried_out_states: frozenset[str] = frozenset()
    gathers: frozenset[str] = frozenset()
    refuse_link: Callable[[Any, Any, str, bool], Any] | None = None
    steps: Mapping[Any, str] = field(default_factory=dict)
    done_at: Mapping[str, Sequence[str]] = field(default_factory=dict)
    has_portal_page: bool = False
    icon: str = ""
    heading: Any = ""

    def state_label(self, state: str) -> Any:
        return self.states(state).label

    def get_facts(self, records: Sequence[Any], at: datetime) -> Mapping[int, Any]:
        """What guards ask of these records, all of this kind, by their keys."""
        if self.facts_of_many is not None:
            return self.facts_of_many(records, at)
        return {record.pk: self.facts(record, at) for record in records}


_PRACTICES: dict[str, Practice] = {}


def register(practice: Practice) -> None:
    """
    Make a practice known; called from its app's `ready`.

    :raises ValueError: a state has no phase, its process no such step, or the kind or prefix is taken.
    """
    unknown = set(practice.steps.values()) - set(STEPS[practice.process])
    if unknown:
        raise ValueError(f"{practice.kind}: no steps {sorted(unknown)} in {practice.process}")
    if unknown := {state for states in practice.done_at.values() for state in states} - set(practice.states.values):
        raise ValueError(f"{practice.kind}: no states {sorted(unknown)}")
    missing = set(practice.states.values) - set(practice.phases)
    if missing:
        raise ValueError(f"{practice.kind}: no phase for {sorted(missing)}")
    for other in _PRACTICES.values():
        if other.kind != practice.kind and other.prefix == practice.prefix:
            raise ValueError(f"prefix {practice.prefix} is taken by {other.kind}")
    _PRACTICES[practice.kind] = practice


def of(kind: str) -> Practice:
    """:raises KeyError: no installed practice has this kind."""
    return _PRACTICES[kind]


def all_practices() -> list[Practice]:
    """Every installed practice, in the order of installation."""
    return list(_PRACTICES.values())


def inner_kinds() -> list[str]:
    """Kinds of records that don't exist for requesters."""
    return [practice.kind for practice in _PRACTICES.values() if not practice.has_portal_page]


def is_gathered(kind: str) -> bool:
    """Whether records of some kind are made of records of this kind."""
    return any(kind in practice.gathers for practice in _PRACTICES.values())


def raised_from(kind: str, access: Access) -> list[tuple[Any, str]]:
    """What this person can raise from a record of this kind: words of the act, and where it starts."""
    return [
        (practice.raised_from[kind], f"/{practice.slug}/new/")
        for practice in _PRACTICES.values()
        if kind in practice.raised_from and access.allows(f"{practice.kind}.create")
    ]
