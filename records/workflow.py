"""Declare states and moves on one screen. A move sets fields; it does not save, send, query or read the clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django_fsm import transition

from common.refusals import Refusal


@dataclass(frozen=True)
class MoveContext:
    """All a guard may look at: the record as locked, who, when, why, what was entered, and facts looked up before."""

    record: Any
    by: Any
    at: datetime
    reason: str
    inputs: dict[str, Any]
    facts: Any


Guard = Callable[[MoveContext], Refusal | None]


@dataclass(frozen=True)
class Input:
    """
    Something a move asks for. `kind` tells doors how to ask (text, choice, moment, team, …).

    :param said: what the record says of it so far. A guard asks for it where that is nothing: a form begins with it and
        does not call it optional.
    """

    name: str
    label: Any
    kind: str = "text"
    required: bool = False
    choices: type[Any] | None = None
    help: Any = ""
    said: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Move:
    """
    What the platform knows of a move beside its code.

    :param noun: last part of its address in pages and API: `/incidents/INC-1042/resolution/`.
    :param targets: where it leads; several where the record decides.
    """

    name: str
    label: Any
    sentence: Any
    operation: str
    guards: tuple[Guard, ...]
    inputs: tuple[Input, ...]
    action: str
    sources: tuple[str, ...]
    targets: tuple[str, ...] = ()
    needs_reason: bool = False
    noun: str = ""


def move(
    *,
    source: str | Sequence[str],
    target: Any,
    label: Any,
    sentence: Any,
    operation: str,
    action: str,
    noun: str,
    guards: Sequence[Guard] = (),
    inputs: Sequence[Input] = (),
    needs_reason: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    Declare a method as a move of the state machine.

    :param label: what the button says ("Resolve").
    :param sentence: what the timeline says ("resolved this").
    :param operation: name in the permission matrix.
    :param action: name in the log (`incident.resolved`).
    :param noun: what the act is called in addresses (`resolution`).
    """
    sources = (source,) if isinstance(source, str) else tuple(source)

    def declare(method: Callable[..., Any]) -> Callable[..., Any]:
        described = Move(
            name=method.__name__,
            label=label,
            sentence=sentence,
            operation=operation,
            guards=tuple(guards),
            inputs=tuple(inputs),
            action=action,
            sources=sources,
            targets=tuple(map(str, getattr(target, "allowed_states", None) or (target,))),
            needs_reason=needs_reason,
            noun=noun,
        )
        return transition(field="state", source=list(sources), target=target, custom={"move": described})(method)

    return declare


def moves_of(model: type) -> dict[str, Move]:
    """Every move of a kind of record, by name, in the order of declaration."""
    found: dict[str, Move] = {}
    for owner in reversed(model.__mro__):
        for name, attribute in vars(owner).items():
            machine = getattr(attribute, "_django_fsm", None)
            if machine is None:
                continue
            first = next(iter(machine.transitions.values()))
            found[name] = first.custom["move"]
    return found
