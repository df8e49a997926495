"""The moment of the report, corrected later: open clocks begin there, with who and why."""

from datetime import timedelta

import pytest

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from incidents import operations
from records import operations as record_operations
from slm.models import Clock, ClockChange, Segment
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")


def correct(ticket, by, opened_at, *, at="2026-03-02 10:00", reason="The mail says so."):
    return record_operations.correct_report(
        record=ticket, by=by, at=moment(at), opened_at=moment(opened_at), reason=reason
    )


def test_open_clocks_begin_at_the_report_and_say_so(standard, house, log_incident, clock_of):
    ticket = log_incident(at=NINE)

    correct(ticket, house.tom, "2026-02-27 16:00")

    clock = clock_of(ticket)
    # Two hours on Friday count: eight from there are over on Monday at 14:00.
    assert (clock.started_at, clock.counts_from, clock.due_at) == (
        moment("2026-02-27 16:00"), moment("2026-02-27 16:00"), moment("2026-03-02 14:00"),
    )  # fmt: skip
    assert Segment.objects.get(clock=clock).at_from == moment("2026-02-27 16:00")
    change = ClockChange.objects.get(clock=clock)
    assert (change.why, change.by, change.due_before) == ("report", house.tom, moment("2026-03-02 17:00"))
    assert Entry.objects.get(action="incident.dated_back").reason == "The mail says so."


def test_a_pause_in_between_stays_and_what_ended_is_not_judged_again(standard, house, log_incident, clock_of):
    ticket = operations.start(incident=log_incident(at=NINE), by=house.tom, at=NINE)
    held = operations.hold(
        incident=ticket, by=house.tom, at=moment("2026-03-02 10:00"), hold_for="requester", question="Which?"
    )
    ticket = operations.resume(incident=held, by=house.tom, at=moment("2026-03-02 12:00"))
    answered = clock_of(ticket, "response")

    correct(ticket, house.tom, "2026-03-02 08:00", at="2026-03-02 13:00")

    assert clock_of(ticket).due_at == moment("2026-03-02 18:00")
    assert clock_of(ticket).used == timedelta(hours=2)
    assert Clock.objects.get(pk=answered.pk).started_at == NINE


def test_what_had_passed_by_then_is_recorded_with_its_moment(standard, house, log_incident, clock_of):
    ticket = log_incident(at=NINE)

    correct(ticket, house.tom, "2026-02-26 08:00")

    assert clock_of(ticket).breached_at == moment("2026-02-26 16:00")


@pytest.mark.parametrize(
    ("opened_at", "reason", "field"),
    [
        ("2026-03-02 09:00:00.000001", "Why.", "opened_at"),
        ("2026-02-23 08:59", "Why.", "opened_at"),
        ("2026-03-02 09:00", "Why.", "opened_at"),
        ("2026-03-02 08:00", " ", "reason"),
    ],
)
def test_refused_are_later_moments_far_ones_and_no_reason(standard, house, log_incident, opened_at, reason, field):
    ticket = log_incident(at=NINE)

    with pytest.raises(Refused) as refused:
        correct(ticket, house.tom, opened_at, reason=reason)

    assert refused.value.refusals[0].field == field
    assert not ClockChange.objects.exists()


def test_a_service_level_manager_may_go_further_and_a_requester_may_not_at_all(standard, house, log_incident):
    ticket = log_incident(at=NINE)

    with pytest.raises(NotAllowed):
        correct(ticket, house.maria, "2026-03-02 08:00")
    assert correct(ticket, house.ines, "2026-02-20 08:00").opened_at == moment("2026-02-20 08:00")


def test_the_page_corrects_it_and_others_find_nothing(client, standard, house, log_incident, time_machine):
    time_machine.move_to(moment("2026-03-02 10:00"), tick=False)
    ticket = log_incident(at=NINE)
    address = f"/clocks/report/{ticket.pk}/"
    client.force_login(house.tom)
    typed = {"opened_at": "2026-03-01T08:00", "reason": "", "seen_version": ticket.version}

    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert 'value="2026-03-01T08:00"' in refused.content.decode()
    assert client.post(address, typed | {"reason": "Mail."}).status_code == 302
    assert client.post(address, typed | {"reason": "Mail.", "opened_at": "2026-03-01T07:00"}).status_code == 412

    client.force_login(house.otto)
    assert client.get(address).status_code == 404
    client.force_login(house.maria)
    assert client.get(address).status_code in (403, 404)
