"""A calendar edit moves what lies ahead, never what has been."""

from datetime import date, timedelta

import pytest

from calendars import operations as calendar_operations
from calendars.business_time import DayException, WeeklyWindow
from incidents import operations
from records.models import Record
from slm import replanning, tasks
from slm.models import ClockChange, ClockFact, Segment
from slm.sweep import sweep
from tests.conftest import moment

MONDAY_9 = moment("2026-03-02 09:00")
NOON = moment("2026-03-02 12:00")
MORNINGS = [WeeklyWindow(day, 480, 780) for day in range(5)]
LONG_DAYS = [WeeklyWindow(day, 480, 1200) for day in range(5)]


@pytest.fixture
def edit(office, settings):
    """Change the hours of the office at a moment; the clocks follow when the task runs."""
    settings.CELERY_TASK_ALWAYS_EAGER = False

    def save(windows, at, exceptions=()):
        office.refresh_from_db()
        calendar_operations.save_hours(calendar=office, windows=windows, exceptions=exceptions, by=None, at=at)
        return replanning.replan(office.pk, at=at)

    return save


def test_time_before_the_edit_stays_and_the_rest_goes_by_the_new_hours(log_incident, standard, clock_of, edit):
    incident = log_incident()

    assert edit(MORNINGS, NOON) == 2

    clock = clock_of(incident)
    # Three hours are used by noon; Monday has one more now, Tuesday four of its five.
    assert clock.due_at == moment("2026-03-03 12:00")
    assert (clock.used, clock.generation, clock.calendar_version) == (timedelta(hours=3), 2, 2)
    assert list(
        Segment.objects.filter(clock=clock).order_by("at_from").values_list("at_from", "at_to", "calendar_version")
    ) == [(MONDAY_9, NOON, 1), (NOON, None, 2)]
    change = ClockChange.objects.get(clock=clock)
    assert (change.why, change.due_before, change.due_after) == (
        "calendar",
        moment("2026-03-02 17:00"),
        moment("2026-03-03 12:00"),
    )
    assert Record.objects.get(pk=incident.pk).due_at == moment("2026-03-03 12:00")


def test_a_holiday_that_is_added_moves_the_due_moment(log_incident, standard, clock_of, edit, office):
    incident = log_incident(at=moment("2026-03-02 15:00"))
    assert clock_of(incident).due_at == moment("2026-03-03 13:00")

    windows = [each.as_spec() for each in office.windows.all()]
    edit(windows, moment("2026-03-02 16:00"), [DayException(date(2026, 3, 3), (), "Carnival")])

    assert clock_of(incident).due_at == moment("2026-03-04 13:00")


def test_finished_clocks_are_not_touched(house, log_incident, standard, clock_of, edit):
    incident = operations.start(incident=log_incident(), by=house.tom, at=MONDAY_9)
    operations.resolve(incident=incident, by=house.tom, at=moment("2026-03-02 11:00"), code="fixed", text="Restarted.")
    before = clock_of(incident)

    assert edit(MORNINGS, NOON) == 0
    assert clock_of(incident).__dict__ | {"_state": None} == before.__dict__ | {"_state": None}


def test_a_breach_before_the_edit_stays_where_it_was(log_incident, standard, clock_of, edit):
    incident = log_incident()
    sweep(moment("2026-03-02 17:10"))

    edit(MORNINGS, moment("2026-03-02 17:30"))

    clock = clock_of(incident)
    assert clock.breached_at == clock.due_at == moment("2026-03-02 17:00")
    assert sweep(moment("2026-03-05 12:00")) == 0
    assert ClockFact.objects.filter(clock=clock).count() == 3


