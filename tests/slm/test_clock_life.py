"""What clocks do while an incident lives: the literal cases of the domain reference A3, and their neighbors."""

from datetime import timedelta

import pytest

from audit.models import Entry
from incidents import operations
from records import operations as record_operations
from records.models import Record
from slm.enums import ChangeCause, ClockState
from slm.models import Clock, ClockChange, ClockFact, Segment
from slm.sweep import sweep
from tests.conftest import moment

HOUR = timedelta(hours=1)
FRIDAY_15 = moment("2026-03-06 15:00")


@pytest.fixture
def started(house, log_incident, standard):
    """An incident that Aisha works on since Friday 15:00, P4: 8 working hours."""
    incident = log_incident(at=FRIDAY_15)
    incident = operations.assign(
        incident=incident, by=house.tom, at=FRIDAY_15, team=house.networks, assignee=house.aisha
    )
    return operations.start(incident=incident, by=house.aisha, at=FRIDAY_15)


def hold(incident, house, at, hold_for="requester", **inputs):
    if hold_for == "requester":
        inputs.setdefault("question", "Which client do you use?")
    return operations.hold(incident=incident, by=house.aisha, at=moment(at), hold_for=hold_for, **inputs)


def resume(incident, house, at):
    return operations.resume(incident=incident, by=house.aisha, at=moment(at))


def resolve(incident, house, at):
    return operations.resolve(incident=incident, by=house.aisha, at=moment(at), code="fixed", text="Restarted.")


def test_eight_hours_from_friday_afternoon_are_over_on_monday_at_one(started, clock_of):
    clock = clock_of(started)

    assert clock.state == ClockState.RUNNING
    assert clock.due_at == moment("2026-03-09 13:00")
    assert clock.due_soon_at == moment("2026-03-09 11:00")
    assert clock.at_risk_at == moment("2026-03-09 12:12")


def test_a_pause_moves_the_due_moment_by_its_working_time(started, house, clock_of):
    held = hold(started, house, "2026-03-09 09:00")
    paused = clock_of(held)

    assert (paused.state, paused.pause_reason, paused.due_at) == (ClockState.PAUSED, "requester", None)
    assert paused.used == 4 * HOUR

    resumed = resume(held, house, "2026-03-09 11:00")

    assert clock_of(resumed).due_at == moment("2026-03-09 15:00")
    assert list(
        Segment.objects.filter(clock=clock_of(resumed)).order_by("at_from").values_list("kind", "at_from", "at_to")
    ) == [
        ("running", FRIDAY_15, moment("2026-03-09 09:00")),
        ("paused", moment("2026-03-09 09:00"), moment("2026-03-09 11:00")),
        ("running", moment("2026-03-09 11:00"), None),
    ]


def test_a_pause_over_the_night_counts_working_time_only(started, house, clock_of):
    resumed = resume(hold(started, house, "2026-03-06 17:00"), house, "2026-03-09 09:00")

    # 2 h used on Friday; the pause took 2 working hours (Friday 17-18, Monday 8-9): due 2 h after 13:00.
    assert clock_of(resumed).due_at == moment("2026-03-09 15:00")


def test_waiting_for_a_supplier_does_not_pause(started, house, clock_of):
    held = hold(started, house, "2026-03-09 09:00", hold_for="supplier", supplier_reference="S-1")

    assert clock_of(held).state == ClockState.RUNNING
    assert clock_of(held).due_at == moment("2026-03-09 13:00")


def test_the_requesters_reply_ends_the_pause(started, house, clock_of):
    held = hold(started, house, "2026-03-09 09:00")
    record_operations.reply(record=held, by=house.maria, at=moment("2026-03-09 10:00"), text="OpenVPN.")

    assert clock_of(held).state == ClockState.RUNNING
    assert clock_of(held).due_at == moment("2026-03-09 14:00")


def test_the_record_shows_the_clock_that_expires_next(started, house):
    record = Record.objects.get(pk=started.pk)
    # Both clocks are due at the same moment; the response clock was started first.
    assert (record.due_kind, record.due_state) == ("response", "running")
    assert record.due_at == moment("2026-03-09 13:00")

    held = hold(started, house, "2026-03-09 09:00")  # the question answers, so only the resolution clock is left

    record.refresh_from_db()
    assert (record.due_kind, record.due_state, record.due_at) == ("resolution", "paused", None)
    assert record.due_remaining == 4 * HOUR

    resolve(held, house, "2026-03-09 10:00")

    record.refresh_from_db()
    assert (record.due_state, record.due_at, record.is_breached) == ("done", None, False)


