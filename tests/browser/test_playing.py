"""Working through a list before a real browser: served by keys, skipped with a reason, places in the whole list."""

import re

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from records.models import Presence, Record, Skip

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue(quiet_page, live_server, sign_in, house, log_incident):
    """Tom looks at three tickets, by number."""
    for title in ("First", "Second", "Third"):
        log_incident(title=title)
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/queue/?q=is:open&sort=number")
    return quiet_page


def test_tickets_are_played_by_keys_to_the_end(queue, violations):
    queue.keyboard.press("n")
    bar = queue.locator(".playing")
    expect(bar).to_be_visible()
    expect(queue.locator("h1")).to_contain_text("First")
    assert violations(queue, ".playing") == []

    queue.keyboard.press("x")
    queue.locator("#skip-reason:focus").wait_for()
    queue.keyboard.type("waits for the vendor")
    queue.keyboard.press("Enter")
    expect(queue.locator("h1")).to_contain_text("Second")
    assert Skip.objects.get().reason == "waits for the vendor"

    expect(bar).to_be_visible()
    queue.keyboard.press("j")
    expect(queue.locator("h1")).to_contain_text("Third")
    expect(bar).to_be_visible()
    queue.keyboard.press("j")
    expect(queue.get_by_text("Queue clear.")).to_be_visible()
    assert violations(queue) == []

    queue.get_by_role("link", name="Back to the list").click()
    queue.get_by_role("link", name="First").click()
    queue.wait_for_url(re.compile("/incidents/"))
    expect(queue.locator(".playing")).to_be_hidden()


def test_what_a_colleague_has_open_is_not_served(queue, house):
    first = Record.objects.get(title="First")
    Presence.objects.create(record_id=first.pk, user=house.aisha, seen_at=now())
    queue.keyboard.press("n")

    expect(queue.locator("h1")).to_contain_text("Second")


def test_a_ticket_knows_its_place_in_the_whole_list(quiet_page, live_server, sign_in, house, log_incident):
    for number in range(52):
        log_incident(title=f"T{number:02}")
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/queue/?q=is:open&sort=number")
    quiet_page.get_by_role("link", name="T49").click()
    position = quiet_page.locator("[data-place-text]")
    expect(position).to_have_text("50 of 52")

    quiet_page.keyboard.press("j")
    expect(quiet_page.locator("h1")).to_contain_text("T50")
    expect(position).to_have_text("51 of 52")
    quiet_page.keyboard.press("j")
    expect(position).to_have_text("52 of 52")
    expect(quiet_page.locator(".pager a[rel=next]")).to_be_hidden()


def test_a_reply_leads_to_the_next_ticket_and_is_taken_back_from_there(queue):
    queue.get_by_role("link", name="First").click()
    expect(queue.locator("[data-place-text]")).to_have_text("1 of 3")
    queue.keyboard.press("r")
    queue.locator("#composer-reply-text:focus").wait_for()
    queue.keyboard.type("We are on it")
    queue.locator("select[name=after]").select_option("next")
    queue.locator("#composer-reply-text").press("Control+Enter")
    expect(queue.locator("h1")).to_contain_text("Second")
    expect(queue.locator("[data-place-text]")).to_have_text("2 of 3")

    queue.keyboard.press("Control+z")

    expect(queue.locator("h1")).to_contain_text("First")
    expect(queue.locator("#composer-reply-text")).to_have_value("We are on it")
