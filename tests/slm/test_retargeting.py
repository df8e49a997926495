"""A new priority, service or requester while the clock runs (domain reference A3.6)."""

from datetime import timedelta

import pytest

from incidents import operations
from records import operations as record_operations
from slm.enums import ClockState
from slm.models import Clock, ClockChange, ClockFact, Segment
from slm.sweep import sweep
from tests.conftest import moment

HOUR = timedelta(hours=1)
FRIDAY_15 = moment("2026-03-06 15:00")
TARGETS = {("resolution", 2): 240, ("resolution", 3): 600, ("resolution", 4): 480}


def prioritize(incident, house, priority, at):
    return record_operations.override_priority(
        record=incident, by=house.tom, at=moment(at), priority=priority, reason="The whole office is hit."
    )


def test_from_the_start_counts_the_new_target_from_the_beginning(house, log_incident, make_agreement, clock_of):
    make_agreement(targets=TARGETS)
    incident = log_incident(at=FRIDAY_15)

    prioritize(incident, house, 2, "2026-03-06 17:00")

    clock = clock_of(incident)
    assert (clock.target, clock.due_at, clock.priority) == (4 * HOUR, moment("2026-03-09 09:00"), 2)
    change = ClockChange.objects.get(clock=clock)
    assert (change.why, change.policy, change.by) == ("priority", "from_start", house.tom)
    assert (change.target_before, change.due_before) == (8 * HOUR, moment("2026-03-09 13:00"))
    assert (change.target_after, change.due_after) == (4 * HOUR, moment("2026-03-09 09:00"))


def test_from_the_change_gives_the_full_new_target_and_keeps_the_time_used(
    house, log_incident, make_agreement, clock_of
):
    make_agreement(targets=TARGETS, retarget_policy="from_change")
    incident = log_incident(at=FRIDAY_15)

    prioritize(incident, house, 2, "2026-03-06 17:00")

    clock = clock_of(incident)
    assert (clock.due_at, clock.counts_from) == (moment("2026-03-09 11:00"), moment("2026-03-06 17:00"))
    assert (clock.used, clock.used_before) == (2 * HOUR, 2 * HOUR)


@pytest.mark.parametrize(
    ("priority", "due", "target"),
    [(2, "2026-03-09 09:00", 4 * HOUR), (3, "2026-03-09 13:00", 8 * HOUR)],
)
def test_stricter_only_takes_the_earlier_of_old_and_new(
    house, log_incident, make_agreement, clock_of, priority, due, target
):
    make_agreement(targets=TARGETS, retarget_policy="stricter_only")
    incident = log_incident(at=FRIDAY_15)

    prioritize(incident, house, priority, "2026-03-06 17:00")

    assert (clock_of(incident).due_at, clock_of(incident).target) == (moment(due), target)


def test_an_upgrade_that_is_overdue_at_once_is_a_breach_by_reclassification(
    house, log_incident, make_agreement, clock_of
):
    make_agreement(targets=TARGETS)
    incident = log_incident(at=FRIDAY_15)

    prioritize(incident, house, 2, "2026-03-09 11:00")

    clock = clock_of(incident)
    assert clock.is_breached_by_reclassification is True
    assert clock.breached_at == clock.due_at == moment("2026-03-09 09:00")
    fact = ClockFact.objects.get(clock=clock, level="breached")
    assert (fact.at, fact.detected_at) == (moment("2026-03-09 09:00"), moment("2026-03-09 11:00"))


def test_a_downgrade_keeps_the_breach(house, log_incident, make_agreement, clock_of):
    make_agreement(targets=TARGETS)
    incident = operations.start(incident=log_incident(at=FRIDAY_15), by=house.tom, at=FRIDAY_15)
    sweep(moment("2026-03-09 13:30"))

    incident = prioritize(incident, house, 3, "2026-03-09 14:00")
    clock = clock_of(incident)
    assert (clock.due_at, clock.breached_at) == (moment("2026-03-09 15:00"), moment("2026-03-09 13:00"))
    assert clock.is_breached_by_reclassification is False

    operations.resolve(incident=incident, by=house.tom, at=moment("2026-03-09 14:30"), code="fixed", text="Restarted.")
    assert clock_of(incident).state == ClockState.MISSED


def test_a_warning_that_lies_behind_is_not_repeated_but_one_moved_ahead_is(
    house, log_incident, make_agreement, clock_of
):
    make_agreement(targets=TARGETS)
    incident = log_incident(at=FRIDAY_15)
    sweep(moment("2026-03-09 11:30"))

    incident = prioritize(incident, house, 3, "2026-03-09 11:40")  # 75 % of ten hours are used at 12:30
    sweep(moment("2026-03-09 12:31"))

    assert list(ClockFact.objects.filter(clock=clock_of(incident)).values_list("generation", "level", "at")) == [
        (1, "due_soon", moment("2026-03-09 11:00")),
        (2, "due_soon", moment("2026-03-09 12:30")),
    ]