def test_the_response_clock_stops_at_the_first_public_reply_of_staff(started, house, clock_of):
    record_operations.add_note(record=started, by=house.aisha, at=moment("2026-03-06 15:30"), text="Looks like DNS.")
    record_operations.reply(record=started, by=house.maria, at=moment("2026-03-06 15:40"), text="Any news?")
    assert clock_of(started, "response").state == ClockState.RUNNING

    record_operations.reply(record=started, by=house.aisha, at=moment("2026-03-06 16:00"), text="We look into it.")

    response = clock_of(started, "response")
    assert (response.state, response.stopped_at, response.used) == (
        ClockState.MET,
        moment("2026-03-06 16:00"),
        HOUR,
    )
    assert clock_of(started).state == ClockState.RUNNING


def test_the_response_clock_never_pauses(started, house, clock_of):
    operations.hold(
        incident=started,
        by=house.aisha,
        at=moment("2026-03-09 09:00"),
        hold_for="schedule",
        wake_at=moment("2026-03-10 09:00"),
    )

    assert clock_of(started, "response").state == ClockState.RUNNING
    assert clock_of(started).state == ClockState.PAUSED


def test_what_was_done_answers_too(started, house, clock_of):
    resolve(started, house, "2026-03-06 17:00")

    assert clock_of(started, "response").state == ClockState.MET


def test_stopping_at_the_due_moment_is_in_time(started, house, clock_of):
    resolve(started, house, "2026-03-09 13:00")

    assert clock_of(started).state == ClockState.MET
    assert clock_of(started).used == 8 * HOUR
    assert not ClockFact.objects.filter(level="breached").exists()


def test_stopping_a_microsecond_later_is_a_breach_at_the_due_moment(started, house, clock_of):
    late = moment("2026-03-09 13:00") + timedelta(microseconds=1)
    operations.resolve(incident=started, by=house.aisha, at=late, code="fixed", text="Restarted.")

    clock = clock_of(started)
    assert (clock.state, clock.breached_at) == (ClockState.MISSED, moment("2026-03-09 13:00"))
    fact = ClockFact.objects.get(clock=clock, level="breached")
    assert (fact.at, fact.detected_at) == (moment("2026-03-09 13:00"), late)
    entry = Entry.objects.get(action="clock.breached", data__kind="resolution")
    assert (entry.at, entry.data["notify"], entry.data["clock"]) == (moment("2026-03-09 13:00"), False, clock.pk)
    assert Record.objects.get(pk=started.pk).is_breached is True


def test_a_breached_clock_stays_breached_through_a_pause(started, house, clock_of):
    sweep(moment("2026-03-09 14:00"))
    resumed = resume(hold(started, house, "2026-03-09 14:00"), house, "2026-03-09 16:00")

    clock = clock_of(resumed)
    assert (clock.breached_at, clock.due_at) == (moment("2026-03-09 13:00"),) * 2
    assert clock_of(resolve(resumed, house, "2026-03-09 16:30")).state == ClockState.MISSED
    assert clock_of(started).used == timedelta(hours=9, minutes=30)


def test_reopening_goes_on_with_the_time_used_so_far(started, house, clock_of):
    resolved = resolve(started, house, "2026-03-06 17:00")
    assert clock_of(resolved).state == ClockState.MET

    reopened = operations.reopen(
        incident=resolved, by=house.maria, at=moment("2026-03-09 09:00"), reason="It drops again."
    )

    clock = clock_of(reopened)
    assert (clock.state, clock.used, clock.due_at) == (ClockState.RUNNING, 2 * HOUR, moment("2026-03-09 15:00"))
    assert list(Segment.objects.filter(clock=clock).order_by("at_from").values_list("kind", flat=True)) == [
        "running",
        "stopped",
        "running",
    ]
    assert ClockChange.objects.get(clock=clock).why == ChangeCause.REOPENED
    assert clock_of(reopened, "response").state == ClockState.MET


def test_reopening_may_start_a_new_full_clock_and_keep_the_first_result(house, log_incident, make_agreement, clock_of):
    make_agreement(reopen_policy="restart")
    incident = operations.start(incident=log_incident(at=FRIDAY_15), by=house.tom, at=FRIDAY_15)
    resolved = operations.resolve(
        incident=incident, by=house.tom, at=moment("2026-03-09 14:00"), code="fixed", text="Restarted."
    )
    operations.reopen(incident=resolved, by=house.maria, at=moment("2026-03-09 16:00"), reason="It drops again.")

    first, second = Clock.objects.filter(kind="resolution").order_by("id")
    assert (first.state, first.replaced_by_id) == (ClockState.MISSED, second.pk)
    assert (second.state, second.started_at, second.due_at) == (
        ClockState.RUNNING,
        moment("2026-03-09 16:00"),
        moment("2026-03-10 14:00"),
    )


