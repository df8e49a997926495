"""The queue before a real browser: keys, acts on many with undo, the editor of a cell, the query, themes, widths."""

import re

import pytest

from incidents.models import Incident
from search import index

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue(quiet_page, live_server, sign_in, house, log_incident):
    """Tom looks at three tickets, by number."""
    for title in ("First", "Second", "Third"):
        log_incident(title=title)
    index.rebuild()
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/queue/?q=is:open&sort=number")
    return quiet_page


def current(page):
    return page.locator("[data-row][data-current] [data-row-link]").inner_text()


def test_keys_walk_select_and_open(queue):
    queue.keyboard.press("j")
    assert current(queue) == "First"
    queue.keyboard.press("j")
    queue.keyboard.press("x")
    queue.keyboard.press("Shift+J")
    assert queue.locator("[data-row-select]:checked").count() == 2
    assert queue.locator(".bulk-bar").is_visible()
    queue.keyboard.press("Escape")
    assert queue.locator("[data-row-select]:checked").count() == 0
    queue.keyboard.press("k")
    queue.keyboard.press("Enter")

    queue.wait_for_url(re.compile(r"/incidents/INC-\d+/"))
    assert "Second" in queue.title()


def test_many_are_assigned_without_a_pointer_and_taken_back(queue, house):
    for key in ("j", "x", "Shift+J"):
        queue.keyboard.press(key)
    queue.keyboard.press("t")
    tags = queue.locator("#act_tag_tags")
    tags.wait_for()
    queue.keyboard.type("storm")
    queue.keyboard.press("Enter")

    queue.get_by_text("2 tickets changed.").wait_for()
    assert not queue.locator("#bulk-dialog").evaluate("dialog => dialog.open")
    assert set(Incident.objects.filter(tags=["storm"]).values_list("title", flat=True)) == {"First", "Second"}

    queue.keyboard.press("Control+z")
    queue.get_by_text("Taken back: 2 tickets changed.").wait_for()
    assert not Incident.objects.filter(tags=["storm"]).exists()


def test_one_key_takes_the_current_row_or_the_selected_ones(queue, house):
    queue.keyboard.press("j")
    queue.keyboard.press("i")
    queue.get_by_text("1 ticket changed.").wait_for()
    queue.locator("[data-row]", has_text="First").get_by_text("In progress").wait_for()
    assert set(Incident.objects.filter(assignee=house.tom).values_list("title", flat=True)) == {"First"}

    queue.keyboard.press("Shift+X")
    queue.get_by_role("button", name="Take").click()
    queue.get_by_text("2 tickets changed, 1 skipped: like this already.").wait_for()
    assert Incident.objects.filter(assignee=house.tom, state="in_progress").count() == 3


def test_the_dialog_previews_what_will_change(queue):
    queue.keyboard.press("Shift+X")
    queue.keyboard.press("p")
    queue.locator("#act_priority_priority").wait_for()
    queue.select_option("#act_priority_priority", "1")

    queue.get_by_text("3 tickets will change.").wait_for()
    queue.keyboard.press("Escape")
    assert not Incident.objects.filter(priority=1).exists()


def test_a_cell_is_edited_with_two_keys_and_keeps_the_focus(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("p")
    queue.locator(".inline-editor select").wait_for()
    queue.keyboard.type("P2")
    queue.keyboard.press("Enter")

    queue.locator("[data-row] [data-priority=P2]").wait_for()
    queue.wait_for_function("document.activeElement.dataset.editKey === 'p'")
    assert Incident.objects.get(title="First").priority == 2


def test_space_previews_beside_the_list_and_follows_the_row(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("Space")
    pane = queue.locator("#preview")
    pane.get_by_role("link", name="First").wait_for()
    assert pane.bounding_box()["x"] >= queue.locator(".table-frame").evaluate("e => e.getBoundingClientRect().right")

    queue.keyboard.press("j")
    pane.get_by_role("link", name="Second").wait_for()
    queue.keyboard.press("Escape")
    assert not pane.is_visible()


def test_the_query_offers_values_at_the_caret(queue):
    queue.keyboard.press("f")
    queue.keyboard.press("End")
    queue.keyboard.type(" team:net")
    queue.get_by_role("option", name="networks").wait_for()
    queue.keyboard.press("Tab")

    assert queue.locator("#query").input_value() == "is:open team:networks "


def test_it_fits_and_axe_finds_nothing(queue, violations_in_both):
    for width in (1440, 960, 390, 320):
        queue.set_viewport_size({"width": width, "height": 900})

        assert queue.evaluate("document.documentElement.scrollWidth") <= width
        assert violations_in_both(queue) == [], width


def test_twenty_three_rows_fit_on_a_common_screen(quiet_page, live_server, sign_in, house, log_incident):
    for number in range(30):
        log_incident(title=f"Ticket {number}")
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/queue/open/")

    rows = quiet_page.locator("[data-row]").evaluate_all(
        "rows => rows.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"
    )
    assert rows >= 23


def test_the_palette_opens_a_ticket_by_its_number(queue):
    number = Incident.objects.get(title="Third").pk
    queue.keyboard.press("Control+k")
    queue.keyboard.type(str(number))
    queue.get_by_role("option", name=re.compile(f"INC-{number}")).first.wait_for()
    queue.keyboard.press("Enter")

    queue.wait_for_url(re.compile(f"/incidents/INC-{number}/"))
