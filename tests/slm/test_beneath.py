"""Clocks beneath the promise to the customer: the team's from the assignment, the supplier's while it has it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import operations
from records import operations as record_operations
from records.models import Record
from slm.enums import AgreementType
from slm.models import Clock
from slm.queries import clocks_of
from slm.sweep import sweep
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")


@pytest.fixture
def agreed(house, standard, make_agreement, around_the_clock):
    """Networks solves within four office hours, pausing for the requester; a carrier within two, around the clock."""
    make_agreement("Networks", type=AgreementType.TEAM, team=house.networks, pause_reasons=["requester"],
                   targets={("resolution", 4): 240, ("resolution", 3): 120})  # fmt: skip
    make_agreement("Carrier", type=AgreementType.SUPPLIER, supplier_name="Carrier", calendar=around_the_clock,
                   targets={("resolution", 4): 120})  # fmt: skip


def assign(ticket, house, at, team=None, assignee=None):
    ticket.refresh_from_db()
    return operations.assign(
        incident=ticket, by=house.tom, at=moment(at), team=team or house.networks, assignee=assignee
    )


def beneath(ticket, kind="team"):
    return list(
        Clock.objects.filter(record_id=ticket.pk, kind=kind)
        .order_by("id")
        .values_list("state", "agreement__name", "started_at", "due_at", "stopped_at")
    )


def test_it_begins_with_the_assignment_and_goes_on_while_the_team_stays(agreed, house, log_incident):
    ticket = log_incident(at=NINE)
    assert beneath(ticket) == []

    ticket = assign(ticket, house, "2026-03-02 10:00")
    assign(ticket, house, "2026-03-02 11:00", assignee=house.aisha)

    assert beneath(ticket) == [("running", "Networks", moment("2026-03-02 10:00"), moment("2026-03-02 14:00"), None)]


def test_it_ends_when_the_team_changes_and_begins_anew_when_it_comes_back(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")
    ticket = assign(ticket, house, "2026-03-02 12:00", team=house.first_line)
    ticket = assign(ticket, house, "2026-03-02 13:00")
    assign(ticket, house, "2026-03-02 17:30", team=house.first_line)

    assert [(state, stopped) for state, _name, _start, _due, stopped in beneath(ticket)] == [
        ("met", moment("2026-03-02 12:00")),
        ("missed", moment("2026-03-02 17:30")),
    ]


def test_it_pauses_by_its_own_agreement_and_stops_with_the_resolution(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00", assignee=house.aisha)
    ticket = operations.start(incident=ticket, by=house.aisha, at=moment("2026-03-02 10:00"))
    held = operations.hold(
        incident=ticket, by=house.aisha, at=moment("2026-03-02 11:00"), hold_for="requester", question="Which?"
    )
    assert beneath(ticket)[0][0] == "paused"
    running = operations.resume(incident=held, by=house.aisha, at=moment("2026-03-02 13:00"))
    assert beneath(ticket)[0][3] == moment("2026-03-02 16:00")

    operations.resolve(incident=running, by=house.aisha, at=moment("2026-03-02 15:00"), code="fixed", text="Done.")
    assert beneath(ticket)[0][0] == "met"

    operations.reopen(incident=running, by=house.tom, at=moment("2026-03-03 09:00"), reason="Again.")
    assert beneath(ticket) == [
        ("running", "Networks", moment("2026-03-02 10:00"), moment("2026-03-03 10:00"), None),
    ]


def test_a_supplier_has_its_clock_from_the_hand_over_to_the_return(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00", assignee=house.aisha)
    ticket = operations.start(incident=ticket, by=house.aisha, at=moment("2026-03-02 10:00"))
    held = operations.hold(
        incident=ticket, by=house.aisha, at=moment("2026-03-02 17:00"), hold_for="supplier", supplier_reference="S-1"
    )
    assert beneath(ticket, "supplier") == [
        ("running", "Carrier", moment("2026-03-02 17:00"), moment("2026-03-02 19:00"), None)
    ]

    operations.resume(incident=held, by=house.aisha, at=moment("2026-03-02 19:30"))

    assert beneath(ticket, "supplier")[0][0] == "missed"


def test_it_is_no_due_moment_of_the_ticket_and_a_miss_does_not_mark_it(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")

    sweep(moment("2026-03-02 15:00"))

    record = Record.objects.get(pk=ticket.pk)
    assert Clock.objects.get(record_id=ticket.pk, kind="team").breached_at == moment("2026-03-02 14:00")
    assert (record.due_at, record.is_breached) == (moment("2026-03-02 17:00"), False)
    assert {each.clock.kind for each in clocks_of(record, house.tom)} == {"response", "resolution", "team"}


def test_a_new_priority_retargets_it_by_its_own_agreement(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")

    record_operations.override_priority(
        record=ticket, by=house.tom, at=moment("2026-03-02 10:30"), priority=3, reason="Urgent."
    )

    assert beneath(ticket)[0][1:4:2] == ("Networks", moment("2026-03-02 12:00"))


def test_a_team_without_an_agreement_has_no_clock_and_another_kind_of_act_costs_nothing(standard, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")
    assert beneath(ticket) == []

    with CaptureQueriesContext(connection) as asked:
        record_operations.add_note(record=ticket, by=house.tom, at=moment("2026-03-02 10:30"), text="DNS?")

    assert [each["sql"] for each in asked if "slm_" in each["sql"]] == []
