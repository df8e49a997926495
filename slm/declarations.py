"""
What each practice says about its clocks: in which states one runs, may pause, stops, or is cancelled.

A practice declares in its `clocks.py`, imported from its app's `ready`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from records import due_names, practices

from .enums import AgreementType, ClockKind


class Mode(StrEnum):
    """What a state of a record means for a clock."""

    RUN = "run"
    PAUSE = "pause"
    STOP = "stop"
    CANCEL = "cancel"
    WAIT = "wait"


class Begin(StrEnum):
    """
    What starts a clock.

    RECORD: the record itself, or its first step out of the states in which the clock waits. REPLY: each public reply
    of the provider's side; the one before it ends there, each judged on its own. TEAM: the assignment to a team with an
    agreement; it ends when the record leaves the team. SUPPLIER: the hand-over to a supplier; it ends at the return.
    APPROVAL: each step of an approval that asks its people; it ends with the decision of the step. TASK: each task of
    the checklist; it ends when that is done or skipped.
    """

    RECORD = "record"
    REPLY = "reply"
    TEAM = "team"
    SUPPLIER = "supplier"
    APPROVAL = "approval"
    TASK = "task"


# With whom the agreement is that a clock goes by. Those with teams and suppliers stand beneath that with the customer.
PARTIES = {Begin.TEAM: AgreementType.TEAM, Begin.SUPPLIER: AgreementType.SUPPLIER}
# Clocks of the parts of a record, of which several may run at once.
OF_PARTS = frozenset({Begin.APPROVAL, Begin.TASK})


@dataclass(frozen=True)
class Declaration:
    """
    One clock of one kind of record.

    :param clock: its name, the same for clocks of several kinds that mean the same. :param label: what people read.
    :param pauses_in: states in which it pauses if the agreement allows the reason of the state, and runs otherwise.
    :param waits_in: states in which it has not begun. A record that goes back to one takes the clock along; the next
        step out of it begins a new one.
    :param stops_at_first_reply: the first public reply of a person of the provider's side stops it.
    :param reasons: choices of the reasons it may pause for, with their labels.
    :param goes_on_when_reopened: by the agreement's policy; otherwise what was stopped stays stopped.
    :param promised_as: the clock whose targets in the agreement it goes by, where that has another name.
    :param handed_over_in: state and reason in which a supplier has the record.
    :param begins_again: a record that comes back from where it stops gets a new one; the first result stays. Of a
        team's: where there is none that could go on.
    """

    kind: str
    clock: str
    label: Any
    runs_in: frozenset[str]
    pauses_in: frozenset[str]
    stops_in: frozenset[str]
    cancels_in: frozenset[str]
    waits_in: frozenset[str] = frozenset()
    begins: Begin = Begin.RECORD
    stops_at_first_reply: bool = False
    goes_on_when_reopened: bool = False
    begins_again: bool = False
    reasons: type | None = None
    promised_as: str = ""
    handed_over_in: tuple[str, str] = ("", "")

    @property
    def repeats(self) -> bool:
        """Whether a record has many of them, one after the other, each judged on its own."""
        return self.begins != Begin.RECORD

    @property
    def party(self) -> str:
        """With whom the agreement is that it goes by."""
        return PARTIES.get(self.begins, AgreementType.CUSTOMER)

    @property
    def is_beneath(self) -> bool:
        """Whether it is a promise among those who provide, beneath the one to the customer."""
        return self.begins in PARTIES

    @property
    def is_of_parts(self) -> bool:
        """Whether each part of a record, a step of an approval or a task, has one of its own."""
        return self.begins in OF_PARTS

    @property
    def target_name(self) -> str:
        """The name of its targets in an agreement."""
        return self.promised_as or self.clock

    def mode(self, state: str, reason: str, pause_reasons: Iterable[str]) -> Mode:
        """What a clock with these pause reasons does while a record is in the state for the reason."""
        if state in self.stops_in:
            return Mode.STOP
        if state in self.cancels_in:
            return Mode.CANCEL
        if state in self.waits_in:
            return Mode.WAIT
        if state in self.pauses_in and reason in pause_reasons:
            return Mode.PAUSE
        return Mode.RUN

    def begins_with(self, before: str, after: str) -> bool:
        """Whether a record that moves between the two states begins a clock of this kind, if none runs."""
        if self.begins != Begin.RECORD or after not in self.runs_in | self.pauses_in:
            return False
        return before in self.waits_in or (self.begins_again and before in self.stops_in)

    def is_indifferent(self, before: str, after: str) -> bool:
        """Whether a move between the two states can't change what the clock does, whatever the agreement says."""
        return before in self.runs_in and after in self.runs_in


