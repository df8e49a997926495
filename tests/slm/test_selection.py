"""The most specific agreement applies, and the choice says why."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from slm import selection
from slm.models import Agreement
from tests.conftest import moment


def chosen(incident):
    return selection.choose(incident).terms.name


def test_the_most_specific_match_wins(house, log_incident, make_agreement, vpn):
    incident = log_incident()
    for name, scope in (
        ("Everybody", {}),
        ("The service", {"service": vpn}),
        ("The organization", {"organization": house.acme}),
        ("Both", {"organization": house.acme, "service": vpn}),
        ("The requester", {"requester": house.maria}),
        ("Requester and service", {"requester": house.maria, "service": vpn}),
    ):
        make_agreement(name, **scope)
        assert chosen(incident) == name


def test_agreements_for_others_do_not_match(house, log_incident, make_agreement):
    make_agreement("For Umbrella", organization=house.umbrella)
    make_agreement("For Otto", requester=house.otto)
    incident = log_incident()

    choice = selection.choose(incident)

    assert choice.terms is None
    assert [(each.name, str(outcome)) for each, outcome in choice.candidates] == [
        ("For Umbrella", "other_organization"),
        ("For Otto", "other_requester"),
    ]


@pytest.mark.parametrize(
    ("opened", "name"),
    [("2026-03-01 23:59", "Old"), ("2026-03-02 00:00", "New"), ("2026-04-01 00:00", "Old")],
)
def test_validity_begins_with_its_first_day_and_ends_before_its_last(log_incident, make_agreement, vpn, opened, name):
    make_agreement("Old")
    make_agreement("New", service=vpn, valid_from=date(2026, 3, 2), valid_to=date(2026, 4, 1))

    assert chosen(log_incident(at=moment(opened))) == name


def test_of_equally_specific_ones_the_stricter_applies_and_the_data_is_flagged(log_incident, make_agreement, vpn):
    make_agreement("Slow", service=vpn, targets={("resolution", 4): 480})
    make_agreement("Quick", service=vpn, targets={("resolution", 4): 240})

    choice = selection.choose(log_incident())

    assert (choice.terms.name, choice.has_equals) == ("Quick", True)
    assert choice.as_document()["candidates"] == [
        {"id": choice.terms.agreement_id, "name": "Quick", "outcome": "chosen"},
        {"id": Agreement.objects.get(name="Slow").pk, "name": "Slow", "outcome": "less_strict"},
    ]


def test_strict_means_due_earlier_not_fewer_minutes(log_incident, make_agreement, vpn, around_the_clock):
    make_agreement("Ten office hours", service=vpn, targets={("resolution", 4): 600})
    make_agreement(
        "Twelve hours by the clock", service=vpn, targets={("resolution", 4): 720}, calendar=around_the_clock
    )

    assert chosen(log_incident(at=moment("2026-03-06 17:00"))) == "Twelve hours by the clock"


def test_a_retired_agreement_is_not_looked_at(log_incident, make_agreement):
    make_agreement(state="retired")

    assert selection.choose(log_incident()).terms is None


def test_the_second_choice_costs_one_statement(log_incident, make_agreement):
    make_agreement()
    incident = log_incident()

    with CaptureQueriesContext(connection) as asked:
        selection.choose(incident)

    assert len(asked) == 1


def test_a_change_by_another_process_is_seen_at_once(log_incident, make_agreement, vpn):
    make_agreement()
    special = make_agreement("Special", service=vpn)
    incident = log_incident()
    assert chosen(incident) == "Special"

    # No signal and no new version: as if somebody had changed the row behind our back.
    Agreement.objects.filter(pk=special.pk).update(service=None, organization=incident.organization)
    Agreement.objects.filter(pk=special.pk).update(name="Special for Acme")

    assert chosen(incident) == "Special for Acme"


def test_the_clock_keeps_why_it_was_chosen(log_incident, make_agreement, vpn, clock_of):
    make_agreement()
    make_agreement("Gold VPN", service=vpn)

    match = clock_of(log_incident()).match

    assert (match["name"], match["matched"], match["has_equals"]) == ("Gold VPN", ["service"], False)
    assert [(each["name"], each["outcome"]) for each in match["candidates"]] == [
        ("Gold VPN", "chosen"),
        ("Standard", "less_specific"),
    ]
