"""Breaches follow facts: once each, in sets, withdrawn when corrected; and leads are told once."""

import pytest

from audit.models import Entry
from calendars import operations as calendar_operations
from calendars import registry
from calendars.business_time import BusinessTime, CalendarSpec, WeeklyWindow
from incidents import operations as incidents
from notifications.models import Notice
from slm.breaches import operations, recording, reminding, working_days
from slm.breaches.models import Breach
from slm.models import Clock
from slm.sweep import sweep
from tests.conftest import moment

from .conftest import LATER, OPENED, SWEPT


def test_a_missed_clock_becomes_a_breach_of_its_team_and_owner(house, missed):
    breach = missed()

    assert (breach.state, breach.team, breach.owner) == ("recorded", house.networks, house.aisha)
    assert breach.missed_at == moment("2026-03-02 17:00")  # 8 h of 08:00 to 18:00
    assert breach.explain_by_at == moment("2026-03-09 18:00")  # noticed on Wednesday: Thursday, Friday, Monday


def test_one_bell_makes_the_breaches_of_a_whole_sweep_and_no_second_one(standard, log_incident, deliver):
    for _each in range(3):
        log_incident(at=OPENED)
    sweep(SWEPT)

    deliver(SWEPT)
    deliver(SWEPT)

    assert Breach.objects.count() == 6  # response and resolution of each


def test_three_breaches_cost_as_many_statements_as_one(standard, log_incident, django_assert_num_queries, house):
    for _each in range(3):
        log_incident(at=OPENED)
    sweep(SWEPT)
    recording.make(recording.unanswered(), rows=1)

    with django_assert_num_queries(3):  # facts, deadlines, insert
        recording.make(recording.unanswered(), rows=1)
    with django_assert_num_queries(3):
        recording.make(recording.unanswered(), rows=3)


def test_imported_history_makes_none(standard, log_incident):
    incident = log_incident(at=OPENED)
    Clock.objects.filter(record_id=incident.pk).update(is_imported=True)
    sweep(SWEPT)

    assert recording.heal(at=SWEPT) == 0
    assert not Breach.objects.exists()


def test_a_lost_bell_is_healed(standard, log_incident):
    log_incident(at=OPENED)
    sweep(SWEPT)

    assert recording.heal(at=SWEPT) == 2
    assert recording.heal(at=SWEPT) == 0


def test_an_act_dated_earlier_takes_the_breach_back(house, missed, deliver):
    breach = missed()
    incident = incidents.start(incident=breach.record.specific, by=house.aisha, at=moment("2026-03-02 10:00"))

    incidents.resolve(incident=incident, by=house.aisha, at=moment("2026-03-02 16:59"), code="fixed", text="x")
    deliver()

    breach.refresh_from_db()
    assert breach.state == "withdrawn"
    assert Entry.objects.filter(action="breach.withdrawn", data__breach=breach.pk).count() == 1
    assert recording.unanswered().filter(clock=breach.clock).count() == 0


@pytest.mark.parametrize(
    ("zone", "at", "days", "expected"),
    [
        ("UTC", "2026-03-06 17:00", 1, "2026-03-09 18:00"),  # Friday: the next working day is Monday
        ("UTC", "2026-03-07 12:00", 1, "2026-03-09 18:00"),  # noticed on a Saturday
        ("Europe/Berlin", "2026-03-27 23:30", 1, "2026-03-30 16:00"),  # Saturday there; the clocks change on Sunday
        ("Pacific/Apia", "2011-12-29 10:00", 1, "2012-01-02 04:00"),  # Thursday there; Friday never came
    ],
)
def test_working_days_are_those_of_the_wall_clock(db, zone, at, days, expected):
    office = calendar_operations.create_calendar(
        name="Zone", zone=zone, windows=tuple(WeeklyWindow(day, 480, 1080) for day in range(5)), by=None,
        at=moment("2010-01-01 00:00"),
    )  # fmt: skip

    assert working_days.end_of(registry.current(office.pk).time, moment(at), days) == moment(expected)


def test_a_calendar_that_never_opens_sets_no_deadline():
    assert working_days.end_of(BusinessTime(CalendarSpec("UTC")), OPENED, 3) is None


def test_the_lead_is_told_once_after_the_deadline(house, missed, deliver):
    breach = missed()
    late = moment("2026-03-09 18:00")

    assert reminding.remind(at=moment("2026-03-09 17:59")) == 0
    assert reminding.remind(at=late) == 2  # response and resolution
    assert reminding.remind(at=late) == 0
    deliver(late)

    told = Notice.objects.filter(text__startswith="Nobody has said why")
    assert {(each.user, each.record_id) for each in told} == {(house.aisha, breach.record_id)}
    assert told.count() == 2


def test_an_explained_miss_bothers_no_lead(house, missed, capacity):
    breach = missed()
    operations.explain(breach=breach, by=house.aisha, at=LATER, cause=capacity, text="x")

    reminding.remind(at=moment("2026-03-19 18:00"))

    breach.refresh_from_db()
    assert breach.lead_told_at is None
