"""How meetings look in the REST API."""

from typing import Any

from rest_framework import serializers

from approvals.enums import Choice
from common.api.fields import Answer, Named, named

from .. import minutes
from ..enums import Attendance, ItemKind, MeetingState, Outcome
from ..models import AgendaItem, BoardAction, Meeting, MinutesCorrection
from ..queries.meeting import hidden_among, items_of, told_why
from ..queries.people import attendees_of, conditions_of, standing
from ..quorum import is_quorate


class MeetingBrief(Answer):
    """A meeting in a list."""

    key = serializers.CharField(help_text="Its date; with a number from the second of a day on.")
    board = Named()
    state = serializers.ChoiceField(choices=MeetingState.choices)
    starts_at = serializers.DateTimeField()
    zone = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    chair = Named()
    secretary = Named(allow_null=True)
    version = serializers.IntegerField()


class AttendeeShape(Answer):
    """Somebody who is invited."""

    person = Named()
    why = serializers.CharField()
    is_voting = serializers.BooleanField()
    attendance = serializers.ChoiceField(choices=Attendance.choices)
    deputy = Named(allow_null=True)


class QuorumShape(Answer):
    """One condition of the quorum."""

    code = serializers.CharField(help_text="chair, least, half or mandatory.")
    is_met = serializers.BooleanField()
    sentence = serializers.CharField()


class BoardVoteShape(Answer):
    """What one seat says about an item."""

    seat = serializers.IntegerField()
    holder = Named()
    choice = serializers.ChoiceField(choices=Choice.choices, allow_null=True, help_text="Null: has not voted.")
    by = Named(allow_null=True)
    recorded_by = Named(allow_null=True, help_text="Who wrote it down; null: they voted themselves.")


class BoardActionShape(Answer):
    """What somebody is to do."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    owner = Named()
    due_date = serializers.DateField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)


class AgendaItemShape(Answer):
    """An item; one about a change that the caller may not see is not listed."""

    id = serializers.IntegerField()
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    change = serializers.CharField(allow_null=True, help_text="Its reference.")
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    open_conflicts = serializers.IntegerField(help_text="When the agenda was gathered.")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    deferred_to = serializers.DateField(allow_null=True)
    text = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="Of the text.")
    votes = BoardVoteShape(many=True)
    actions = BoardActionShape(many=True)


class MinutesCorrectionShape(Answer):
    by = Named()
    at = serializers.DateTimeField()
    text = serializers.CharField()


class MeetingShape(MeetingBrief):
    """A meeting with who is invited, its agenda and what came of it."""

    began_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_by = Named(allow_null=True)
    cancel_reason = serializers.CharField(allow_blank=True)
    remarks = serializers.CharField(allow_blank=True)
    fingerprint = serializers.CharField(allow_blank=True, help_text="SHA-256 over the closed minutes.")
    is_genuine = serializers.BooleanField(help_text="Whether closed minutes still fit their fingerprint.")
    is_quorate = serializers.BooleanField()
    quorum = QuorumShape(many=True)
    attendees = AttendeeShape(many=True)
    items = AgendaItemShape(many=True)
    hidden_items = serializers.IntegerField(help_text="Items about changes that the caller may not see.")
    actions = BoardActionShape(many=True, help_text="Those that belong to no item.")
    corrections = MinutesCorrectionShape(many=True)


def brief(row: Meeting) -> dict[str, Any]:
    """The dictionary of a `MeetingBrief`. :param row: read with board, chair and secretary."""
    return {
        "key": row.key,
        "board": named(row.board_id, str(row.board)),
        "state": row.state,
        "starts_at": row.starts_at,
        "zone": row.zone,
        "place": row.place,
        "chair": named(row.chair_id, str(row.chair)),
        "secretary": named(row.secretary_id, str(row.secretary)),
        "version": row.version,
    }


def whole(row: Meeting, *, viewer: Any) -> dict[str, Any]:
    """The dictionary of a `MeetingShape`."""
    items, attendees = items_of(row), attendees_of(row)
    hidden = hidden_among(items, viewer, attendees=attendees)
    conditions = conditions_of(row, attendees)
    return brief(row) | {
        "began_at": row.began_at,
        "closed_at": row.closed_at,
        "closed_by": named(row.closed_by_id, str(row.closed_by)),
        "cancel_reason": row.cancel_reason,
        "remarks": row.remarks,
        "fingerprint": row.fingerprint,
        "is_genuine": minutes.is_genuine(row) if row.is_minuted else True,
        "is_quorate": is_quorate(conditions),
        "quorum": [{"code": c.code, "is_met": c.is_met, "sentence": c.sentence} for c in conditions],
        "attendees": [
            {
                "person": named(each.user_id, str(each.user)),
                "why": told_why(each.why, hidden),
                "is_voting": each.is_voting,
                "attendance": each.attendance,
                "deputy": named(each.deputy_id, str(each.deputy)),
            }
            for each in attendees
        ],
        "items": [item(each) for each in items if each.change_id not in hidden],
        "hidden_items": sum(each.change_id in hidden for each in items),
        "actions": [action(each) for each in row.actions.select_related("owner").filter(item=None)],
        "corrections": [correction(each) for each in row.corrections.select_related("by")],
    }


def item(row: AgendaItem) -> dict[str, Any]:
    """The dictionary of an `AgendaItemShape`."""
    return {
        "id": row.pk,
        "position": row.position,
        "kind": row.kind,
        "change": row.change.reference if row.change is not None else None,
        "title": row.change.title if row.change is not None else row.title,
        "minutes": row.minutes,
        "open_conflicts": row.conflicts,
        "outcome": str(row.outcome),
        "deferred_to": row.deferred_to,
        "text": row.text,
        "version": row.version,
        "votes": [_vote(seat) for seat in (row.step.seats.all() if row.step is not None else ())],
        "actions": [action(each) for each in row.actions.all()],
    }


def _vote(seat: Any) -> dict[str, Any]:
    vote = standing(seat)
    return {
        "seat": seat.pk,
        "holder": named(seat.holder_id, str(seat.holder)),
        "choice": vote.choice if vote else None,
        "by": named(vote.by_id, str(vote.by)) if vote else None,
        "recorded_by": named(vote.recorded_by_id, str(vote.recorded_by)) if vote else None,
    }


def action(row: BoardAction) -> dict[str, Any]:
    """The dictionary of a `BoardActionShape`."""
    return {
        "id": row.pk,
        "text": row.text,
        "owner": named(row.owner_id, str(row.owner)),
        "due_date": row.due_date,
        "done_at": row.done_at,
    }


def correction(row: MinutesCorrection) -> dict[str, Any]:
    """The dictionary of a `MinutesCorrectionShape`."""
    return {"by": named(row.by_id, str(row.by)), "at": row.at, "text": row.text}
