"""
The clocks beneath the promise to the customer: those of agreements with teams and suppliers.

That of a team begins with the assignment and restarts only when the team changes; a record that is reopened in the
same team goes on by the policy of the agreement with it. That of a supplier runs from the hand-over to the return.
Either ends with its verdict when the record leaves.
"""

from typing import Any

from records.events import RecordEvent

from .. import selection
from ..declarations import Begin, Declaration
from . import choosing, starting, switching
from .bench import Bench


def concerns(declaration: Declaration, event: RecordEvent) -> bool:
    """Whether the act brings the record to somebody else of the kind, or back."""
    is_possible = _begins(declaration, event) or _ends(declaration, event)
    return is_possible and selection.has_any(event.record.kind, declaration.party)


def follow(bench: Bench, declaration: Declaration, event: RecordEvent) -> None:
    """End the clock of who had the record, and begin that of who has it now."""
    live = bench.live(declaration.clock)
    if live is not None and _ends(declaration, event):
        switching.stop(bench, live)
        live = None
    if live is None and _begins(declaration, event):
        starting.start(bench, declaration, choosing.choice(declaration, event.record), from_at=event.at)


def begin(bench: Bench, declaration: Declaration, record: Any) -> None:
    """Start the clock of a team that a record goes to at once, when it is opened."""
    if declaration.begins == Begin.TEAM and record.team_id is not None:
        starting.start(bench, declaration, choosing.choice(declaration, record), from_at=record.opened_at)


def _begins(declaration: Declaration, event: RecordEvent) -> bool:
    record = event.record
    if record.state not in declaration.runs_in | declaration.pauses_in:
        return False
    before, after = _states(event)
    if declaration.begins == Begin.SUPPLIER:
        return after == declaration.handed_over_in and before != after
    is_reopened = declaration.begins_again and before[0] in declaration.stops_in
    return record.team_id is not None and (event.changed("team_id") or is_reopened)


def _ends(declaration: Declaration, event: RecordEvent) -> bool:
    before, after = _states(event)
    if declaration.begins == Begin.SUPPLIER:
        return before == declaration.handed_over_in and before != after
    return event.changed("team_id")


def _states(event: RecordEvent) -> tuple[tuple[str, str], tuple[str, str]]:
    """State and reason before and after the act."""
    now = (event.record.state, event.record.state_reason)
    state, reason = event.changes.get("state", (now[0],) * 2)[0], event.changes.get("state_reason", (now[1],) * 2)[0]
    return (str(state), str(reason)), (str(now[0]), str(now[1]))
