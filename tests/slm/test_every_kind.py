"""
Every kind of clock and every level at once: two sweepers, workers that are killed or whose clocks are wrong.

All hours are around the clock and every target is two hours, so that each moment is a plain sum.
"""

import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from approvals.models import Approval
from audit.models import Entry
from changes import operations as changes
from incidents import operations
from problems import operations as problems
from records import operations as record_operations
from records.models import Record
from slm import health, selection, tasks
from slm import sweep as sweeping
from slm.models import Agreement, Clock, ClockFact
from slm.sweep import sweep, sweep_batch
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures
from tests.conftest import moment
from tests.parallel import at_once

START = moment("2026-03-02 09:00")
MINUTE = timedelta(minutes=1)
LEVELS = {"p60": 72, "m30": 90, "due_soon": 90, "at_risk": 108, "breached": 120, "p150": 180}
WARNINGS = [{"percent": 60, "tells": ["owner"]}, {"minutes": 30, "tells": ["lead"]},
            {"percent": 150, "people": [1]}]  # fmt: skip
KINDS = {"response": 2, "resolution": 2, "update": 1, "team": 2, "team_response": 1, "supplier": 1, "task": 4,
         "known_error": 1, "solution": 1, "decision": 1, "approval": 1}  # fmt: skip
CLOCKS = sum(KINDS.values()) - 1  # one of the responses was given


@pytest.fixture
def world(house, vpn, log_incident, make_agreement, around_the_clock, write_change):  # noqa: F811 - a fixture
    """`world(at)` begins a clock of every kind at the moment, some on the same record."""

    def agree(name, kind, *clocks, **said):
        targets = {(clock, priority): 120 for clock in clocks for priority in range(1, 6)}
        rules = {"pause_reasons": [], "thresholds": WARNINGS, "calendar": around_the_clock}
        make_agreement(name, targets, kind=kind, **rules, **said)

    def begin(at):
        agree("Customers", "incident", "response", "update", "resolution", "task")
        agree("Team", "incident", "response", "resolution", type="team", team=house.networks)
        agree("Carrier", "incident", "resolution", type="supplier", supplier_name="Carrier")
        agree("Problems", "problem", "known_error", "solution", "task")
        agree("Changes", "change", "decision", "approval", "task")
        said = {"by": house.tom, "at": at}
        for number in range(2):
            ticket = operations.assign(incident=log_incident(at=at), team=house.networks, **said)
            record_operations.add_task(record=ticket, title=f"Task {number}", **said)
        record_operations.add_task(record=ticket, title="One more", **said)
        ticket = operations.start(incident=ticket, **said)
        record_operations.reply(record=ticket, text="We look into it.", **said)
        ticket.refresh_from_db()
        operations.hold(incident=ticket, hold_for="supplier", supplier_reference="S-1", **said)
        problem = problems.create(title="Why?", service=vpn, **said)
        record_operations.add_task(record=problem, title="Read the log", **said)
        window = [f"{at + timedelta(days=3, hours=hours):%Y-%m-%d %H:%M}" for hours in (0, 2)]
        change = changes.submit(change=write_change(at=at, window=window), by=house.aisha, at=at)
        changes.assess(change=change, by=house.ines, at=at)

    return begin


def expected(at, *, until=timedelta(days=1)):
    """What a judge with a watch would write down of each clock that started at the moment."""
    return [(level, at + minutes * MINUTE) for level, minutes in LEVELS.items() if minutes * MINUTE <= until]


def facts_are(at, **said):
    running = Clock.objects.exclude(state__in=["met", "missed", "cancelled"])
    assert Counter(running.values_list("kind", flat=True)) == Counter(KINDS) - Counter(["response"])
    for clock in running:
        found = sorted(clock.facts.values_list("level", "at", "generation"))
        assert found == sorted((level, when, clock.generation) for level, when in expected(at, **said)), clock.kind
    entries = Entry.objects.filter(action__in=["clock.due_soon", "clock.at_risk", "clock.breached", "clock.threshold"])
    said_of = Counter(entries.values_list("data__clock", "data__level"))
    assert said_of == Counter(ClockFact.objects.values_list("clock", "level"))
    return running.count()


