"""What agreements promise about changes: a decision in time."""

import pytest

from approvals import operations as approvals
from approvals import queries as approval_queries
from calendars import operations as calendar_operations
from changes import operations
from changes.queries.facts import AUTHORIZE
from records import operations as records
from slm import operations as agreements
from slm.models import Clock
from tests.conftest import moment

from .conftest import MONDAY_10

PROMISED = (("decision", 24), ("task", 1))


@pytest.fixture(autouse=True)
def _promised(db):
    """A decision within 24 hours and tasks within one, around the clock."""
    always = calendar_operations.create_calendar(
        name="Around the clock", zone="UTC", is_always_open=True, by=None, at=moment("2026-01-01 00:00")
    )
    agreements.create_agreement(
        by=None,
        at=moment("2026-01-01 00:00"),
        name="Changes",
        kind="change",
        calendar=always,
        targets={(clock, priority): hours * 60 for clock, hours in PROMISED for priority in range(1, 6)},
    )


def clocks(change):
    return list(Clock.objects.filter(record_id=change.pk).order_by("id").values_list("state", "started_at"))


def test_a_draft_has_no_clock_and_its_submission_begins_it(write_change, house):
    change = write_change()
    assert clocks(change) == []

    change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)

    assert clocks(change) == [("running", MONDAY_10)]


def test_the_decision_ends_it(booked):
    assert clocks(booked()) == [("met", MONDAY_10)]


def test_taking_it_back_takes_the_promise_along_and_the_next_submission_begins_anew(write_change, house):
    change = operations.submit(change=write_change(), by=house.aisha, at=MONDAY_10)
    change = operations.amend(change=change, by=house.aisha, at=moment("2026-03-02 11:00"), reason="Wrong gateway.")
    assert clocks(change) == [("cancelled", MONDAY_10)]

    change = operations.submit(change=change, by=house.aisha, at=moment("2026-03-02 12:00"))

    assert clocks(change)[1:] == [("running", moment("2026-03-02 12:00"))]


def test_a_condition_of_the_vote_has_its_clock_before_the_work_begins(write_change, house):
    change = operations.submit(change=write_change(points=1), by=house.aisha, at=MONDAY_10)
    change = operations.assess(change=change, by=house.ines, at=MONDAY_10)
    approvals.vote(
        approval=approval_queries.open_one(change, AUTHORIZE), by=house.ines, at=MONDAY_10, choice="approve",
        conditions=["Ring the sites first."],
    )  # fmt: skip
    task = change.tasks.get()
    clock = Clock.objects.get(record_id=change.pk, kind="task")
    assert (clock.state, clock.started_at, clock.due_at) == ("running", MONDAY_10, moment("2026-03-02 11:00"))

    records.complete_task(task=task, by=house.tom, at=moment("2026-03-02 10:30"))

    clock.refresh_from_db()
    assert clock.state == "met"
