"""The clock of the next update: one interval after the other, each judged on its own."""

import pytest

from incidents import operations
from records import operations as record_operations
from records.models import Record
from slm.models import Clock, Segment
from slm.queries import clocks_of
from slm.sweep import sweep
from tests.conftest import moment

UPDATES = {("response", 4): 60, ("update", 4): 120, ("resolution", 4): 1_440, ("update", 3): 60, ("resolution", 3): 600}


@pytest.fixture
def ticket(house, log_incident, make_agreement):
    """Opened on Monday at 9:00 under an agreement with an update every two working hours."""
    make_agreement(targets=UPDATES)
    incident = log_incident(at=moment("2026-03-02 09:00"))
    return operations.start(incident=incident, by=house.tom, at=moment("2026-03-02 09:00"))


def tell(ticket, house, at, by=None):
    record_operations.reply(record=ticket, by=by or house.tom, at=moment(at), text="Still looking.")


def intervals(ticket):
    return list(
        Clock.objects.filter(record_id=ticket.pk, kind="update")
        .order_by("id")
        .values_list("state", "started_at", "due_at", "stopped_at")
    )


def test_nothing_is_promised_until_the_first_answer(ticket, house):
    tell(ticket, house, "2026-03-02 09:10", by=house.maria)
    record_operations.add_note(record=ticket, by=house.tom, at=moment("2026-03-02 09:20"), text="DNS?")

    assert intervals(ticket) == []


def test_each_answer_ends_one_interval_and_begins_the_next(ticket, house):
    tell(ticket, house, "2026-03-02 09:30")
    tell(ticket, house, "2026-03-02 11:00")
    tell(ticket, house, "2026-03-02 13:30")

    assert intervals(ticket) == [
        ("met", moment("2026-03-02 09:30"), moment("2026-03-02 11:30"), moment("2026-03-02 11:00")),
        ("missed", moment("2026-03-02 11:00"), moment("2026-03-02 13:00"), moment("2026-03-02 13:30")),
        ("running", moment("2026-03-02 13:30"), moment("2026-03-02 15:30"), None),
    ]


def test_an_answer_at_the_due_moment_is_in_time_and_a_microsecond_later_is_not(ticket, house):
    tell(ticket, house, "2026-03-02 09:30")
    tell(ticket, house, "2026-03-02 11:30")
    tell(ticket, house, "2026-03-02 13:30:00.000001")

    assert [state for state, *_moments in intervals(ticket)] == ["met", "missed", "running"]


def test_a_missed_update_is_due_in_the_queue_but_does_not_mark_the_ticket(ticket, house):
    tell(ticket, house, "2026-03-02 09:30")
    sweep(moment("2026-03-02 11:31"))

    record = Record.objects.get(pk=ticket.pk)
    assert (record.due_kind, record.due_at) == ("update", moment("2026-03-02 11:30"))
    assert Clock.objects.get(record_id=ticket.pk, kind="update").breached_at == moment("2026-03-02 11:30")
    assert record.is_breached is False


def test_waiting_for_the_requester_pauses_it_and_waiting_for_a_supplier_does_not(ticket, house):
    tell(ticket, house, "2026-03-02 09:30")
    held = operations.hold(
        incident=ticket, by=house.tom, at=moment("2026-03-02 10:30"), hold_for="requester", question="Which client?"
    )
    paused = Clock.objects.get(record_id=ticket.pk, kind="update", state="paused")

    tell(held, house, "2026-03-02 15:30", by=house.maria)

    paused.refresh_from_db()
    # The question was told at 10:30 and began an interval, which stood still until Maria answered.
    assert (paused.state, paused.due_at) == ("running", moment("2026-03-02 17:30"))

    ticket.refresh_from_db()
    operations.hold(
        incident=ticket, by=house.tom, at=moment("2026-03-02 16:00"), hold_for="supplier", supplier_reference="S-1"
    )
    paused.refresh_from_db()
    assert (paused.state, paused.due_at) == ("running", moment("2026-03-02 17:30"))


def test_an_answer_while_on_hold_begins_an_interval_that_stands_still(ticket, house):
    tell(ticket, house, "2026-03-02 09:30")
    held = operations.hold(
        incident=ticket, by=house.tom, at=moment("2026-03-02 10:30"), hold_for="requester", question="Which client?"
    )
    tell(held, house, "2026-03-02 16:00")

    latest = Clock.objects.filter(record_id=ticket.pk, kind="update").latest("id")
    assert (latest.state, latest.due_at, latest.pause_reason) == ("paused", None, "requester")
    assert [each.kind for each in Segment.objects.filter(clock=latest)] == ["running", "paused"]


def test_the_resolution_is_told_and_ends_it_and_a_reopened_ticket_has_none_until_the_next_answer(ticket, house):
    tell(ticket, house, "2026-03-02 09:30")
    solved = operations.resolve(
        incident=ticket, by=house.tom, at=moment("2026-03-02 10:00"), code="fixed", text="Restarted."
    )
    assert [state for state, *_moments in intervals(ticket)] == ["met"]

    tell(solved, house, "2026-03-02 10:30")
    assert len(intervals(ticket)) == 1

    again = operations.reopen(incident=solved, by=house.tom, at=moment("2026-03-02 11:00"), reason="It drops again.")
    assert len(intervals(ticket)) == 1
    tell(again, house, "2026-03-02 11:30")
    assert intervals(ticket)[-1][:3] == ("running", moment("2026-03-02 11:30"), moment("2026-03-02 13:30"))


def test_a_new_priority_dates_the_open_interval_anew_and_later_ones_by_the_same_version(ticket, house):
    tell(ticket, house, "2026-03-02 09:30")
    record_operations.override_priority(
        record=ticket, by=house.tom, at=moment("2026-03-02 10:00"), priority=3, reason="Worse."
    )
    assert intervals(ticket)[-1][2] == moment("2026-03-02 10:30")

    ticket.refresh_from_db()
    record_operations.override_priority(
        record=ticket, by=house.tom, at=moment("2026-03-02 10:10"), priority=2, reason="Worse still."
    )
    # Nothing is promised for P2.
    assert intervals(ticket)[-1][0] == "cancelled"


def test_the_page_shows_the_open_interval_and_how_many_were_kept(ticket, house):
    for at in ("2026-03-02 09:30", "2026-03-02 11:00", "2026-03-02 13:30"):
        tell(ticket, house, at)

    views = clocks_of(ticket, house.tom, at=moment("2026-03-02 14:00"))

    assert [(each.clock.kind, each.kept, each.ended) for each in views] == [
        ("update", 1, 2),
        ("resolution", 0, 0),
        ("response", 0, 0),
    ]


def test_a_ticket_whose_agreement_promises_no_updates_starts_none(house, log_incident, standard):
    incident = log_incident(at=moment("2026-03-02 09:00"))
    tell(incident, house, "2026-03-02 09:30")
    tell(incident, house, "2026-03-02 09:40")

    assert intervals(incident) == []
