"""
The changes and releases that fix a problem, as the spine tells of them: kind, state, phase, and the outcome as reason
of the state.

A change says its outcome as the reason of its state (`Record.state_reason`) when it is finished.
"""

from typing import Any

from records.enums import LinkKind, Phase
from records.models import Record

IMPLEMENTED = frozenset({"successful", "with_issues"})
LOST = frozenset({"backed_out", "failed"})
NEVER_DONE = frozenset({"rejected", "cancelled", "rolled_back"})


def changes_of(problem_id: int) -> list[Record]:
    """Records that are linked as the fix, in order of their numbers."""
    return list(
        Record.objects.filter(links_in__from_record=problem_id, links_in__kind=LinkKind.FIXED_BY).order_by("pk")
    )


def problems_fixed_by(record_id: int) -> list[int]:
    """Keys of the problems that this record is to fix."""
    return list(
        Record.objects.filter(kind="problem", links_out__to_record=record_id, links_out__kind=LinkKind.FIXED_BY)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def is_lost(change: Any) -> bool:
    """Ended without doing what it was made for."""
    return change.phase == Phase.DONE and (change.state in NEVER_DONE or change.state_reason in LOST)


def is_implemented(change: Any) -> bool:
    """Live, or ended and not by rejection, cancelling, failure or going back."""
    if change.state in change.practice.carried_out_states:
        return True
    return change.phase == Phase.DONE and not is_lost(change)
