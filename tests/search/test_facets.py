"""Narrowing a search: what the tickets found have in common, saved searches, a caller by their phone number."""

import re

import pytest

from incidents import operations
from records.models import SavedView
from search import index, queries
from tests.conftest import moment


@pytest.fixture
def gateway(house, log_incident):
    """Three tickets about a gateway: two at Networks, one of them Max's and cancelled, and one with no team."""
    first = log_incident(title="Gateway one")
    second = log_incident(title="Gateway two")
    third = log_incident(title="Gateway three")
    for record, team in ((first, house.networks), (second, house.networks), (third, house.first_line)):
        operations.assign(incident=record, by=house.tom, at=moment("2026-03-02 09:10"), team=team, assignee=None)
    operations.cancel(incident=second, by=house.tom, at=moment("2026-03-02 09:20"), reason="Twice")
    index.rebuild()


def facets(client, viewer, query):
    client.force_login(viewer)
    html = client.get("/search/", {"q": query}).content.decode()
    part = re.search(r'<nav class="search__facets".*?</nav>', html, re.S)
    found = re.findall(r'href="([^"]+)"><bdi>([^<]+)</bdi> <span class="muted">([^<]+)', part[0]) if part else []
    return {label: (count, href) for href, label, count in found}


def test_tickets_found_are_grouped_with_numbers_that_lead_to_them(client, house, gateway):
    found = facets(client, house.tom, "gateway")

    assert {label: count for label, (count, _href) in found.items()} == {
        "not done": "2", "done": "1", "Networks": "2", "Service desk": "1",
    }  # fmt: skip
    narrowed = client.get(f"/search/{found['Networks'][1].replace('&amp;', '&')}").content.decode()
    assert len(re.findall("data-row-link", narrowed)) == 2
    assert 'aria-label="Remove Networks"' in narrowed or 'aria-label="Remove networks"' in narrowed


def test_requesters_are_not_told_of_teams(client, house, gateway):
    assert set(facets(client, house.maria, "gateway")) == {"not done", "done"}


def test_otto_gets_no_facet_of_what_he_may_not_see(client, house, gateway):
    assert facets(client, house.otto, "gateway") == {}


def test_a_search_is_saved_and_offered_again(client, house, gateway):
    client.force_login(house.tom)

    answer = client.post("/queue/views/", {"from": "search", "name": "Gateways", "q": "gateway is:open"})

    assert answer["Location"] == "/search/?q=gateway+is%3Aopen"
    assert SavedView.objects.get(name="Gateways").owner == house.tom
    assert "Gateways" in client.get("/search/").content.decode()
    client.force_login(house.aisha)
    assert "Gateways" not in client.get("/search/").content.decode()


def test_a_search_without_a_name_is_not_saved_and_keeps_its_words(client, house, gateway):
    client.force_login(house.tom)

    answer = client.post("/queue/views/", {"from": "search", "name": " ", "q": "gateway"})

    assert answer["Location"] == "/search/?q=gateway"
    assert not SavedView.objects.filter(owner=house.tom).exists()


@pytest.mark.parametrize("typed", ["020 7946 0958", "+44 20 7946 0958", "02079460958", "7946-0958"])
def test_a_caller_is_found_by_their_number_however_it_is_written(house, typed):
    house.maria.phone = "+44 (0)20-7946-0958"
    house.maria.save()

    assert queries.people_named(typed, house.tom) == [house.maria]
    assert queries.people_named(typed, house.otto) == []


@pytest.mark.parametrize("typed", ["maria@acme.example", "rossi"])
def test_a_caller_is_found_by_mail_and_name(house, typed):
    assert queries.people_named(typed, house.tom) == [house.maria]
