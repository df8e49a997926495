"""Deadlines: one reminder, one act after it, in working time; seats of people who have left."""

import threading

import pytest
from django.db import connection

from approvals import operations, queries
from approvals.enums import State
from approvals.models import Approval, Seat, Step
from approvals.sweep import sweep
from audit.models import Entry
from calendars import operations as calendar_operations
from calendars import registry
from calendars.business_time import WeeklyWindow
from people.models import Membership, User
from tests.conftest import moment

DAY = 24 * 60


@pytest.fixture
def office(db):
    """Monday to Friday, 08:00-16:00 UTC."""
    registry.clear()
    return calendar_operations.create_calendar(
        name="Office",
        zone="UTC",
        windows=[WeeklyWindow(day, 480, 960) for day in range(5)],
        by=None,
        at=moment("2026-01-01 00:00"),
    )


def test_a_deadline_in_working_time_passes_over_the_weekend(board, make_policy, ask, office, log_incident):
    make_policy([board.ben], deadline_minutes=240, remind_minutes=60, calendar=office.pk)

    approval = ask(log_incident(at=moment("2026-03-06 14:00")), at=moment("2026-03-06 14:00"))

    step = approval.steps.get()
    assert (step.remind_at, step.due_at) == (moment("2026-03-09 09:00"), moment("2026-03-09 10:00"))


def test_a_reminder_and_an_expiry_come_once_to_those_who_have_not_voted(board, make_policy, ask):
    make_policy([board.ben, board.cleo], deadline_minutes=DAY, remind_minutes=60)
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=moment("2026-03-02 11:00"), choice="approve")

    assert sweep(at=moment("2026-03-03 08:59")) == 0
    assert sweep(at=moment("2026-03-03 09:00")) == 1
    assert sweep(at=moment("2026-03-03 09:30")) == 0
    assert sweep(at=moment("2026-03-03 10:00")) == 1
    assert sweep(at=moment("2026-03-03 10:01")) == 0

    reminders = Entry.objects.filter(action__in=["approval.reminded", "approval.overdue"]).order_by("id")
    assert [(each.action, each.data["people"]) for each in reminders] == [
        ("approval.reminded", [board.cleo.pk]),
        ("approval.overdue", [board.cleo.pk]),
    ]
    assert Approval.objects.get().is_open


def test_a_late_worker_tells_of_the_deadline_and_leaves_the_reminder_out(board, make_policy, ask):
    make_policy([board.ben], deadline_minutes=DAY, remind_minutes=60)
    ask()

    assert sweep(at=moment("2026-03-05 00:00")) == 1
    assert sweep(at=moment("2026-03-05 00:00")) == 0

    assert not Entry.objects.filter(action="approval.reminded").exists()


def test_an_expired_step_may_reject(board, make_policy, ask, told):
    make_policy([board.ben], deadline_minutes=DAY, on_expiry="reject")
    approval = ask()

    sweep(at=moment("2026-03-03 10:00"))

    approval.refresh_from_db()
    assert (approval.state, approval.end_reason) == (State.REJECTED, "the deadline has passed without a decision")
    assert told == [("rejected", None)]


def test_an_escalated_step_is_decided_by_one_person_alone(house, board, make_policy, ask, told):
    make_policy([board.ben, board.cleo], deadline_minutes=DAY, on_expiry="escalate", escalate_to=house.ines.pk)
    approval = ask()
    with pytest.raises(operations.NotYourVote):
        operations.vote(approval=approval, by=house.ines, at=moment("2026-03-03 09:00"), choice="approve")

    sweep(at=moment("2026-03-03 10:00"))
    sweep(at=moment("2026-03-03 10:00"))
    operations.vote(approval=approval, by=house.ines, at=moment("2026-03-03 10:05"), choice="approve")

    assert Seat.objects.filter(is_deciding=True).count() == 1
    assert told == [("approved", house.ines)]