@pytest.mark.django_db(transaction=True)
def test_sweepers_at_once_write_each_level_of_each_clock_once(world):
    world(START)
    at = START + timedelta(days=1)

    raised = at_once(*[lambda: [sweep_batch(at, rows=3) for _round in range(12)]] * 3)
    sweep(at)

    assert raised == [None] * 3
    assert facts_are(START) == CLOCKS
    # Only what was promised to customers marks a record; steps, tasks, teams, suppliers and updates do not.
    marked = Record.objects.filter(is_breached=True).values_list("kind", flat=True)
    assert sorted(marked) == ["change", "incident", "incident", "problem"]


def killed_while(patched, name):
    """
    Sweep in a process of its own that is killed when it comes to the named function; wait for its end.

    The process takes a connection of its own: after a browser test this thread runs an event loop, which a forked one
    does not, so that Django would hand it an older connection that both would share.
    """
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
            setattr(patched, name, lambda *args, **said: os.kill(os.getpid(), signal.SIGKILL))
            sweep_batch(START + timedelta(days=1), rows=7)
            sweep_batch(START + timedelta(days=1), rows=7)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    others_are_gone()


def others_are_gone():
    """PostgreSQL hears a moment later that a process has died; until then what it had locked is locked."""
    for _look in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend' AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
        sleep(0.05)
    raise AssertionError("What a killed worker began is still going on after ten seconds.")


@pytest.mark.django_db(transaction=True)
def test_workers_killed_around_the_due_moment_lose_and_double_nothing(world, monkeypatch):
    """Before anything is written, between facts and clocks, before the log, and after a batch was committed."""
    world(START)
    for name in ("_insert_facts", "_advance", "_mark_records", "_write_down"):
        killed_while(sweeping, name)
    assert ClockFact.objects.count() == 0
    assert sweep_batch(START + timedelta(days=1), rows=7)[0] == 7
    killed_while(sweeping, "_write_down")
    assert ClockFact.objects.count() == 7 * len(LEVELS)

    sweep(START + timedelta(days=1))

    assert facts_are(START) == CLOCKS


@pytest.mark.django_db
def test_a_worker_whose_clock_is_wrong_goes_by_that_of_the_database(world, time_machine):
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (at,) = cursor.fetchone()
    start = at.astimezone(UTC) - 100 * MINUTE
    world(start)

    for wrong in (at + timedelta(days=365), at - timedelta(days=365), datetime(1999, 12, 31, tzinfo=UTC)):
        time_machine.move_to(wrong)
        tasks.sweep_clocks()
        assert facts_are(start, until=100 * MINUTE) == CLOCKS

    assert set(ClockFact.objects.values_list("detected_at", flat=True)) == {at}
    assert health.unrecorded_breaches() == []
    assert Approval.objects.get().is_open


@pytest.mark.django_db
def test_a_new_generation_gives_again_only_what_lies_ahead(world, house):
    """A longer target moves the due moment ahead: what is passed again is told again, in the new generation only."""
    world(START)
    sweep(START + 95 * MINUTE)
    task = Clock.objects.filter(kind="task", record__kind="problem").get()
    before = task.generation
    agreement = Agreement.objects.get(name="Problems")
    agreement.targets.filter(priority=1).update(target_minutes=240)
    selection.forget()
    record_operations.override_priority(
        record=Record.objects.get(kind="problem"), by=house.tom, at=START + 96 * MINUTE, priority=1, reason="Worse."
    )

    sweep(START + timedelta(days=1))

    levels = Counter(task.facts.values_list("level", flat=True))
    assert levels == Counter({"p60": 2, "m30": 2, "due_soon": 2, "at_risk": 1, "breached": 1, "p150": 1})
    assert set(task.facts.values_list("generation", flat=True)) == {before, before + 1}
