"""The open queue before a real browser while colleagues work: rows change in place, never under a hand."""

import re

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from incidents import operations
from incidents.models import Incident
from tests.conftest import moment

pytestmark = pytest.mark.django_db(transaction=True)
LATER = "2026-03-02 11:05"


@pytest.fixture
def open_queue(live_server, sign_in, house, log_incident):
    """Tom looks at three tickets, by number."""

    def go(page):
        for title in ("First", "Second", "Third"):
            log_incident(title=title)
        sign_in(house.tom)
        page.goto(f"{live_server.url}/queue/?q=is:unassigned&sort=number")
        return page

    return go


@pytest.fixture
def queue(quiet_page, open_queue):
    return open_queue(quiet_page)


def row(page, title):
    return page.locator("[data-row]", has_text=title)


def ask(page):
    """What the page does every 15 seconds, and when one comes back to it."""
    with page.expect_response(re.compile("part=news")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def take(title, by):
    operations.take(incident=Incident.objects.get(title=title), by=by, at=moment(LATER))


def test_a_row_that_left_is_dimmed_in_its_place_until_the_list_is_loaded_again(queue, house, violations):
    take("Second", house.aisha)
    ask(queue)

    expect(row(queue, "Second")).to_contain_text("Aisha Khan")
    expect(row(queue, "Second")).to_contain_text("no longer in this list")
    assert queue.locator("[data-row]").count() == 3
    assert violations(queue, ".queue") == []

    queue.reload()
    assert queue.locator("[data-row]").count() == 2


def test_the_focused_link_and_an_open_editor_stay_while_the_rest_changes(queue, house):
    queue.keyboard.press("j")
    queue.keyboard.press("x")
    take("First", house.aisha)
    ask(queue)

    expect(row(queue, "First")).to_contain_text("Aisha Khan")
    assert queue.evaluate("document.activeElement.textContent") == "First"
    assert row(queue, "First").locator("[data-row-select]").is_checked()

    queue.keyboard.press("x")
    queue.keyboard.press("j")
    queue.keyboard.press("p")
    queue.locator(".inline-editor select").first.wait_for()
    take("Second", house.aisha)
    ask(queue)

    expect(row(queue, "Second")).to_contain_text("Aisha Khan")
    assert queue.locator(".inline-editor select").first.is_visible()
    assert queue.evaluate("document.activeElement.closest('.inline-editor') !== null")


def test_new_tickets_wait_behind_a_line_and_come_without_a_page_load(queue, log_incident):
    queue.evaluate("window.isSame = true")
    log_incident(title="Fourth", at=now())
    ask(queue)
    assert queue.locator("[data-row]").count() == 3

    queue.get_by_role("link", name="1 new ticket. Show it").click()

    row(queue, "Fourth").wait_for()
    assert queue.evaluate("window.isSame")
    expect(queue.locator("#queue-news a")).to_have_count(0)


def test_u_marks_a_ticket_unread_and_read_again(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("u")
    expect(row(queue, "First").get_by_role("img", name="unread")).to_be_visible()
    queue.wait_for_function("document.activeElement.textContent === 'First'")

    queue.keyboard.press("u")
    expect(row(queue, "First").get_by_role("img", name="unread")).to_have_count(0)


def test_a_choice_shows_at_once_and_goes_back_when_it_is_refused(page, open_queue, house):
    queue = open_queue(page)
    queue.keyboard.press("j")
    queue.keyboard.press("p")
    editor = queue.locator(".inline-editor")
    editor.locator("select").wait_for()
    operations.edit(
        incident=Incident.objects.get(title="First"), by=house.aisha, at=moment(LATER), values={"location": "Oslo"}
    )
    queue.keyboard.type("P1")
    queue.keyboard.press("Enter")

    expect(editor).to_be_hidden()
    expect(queue.locator("#toasts")).to_contain_text("is unchanged")
    expect(row(queue, "First").locator("[data-priority=P1]")).to_have_count(0)
    assert not Incident.objects.filter(priority=1).exists()


def test_one_change_is_taken_back_with_ctrl_z(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("p")
    queue.locator(".inline-editor select").wait_for()
    queue.keyboard.type("P1")
    queue.keyboard.press("Enter")
    row(queue, "First").locator("[data-priority=P1]").wait_for()
    queue.wait_for_function("document.activeElement.dataset.editKey === 'p'")

    queue.keyboard.press("Control+z")

    queue.get_by_text("Taken back:").wait_for()
    assert not Incident.objects.filter(priority=1).exists()
