"""What a draft would have changed: literal lives of tickets, judged again. Monday 2 March 2026 is a working day."""

from datetime import timedelta

import pytest

from calendars import operations as calendar_operations
from calendars.business_time import BusinessTime, WeeklyWindow
from calendars.spec import DayException
from incidents import operations
from records import operations as record_operations
from slm.models import Clock
from slm.simulator import replay, runs
from slm.simulator.models import Outcome, Simulation
from slm.simulator.operations import try_hours, try_terms
from tests.conftest import moment
from tests.slm.conftest import TARGETS

NOW = moment("2026-03-20 12:00")
HOUR = timedelta(hours=1)


def played(simulation: Simulation) -> dict[tuple[str, str], Outcome]:
    """Do the simulation and read what it found, by clock and ticket."""
    assert runs.work(simulation.pk) is False
    simulation.refresh_from_db()
    assert simulation.state == "done"
    found = Outcome.objects.filter(simulation=simulation).select_related("record")
    return {(each.kind, each.record.reference): each for each in found}


@pytest.fixture
def terms(house, standard):
    """Try other terms of the standard agreement; what is not said stays."""

    def ask(**said):
        defaults = {
            "agreement": standard,
            "calendar": standard.calendar,
            "targets": TARGETS,
            "pause_reasons": standard.pause_reasons,
            "by": house.ada,
            "at": NOW,
        }
        return try_terms(**(defaults | said))

    return ask


@pytest.fixture
def hours(house, office):
    def ask(**said):
        return try_hours(**({"calendar": office, "spec": office.as_spec(), "by": house.ada, "at": NOW} | said))

    return ask


@pytest.fixture
def resolved(house, log_incident, standard):
    """Resolved after seven working hours, two of them waiting for Maria: five of the eight of P4 used."""

    def live(at="2026-03-02 09:00", held="2026-03-02 11:00", back="2026-03-02 13:00", done="2026-03-02 16:00"):
        incident = log_incident(at=moment(at))
        incident = operations.assign(
            incident=incident, by=house.tom, at=moment(at), team=house.networks, assignee=house.aisha
        )
        incident = operations.start(incident=incident, by=house.aisha, at=moment(at))
        incident = operations.hold(
            incident=incident, by=house.aisha, at=moment(held), hold_for="requester", question="Which client?"
        )
        incident = operations.resume(incident=incident, by=house.aisha, at=moment(back))
        return operations.resolve(incident=incident, by=house.aisha, at=moment(done), code="fixed", text="Restarted.")

    return live


def test_the_terms_in_force_change_nothing(terms, hours, resolved, log_incident, house):
    first = resolved()
    resolved(done="2026-03-04 10:00")
    operations.reopen(incident=first, by=house.tom, at=moment("2026-03-03 09:00"), reason="Again.")
    log_incident(at=moment("2026-03-19 17:00"))

    for simulation in (terms(), hours()):
        assert played(simulation) == {}
        assert "otherwise" not in simulation.counts["finished"]
        assert simulation.done == Clock.objects.count()


def test_a_stricter_target_shows_who_would_have_missed_it(terms, resolved):
    incident = resolved()

    found = played(terms(targets=TARGETS | {("resolution", 4): 240}))

    outcome = found["resolution", incident.reference]
    assert (outcome.effect, outcome.is_missed_before, outcome.is_missed_after) == ("newly_missed", False, True)
    assert outcome.due_before == moment("2026-03-03 09:00")
    assert outcome.due_after == moment("2026-03-02 15:00")
    assert outcome.used_before == outcome.used_after == 5 * HOUR
    assert len(found) == 1


def test_a_clock_that_stops_exactly_when_it_is_due_is_met(terms, resolved):
    incident = resolved()

    found = played(terms(targets=TARGETS | {("resolution", 4): 300}))

    assert found["resolution", incident.reference].effect == "earlier"
    assert found["resolution", incident.reference].due_after == moment("2026-03-02 16:00")


