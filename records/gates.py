"""
What other apps ask for before a record goes on, beside the guards of its own practice.

They are asked for a record with `has_open_steps` only, so that they cost nothing where nothing is open.
"""

from collections.abc import Callable, Sequence

from common.refusals import Refusal

from .workflow import Move, MoveContext

Gate = Callable[[Move, MoveContext], Sequence[Refusal]]
_GATES: list[Gate] = []


def register(gate: Gate) -> None:
    """Have `gate` asked about every move of a record on which something must be ticked; from an app's `ready`."""
    if gate not in _GATES:
        _GATES.append(gate)


def refusals_of(move: Move, context: MoveContext) -> list[Refusal]:
    """Everything that other apps have against the move."""
    if not context.record.has_open_steps:
        return []
    return [refusal for gate in _GATES for refusal in gate(move, context)]
