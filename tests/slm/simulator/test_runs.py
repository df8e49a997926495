"""Simulations at work: who may ask, how they go on after a stop, and several workers at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from records.models import Record
from slm.models import Clock
from slm.simulator import operations, runs, tasks
from slm.simulator.models import Outcome, Simulation
from slm.simulator.operations import try_hours, try_terms
from tests.conftest import moment
from tests.parallel import at_once
from tests.slm.conftest import TARGETS

NOW = moment("2026-03-20 12:00")
STRICT = TARGETS | {("resolution", 4): 30, ("response", 4): 30}


def ask(agreement, by, **said):
    defaults = {
        "agreement": agreement,
        "calendar": agreement.calendar,
        "targets": STRICT,
        "pause_reasons": agreement.pause_reasons,
        "by": by,
        "at": NOW,
    }
    return try_terms(**(defaults | said))


@pytest.fixture
def five(log_incident, standard):
    return [log_incident(at=moment(f"2026-03-20 0{hour}:00")) for hour in range(5, 10)]


def test_nothing_of_the_clocks_is_changed_and_the_log_says_who_asked(five, standard, house):
    before = list(Clock.objects.order_by("pk").values())

    asked = ask(standard, house.ines)
    runs.work(asked.pk)

    assert list(Clock.objects.order_by("pk").values()) == before
    entry = Entry.objects.get(action="simulation.asked")
    assert (entry.actor, entry.data["clocks"]) == (house.ines, 10)
    assert Outcome.objects.filter(simulation=asked).count() == 10


@pytest.mark.parametrize("who", ["tom", "aisha", "maria", "max", "otto"])
def test_only_those_who_answer_for_agreements_try_them(five, standard, house, who):
    with pytest.raises(NotAllowed):
        ask(standard, getattr(house, who))


def test_a_simulation_is_its_makers_own(five, standard, house):
    asked = ask(standard, house.ines)

    assert list(Simulation.objects.visible_to(house.ines)) == [asked]
    assert not Simulation.objects.visible_to(house.ada)
    with pytest.raises(Simulation.DoesNotExist):
        operations.stop(simulation=asked, by=house.ada, at=NOW)


def test_a_target_of_zero_or_of_more_than_a_year_is_refused(five, standard, house):
    for minutes in (0, 525_601):
        with pytest.raises(Refused, match="between one minute and a year"):
            ask(standard, house.ines, targets={("resolution", 4): minutes})


def test_hours_that_can_not_be_are_refused(standard, house, office):
    spec = office.as_spec()

    with pytest.raises(Refused):
        try_hours(calendar=office, spec=type(spec)("Europe/Atlantis", spec.weekly), by=house.ines, at=NOW)


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        ({"days": None, "has_open": False}, "Choose past tickets, open ones, or both"),
        ({"days": 0}, "between 1 and 800 days"),
        ({"days": 801}, "between 1 and 800 days"),
        ({"days": 5, "has_open": False}, "No clock that you may see"),
    ],
)
def test_a_scope_that_holds_nothing_is_refused_with_what_to_do(five, standard, house, scope, sentence):
    with pytest.raises(Refused, match=sentence):
        ask(standard, house.ines, **scope)


def test_three_simulations_at_work_are_enough_for_one_person(five, standard, house):
    for _number in range(3):
        ask(standard, house.ines)

    with pytest.raises(Refused, match="still at work"):
        ask(standard, house.ines)
    ask(standard, house.ada)


def test_the_sample_is_looked_at_only_where_there_is_nothing_else(five, standard, house):
    Record.objects.filter(pk__in=[each.pk for each in five[:2]]).update(is_sample=True)

    assert ask(standard, house.ines).total == 6

    Record.objects.update(is_sample=True)
    asked = ask(standard, house.ines)
    assert (asked.total, asked.is_sample) == (10, True)


def test_what_was_stopped_stays_so_and_keeps_what_it_found(five, standard, house, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 4)
    asked = ask(standard, house.ines)
    assert runs.work(asked.pk, seconds=0) is True

    operations.stop(simulation=asked, by=house.ines, at=NOW)

    assert runs.work(asked.pk) is False
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.total) == ("stopped", 4, 10)
    assert Outcome.objects.filter(simulation=asked).count() == 4
    with pytest.raises(Refused, match="over already"):
        operations.stop(simulation=asked, by=house.ines, at=NOW)


def test_work_goes_on_where_it_ended_and_counts_every_clock_once(five, standard, house, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 3)
    asked = ask(standard, house.ines)

    rounds = 1
    while runs.work(asked.pk, seconds=0):
        rounds += 1

    asked.refresh_from_db()
    assert (rounds, asked.state, asked.done) == (4, "done", 10)
    assert asked.counts["open"]["total"] == 10


def test_as_many_statements_for_ten_clocks_as_for_two(log_incident, standard, house):
    said = []
    for count in (1, 4):
        for _number in range(count):
            log_incident(at=moment("2026-03-20 09:00"))
        asked = ask(standard, house.ines)
        runs.work(asked.pk)
        Simulation.objects.filter(pk=asked.pk).update(state="waiting", latest=0, counts={}, done=0)
        Outcome.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            runs.work(asked.pk)
        said.append(len(queries))

    assert said[0] == said[1]


def test_a_simulation_without_a_worker_is_taken_up_after_a_minute(five, standard, house, monkeypatch):
    asked = ask(standard, house.ines)
    rung = []
    monkeypatch.setattr(tasks, "ring", rung.append)

    assert runs.lost(at=NOW) == []
    tasks.take_up()

    assert rung == [asked.pk]


def test_old_simulations_are_forgotten_with_all_they_found(five, standard, house):
    asked = ask(standard, house.ines)
    runs.work(asked.pk)

    runs.forget(at=moment("2026-04-19 11:59"))
    assert Simulation.objects.filter(pk=asked.pk).exists()
    runs.forget(at=moment("2026-04-19 12:01"))

    assert not Simulation.objects.exists()
    assert not Outcome.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_look_at_each_clock_once(five, standard, house, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 2)
    asked = ask(standard, house.ines)

    assert at_once(lambda: runs.work(asked.pk), lambda: runs.work(asked.pk)) == [None, None]
    runs.work(asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.counts["open"]["total"]) == ("done", 10, 10)
    assert Outcome.objects.filter(simulation=asked).count() == 10
