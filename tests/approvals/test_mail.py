"""Mails: sent once after the commit, with a link that decides nothing, is for one person, and dies."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils.timezone import now

from approvals import operations
from approvals.links import LinkRefused, seat_behind, token_of
from approvals.mail import send_due
from approvals.models import DecisionLink, Seat
from approvals.sweep import sweep
from audit import outbox
from audit.acts import acting
from audit.models import Dispatch, Entry
from common.mailing import TRIES_AT_MOST
from common.refusals import NotAllowed
from incidents import operations as incident_operations
from notifications import preferences
from notifications.models import Notice
from people.models import User
from tests.conftest import moment

AT = moment("2026-03-02 11:00")
FAR = moment("2030-01-01 00:00")


def deliver(at=FAR):
    """What outbox and mail tasks do, until nothing is left."""
    while outbox.dispatch_due(at=at):
        pass
    while send_due(at=at):
        pass


def letters():
    return sorted((each.to[0].partition("@")[0], each.subject) for each in mail.outbox)


def test_those_who_are_asked_get_one_mail_each_however_often_the_act_is_delivered(board, make_policy, ask):
    make_policy([board.ben, board.cleo], deadline_minutes=60)
    approval = ask()

    deliver()
    Dispatch.objects.update(state="pending", claim=None, claimed_until=None)
    deliver()

    said = f"Your decision: allow the fix {approval.record.reference} VPN drops every 20 minutes"
    assert letters() == [("ben", said), ("cleo", said)]
    body = mail.outbox[0].body
    assert "Decide by Mon 2 Mar 2026, 11:00 UTC." in body
    assert "Opening the link decides nothing" in body
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_name_with_markup_stands_in_the_mail_as_it_was_typed(board, make_policy, ask, log_incident):
    make_policy([board.ben])
    ask(log_incident(title="<b>VPN</b> & co"))

    deliver()

    assert "<b>VPN</b> & co" in mail.outbox[0].body


def test_nobody_is_asked_by_mail_for_what_was_decided_meanwhile(board, make_policy, ask):
    make_policy([board.ben, board.cleo], quorum="any")
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    deliver()

    assert letters() == []


def test_history_told_afterwards_and_sample_records_send_nothing(board, make_policy, ask, log_incident):
    make_policy([board.ben])
    with acting(is_quiet=True):
        ask()
    ask(log_incident(is_sample=True))

    deliver()

    assert letters() == []


def test_a_deputy_gets_the_mail_too_and_reads_for_whom(board, make_policy, ask):
    make_policy([board.ben])
    operations.name_deputy(
        person=board.ben,
        deputy=board.dana,
        by=board.ben,
        at=moment("2026-03-01 09:00"),
        valid_from=AT.date(),
        valid_to=AT.date() + timedelta(days=3),
    )
    ask()

    deliver()

    assert [to for to, _subject in letters()] == ["ben", "dana"]
    to_dana = next(each for each in mail.outbox if each.to[0].startswith("dana"))
    assert "you are asked, for Ben Hill, to allow the fix" in to_dana.body


def test_those_asked_are_told_when_it_lapses(house, board, make_policy, ask):
    make_policy([board.ben])
    approval = ask()
    deliver()
    mail.outbox.clear()

    incident_operations.edit(incident=approval.record, by=house.tom, at=AT, values={"description": "9000"})
    deliver()

    assert [to for to, _subject in letters()] == ["ben"]
    assert "what is decided has changed" in mail.outbox[0].body


def test_a_reminder_goes_to_those_who_have_not_voted(board, make_policy, ask):
    make_policy([board.ben, board.cleo], deadline_minutes=1440, remind_minutes=60)
    approval = ask()
    deliver()
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")
    mail.outbox.clear()

    sweep(at=moment("2026-03-03 09:00"))
    deliver()

    assert [(to, subject.partition(":")[0]) for to, subject in letters()] == [("cleo", "Still waiting for you")]


def test_a_mail_that_fails_is_tried_again_under_the_same_id_and_takes_no_other_with_it(
    board, make_policy, ask, monkeypatch
):
    make_policy([board.ben, board.cleo])
    ask()
    while outbox.dispatch_due(at=AT):
        pass
    seen, real = [], mail.EmailMessage.send

    def failing_for_ben(self, *args, **said):
        seen.append((self.to[0].partition("@")[0], self.extra_headers["Message-ID"]))
        if self.to[0].startswith("ben") and len(seen) < 3:
            raise OSError("the server hung up")
        return real(self, *args, **said)

    monkeypatch.setattr(mail.EmailMessage, "send", failing_for_ben)
    for minutes in (0, 60, 120, 180):
        send_due(at=AT + timedelta(minutes=minutes))

    assert [to for to, _subject in letters()] == ["ben", "cleo"]
    assert len({message_id for to, message_id in seen if to == "ben"}) == 1
    ben = DecisionLink.objects.get(user=board.ben)
    assert (ben.retry_at, ben.sent_at is not None, ben.error) == (None, True, "OSError: the server hung up")


def test_after_eight_failures_it_rests(board, make_policy, ask, monkeypatch):
    make_policy([board.ben])
    ask()
    while outbox.dispatch_due(at=AT):
        pass

    def fail(self, *args, **said):
        raise OSError("no route")

    monkeypatch.setattr(mail.EmailMessage, "send", fail)
    for hours in range(24):
        send_due(at=AT + timedelta(hours=hours * 2))

    link = DecisionLink.objects.get()
    assert (link.attempts, link.retry_at, link.sent_at) == (TRIES_AT_MOST, None, None)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(board, make_policy, ask):
    make_policy([board.ben, board.cleo, board.dana])
    ask()
    while outbox.dispatch_due(at=FAR):
        pass
    gate = threading.Barrier(3)

    def work():
        try:
            gate.wait()
            send_due(at=FAR)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [to for to, _subject in letters()] == ["ben", "cleo", "dana"]


@pytest.fixture
def link(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    ask()
    deliver()
    return DecisionLink.objects.get(user=board.ben)


def test_a_live_link_leads_its_owner_to_the_seat_as_often_as_it_is_opened(board, link):
    for _each in range(3):
        assert seat_behind(token_of(link), user=board.ben, at=AT) == link.seat

    link.refresh_from_db()
    assert link.used_at is None


def test_a_link_is_of_no_use_to_somebody_else(house, board, link):
    for other in (board.cleo, house.otto, house.ada):
        with pytest.raises(NotAllowed, match="sent to somebody else"):
            seat_behind(token_of(link), user=other, at=AT)


@pytest.mark.parametrize("token", ["", "1", "1.x", "x.y", "999999.abc", "1:abc", "٣.abc"])
def test_an_address_that_we_never_made_leads_nowhere(board, link, token):
    assert seat_behind(token, user=board.ben, at=AT) is None


def test_a_link_changed_by_one_letter_leads_nowhere(board, link):
    key, _dot, signature = token_of(link).partition(".")
    other = Seat.objects.get(holder=board.cleo).links.get()

    assert seat_behind(f"{other.pk}.{signature}", user=board.cleo, at=AT) is None
    assert seat_behind(f"{key}.{signature[:-1]}", user=board.ben, at=AT) is None


def test_a_link_dies_with_the_vote(board, link):
    operations.vote(approval=link.seat.step.approval, by=board.ben, at=AT, choice="approve")

    with pytest.raises(LinkRefused, match="was used"):
        seat_behind(token_of(link), user=board.ben, at=AT)


def test_a_link_dies_when_what_is_decided_changes(house, board, link):
    record = link.seat.step.approval.record
    incident_operations.edit(incident=record, by=house.tom, at=AT, values={"description": "9000"})

    with pytest.raises(LinkRefused, match="has changed"):
        seat_behind(token_of(link), user=board.ben, at=AT)


def test_a_link_dies_after_two_weeks(board, link):
    with pytest.raises(LinkRefused, match="expired"):
        seat_behind(token_of(link), user=board.ben, at=link.expires_at)


def test_a_link_dies_when_the_vote_was_handed_over(board, link):
    operations.hand_over(seat=link.seat, to=board.eli, by=board.ben, at=AT)
    deliver()

    with pytest.raises(LinkRefused, match="was used"):
        seat_behind(token_of(link), user=board.ben, at=AT)
    assert DecisionLink.objects.filter(user=board.eli, sent_at__isnull=False).count() == 1


def test_who_has_left_gets_no_mail(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    ask()
    User.objects.filter(pk=board.ben.pk).update(is_active=False)

    deliver(at=now())

    assert [to for to, _subject in letters()] == ["cleo"]
    assert Entry.objects.filter(action="approval.asked").count() == 1


def test_who_wants_no_such_mail_gets_none_and_is_still_asked(board, make_policy, ask):
    preferences.choose(by=board.ben, wanted=preferences.known() - {("decision", "mail")})
    make_policy([board.ben, board.cleo])
    ask()

    deliver()

    assert [name for name, _subject in letters()] == ["cleo"]
    assert set(Notice.objects.filter(kind="decision").values_list("user__username", flat=True)) == {"ben", "cleo"}
