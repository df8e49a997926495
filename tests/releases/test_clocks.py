"""What agreements promise about releases: a go in time, and tasks in time."""

import pytest

from approvals import operations as approvals
from approvals import queries as approval_queries
from calendars import operations as calendar_operations
from measurement import declarations, queries, rebuild
from measurement.periods import Range
from measurement.scope import scope_of
from records import operations as records
from releases import operations
from releases.queries.facts import GO
from slm import operations as agreements
from slm.models import Clock
from tests.conftest import moment

from .conftest import MONDAY_10


@pytest.fixture(autouse=True)
def _promised(db):
    always = calendar_operations.create_calendar(
        name="Around the clock", zone="UTC", is_always_open=True, by=None, at=moment("2026-01-01 00:00")
    )
    agreements.create_agreement(
        by=None,
        at=moment("2026-01-01 00:00"),
        name="Releases",
        kind="release",
        calendar=always,
        targets={(clock, priority): 60 for clock in ("approval", "task") for priority in range(1, 6)},
    )


def clocks(release, kind):
    rows = Clock.objects.filter(record_id=release.pk, kind=kind).order_by("id")
    return list(rows.values_list("state", "started_at"))


def test_a_task_counts_from_the_building_on_and_ends_with_a_roll_back(bring_to, house):
    release = bring_to("planning")
    task = records.add_task(record=release, by=house.tom, at=MONDAY_10, title="Order the cables")
    assert clocks(release, "task") == []

    release = operations.build(release=release, by=house.aisha, at=MONDAY_10)

    assert clocks(release, "task") == [("running", MONDAY_10)]
    records.complete_task(task=task, by=house.tom, at=moment("2026-03-02 12:00"))
    assert clocks(release, "task") == [("missed", MONDAY_10)]


def test_each_step_of_the_go_has_a_clock_until_it_is_decided_and_the_page_shows_it(bring_to, house, client):
    release = bring_to("ready", type="major")
    approval = approval_queries.open_one(release, GO)
    before = clocks(release, "approval")
    client.force_login(house.tom)
    page = client.get(release.get_absolute_url()).content.decode()

    assert len(before) == approval.steps.filter(state="open").count() > 0
    assert 'id="clocks"' in page
    for person in (house.ines, house.aisha):
        if approval_queries.open_one(release, GO) is not None:
            approvals.vote(approval=approval, by=person, at=MONDAY_10, choice="approve")
    assert {state for state, _began in clocks(release, "approval")} == {"met"}


def test_both_are_measured_though_no_release_has_a_clock_of_its_own(bring_to, house):
    release = bring_to("building")
    task = records.add_task(record=release, by=house.tom, at=MONDAY_10, title="Order the cables")
    records.complete_task(task=task, by=house.tom, at=moment("2026-03-02 10:30"))
    rebuild.rebuild_all()

    of_march = Range(moment("2026-03-01 00:00").date(), moment("2026-04-01 00:00").date())
    names = ("rel-task-sla", "rel-approval-sla", "slm-attainment")
    series = [queries.series(declarations.kpi(name), of_march, scope_of(house.tom))[0] for name in names]
    found = [(each.total.numerator, each.total.denominator) for each in series]
    assert found == [(1, 1), (0, 0), (0, 0)]
