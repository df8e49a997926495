"""Every clock explains itself: which agreement, whose hours, what counted, who paused it, and the sum."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calendars import operations as calendar_operations
from calendars.business_time import DayException, WeeklyWindow
from incidents import operations
from records import operations as record_operations
from slm.explain import explanation
from slm.models import Clock
from slm.queries import clocks_of, without_agreement
from slm.sweep import sweep
from tests.conftest import moment

HOUR = timedelta(hours=1)
FRIDAY_15 = moment("2026-03-06 14:00")  # 15:00 in Oslo


@pytest.fixture
def oslo(db):
    return calendar_operations.create_calendar(
        name="Oslo",
        zone="Europe/Oslo",
        windows=[WeeklyWindow(day, 480, 1080) for day in range(5)],
        exceptions=[DayException(date(2026, 3, 9), (), "Inventory")],
        by=None,
        at=moment("2026-01-01 00:00"),
    )


@pytest.fixture
def paused_once(house, log_incident, make_agreement, oslo):
    make_agreement("Gold", calendar=oslo)
    incident = operations.start(incident=log_incident(at=FRIDAY_15), by=house.tom, at=FRIDAY_15)
    held = operations.hold(
        incident=incident, by=house.tom, at=moment("2026-03-10 08:00"), hold_for="requester", question="Which client?"
    )
    return operations.resume(incident=held, by=house.aisha, at=moment("2026-03-10 10:00"))


def explained(incident, at="2026-03-10 11:00", kind="resolution"):
    clock = Clock.objects.select_related("record", "agreement", "calendar").get(record=incident, kind=kind)
    return explanation(clock, moment(at))


def test_the_sum_is_told_on_the_wall_clock_of_the_calendar(paused_once):
    told = explained(paused_once)

    assert told.arithmetic == [
        "Promised: 8:00 working, counted from Fri 6 Mar 2026, 15:00.",
        "Fri 6 Mar 2026, 15:00 to Tue 10 Mar 2026, 09:00 it ran: 4:00 working, 4:00 in all.",
        "Tue 10 Mar 2026, 09:00 to Tue 10 Mar 2026, 11:00 it was paused (requester): 2:00 working did not count.",
        "Since Tue 10 Mar 2026, 11:00 it runs: 1:00 working, 5:00 in all.",
        "8:00 less 5:00 leaves 3:00 working, which are over on Tue 10 Mar 2026, 15:00.",
    ]
    assert (told.used, told.remaining, told.mark) == (5 * HOUR, 3 * HOUR, "on-track")


def test_each_interval_says_who_why_and_what_was_skipped(paused_once):
    first, paused, _running = explained(paused_once).intervals

    assert [(each.day, each.name) for each in first.closed] == [
        (date(2026, 3, 7), ""),
        (date(2026, 3, 8), ""),
        (date(2026, 3, 9), "Inventory"),
    ]
    assert (paused.label, paused.reason, paused.by) == ("paused", "requester", "Tom Beck")
    assert (paused.used, paused.open_time, paused.total) == (0 * HOUR, 2 * HOUR, 4 * HOUR)


def test_the_due_moment_stands_in_both_zones(paused_once):
    with timezone.override("America/New_York"):
        told = explained(paused_once)

    assert (told.due.contract, told.zone) == ("Tue 10 Mar 2026, 15:00", "Europe/Oslo")
    assert (told.due.viewer, told.viewer_zone) == ("Tue 10 Mar 2026, 10:00", "America/New_York")


def test_why_this_agreement(paused_once):
    told = explained(paused_once)

    assert (told.agreement, told.why_this_one) == (
        "Gold",
        ["It is the agreement for everybody, and no more specific one matches."],
    )
    assert told.pauses_for == ["requester", "agreed date"]


@pytest.mark.parametrize(
    ("act", "result"),
    [
        ("met", "It stopped on Tue 10 Mar 2026, 13:00 with 6:00 of 8:00 used: met. It was due on Tue 10 Mar 2026, 15:00."),  # noqa: E501
        ("over", "8:00 were used up on Tue 10 Mar 2026, 15:00; since then it is 1:00 working over."),
        ("missed", "It stopped on Tue 10 Mar 2026, 16:00 with 9:00 of 8:00 used: missed on Tue 10 Mar 2026, 15:00."),
        ("paused", "8:00 less 5:00 leaves 3:00 working, to go on when it resumes."),
    ],
)  # fmt: skip
def test_the_last_sentence_says_how_it_stands(paused_once, house, act, result):
    by = {"incident": paused_once, "by": house.tom}
    if act == "met":
        operations.resolve(**by, at=moment("2026-03-10 12:00"), code="fixed", text="Restarted.")
    elif act == "missed":
        operations.resolve(**by, at=moment("2026-03-10 15:00"), code="fixed", text="Restarted.")
    elif act == "paused":
        operations.hold(**by, at=moment("2026-03-10 11:00"), hold_for="requester", question="And now?")

    assert explained(paused_once, at="2026-03-10 15:00").arithmetic[-1] == result


def test_facts_and_changes_are_part_of_it(paused_once, house):
    sweep(moment("2026-03-10 12:30"))
    record_operations.override_priority(
        record=paused_once, by=house.tom, at=moment("2026-03-10 12:40"), priority=1, reason="All are hit."
    )

    told = explained(paused_once, at="2026-03-10 12:41")

    assert [each.level for each in told.facts] == ["at_risk", "breached", "due_soon"]
    change = told.changes[0]
    assert (change.why, change.by, change.target_before, change.target_after) == (
        "new priority",
        "Tom Beck",
        8 * HOUR,
        4 * HOUR,
    )
    assert told.is_breached_by_reclassification is True


def test_it_can_be_written_as_json(paused_once):
    document = json.loads(json.dumps(explained(paused_once).as_document()))

    assert document["target"] == 28_800.0
    assert document["due"]["at"] == "2026-03-10T14:00:00+00:00"
    assert [each["kind"] for each in document["intervals"]] == ["running", "paused", "running"]


def test_an_explanation_costs_the_same_for_long_and_short_histories(paused_once, house):
    def cost():
        clock = Clock.objects.select_related("record", "agreement", "calendar").get(
            record=paused_once, kind="resolution"
        )
        with CaptureQueriesContext(connection) as asked:
            explanation(clock, moment("2026-03-12 11:00"))
        return len(asked)

    before = cost()
    held = operations.hold(
        incident=paused_once, by=house.tom, at=moment("2026-03-10 11:00"), hold_for="requester", question="And now?"
    )
    operations.resume(incident=held, by=house.tom, at=moment("2026-03-10 12:00"))

    assert (before, cost()) == (3, 3)


def test_the_clocks_of_a_ticket_come_with_one_statement(paused_once, house):
    clocks_of(paused_once, at=moment("2026-03-10 11:00"))
    with CaptureQueriesContext(connection) as asked:
        views = clocks_of(paused_once, at=moment("2026-03-10 11:00"))

    assert len(asked) == 1
    assert [(each.clock.kind, each.mark, each.remaining) for each in views] == [
        ("resolution", "on-track", 3 * HOUR),
        ("response", "met", None),
    ]
    assert views[0].next_boundary == moment("2026-03-10 17:00")


def test_otto_sees_no_clocks_of_others(paused_once, house):
    assert clocks_of(paused_once, house.otto, at=moment("2026-03-10 11:00")) == []
    assert len(clocks_of(paused_once, house.tom, at=moment("2026-03-10 11:00"))) == 2


def test_records_without_an_agreement_are_found(house, log_incident, make_agreement, vpn):
    uncovered = log_incident(service=None)
    make_agreement(service=vpn)
    log_incident()

    assert [each.pk for each in without_agreement()] == [uncovered.pk]
