"""Inbox and search before a real browser: keys, named mornings, reasons, facets; in both themes and at every width."""

import pytest
from playwright.sync_api import expect

from incidents import operations
from notifications.models import Mute, Notice
from search import index
from tests.conftest import moment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(quiet_page, live_server, sign_in, house, log_incident):
    """Tom's inbox with two records in it."""
    for title in ("First", "Second"):
        record = log_incident(title=title)
        Notice.objects.create(
            user=house.tom, record=record, kind="replied", cause=f"test:{record.pk}", at=moment("2026-03-02 10:00"),
            why="because it is assigned to you", text="Still down", by=house.maria,
        )  # fmt: skip
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/inbox/")
    return quiet_page


def group(page, title):
    return page.locator(".inbox__group", has_text=title)


def test_a_record_sleeps_until_monday_by_keys(inbox):
    group(inbox, "First").focus()
    inbox.keyboard.press("z")
    expect(inbox.locator("button:focus")).to_contain_text("In an hour")
    inbox.keyboard.press("End")
    expect(inbox.locator("button:focus")).to_contain_text("Monday, 9:00")
    inbox.keyboard.press("Enter")

    expect(inbox.locator("#toasts")).to_contain_text("Asleep until")
    expect(group(inbox, "First")).to_have_count(0)


def test_it_says_why_and_is_muted_and_heard_again(inbox, violations):
    first = group(inbox, "First")
    first.get_by_text("Why did I get this?").click()
    expect(first).to_contain_text("Because it is assigned to you.")
    assert violations(inbox, ".inbox") == []
    first.get_by_role("button", name="Mute this").click()
    expect(group(inbox, "First")).to_have_count(0)
    assert Mute.objects.count() == 1

    inbox.keyboard.press("Control+z")
    expect(inbox.locator("#toasts")).to_contain_text("You hear of")
    assert not Mute.objects.exists()


@pytest.mark.parametrize("width", [1440, 960, 390])
def test_search_narrows_and_fits(quiet_page, live_server, sign_in, house, log_incident, violations_in_both, width):
    for team, title in (("networks", "Gateway one"), ("first_line", "Gateway two")):
        record = log_incident(title=title)
        operations.assign(
            incident=record, by=house.tom, at=moment("2026-03-02 10:00"), team=getattr(house, team), assignee=None
        )
    index.rebuild()
    sign_in(house.tom)
    quiet_page.set_viewport_size({"width": width, "height": 900})
    quiet_page.goto(f"{live_server.url}/search/?q=gateway")
    assert quiet_page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations_in_both(quiet_page) == []

    quiet_page.get_by_role("navigation", name="Narrow the search").get_by_role("link", name="Networks").click()

    expect(quiet_page.locator(".search__hit[data-row]")).to_have_count(1)