def test_a_wider_target_shows_who_would_have_met_it(terms, resolved):
    incident = resolved(done="2026-03-03 15:00")
    assert Clock.objects.get(record_id=incident.pk, kind="resolution").state == "missed"

    found = played(terms(targets=TARGETS | {("resolution", 4): 960}))

    assert found["resolution", incident.reference].effect == "newly_met"


def test_without_a_pause_reason_the_waiting_counts(terms, resolved):
    incident = resolved()

    found = played(terms(pause_reasons=["schedule"], targets=TARGETS | {("resolution", 4): 360}))

    outcome = found["resolution", incident.reference]
    assert outcome.used_after == 7 * HOUR
    assert outcome.due_after == moment("2026-03-02 15:00")
    assert outcome.effect == "newly_missed"


def test_with_another_pause_reason_the_time_on_hold_is_left_out(terms, house, log_incident, standard):
    incident = log_incident(at=moment("2026-03-02 09:00"))
    incident = operations.assign(
        incident=incident, by=house.tom, at=moment("2026-03-02 09:00"), team=house.networks, assignee=house.aisha
    )
    incident = operations.start(incident=incident, by=house.aisha, at=moment("2026-03-02 09:00"))
    incident = operations.hold(
        incident=incident, by=house.aisha, at=moment("2026-03-02 10:00"), hold_for="supplier", supplier_reference="S-1"
    )
    incident = operations.resume(incident=incident, by=house.aisha, at=moment("2026-03-04 10:00"))
    operations.resolve(incident=incident, by=house.aisha, at=moment("2026-03-04 11:00"), code="fixed", text="Replaced.")

    found = played(terms(pause_reasons=["requester", "schedule", "supplier"]))

    outcome = found["resolution", incident.reference]
    assert (outcome.effect, outcome.used_before, outcome.used_after) == ("newly_met", 22 * HOUR, 2 * HOUR)


def test_what_is_no_longer_promised_is_told_apart(terms, resolved):
    incident = resolved()
    targets = {cell: minutes for cell, minutes in TARGETS.items() if cell != ("resolution", 4)}

    found = played(terms(targets=targets))

    assert found["resolution", incident.reference].effect == "not_promised"
    assert found["resolution", incident.reference].due_after is None


def test_other_hours_of_an_agreement_read_the_whole_ledger(terms, resolved, around_the_clock):
    incident = resolved(done="2026-03-03 08:30")

    found = played(terms(calendar=around_the_clock))

    outcome = found["resolution", incident.reference]
    assert (outcome.effect, outcome.due_after) == ("newly_missed", moment("2026-03-02 19:00"))


def test_a_holiday_put_in_afterward_moves_what_finished(hours, resolved, office):
    incident = resolved(done="2026-03-04 09:00")
    spec = office.as_spec()
    closed = type(spec)(spec.zone, spec.weekly, (DayException(moment("2026-03-03 00:00").date(), (), "Strike"),))

    found = played(hours(spec=closed))

    outcome = found["resolution", incident.reference]
    assert (outcome.effect, outcome.used_before, outcome.used_after) == ("newly_met", 18 * HOUR, 8 * HOUR)
    assert outcome.due_after == moment("2026-03-04 09:00")


def test_open_clocks_keep_the_time_that_has_passed_under_new_hours(hours, log_incident, standard, office):
    incident = log_incident(at=moment("2026-03-20 09:00"))
    spec = office.as_spec()
    longer = type(spec)(spec.zone, tuple(WeeklyWindow(day, 600, 840) for day in range(5)))

    found = played(hours(spec=longer))

    outcome = found["resolution", incident.reference]
    assert (outcome.used_before, outcome.used_after) == (3 * HOUR, 3 * HOUR)
    # Two hours are left of Friday, and three of Monday.
    assert (outcome.due_before, outcome.due_after) == (moment("2026-03-20 17:00"), moment("2026-03-23 13:00"))
    assert (outcome.is_open, outcome.effect) == (True, "later")


