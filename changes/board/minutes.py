"""
Minutes as one document of plain values: built from the data while the meeting runs, frozen when they are closed.

The fingerprint is SHA-256 over the document written in one way only: whoever has both can check the one by the other.
"""

from datetime import date, datetime
from typing import Any

from common.fingerprints import fingerprint_of

from ..models import Change
from .models import AgendaItem, Meeting
from .queries.agenda import LOOKS_AHEAD, SHOWN_AHEAD
from .queries.meeting import items_of
from .queries.people import attendees_of, conditions_of, standing

FORM = 1


def build(meeting: Meeting) -> dict[str, Any]:
    """What the minutes say as things are now; about nine queries."""
    attendees = attendees_of(meeting)
    items = items_of(meeting)
    return {
        "form": FORM,
        "board": meeting.board.name,
        "key": meeting.key,
        "place": meeting.place,
        "zone": meeting.zone,
        "starts_at": _moment(meeting.starts_at),
        "began_at": _moment(meeting.began_at),
        "chair": meeting.chair.name,
        "secretary": meeting.secretary.name if meeting.secretary is not None else "",
        "attendance": [
            {
                "name": each.user.name,
                "why": each.why,
                "attendance": each.attendance,
                "deputy": each.deputy.name if each.deputy is not None else "",
                "is_voting": each.is_voting,
            }
            for each in attendees
        ],
        "quorum": [each.as_document() for each in conditions_of(meeting, attendees)],
        "items": [_item(each) for each in items],
        "actions": [_action(each) for each in meeting.actions.select_related("owner").filter(item=None)],
        "remarks": meeting.remarks,
        "schedule": _schedule(meeting),
    }


def is_genuine(meeting: Meeting) -> bool:
    """Whether the closed minutes are still those that were closed."""
    return meeting.document is not None and fingerprint_of(meeting.document) == meeting.fingerprint


def document_of(meeting: Meeting) -> dict[str, Any]:
    """The closed minutes, or what they would say now."""
    return meeting.document if meeting.document is not None else build(meeting)


def _item(item: AgendaItem) -> dict[str, Any]:
    change = item.change
    said: dict[str, Any] = {
        "position": item.position,
        "kind": item.kind,
        "change": item.change_id,
        "reference": change.reference if change is not None else "",
        "title": change.title if change is not None else item.title,
        "service": str(change.service or "") if change is not None else "",
        "risk_band": change.risk_band if change is not None else "",
        "risk_score": change.risk_score if change is not None else None,
        "planned_from": _moment(change.planned_from if change is not None else None),
        "planned_to": _moment(change.planned_to if change is not None else None),
        "result": change.outcome if change is not None and not item.is_decision else "",
        "outcome": str(item.outcome),
        "decided_at": _moment(item.decided_at),
        "deferred_to": _moment(item.deferred_to),
        "defer_reason": item.defer_reason,
        "text": item.text,
        "actions": [_action(each) for each in item.actions.all()],
        "votes": [],
        "silent": [],
    }
    if item.step is not None:
        for seat in item.step.seats.all():
            vote = standing(seat)
            if vote is None:
                said["silent"].append(seat.holder.name)
                continue
            said["votes"].append(
                {
                    "name": seat.holder.name,
                    "choice": vote.choice,
                    "reason": vote.reason,
                    "conditions": [each.text for each in vote.conditions.all()],
                    "by": vote.by.name if vote.by_id != seat.holder_id else "",
                    "recorded_by": vote.recorded_by.name if vote.recorded_by is not None else "",
                    "at": _moment(vote.at),
                }
            )
    return said


def _action(action: Any) -> dict[str, Any]:
    return {"text": action.text, "owner": action.owner.name, "due_date": _moment(action.due_date)}


def _schedule(meeting: Meeting) -> list[dict[str, Any]]:
    """Changes booked for the two weeks from the meeting on."""
    start = meeting.began_at or meeting.starts_at
    rows = Change.objects.booked().in_period(start, start + LOOKS_AHEAD).select_related("service")
    return [
        {
            "change": each.pk,
            "reference": each.reference,
            "title": each.title,
            "service": str(each.service or ""),
            "planned_from": _moment(each.planned_from),
            "planned_to": _moment(each.planned_to),
        }
        for each in rows.order_by("planned_from", "pk")[:SHOWN_AHEAD]
    ]


def _moment(value: datetime | date | None) -> str:
    return value.isoformat() if value is not None else ""