def test_cancelling_drops_the_clocks(house, log_incident, standard, clock_of):
    incident = log_incident(at=FRIDAY_15)
    operations.cancel(incident=incident, by=house.tom, at=moment("2026-03-06 16:00"), reason="Logged twice.")

    assert {each.state for each in Clock.objects.all()} == {ClockState.CANCELLED}
    assert sweep(moment("2026-03-20 12:00")) == 0
    assert Record.objects.get(pk=incident.pk).due_state == "done"


def test_a_report_dated_back_starts_its_clocks_there_and_records_what_has_passed(
    house, log_incident, standard, clock_of
):
    incident = log_incident(at=moment("2026-03-09 12:00"), opened_at=FRIDAY_15, reason="The call is on the phone log.")

    clock = clock_of(incident)
    assert (clock.started_at, clock.due_at) == (FRIDAY_15, moment("2026-03-09 13:00"))
    assert list(ClockFact.objects.filter(clock=clock).values_list("level", "at", "detected_at")) == [
        ("due_soon", moment("2026-03-09 11:00"), moment("2026-03-09 12:00"))
    ]
    assert clock.next_level == "at_risk"
    entry = Entry.objects.get(action="clock.due_soon", data__kind="resolution")
    assert entry.data["clock"] == clock.pk


def test_arriving_at_night_makes_no_progress_until_the_opening(log_incident, standard, clock_of):
    incident = log_incident(at=moment("2026-03-07 03:00"))

    assert clock_of(incident).due_at == moment("2026-03-09 16:00")


def test_without_an_agreement_there_is_no_clock(log_incident):
    incident = log_incident()

    assert not Clock.objects.exists()
    assert (incident.due_state or "", incident.due_at) == ("", None)


def test_a_priority_without_a_promise_has_no_such_clock(house, log_incident, standard):
    log_incident(impact=3, urgency=3)

    assert list(Clock.objects.values_list("kind", flat=True)) == ["response"]


def test_an_act_dated_before_the_pause_takes_effect_where_the_pause_began(started, house, clock_of):
    held = hold(started, house, "2026-03-09 09:00")
    resume(held, house, "2026-03-09 08:30")

    clock = clock_of(started)
    assert (clock.state, clock.switched_at) == (ClockState.RUNNING, moment("2026-03-09 09:00"))
    assert clock.due_at == moment("2026-03-09 13:00")


def test_a_reply_dated_before_a_breach_that_was_swept_meanwhile_corrects_it(started, house, clock_of):
    sweep(moment("2026-03-09 13:00:02"))
    assert clock_of(started, "response").is_breached

    record_operations.reply(record=started, by=house.aisha, at=moment("2026-03-09 12:59:55"), text="We look into it.")

    response = clock_of(started, "response")
    assert (response.state, response.breached_at) == (ClockState.MET, None)
    fact = ClockFact.objects.get(clock=response, level="breached")
    assert fact.corrected_at is not None
    assert Entry.objects.filter(action="clock.corrected").count() == 1
    assert Record.objects.get(pk=started.pk).is_breached is True  # the resolution clock did miss


def test_acts_that_concern_no_clock_ask_nothing_of_the_clocks(started, house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as asked:
        record_operations.add_note(record=started, by=house.aisha, at=moment("2026-03-06 15:30"), text="DNS?")
        record_operations.tag(record=started, by=house.aisha, at=moment("2026-03-06 15:31"), tags=["dns"])

    assert [each["sql"] for each in asked if "slm_" in each["sql"]] == []


def test_creating_with_clocks_costs_two_statements_more_and_writes_the_record_once(log_incident, standard):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    log_incident()
    with CaptureQueriesContext(connection) as asked:
        log_incident(at=moment("2026-03-02 10:00"))

    said = [each["sql"] for each in asked]
    assert len([each for each in said if "slm_" in each]) == 3  # agreements, keys, and the insertion of everything
    assert [each for each in said if "UPDATE" in each] == []
    assert Record.objects.latest("id").due_at == moment("2026-03-02 18:00")
