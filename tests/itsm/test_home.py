"""The first page by role, and one's own profile."""

import re
from html import unescape
from typing import Any

import pytest
import time_machine

from audit.models import Entry
from incidents import operations
from people.models import ApiToken
from records.models import Record
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")


def test_requesters_are_led_to_their_tickets(client, house):
    for person in (house.maria, house.max):
        client.force_login(person)
        assert client.get("/")["Location"] == "/portal/"


def test_an_agent_finds_their_work(client, house, log_incident):
    incident = log_incident()
    operations.take(incident=incident, by=house.tom, at=NINE)
    client.force_login(house.tom)

    page = client.get("/").content.decode()

    assert 'aria-label="Mine: 1"' in page
    assert "Load of your teams" in page


def test_a_manager_finds_how_it_stands(client, house, log_incident):
    log_incident()
    client.force_login(house.ines)

    page = client.get("/").content.decode()

    assert 'aria-label="All open: 1"' in page


def test_home_counts_only_what_one_may_see(client, house, log_incident):
    log_incident()
    client.force_login(house.otto)

    assert 'aria-label="Mine: 0"' in client.get("/").content.decode()


@pytest.fixture
def mine_by_due(house, log_incident):
    """Tom's tickets: overdue for a minute, due in a minute, in two hours and a minute, and without a clock."""
    for title, due_at in (
        ("Overdue", "2026-03-02 10:59"),
        ("Soon", "2026-03-02 11:01"),
        ("Later", "2026-03-02 13:01"),
        ("Never", None),
    ):
        taken = operations.take(incident=log_incident(title=title), by=house.tom, at=NINE)
        due = {"due_at": moment(due_at), "due_state": "running"} if due_at else {"due_at": None, "due_state": ""}
        Record.objects.filter(pk=taken.pk).update(**due)


@pytest.mark.parametrize(("label", "title"), [("My clocks, overdue", "Overdue"), ("My clocks, next 2 hours", "Soon")])
def test_overdue_and_soon_are_two_figures_and_each_opens_its_tickets(client, house, mine_by_due, label, title):
    client.force_login(house.tom)
    with time_machine.travel(moment("2026-03-02 11:00"), tick=False):
        page = client.get("/").content.decode()
        found = re.search(rf'href="([^"]*)"[^>]*aria-label="{label}: (\d+)"', page)
        assert found is not None
        opened = client.get(unescape(found[1])).content.decode()

    assert found[2] == "1"
    assert re.findall(r'data-row-link dir="auto">([^<]*)<', opened) == [title]


@pytest.mark.parametrize("rows", [1, 3])
def test_home_costs_the_same_for_any_number(client, house, log_incident, rows, django_assert_num_queries):
    for _each in range(rows):
        operations.take(incident=log_incident(), by=house.tom, at=NINE)
    client.force_login(house.tom)
    client.get("/")

    with django_assert_num_queries(12):
        client.get("/")


def test_the_profile_keeps_what_was_chosen(client, house):
    client.force_login(house.tom)

    wanted = {
        "time_zone": "Europe/Oslo",
        "language": "en",
        "theme": "dark",
        "density": "compact",
        "nav_grouping": "practice",
    }
    client.post("/me/", wanted)

    house.tom.refresh_from_db()
    assert {name: getattr(house.tom, name) for name in wanted} == wanted


def test_an_unknown_zone_is_refused(client, house):
    client.force_login(house.tom)

    wanted = {"time_zone": "Mars/Base", "language": "en", "theme": "dark", "density": "compact"}
    answer = client.post("/me/", wanted | {"nav_grouping": "process"})

    house.tom.refresh_from_db()
    assert answer.status_code == 422
    assert house.tom.time_zone == "UTC"


def make_token(client: Any) -> str:
    page = client.post("/me/tokens/", {"name": "CI", "scopes": ["records:read"], "days": "30"}).content.decode()
    return page.split('id="new-token">')[1].split("<")[0]


def test_a_token_is_shown_once_and_works_until_revoked(client, house):
    client.force_login(house.tom)
    token = make_token(client)

    assert token.startswith("stw_")
    assert token not in client.get("/me/").content.decode()
    row = ApiToken.objects.get()
    client.post(f"/me/tokens/{row.pk}/revocation/")
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == ["token.issued", "token.revoked"]
    assert token not in str(list(Entry.objects.values()))


def test_nobody_revokes_the_token_of_another(client, house):
    client.force_login(house.tom)
    make_token(client)
    client.force_login(house.ada)

    assert client.post(f"/me/tokens/{ApiToken.objects.get().pk}/revocation/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_a_token_needs_a_scope(client, house):
    client.force_login(house.tom)

    assert client.post("/me/tokens/", {"name": "CI", "days": "30"}).status_code == 422
    assert not ApiToken.objects.exists()


def test_pages_need_a_sign_in(client, db):
    for address in ("/", "/inbox/", "/me/", "/new/", "/portal/", "/incidents/INC-1001/", "/r/1001/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")
