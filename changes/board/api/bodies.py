"""What acts on meetings may say."""

from typing import Any

from rest_framework import serializers

from approvals.enums import Choice as VoteChoice
from approvals.models import Board
from common.api.fields import Choice, Day, Integer, Moment, Row, Strict, Text, Texts
from common.api.filters import PageQuery, Several
from records.api.references import person

from ..enums import Attendance, MeetingState
from ..operations.actions import LONGEST_ACTION
from ..operations.agenda import LONGEST_ITEM_MINUTES, LONGEST_TOPIC
from ..operations.holding import LONGEST_TEXT
from ..operations.minutes import LONGEST_CORRECTION
from ..operations.planning import LONGEST_PLACE, LONGEST_REASON


class MeetingQuery(PageQuery):
    """Which meetings."""

    state = Several(among=MeetingState.values, help_text="Several with commas.")


class NewMeeting(Strict):
    """A meeting; its agenda is gathered at once, and a worker invites."""

    board = Row(among=lambda by: Board.objects.filter(is_active=True), help_text="Id or short name.")
    starts_at = Moment()
    zone = Text(max_length=60, required=False, help_text="IANA name; that of the caller when left out.")
    chair = person(required=False, help_text="Id or user name; the chair of the board when left out.")
    secretary = person(required=False, allow_null=True, help_text="Who writes the minutes beside the chair.")
    place = Text(max_length=LONGEST_PLACE, required=False, allow_blank=True)


class MeetingChange(Strict):
    """What is left out stays."""

    starts_at = Moment(required=False)
    zone = Text(max_length=60, required=False)
    chair = person(required=False)
    secretary = person(required=False, allow_null=True)
    place = Text(max_length=LONGEST_PLACE, required=False, allow_blank=True)


class MeetingReasonBody(Strict):
    """Why it is called off."""

    reason = Text(max_length=LONGEST_REASON)


class GuestBody(Strict):
    """Whom to invite besides."""

    person = person(help_text="Id or user name.")


class TopicBody(Strict):
    """A topic that is no change."""

    title = Text(max_length=LONGEST_TOPIC)
    minutes = Integer(min_value=1, max_value=LONGEST_ITEM_MINUTES, required=False)


class AgendaItemChange(Strict):
    """Exactly what is sent is changed."""

    text = Text(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, help_text="What was said; only while it is held."
    )
    version = Integer(min_value=1, max_value=2**31 - 1, required=False, help_text="Of the text that you read.")
    position = Integer(min_value=1, max_value=10_000, required=False)
    minutes = Integer(min_value=1, max_value=LONGEST_ITEM_MINUTES, required=False)


class AttendanceBody(Strict):
    """Who is there: id of the person -> attendance."""

    people: Any = serializers.DictField(child=Choice(choices=Attendance.choices))


class RoomVoteBody(Strict):
    """What everybody in the room says who has not voted yet, or with a seat what one of them says."""

    choice = Choice(choices=VoteChoice.choices)
    reason = Text(max_length=5000, required=False, allow_blank=True, help_text="Needed to reject.")
    conditions = Texts(required=False, max_length=20, help_text="With an approval: tasks that must be done.")
    seat = Integer(min_value=1, max_value=2**63 - 1, required=False, help_text="One seat only.")


class BoardDeferralBody(Strict):
    """Until when, and what it waits for."""

    to = Day()
    reason = Text(max_length=LONGEST_REASON)


class BoardActionBody(Strict):
    """What somebody is to do."""

    text = Text(max_length=LONGEST_ACTION)
    owner = person(help_text="Id or user name.")
    due_date = Day(required=False, allow_null=True)
    item = Integer(min_value=1, max_value=2**63 - 1, required=False, help_text="The item that it comes from.")


class CorrectionBody(Strict):
    """What was wrong in the closed minutes, and what is right."""

    text = Text(max_length=LONGEST_CORRECTION)