def test_the_simulation_says_what_saving_the_hours_then_does(hours, log_incident, standard, office, house):
    from slm import replanning

    incident = log_incident(at=moment("2026-03-20 09:00"))
    spec = office.as_spec()
    windows = tuple(WeeklyWindow(day, 600, 840) for day in range(5))
    found = played(hours(spec=type(spec)(spec.zone, windows)))

    calendar_operations.save_hours(calendar=office, windows=windows, exceptions=(), by=None, at=NOW)
    replanning.replan(office.pk, at=NOW)

    for clock in Clock.objects.filter(record_id=incident.pk):
        assert clock.due_at == found[clock.kind, incident.reference].due_after


def test_the_hour_that_happens_twice_counts_twice(house, make_agreement, log_incident):
    oslo = calendar_operations.create_calendar(
        name="Night", zone="Europe/Oslo", windows=[WeeklyWindow(6, 0, 360)], by=None, at=moment("2025-01-01 00:00")
    )
    agreement = make_agreement(calendar=oslo, targets={("resolution", 4): 60})
    log_incident(at=moment("2025-10-25 12:00"))  # the clocks go back on Sunday 26 October 2025

    simulation = try_terms(
        agreement=agreement,
        calendar=oslo,
        targets={("resolution", 4): 240},
        pause_reasons=[],
        by=house.ada,
        at=moment("2025-10-25 13:00"),
    )

    [outcome] = played(simulation).values()
    assert outcome.due_before == moment("2025-10-25 23:00")  # 01:00 in Oslo
    assert outcome.due_after == moment("2025-10-26 02:00")  # 03:00 in Oslo, four hours after midnight


def test_a_ticket_dropped_midway_and_one_on_hold_stand_as_they_are(terms, house, log_incident, standard):
    waiting = log_incident(at=moment("2026-03-20 09:00"))
    waiting = operations.assign(
        incident=waiting, by=house.tom, at=moment("2026-03-20 09:00"), team=house.networks, assignee=house.aisha
    )
    waiting = operations.start(incident=waiting, by=house.aisha, at=moment("2026-03-20 09:00"))
    operations.hold(
        incident=waiting, by=house.aisha, at=moment("2026-03-20 10:00"), hold_for="requester", question="Which one?"
    )
    cancelled = log_incident(at=moment("2026-03-19 09:00"), title="Printer jams")
    operations.cancel(incident=cancelled, by=house.tom, at=moment("2026-03-19 10:00"), reason="By mistake.")

    found = played(terms(targets=TARGETS | {("resolution", 4): 30}))

    outcome = found["resolution", waiting.reference]
    assert (outcome.effect, outcome.is_open) == ("newly_missed", True)
    assert outcome.due_after == moment("2026-03-20 09:30")
    assert ("resolution", cancelled.reference) not in found


def test_a_new_priority_on_the_way_is_judged_by_the_priority_it_ended_with(terms, resolved, house):
    incident = resolved()
    incident.refresh_from_db()
    other = resolved(at="2026-03-09 09:00", held="2026-03-09 11:00", back="2026-03-09 13:00", done="2026-03-09 16:00")
    record_operations.override_priority(
        record=other, priority=1, reason="The board meets.", by=house.tom, at=moment("2026-03-09 16:30")
    )

    found = played(terms(targets=TARGETS | {("resolution", 4): 240}))

    assert ("resolution", incident.reference) in found
    assert found["resolution", other.reference].priority == 4  # it had stopped before


def test_hours_that_are_tried_are_compiled_once_for_all_clocks(hours, log_incident, standard, monkeypatch):
    for _number in range(3):
        log_incident(at=moment("2026-03-20 09:00"))
    made = []
    monkeypatch.setattr(replay, "BusinessTime", lambda spec: made.append(spec) or BusinessTime(spec))

    played(hours())

    assert len(made) == 1