_DECLARATIONS: dict[tuple[str, str], Declaration] = {}


def declare(
    kind: str,
    clock: str,
    *,
    label: Any = "",
    runs_in: Iterable[str],
    pauses_in: Iterable[str] = (),
    stops_in: Iterable[str],
    cancels_in: Iterable[str] = (),
    waits_in: Iterable[str] = (),
    begins: Begin = Begin.RECORD,
    stops_at_first_reply: bool = False,
    goes_on_when_reopened: bool = False,
    begins_again: bool = False,
    reasons: type | None = None,
    promised_as: str = "",
    handed_over_in: tuple[str, str] = ("", ""),
) -> None:
    """
    Declare one clock of a kind of record. The practice itself must be registered before.

    :param label: what people read; may be left out for the clocks of `ClockKind`.
    :raises ValueError: a state of the practice is missing or named twice, or the clock is declared already.
    """
    running, pausing, stopping, cancelling, waiting = groups = [
        frozenset(map(str, each)) for each in (runs_in, pauses_in, stops_in, cancels_in, waits_in)
    ]
    named = sorted(state for group in groups for state in group)
    if named != sorted(practices.of(kind).states.values):  # type: ignore[attr-defined]
        raise ValueError(f"the {clock} clock of {kind} must name every state once")
    wanted = Declaration(
        kind,
        str(clock),
        label or ClockKind(clock).label,
        running,
        pausing,
        stopping,
        cancelling,
        waits_in=waiting,
        begins=begins,
        stops_at_first_reply=stops_at_first_reply,
        goes_on_when_reopened=goes_on_when_reopened,
        begins_again=begins_again,
        reasons=reasons,
        promised_as=str(promised_as),
        handed_over_in=(str(handed_over_in[0]), str(handed_over_in[1])),
    )
    if _DECLARATIONS.setdefault((kind, str(clock)), wanted) != wanted:
        raise ValueError(f"the {clock} clock of {kind} is declared already")
    due_names.name(str(clock), wanted.label)


def of(kind: str) -> list[Declaration]:
    """The clocks of a kind of record, in the order of declaration; none where nobody declared any."""
    return [each for (of_kind, _clock), each in _DECLARATIONS.items() if of_kind == kind]


def find(kind: str, clock: str) -> Declaration | None:
    """One clock of a kind of record."""
    return _DECLARATIONS.get((kind, str(clock)))


def repeating() -> frozenset[str]:
    """Names of the clocks that a record has many of: a miss is counted with them, and does not mark the record."""
    return frozenset(each.clock for each in _DECLARATIONS.values() if each.repeats)


def beneath() -> frozenset[str]:
    """
    Names of the clocks among those who provide, of teams, suppliers, approvals and tasks: no due moment of a record,
    nothing for customers.
    """
    return frozenset(each.clock for each in _DECLARATIONS.values() if each.is_beneath or each.is_of_parts)


def promised(kind: str) -> list[Declaration]:
    """The clocks of a kind of record that have targets of their own in agreements."""
    return [each for each in of(kind) if not each.promised_as]


def goes_by(kind: str, party: str) -> frozenset[str]:
    """Names of the targets that some clock of the kind of record goes by, in agreements with such a party."""
    return frozenset(each.target_name for each in of(kind) if each.party == party)


def label_of(clock: str) -> str:
    """What people read for a clock, whatever kind of record it belongs to."""
    return due_names.label(clock)


def clock_choices() -> list[tuple[str, Any]]:
    """Every clock that some kind of record has, with its label: what may stand in a target."""
    return list({each.clock: (each.clock, each.label) for each in _DECLARATIONS.values()}.values())


def kind_choices() -> list[tuple[str, Any]]:
    """Every kind of record that has clocks, with its label: what an agreement may be about."""
    return [(kind, practices.of(kind).label) for kind in dict.fromkeys(kind for kind, _clock in _DECLARATIONS)]


def reason_choices(kind: str) -> list[tuple[str, Any]]:
    """Reasons for which some clock of the kind of record may pause, with their labels."""
    return list(dict(pair for each in of(kind) if each.reasons for pair in each.reasons.choices).items())  # type: ignore[attr-defined]


def reason_label(kind: str, reason: str) -> str:
    """What people read for a pause reason; the code itself where nobody declared it."""
    return str(dict(reason_choices(kind)).get(reason, reason))


def declared() -> list[tuple[str, str]]:
    """(kind of record, clock) of everything that was declared."""
    return list(_DECLARATIONS)
