"""Whom meetings of the board tell: invitations, agendas, inbox, cancellation."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from audit.models import Entry
from changes.board import mail, notices, operations
from changes.board.models import Attendee, Meeting, Summons
from changes.board.queries.meeting import named_in, told_why
from changes.models import Change
from common.refusals import Refused
from notifications import preferences
from notifications.models import Notice
from tests.conftest import moment

from .conftest import HELD, MONDAY_10


def test_the_worker_invites_once_and_sends_the_agenda_a_day_before(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting],
    mailoutbox: Any,
) -> None:  # fmt: skip
    waiting()
    plan(starts_at=moment("2026-03-09 09:00"))

    acts = []
    for at in ("2026-03-02 10:05", "2026-03-02 10:10", "2026-03-08 08:59", "2026-03-08 09:00", "2026-03-08 09:05"):
        acts.append(operations.look_after(at=moment(at)))

    assert acts == [1, 0, 0, 1, 0]
    for entry in Entry.objects.filter(action__in=["meeting.invited", "meeting.reminded"]):
        mail.note(entry)
        mail.note(entry)
    assert mail.send_due(at=moment("2026-03-08 10:00")) == Summons.objects.count() == 2 * Attendee.objects.count()
    assert {message.subject for message in mailoutbox} == {
        "Invitation: Change advisory board, Mon 9 Mar 2026, 09:00",
        "Agenda: Change advisory board, Mon 9 Mar 2026, 09:00",
    }
    assert mail.send_due(at=moment("2026-03-08 11:00")) == 0


def test_who_may_not_see_a_change_does_not_read_of_it_in_the_mail(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting],
    mailoutbox: Any,
) -> None:  # fmt: skip
    waiting(title="Secret gateway")
    meeting = plan()
    operations.invite(meeting=meeting, person=house.max, by=board.ines, at=MONDAY_10)
    operations.look_after(at=moment("2026-03-02 10:05"))

    mail.note(Entry.objects.get(action="meeting.invited"))
    mail.send_due(at=moment("2026-03-02 10:06"))

    to_max = next(message for message in mailoutbox if message.to == [house.max.email])
    to_ben = next(message for message in mailoutbox if message.to == [board.ben.email])
    assert "Secret gateway" not in to_max.body
    assert "1 item is not shown to you." in to_max.body
    assert "Secret gateway" in to_ben.body


def test_a_mail_that_fails_is_tried_again(
    board: SimpleNamespace, plan: Callable[..., Meeting], monkeypatch: pytest.MonkeyPatch, mailoutbox: Any
) -> None:
    plan()
    operations.look_after(at=moment("2026-03-02 10:05"))
    mail.note(Entry.objects.get(action="meeting.invited"))

    def broken(summons: Any) -> Any:
        raise OSError("no route")

    with monkeypatch.context() as patch:
        patch.setattr(mail, "message_of", broken)
        assert mail.send_due(at=moment("2026-03-02 10:06")) == 0

    assert mail.send_due(at=moment("2026-03-02 10:06")) == 0
    assert mail.send_due(at=moment("2026-03-02 12:00")) == Summons.objects.count()


def test_who_votes_finds_the_meeting_and_who_asked_the_change_in_the_inbox(
    board: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = plan()
    operations.look_after(at=moment("2026-03-02 10:05"))

    notices.told(Entry.objects.get(action="change.board_invited"))
    for _twice in range(2):
        notices.told_of_meeting(Entry.objects.get(action="meeting.invited"))

    told = Notice.objects.filter(record=change, text__startswith="On the agenda of Change advisory board")
    assert set(told.values_list("user__username", flat=True)) == {"tom", "aisha"}
    invited = Notice.objects.filter(subject_kind="meeting", subject_key=meeting.pk, kind="meeting")
    assert sorted(invited.values_list("user", flat=True)) == sorted(meeting.attendees.values_list("user", flat=True))
    assert set(invited.values_list("text", "subject_label", "why")) == {
        (
            "You are invited: Wed 4 Mar 2026, 09:00 (UTC)",
            "Change advisory board 2026-03-04",
            "because you are invited to the meeting",
        )
    }


def test_agenda_action_minutes_and_cancellation_reach_the_inbox_but_not_who_may_not_see_meetings(
    board: SimpleNamespace, house: SimpleNamespace, plan: Callable[..., Meeting]
) -> None:
    meeting = plan()
    operations.add_topic(meeting=meeting, by=board.ines, at=MONDAY_10, title="Before anybody was invited")
    operations.invite(meeting=meeting, person=house.max, by=board.ines, at=MONDAY_10)
    operations.look_after(at=moment("2026-03-02 10:05"))
    operations.add_topic(meeting=meeting, by=board.ines, at=MONDAY_10, title="<b>Freeze</b>")
    operations.begin(meeting=meeting, by=board.ines, at=HELD)
    operations.add_action(meeting=meeting, by=board.ines, at=HELD, text="Call <b>Acme</b>", owner=board.ben)

    told = Entry.objects.filter(subject_kind="meeting", action__in=[f"meeting.{act}" for act in notices.SAID])
    for entry in told.order_by("pk"):
        notices.told_of_meeting(entry)
    notices.told_of_meeting(Entry.objects.get(action="meeting.action_given"))

    of_ben = Notice.objects.filter(user=board.ben).order_by("pk").values_list("kind", "text")
    assert [text for kind, text in of_ben if kind == "meeting"][1:] == ["The agenda has changed: 1 added, 0 taken off"]
    assert [text for kind, text in of_ben if kind == "assigned"] == ["Call <b>Acme</b>"]
    assert not Notice.objects.filter(user=house.max).exists()


def test_who_wants_no_mail_about_meetings_gets_none(
    board: SimpleNamespace, plan: Callable[..., Meeting], mailoutbox: Any
) -> None:
    preferences.choose(by=board.ben, wanted=preferences.known() - {("meeting", "mail")})
    plan()
    operations.look_after(at=moment("2026-03-02 10:05"))

    mail.note(Entry.objects.get(action="meeting.invited"))
    mail.send_due(at=moment("2026-03-02 10:06"))

    assert [board.ben.email] not in [message.to for message in mailoutbox]
    assert len(mailoutbox) == Attendee.objects.count() - 1


def test_a_cancelled_meeting_tells_those_invited_and_says_why(
    board: SimpleNamespace, plan: Callable[..., Meeting]
) -> None:
    meeting = plan()
    operations.look_after(at=moment("2026-03-02 10:05"))
    with pytest.raises(Refused, match="reason is missing"):
        operations.cancel(meeting=meeting, by=board.ines, at=HELD, reason=" ")

    operations.cancel(meeting=meeting, by=board.ines, at=HELD, reason="Everybody is ill")

    assert len(Entry.objects.get(action="meeting.cancelled").data["people"]) == Attendee.objects.count()
    with pytest.raises(Refused):
        operations.begin(meeting=meeting, by=board.ines, at=HELD)


def test_why_somebody_is_invited_names_no_change_that_the_reader_may_not_see() -> None:
    why = "is asked about CHG-10; implements CHG-101"

    assert named_in([why]) == {10, 101}
    assert told_why(why, {10}) == "is asked about a change that you may not see; implements CHG-101"