def test_a_decided_step_does_not_expire(board, make_policy, ask):
    make_policy([board.ben], deadline_minutes=DAY, on_expiry="reject")
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=moment("2026-03-02 11:00"), choice="approve")

    assert sweep(at=moment("2026-03-04 00:00")) == 0

    approval.refresh_from_db()
    assert approval.state == State.APPROVED


def test_the_seat_of_somebody_who_left_falls_to_their_deputy(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    User.objects.filter(pk=board.cleo.pk).update(
        is_active=False, deputy=board.dana, absent_until=moment("2026-12-31 00:00").date()
    )

    assert sweep(at=moment("2026-03-02 12:00")) == 1
    assert sweep(at=moment("2026-03-02 12:00")) == 0
    vote = operations.vote(approval=approval, by=board.dana, at=moment("2026-03-02 12:05"), choice="approve")

    assert (vote.by, vote.on_behalf_of) == (board.dana, board.cleo)
    assert Seat.objects.get(holder=board.cleo).handover == "deputy"


def test_without_a_deputy_it_falls_to_the_lead_of_their_team(house, board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    User.objects.filter(pk=board.ben.pk).update(is_active=False)

    sweep(at=moment("2026-03-02 12:00"))

    seat = approval.steps.get().seats.get(holder=board.ben)
    assert (seat.acting, seat.handover) == (house.aisha, "lead")
    moved = Entry.objects.get(action="approval.seat_moved")
    assert moved.data["people"] == [house.aisha.pk]


def test_where_nobody_is_found_the_decision_says_whom_to_ask_until_somebody_is_named(house, board, make_policy, ask):
    make_policy([board.cleo, board.dana])
    approval = ask(by=house.tom)
    User.objects.filter(pk=board.cleo.pk).update(is_active=False)

    assert sweep(at=moment("2026-03-02 12:00")) == 1
    assert sweep(at=moment("2026-03-02 12:00")) == 0
    shown = queries.with_everything(Approval.objects.filter(pk=approval.pk)).get()
    seat = Seat.objects.get(holder=board.cleo)
    assert queries.missing_of(shown) == [
        "Cleo Ames has left and nobody stands in. Ask a service level manager to name who decides."
    ]
    operations.fill_seat(seat=seat, to=board.eli, by=house.ines, at=moment("2026-03-02 13:00"))

    seat.refresh_from_db()
    assert seat.acting == board.eli
    assert Entry.objects.get(action="approval.seat_vacant").data["people"] == [house.tom.pk]


def test_the_lead_does_not_get_a_second_vote_in_the_same_step(house, board, make_policy, ask):
    make_policy([board.ben, house.aisha])
    ask()
    User.objects.filter(pk=board.ben.pk).update(is_active=False)

    sweep(at=moment("2026-03-02 12:00"))

    assert Seat.objects.get(holder=board.ben).is_vacant


def test_who_left_before_it_was_asked_is_replaced_or_the_asking_is_refused(
    house, board, make_policy, ask, log_incident
):
    make_policy([board.ben, board.cleo])
    User.objects.filter(pk=board.ben.pk).update(is_active=False)
    incident = log_incident()

    approval = ask(incident)
    assert {seat.acting for seat in Seat.objects.all()} == {board.cleo}
    operations.withdraw(approval=approval, by=None, at=moment("2026-03-02 10:30"), reason="again")
    User.objects.filter(pk=board.cleo.pk).update(is_active=False)
    Membership.objects.all().delete()

    with pytest.raises(operations.UnableToStart, match="Cleo Ames has left"):
        ask(incident)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_and_expire_once(board, make_policy, ask, log_incident):
    make_policy([board.ben], deadline_minutes=DAY, remind_minutes=60)
    for _each in range(4):
        ask(log_incident())

    for at, action in (("2026-03-03 09:00", "approval.reminded"), ("2026-03-03 10:00", "approval.overdue")):
        gate = threading.Barrier(3)

        def work(at=at, gate=gate):
            try:
                gate.wait()
                sweep(at=moment(at))
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _each in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sweep(at=moment(at))

        assert Entry.objects.filter(action=action).count() == 4
    assert Step.objects.filter(expired_at=None).count() == 0
