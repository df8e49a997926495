"""What agreements promise about problems: the cause known, the fix in place."""

from datetime import date

import pytest

from calendars import operations as calendar_operations
from calendars.business_time import WeeklyWindow
from problems import operations
from slm import operations as agreements
from slm.models import Clock
from tests.conftest import moment


@pytest.fixture(autouse=True)
def _promised(db):
    """Known within 8 working hours, fixed within 40; Monday to Friday, 8 to 18."""
    office = calendar_operations.create_calendar(
        name="Office",
        zone="UTC",
        windows=[WeeklyWindow(day, 480, 1080) for day in range(5)],
        by=None,
        at=moment("2026-01-01 00:00"),
    )
    agreements.create_agreement(
        by=None,
        at=moment("2026-01-01 00:00"),
        name="Problems",
        kind="problem",
        calendar=office,
        targets={(clock, priority): minutes for priority in range(1, 6)
                 for clock, minutes in (("known_error", 480), ("solution", 2_400))},
    )  # fmt: skip


def clocks(problem):
    return dict(Clock.objects.filter(record_id=problem.pk).order_by("id").values_list("kind", "state"))


def test_both_clocks_run_from_the_log_on(log_problem):
    problem = log_problem()

    assert list(Clock.objects.filter(record_id=problem.pk).order_by("id").values_list("kind", "due_at")) == [
        ("known_error", moment("2026-03-02 18:00")),
        ("solution", moment("2026-03-06 10:00")),
    ]


def test_the_known_error_ends_one_and_the_fix_the_other(declared, request):
    assert clocks(declared) == {"known_error": "missed", "solution": "running"}  # Tuesday at 9 is 9 hours later

    verifying = request.getfixturevalue("verifying")

    assert clocks(verifying) == {"known_error": "missed", "solution": "met"}


def test_a_problem_that_came_back_goes_on(verifying, house, log_incident):
    incident = log_incident(at=moment("2026-03-09 10:00"))
    problem = operations.regress(problem=verifying, by=house.aisha, at=moment("2026-03-09 11:00"), incident=incident)

    assert clocks(problem)["solution"] == "running"


def test_an_accepted_risk_takes_the_promise_along_and_taking_it_up_again_begins_anew(declared, house):
    accepted = operations.accept_risk(
        problem=declared,
        by=house.ines,
        at=moment("2026-03-03 10:00"),
        reason="A new gateway comes in May.",
        review_date=date(2026, 5, 4),
    )
    assert clocks(accepted)["solution"] == "cancelled"

    operations.reopen(problem=accepted, by=house.ines, at=moment("2026-03-04 08:00"), reason="It cannot wait.")

    fresh = Clock.objects.filter(record_id=declared.pk, kind="solution").latest("id")
    assert (fresh.state, fresh.due_at) == ("running", moment("2026-03-09 18:00"))


def test_the_page_shows_them(client, declared, house):
    client.force_login(house.tom)

    page = client.get(declared.get_absolute_url()).content.decode()

    assert "Known error" in page
    assert "Solution" in page
    assert "Why this time? Solution" in page


def test_the_screen_of_agreements_offers_the_clocks_of_the_kind(client, house):
    client.force_login(house.ines)

    page = client.get("/agreements/new/?kind=problem").content.decode()

    assert 'name="solution_1"' in page
    assert 'name="response_1"' not in page
