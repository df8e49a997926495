"""Each threshold is recorded once, at its moment, whoever sweeps and however late."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from incidents import operations
from records.models import Record
from slm import health, tasks
from slm.models import Clock, ClockFact
from slm.sweep import sweep, sweep_batch
from tests.conftest import moment

MONDAY_9 = moment("2026-03-02 09:00")
DUE = moment("2026-03-02 17:00")


def facts_of(clock):
    return list(ClockFact.objects.filter(clock=clock).order_by("at").values_list("level", "at", "detected_at"))


def test_a_breach_is_dated_at_its_due_moment_with_the_detection_beside_it(log_incident, standard, clock_of):
    incident = log_incident()
    sweep(moment("2026-03-02 16:59"))

    assert sweep(moment("2026-03-02 17:00:07")) == 2

    clock = clock_of(incident)
    assert facts_of(clock)[-1] == ("breached", DUE, moment("2026-03-02 17:00:07"))
    assert (clock.breached_at, clock.next_level, clock.next_level_at) == (DUE, "", None)
    assert clock.state == "running"
    assert Record.objects.get(pk=incident.pk).is_breached is True
    entry = Entry.objects.get(action="clock.breached", data__clock=clock.pk)
    assert (entry.at, entry.subject_kind, entry.subject_id, entry.actor) == (DUE, "record", incident.pk, None)
    assert entry.subject_label == str(incident)
    assert entry.data["notify"] is True


def test_levels_that_passed_during_an_outage_are_all_recorded_and_the_highest_is_told(log_incident, standard, clock_of):
    incident = log_incident()

    sweep(moment("2026-03-03 12:00"))

    assert facts_of(clock_of(incident)) == [
        ("due_soon", moment("2026-03-02 15:00"), moment("2026-03-03 12:00")),
        ("at_risk", moment("2026-03-02 16:12"), moment("2026-03-03 12:00")),
        ("breached", DUE, moment("2026-03-03 12:00")),
    ]
    told = Entry.objects.filter(action__startswith="clock.", data__clock=clock_of(incident).pk).order_by("id")
    assert [(each.action, each.data["notify"]) for each in told] == [
        ("clock.due_soon", False),
        ("clock.at_risk", False),
        ("clock.breached", True),
    ]


def test_a_second_sweep_finds_nothing(log_incident, standard):
    log_incident()
    at = moment("2026-03-02 16:30")
    assert sweep(at) == 4
    before = Entry.objects.count()

    assert sweep(at) == 0
    assert Entry.objects.count() == before


def test_an_idle_sweep_is_one_query(log_incident, standard):
    log_incident()

    with CaptureQueriesContext(connection) as asked:
        assert sweep(MONDAY_9) == 0

    assert len([each for each in asked if "SELECT" in each["sql"]]) == 1
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_sweep_costs_as_many_statements_for_three_clocks_as_for_one(log_incident, make_agreement, count):
    make_agreement(targets={("resolution", 4): 480})
    for _number in range(count):
        log_incident()

    with CaptureQueriesContext(connection) as asked:
        assert sweep(DUE) == count * 3

    statements = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert len(statements) == 5


def test_paused_and_stopped_clocks_are_left_alone(house, log_incident, standard, clock_of):
    incident = operations.start(incident=log_incident(), by=house.tom, at=MONDAY_9)
    operations.hold(
        incident=incident, by=house.tom, at=moment("2026-03-02 10:00"), hold_for="requester", question="Which client?"
    )

    assert sweep(moment("2026-03-09 12:00")) == 0
    assert not clock_of(incident).is_breached


def test_imported_clocks_are_recorded_without_an_alarm(log_incident, standard, clock_of):
    incident = log_incident()
    Record.objects.filter(pk=incident.pk).update(is_imported=True)

    sweep(moment("2026-03-03 12:00"))

    assert clock_of(incident).is_breached
    entry = Entry.objects.get(action="clock.breached", data__kind="resolution")
    assert entry.data["notify"] is False
    assert not entry.dispatches.exists()


def test_old_work_with_an_old_generation_does_nothing(house, log_incident, standard, clock_of):
    """A worker froze between reading and writing; meanwhile the clock paused and ran on: its facts are not doubled."""
    incident = operations.start(incident=log_incident(), by=house.tom, at=MONDAY_9)
    sweep(moment("2026-03-02 15:30"))
    stale = clock_of(incident).generation
    held = operations.hold(
        incident=incident, by=house.tom, at=moment("2026-03-02 16:00"), hold_for="requester", question="Which client?"
    )
    operations.resume(incident=held, by=house.tom, at=moment("2026-03-02 17:00"))

    clock = clock_of(incident)
    assert clock.generation == stale + 2
    assert sweep(moment("2026-03-02 17:01")) == 0
    assert facts_of(clock) == [("due_soon", moment("2026-03-02 15:00"), moment("2026-03-02 15:30"))]


def test_the_auditor_finds_what_the_sweep_lost_and_heals_it(log_incident, standard, clock_of, caplog):
    incident = log_incident()
    Clock.objects.filter(record=incident).update(next_level="", next_level_at=None)
    assert sweep(moment("2026-03-10 12:00")) == 0

    tasks.audit_clocks(something_new=1)

    assert "unrecorded" in caplog.text
    clock = clock_of(incident)
    assert clock.breached_at == DUE
    assert facts_of(clock)[0][:2] == ("breached", DUE)
    assert health.unrecorded_breaches() == []


def test_batches_are_bounded(log_incident, standard):
    for _number in range(3):
        log_incident()

    assert sweep_batch(moment("2026-03-02 15:30"), rows=4) == (4, 4)
    assert sweep_batch(moment("2026-03-02 15:30"), rows=4) == (2, 2)


def run_at_once(*works):
    """Run each in its own thread with its own connection; errors come back to the test."""
    errors = []
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            gate.wait(timeout=10)
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_two_beats_record_each_breach_once(log_incident, standard):
    for _number in range(12):
        log_incident()
    at = moment("2026-03-03 12:00")

    def work():
        for _round in range(3):
            sweep_batch(at, rows=5)
        sweep(at)

    run_at_once(work, work, work, work)
    sweep(at)

    assert ClockFact.objects.count() == 12 * 2 * 3
    assert ClockFact.objects.filter(level="breached", at=DUE).count() == 24
    assert Entry.objects.filter(action="clock.breached").count() == 24
    assert Record.objects.filter(is_breached=True).count() == 12


@pytest.mark.django_db(transaction=True)
def test_sweeps_and_acts_at_once_neither_deadlock_nor_double(house, log_incident, standard):
    incidents = [operations.start(incident=log_incident(), by=house.tom, at=MONDAY_9) for _number in range(8)]
    late = moment("2026-03-02 17:30")

    def resolve_all():
        for each in incidents:
            operations.resolve(incident=each, by=house.tom, at=late, code="fixed", text="Restarted.")

    def sweep_on():
        for _round in range(15):
            sweep_batch(late + timedelta(seconds=1), rows=3)

    run_at_once(resolve_all, sweep_on, sweep_on)

    assert ClockFact.objects.filter(level="breached", at=DUE).count() == 16
    assert Entry.objects.filter(action="clock.breached").count() == 16
    assert set(Clock.objects.values_list("state", flat=True)) == {"missed"}


@pytest.mark.django_db(transaction=True)
def test_a_record_that_somebody_holds_is_skipped_not_waited_for(log_incident, standard):
    held, free = log_incident(), log_incident()
    at = moment("2026-03-02 17:30")
    swept = []

    with transaction.atomic():
        Record.objects.select_for_update().get(pk=held.pk)
        run_at_once(lambda: swept.append(sweep(at)))

    assert swept == [6]
    assert set(ClockFact.objects.values_list("clock__record_id", flat=True)) == {free.pk}
    assert sweep(at) == 6
