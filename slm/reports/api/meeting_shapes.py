"""What the API says of review meetings, and what it reads."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Day, Flag, Integer, Moment, Named, Strict, Text, named

from ..enums import AgendaKind, MeetingState
from ..models import ReviewAction, ReviewMeeting
from ..operations.common import LONGEST_TEXT
from ..operations.meeting import LONGEST_LINE, LONGEST_PLACE, MOST_PEOPLE, MOST_POINTS
from .shapes import person


class ReviewItemShape(Answer):
    """One point of the agenda."""

    id = serializers.IntegerField()
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=AgendaKind.choices, help_text="What in the data put it there.")
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text="What was said.")


class ReviewAttendeeShape(Answer):
    """Somebody who is to come."""

    id = serializers.IntegerField()
    person = Named()
    was_there = serializers.BooleanField(allow_null=True, help_text="Null: not said yet.")


class ReviewActionShape(Answer):
    """What somebody is to do."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    owner = Named()
    due_date = serializers.DateField()
    is_done = serializers.BooleanField(help_text="Said here, or, where it stands in the register, there.")
    done_at = serializers.DateTimeField(allow_null=True, help_text="When that was said here.")
    improvement = serializers.CharField(allow_null=True, help_text="Reference in the register of improvements.")


class ReviewMeetingShape(Answer):
    """The review meeting of a report."""

    report = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    place = serializers.CharField(allow_blank=True)
    chair = Named()
    state = serializers.ChoiceField(choices=MeetingState.choices)
    remarks = serializers.CharField(allow_blank=True)
    items = ReviewItemShape(many=True)
    attendees = ReviewAttendeeShape(many=True)
    actions = ReviewActionShape(many=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    fingerprint = serializers.CharField(allow_blank=True, help_text="SHA-256 of the minutes once they are closed.")
    version = serializers.IntegerField()


class MinutesShape(Answer):
    """Minutes as they were frozen."""

    document = serializers.JSONField()
    closed_at = serializers.DateTimeField()
    fingerprint = serializers.CharField(help_text="SHA-256 of the document.")


class NewReviewMeeting(Strict):
    """When, where, who. The agenda is made from the data."""

    starts_at = Moment()
    place = Text(max_length=LONGEST_PLACE, required=False, allow_blank=True)
    people = serializers.ListField(
        child=person(), max_length=MOST_PEOPLE, required=False, help_text="Ids or user names."
    )


class ReviewTopic(Strict):
    """A point by hand."""

    title = Text(max_length=LONGEST_LINE)


class ReviewItemSaid(Strict):
    """What was said about a point."""

    id = Integer()
    text = Text(max_length=LONGEST_TEXT, allow_blank=True)


class ReviewAttendeeSaid(Strict):
    """Whether somebody came."""

    id = Integer()
    was_there = Flag(allow_null=True)


class ReviewMinutes(Strict):
    """The minutes; what is left out stays as it is."""

    items = ReviewItemSaid(many=True, max_length=MOST_POINTS, required=False)  # type: ignore[call-arg] # of the list
    attendees = ReviewAttendeeSaid(many=True, max_length=MOST_PEOPLE + 1, required=False)  # type: ignore[call-arg] # of the list
    remarks = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)


class NewReviewAction(Strict):
    """Who does what until when."""

    text = Text(max_length=LONGEST_LINE)
    owner = person(help_text="Id or user name.")
    due_date = Day()
    is_for_register = Flag(required=False, help_text="Write it into the register of improvements in the same act.")


def review_action(row: ReviewAction) -> dict[str, Any]:
    """The dictionary of a `ReviewActionShape`. :param row: as `actions_of` reads it."""
    shown = row.shown_record  # type: ignore[attr-defined] # set by `actions_of`
    return {
        "id": row.pk,
        "text": row.text,
        "owner": named(row.owner_id, row.owner.name),
        "due_date": row.due_date,
        "is_done": row.is_done,
        "done_at": row.done_at,
        "improvement": shown.reference if shown else None,
    }


def review_meeting(row: ReviewMeeting, actions: list[ReviewAction]) -> dict[str, Any]:
    """The dictionary of a `ReviewMeetingShape`; two more statements."""
    same = ("starts_at", "place", "state", "remarks", "closed_at", "fingerprint", "version")
    return {
        "report": row.report_id,
        **{name: getattr(row, name) for name in same},
        "chair": named(row.chair_id, row.chair.name),
        "items": [
            {name: getattr(item, name) for name in ("id", "position", "kind", "title", "text")}
            for item in row.items.all()
        ],
        "attendees": [
            {"id": each.pk, "person": named(each.user_id, each.user.name), "was_there": each.was_there}
            for each in row.attendees.select_related("user")
        ],
        "actions": [review_action(each) for each in actions],
    }