def test_a_target_on_other_hours_reads_the_whole_ledger_by_them(
    house, log_incident, make_agreement, around_the_clock, clock_of
):
    make_agreement(targets=TARGETS, target_calendars={("resolution", 2): around_the_clock})
    incident = log_incident(at=FRIDAY_15)

    prioritize(incident, house, 2, "2026-03-06 17:00")

    clock = clock_of(incident)
    assert (clock.calendar_id, clock.due_at) == (around_the_clock.pk, moment("2026-03-06 19:00"))
    assert list(Segment.objects.filter(clock=clock).values_list("calendar_id", flat=True)) == [around_the_clock.pk]

    prioritize(incident, house, 4, "2026-03-06 18:00")
    assert clock_of(incident).due_at == moment("2026-03-09 13:00")


def test_a_paused_clock_is_retargeted_too(house, log_incident, make_agreement, clock_of):
    make_agreement(targets=TARGETS)
    incident = operations.start(incident=log_incident(at=FRIDAY_15), by=house.tom, at=FRIDAY_15)
    held = operations.hold(
        incident=incident, by=house.tom, at=moment("2026-03-09 10:00"), hold_for="requester", question="Which client?"
    )

    prioritize(held, house, 2, "2026-03-09 11:00")

    clock = clock_of(incident)
    assert (clock.state, clock.due_at) == (ClockState.PAUSED, None)
    assert (clock.breached_at, clock.is_breached_by_reclassification) == (moment("2026-03-09 09:00"), True)


def test_the_clock_keeps_the_version_it_started_under(house, log_incident, make_agreement, clock_of):
    from slm import operations as agreements

    agreement = make_agreement(targets=TARGETS)
    agreements.keep_version(agreement=agreement, by=None, at=moment("2026-03-01 00:00"))
    incident = log_incident(at=FRIDAY_15)
    agreements.set_targets(
        agreement=agreement,
        by=None,
        at=moment("2026-03-06 16:00"),
        targets={("resolution", 2): 60, ("resolution", 4): 120},
    )

    prioritize(incident, house, 2, "2026-03-06 17:00")
    assert (clock_of(incident).agreement_version, clock_of(incident).target) == (1, 4 * HOUR)

    newer = log_incident(at=moment("2026-03-06 17:30"))
    assert (clock_of(newer).agreement_version, clock_of(newer).target) == (2, 2 * HOUR)


def test_choosing_the_service_brings_its_agreement(house, log_incident, make_agreement, vpn, clock_of):
    make_agreement(targets=TARGETS)
    gold = make_agreement("Gold VPN", targets={("resolution", 4): 120}, service=vpn, pause_reasons=[])
    incident = log_incident(at=FRIDAY_15, service=None)
    assert clock_of(incident).target == 8 * HOUR

    operations.edit(incident=incident, by=house.tom, at=moment("2026-03-06 15:30"), values={"service": vpn})

    clock = clock_of(incident)
    assert (clock.agreement, clock.target, clock.due_at) == (gold, 2 * HOUR, moment("2026-03-06 17:00"))
    assert clock.match["matched"] == ["service"]
    assert ClockChange.objects.get(clock=clock).why == "agreement"


def test_an_agreement_that_first_applies_later_starts_the_clocks_where_the_record_was_opened(
    house, log_incident, make_agreement, vpn, clock_of
):
    make_agreement("Gold VPN", service=vpn)
    incident = log_incident(at=FRIDAY_15, service=None)
    assert not Clock.objects.exists()

    operations.edit(incident=incident, by=house.tom, at=moment("2026-03-06 16:00"), values={"service": vpn})

    assert clock_of(incident).started_at == FRIDAY_15
    assert clock_of(incident, "response").due_at == moment("2026-03-09 13:00")


def test_a_priority_without_promise_cancels_and_one_with_promise_starts_again(house, log_incident, standard, clock_of):
    incident = prioritize(log_incident(at=FRIDAY_15), house, 5, "2026-03-06 16:00")
    assert clock_of(incident).state == ClockState.CANCELLED

    prioritize(incident, house, 4, "2026-03-06 17:00")
    assert clock_of(incident).state == ClockState.RUNNING
    assert clock_of(incident).due_at == moment("2026-03-09 13:00")


def test_a_stopped_response_clock_is_not_judged_again(house, log_incident, standard, clock_of):
    incident = log_incident(at=FRIDAY_15)
    record_operations.reply(record=incident, by=house.tom, at=moment("2026-03-06 16:00"), text="We look into it.")

    prioritize(incident, house, 1, "2026-03-06 16:10")

    response = clock_of(incident, "response")
    assert (response.state, response.target) == (ClockState.MET, 8 * HOUR)
