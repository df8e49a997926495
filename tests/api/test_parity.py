"""Pages and API offer the same acts in every state, to everybody."""

import re

import pytest
import time_machine
from django.test import Client

from incidents import operations
from incidents.enums import State
from records.transitions import offers
from records.workflow import moves_of
from tests.conftest import moment

AT = moment("2026-03-02 09:30")


def bring_to(incident, state, house):
    """Lead a new incident to a state by the shortest way."""
    said = {"by": house.aisha, "at": moment("2026-03-02 09:10")}
    if state == State.NEW:
        return incident
    if state == State.CANCELLED:
        return operations.cancel(incident=incident, reason="Logged twice.", **said)
    incident = operations.assign(incident=incident, team=house.networks, **said)
    if state == State.ASSIGNED:
        return incident
    incident = operations.start(incident=incident, **said)
    if state == State.IN_PROGRESS:
        return incident
    if state == State.ON_HOLD:
        return operations.hold(incident=incident, hold_for="supplier", supplier_reference="S-1", **said)
    incident = operations.resolve(incident=incident, code="fixed", text="Restarted.", **said)
    if state == State.RESOLVED:
        return incident
    return operations.close(incident=incident, confirmed_by_requester=True, **said)


@pytest.fixture
def in_state(house, log_incident):
    return lambda state: bring_to(log_incident(), state, house)


@pytest.mark.parametrize("state", State.values)
def test_the_api_offers_what_the_workflow_offers(house, in_state, as_, state):
    incident = in_state(state)
    for person in (house.tom, house.aisha, house.ines, house.maria, house.max):
        offered = as_(person).get(f"incidents/{incident.pk}/").json()["allowed_moves"]

        expected = [offer.move.name for offer in offers(incident, by=person, at=AT)]
        assert [move["name"] for move in offered] == expected, person


@pytest.mark.parametrize("state", State.values)
@time_machine.travel(AT, tick=False)
def test_the_page_offers_what_the_api_offers(house, in_state, as_, state):
    incident = in_state(state)
    browser = Client()
    browser.force_login(house.tom)

    page = browser.get(incident.get_absolute_url()).content.decode()
    offered = as_(house.tom).get(f"incidents/{incident.pk}/").json()["allowed_moves"]

    nouns = {move.noun for move in moves_of(type(incident)).values()}
    on_page = set(re.findall(rf"/incidents/{incident.reference}/([a-z]+)/", page)) & nouns
    assert on_page == {move["href"].rstrip("/").rsplit("/", 1)[-1] for move in offered if move["is_possible"]}


def test_every_move_has_an_address_of_its_own(house, log_incident, as_):
    incident = log_incident()
    nouns = [move.noun for move in moves_of(type(incident)).values()]

    statuses = [as_(house.tom).post(f"incidents/{incident.pk}/{noun}/").status_code for noun in nouns]

    assert len(set(nouns)) == len(nouns)
    assert 404 not in statuses
    assert 405 not in statuses
