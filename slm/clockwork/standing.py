"""What lists show of a record's clocks: the live one that expires next, copied into columns of the record."""

from collections.abc import Iterable, Sequence
from typing import Any

from records.enums import DueState
from records.models import Record

from .. import declarations
from ..enums import ClockState
from ..models import Clock

COLUMNS = ("due_at", "due_kind", "due_state", "due_calendar_id", "due_soon_at", "at_risk_at", "due_remaining",
           "is_breached")  # fmt: skip


def next_to_expire(clocks: Iterable[Clock]) -> Clock | None:
    """The running clock that is due first; if none runs, the paused one with the least time left."""
    clocks = list(clocks)
    running = [each for each in clocks if each.state == ClockState.RUNNING]
    if running:
        return min(running, key=lambda each: (each.due_at is None, each.due_at or each.started_at, each.pk or 0))
    paused = [each for each in clocks if each.state == ClockState.PAUSED]
    return min(paused, key=lambda each: each.used_before + each.target - each.used, default=None)


def standing(clocks: Sequence[Clock]) -> dict[str, Any]:
    """
    The values of `COLUMNS` for a record with these clocks.

    Clocks of teams, suppliers, approvals and tasks stand beneath: they are no promise to the customer, and shown by
    themselves.
    The next update counts as due like any other promise. One that was missed marks no record: the next one may be kept.
    """
    beneath, repeating = declarations.beneath(), declarations.repeating()
    clocks = [each for each in clocks if each.kind not in beneath]
    shown = next_to_expire(clocks)
    values: dict[str, Any] = dict.fromkeys(COLUMNS)
    values |= {
        "due_kind": "",
        "due_state": DueState.DONE if clocks else DueState.NONE,
        "is_breached": any(each.is_breached and each.kind not in repeating for each in clocks),
    }
    if shown is None:
        return values
    values |= {"due_kind": shown.kind, "due_calendar_id": shown.calendar_id}
    if shown.state == ClockState.PAUSED:
        return values | {
            "due_state": DueState.PAUSED,
            "due_remaining": shown.used_before + shown.target - shown.used,
        }
    return values | {
        "due_state": DueState.RUNNING,
        "due_at": shown.due_at,
        "due_soon_at": shown.due_soon_at,
        "at_risk_at": shown.at_risk_at,
    }


def write(record: Any, clocks: Sequence[Clock]) -> None:
    """
    Copy the standing into the record, with one statement and only if something differs. No new version of it.

    A record that is not written yet takes the values along when it is.
    """
    values = standing(clocks)
    differing = {name: value for name, value in values.items() if getattr(record, name) != value}
    if not differing:
        return
    if not record._state.adding:
        Record.objects.filter(pk=record.pk).update(**differing)
    for name, value in differing.items():
        setattr(record, name, value)


# The same for many records at once, those with a running clock; what pauses or has ended looks the same after an edit.
STAND_AGAIN = """
    UPDATE records_record r SET
        due_at = s.due_at, due_kind = s.kind, due_state = 'running', due_calendar_id = s.calendar_id,
        due_soon_at = s.due_soon_at, at_risk_at = s.at_risk_at, due_remaining = NULL
    FROM (
        SELECT DISTINCT ON (record_id) record_id, kind, calendar_id, due_soon_at, at_risk_at, due_at
        FROM slm_clock WHERE record_id = ANY(%s) AND state = 'running' AND NOT kind = ANY(%s)
        ORDER BY record_id, due_at NULLS LAST, id
    ) s
    WHERE r.id = s.record_id AND (r.due_at, r.due_kind, r.due_state, r.due_calendar_id, r.due_soon_at, r.at_risk_at)
        IS DISTINCT FROM (s.due_at, s.kind, 'running', s.calendar_id, s.due_soon_at, s.at_risk_at)
"""