def test_a_warning_is_given_again_when_the_edit_moved_it_ahead(log_incident, standard, clock_of, edit):
    incident = log_incident()
    edit(MORNINGS, moment("2026-03-02 12:00"))
    assert sweep(moment("2026-03-02 15:05")) == 0

    # Back to long days at once: 75 % (six hours) of the eight are due at 15:00 again.
    edit(LONG_DAYS, moment("2026-03-02 12:30"))
    sweep(moment("2026-03-02 15:05"))

    fact = ClockFact.objects.get(clock=clock_of(incident))
    assert (fact.level, fact.at, fact.generation) == ("due_soon", moment("2026-03-02 15:00"), 3)


def test_several_edits_are_followed_one_by_one(log_incident, standard, clock_of, office):
    incident = log_incident()
    for windows, at in ((MORNINGS, NOON), (LONG_DAYS, moment("2026-03-02 14:00"))):
        office.refresh_from_db()
        calendar_operations.save_hours(calendar=office, windows=windows, exceptions=(), by=None, at=at)

    replanning.replan(office.pk, at=moment("2026-03-02 14:01"))

    clock = clock_of(incident)
    # 9-12 and 12-13 were open, 13-14 was closed by the mornings, from 14:00 on long days: four hours more.
    assert clock.due_at == moment("2026-03-02 18:00")
    assert list(Segment.objects.filter(clock=clock).order_by("at_from").values_list("calendar_version", flat=True)) == [
        1,
        2,
        3,
    ]


def test_a_paused_clock_resumes_by_the_new_hours(house, log_incident, standard, clock_of, edit):
    incident = operations.start(incident=log_incident(), by=house.tom, at=MONDAY_9)
    held = operations.hold(
        incident=incident, by=house.tom, at=moment("2026-03-02 11:00"), hold_for="requester", question="Which client?"
    )
    edit(MORNINGS, NOON)
    assert (clock_of(held).due_at, clock_of(held).generation) == (None, 2)

    operations.resume(incident=held, by=house.tom, at=moment("2026-03-03 08:00"))

    # Six hours are left: five on Tuesday, one on Wednesday.
    assert clock_of(held).due_at == moment("2026-03-04 09:00")


def test_a_clock_started_with_the_version_before_is_brought_forward(log_incident, standard, clock_of, office, edit):
    edit(MORNINGS, moment("2026-03-01 12:00"))
    incident = log_incident()
    clock = clock_of(incident)
    Segment.objects.filter(clock=clock).update(calendar_version=1)
    type(clock).objects.filter(pk=clock.pk).update(calendar_version=1, due_at=moment("2026-03-02 17:00"))

    assert replanning.outdated_calendars() == [office.pk]
    tasks.audit_clocks()

    clock = clock_of(incident)
    assert clock.due_at == moment("2026-03-03 12:00")
    assert Segment.objects.get(clock=clock).calendar_version == 2
    assert replanning.outdated_calendars() == []


@pytest.mark.parametrize("rows", [1, 2, 5_000])
def test_every_clock_follows_however_small_the_batches_are(log_incident, standard, edit, monkeypatch, rows):
    monkeypatch.setattr(replanning, "BATCH_ROWS", rows)
    for _each in range(3):
        log_incident()

    assert edit(MORNINGS, NOON) == 6

    assert set(Record.objects.values_list("due_at", flat=True)) == {moment("2026-03-03 12:00")}
    assert replanning.outdated_calendars() == []


def test_running_it_twice_changes_nothing(log_incident, standard, clock_of, edit, office):
    incident = log_incident()
    edit(MORNINGS, NOON)
    before = clock_of(incident)

    assert replanning.replan(office.pk, at=NOON) == 0
    assert clock_of(incident).generation == before.generation


def test_the_edit_rings_a_worker_after_its_commit(
    log_incident, standard, office, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(tasks.replan_calendar, "apply_async", lambda **said: rung.append(said["kwargs"]))

    with django_capture_on_commit_callbacks(execute=True):
        calendar_operations.save_hours(calendar=office, windows=MORNINGS, exceptions=(), by=None, at=NOON)

    assert rung == [{"calendar_id": office.pk}]
