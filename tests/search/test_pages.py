"""The page of results and the palette: who gets what, for how many statements."""

import pytest


@pytest.fixture
def browse(client, shelf):
    def open_page(path, viewer, **parameters):
        client.force_login(viewer)
        return client.get(path, parameters)

    return open_page


def test_results_lead_to_the_ticket_for_agents_and_to_their_copy_for_requesters(browse, house, shelf):
    agent = browse("/search/", house.tom, q="router").content.decode()
    requester = browse("/search/", house.maria, q="router").content.decode()

    assert f'href="/incidents/INC-{shelf.gateway.pk}/"' in agent
    assert f'href="/portal/requests/INC-{shelf.gateway.pk}/"' in requester


def test_otto_gets_an_empty_page(browse, house):
    html = browse("/search/", house.otto, q="firmware").content.decode()

    assert 'data-empty="no-match"' in html
    assert "VPN" not in html


def test_a_query_that_is_not_understood_is_mended(browse, house):
    html = browse("/search/", house.tom, q="taem:@mine vpn").content.decode()

    assert "There is no field “taem”" in html
    assert "?q=team%3A%40mine%20vpn" in html


@pytest.mark.parametrize("query", ["gateway", "printer", "storm"])
def test_searching_costs_at_most_eight_statements(
    browse, client, house, log_incident, django_assert_max_num_queries, query
):
    browse("/search/", house.tom, q=query)

    with django_assert_max_num_queries(8):
        client.get("/search/", {"q": query})


def palette(browse, viewer, q):
    groups = browse("/palette/", viewer, q=q).json()["groups"]
    return {group["label"]: [item["label"] for item in group["items"]] for group in groups}


def test_the_palette_finds_records_views_and_people(browse, house, shelf):
    assert palette(browse, house.tom, f"{shelf.printer.pk}")["Tickets"] == [f"INC-{shelf.printer.pk}"]
    assert palette(browse, house.tom, "unass") == {"Views": ["Unassigned"]}
    assert palette(browse, house.tom, "@maria") == {"People": ["Maria Rossi"]}
    assert palette(browse, house.tom, "#printer") == {"Tickets": [f"INC-{shelf.printer.pk}"]}
    assert palette(browse, house.tom, ">printer") == {}


def test_the_palette_keeps_hidden_things_hidden(browse, house, shelf):
    for text in ("vpn", "firmware", str(shelf.gateway.pk), "@maria", "printer"):
        assert palette(browse, house.otto, text) == {}
    assert palette(browse, house.maria, "@tom") == {}
    assert palette(browse, house.maria, "unassigned") == {}
    assert palette(browse, house.maria, "firmware") == {}
