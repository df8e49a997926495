"""What agreements promise about changes: a decision in time."""

import pytest

from calendars import operations as calendar_operations
from changes import operations
from slm import operations as agreements
from slm.models import Clock
from tests.conftest import moment

from .conftest import MONDAY_10


@pytest.fixture(autouse=True)
def _promised(db):
    """A decision within 24 hours, around the clock."""
    always = calendar_operations.create_calendar(
        name="Around the clock", zone="UTC", is_always_open=True, by=None, at=moment("2026-01-01 00:00")
    )
    agreements.create_agreement(
        by=None,
        at=moment("2026-01-01 00:00"),
        name="Changes",
        kind="change",
        calendar=always,
        targets={("decision", priority): 24 * 60 for priority in range(1, 6)},
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
