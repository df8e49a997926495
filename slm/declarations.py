"""
What each practice says about its clocks: in which states one runs, may pause, stops, or is cancelled.

A practice declares in its `clocks.py`, imported from its app's `ready`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from records import practices


class Mode(StrEnum):
    """What a state of a record means for a clock."""

    RUN = "run"
    PAUSE = "pause"
    STOP = "stop"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Declaration:
    """
    One clock of one kind of record.

    :param pauses_in: states in which it pauses if the agreement allows the reason of the state, and runs otherwise.
    :param stops_at_first_reply: the first public reply of a person of the provider's side stops it.
    :param reasons: choices of the reasons it may pause for, with their labels.
    :param goes_on_when_reopened: by the agreement's policy; otherwise what was stopped stays stopped.
    """

    kind: str
    clock: str
    runs_in: frozenset[str]
    pauses_in: frozenset[str]
    stops_in: frozenset[str]
    cancels_in: frozenset[str]
    stops_at_first_reply: bool = False
    goes_on_when_reopened: bool = False
    reasons: type | None = None

    def mode(self, state: str, reason: str, pause_reasons: Iterable[str]) -> Mode:
        """What a clock with these pause reasons does while a record is in the state for the reason."""
        if state in self.stops_in:
            return Mode.STOP
        if state in self.cancels_in:
            return Mode.CANCEL
        if state in self.pauses_in and reason in pause_reasons:
            return Mode.PAUSE
        return Mode.RUN

    def is_indifferent(self, before: str, after: str) -> bool:
        """Whether a move between the two states can't change what the clock does, whatever the agreement says."""
        return before in self.runs_in and after in self.runs_in


_DECLARATIONS: dict[tuple[str, str], Declaration] = {}


def declare(
    kind: str,
    clock: str,
    *,
    runs_in: Iterable[str],
    pauses_in: Iterable[str] = (),
    stops_in: Iterable[str],
    cancels_in: Iterable[str] = (),
    stops_at_first_reply: bool = False,
    goes_on_when_reopened: bool = False,
    reasons: type | None = None,
) -> None:
    """
    Declare one clock of a kind of record. The practice itself must be registered before.

    :raises ValueError: a state of the practice is missing or named twice, or the clock is declared already.
    """
    running, pausing, stopping, cancelling = groups = [
        frozenset(map(str, each)) for each in (runs_in, pauses_in, stops_in, cancels_in)
    ]
    named = sorted(state for group in groups for state in group)
    if named != sorted(practices.of(kind).states.values):  # type: ignore[attr-defined]
        raise ValueError(f"the {clock} clock of {kind} must name every state once")
    wanted = Declaration(
        kind,
        str(clock),
        running,
        pausing,
        stopping,
        cancelling,
        stops_at_first_reply=stops_at_first_reply,
        goes_on_when_reopened=goes_on_when_reopened,
        reasons=reasons,
    )
    if _DECLARATIONS.setdefault((kind, str(clock)), wanted) != wanted:
        raise ValueError(f"the {clock} clock of {kind} is declared already")


def of(kind: str) -> list[Declaration]:
    """The clocks of a kind of record, in the order of declaration; none where nobody declared any."""
    return [each for (of_kind, _clock), each in _DECLARATIONS.items() if of_kind == kind]


def reason_choices(kind: str) -> list[tuple[str, Any]]:
    """Reasons for which some clock of the kind of record may pause, with their labels."""
    return list(dict(pair for each in of(kind) if each.reasons for pair in each.reasons.choices).items())  # type: ignore[attr-defined]


def reason_label(kind: str, reason: str) -> str:
    """What people read for a pause reason; the code itself where nobody declared it."""
    return str(dict(reason_choices(kind)).get(reason, reason))


def declared() -> list[tuple[str, str]]:
    """(kind of record, clock) of everything that was declared."""
    return list(_DECLARATIONS)
