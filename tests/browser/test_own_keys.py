"""Keys that a person has moved, in a real browser: pressed, shown, and silent when switched off."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Any], None]
Violations = Callable[..., list[str]]


@pytest.fixture
def open_as(
    house: SimpleNamespace, log_incident: Any, live_server: Any, sign_in: SignIn, page: Page
) -> Callable[..., Page]:
    """An incident as Tom sees it with these settings."""

    def open_page(**settings: Any) -> Page:
        for name, value in settings.items():
            setattr(house.tom, name, value)
        house.tom.save()
        sign_in(house.tom)
        page.goto(live_server.url + log_incident(requester=house.maria).get_absolute_url())
        return page

    return open_page


def test_keys_are_moved_on_their_page_and_pressed_at_once(open_as: Callable[..., Page]) -> None:
    page = open_as()
    page.goto(page.url.split("/incidents")[0] + "/me/keys/")

    page.get_by_label("Reply", exact=True).fill("n")
    page.get_by_label("Work note; play, in the queue").fill("é")
    page.get_by_role("button", name="Save keys").click()
    expect(page.locator("#toasts")).to_contain_text("Keys saved.")
    page.go_back()
    page.go_back()
    page.reload()

    page.keyboard.press("n")
    expect(page.get_by_label("Your reply to Maria Rossi")).to_be_focused()
    page.keyboard.press("Escape")
    # A key that the keyboard of this browser does not have.
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'é', bubbles: true}))")
    expect(page.locator(".composer--note textarea")).to_be_focused()


def test_a_shipped_key_that_was_given_away_does_nothing(open_as: Callable[..., Page]) -> None:
    page = open_as(own_keys={"reply": "b", "back_out": "r"})

    page.keyboard.press("r")
    page.wait_for_timeout(200)
    expect(page.locator(".composer[open]")).to_have_count(0)

    page.keyboard.press("b")
    expect(page.get_by_label("Your reply to Maria Rossi")).to_be_focused()


def test_a_place_is_reached_by_one_s_own_two_keys(open_as: Callable[..., Page]) -> None:
    page = open_as(own_keys={"go": "o", "go_inbox": "x"})

    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_timeout(200)
    assert "/incidents/" in page.url

    page.keyboard.press("o")
    page.keyboard.press("x")
    page.wait_for_url("**/inbox/")


def test_pages_overlay_and_palette_show_one_s_own_keys(open_as: Callable[..., Page], violations: Violations) -> None:
    page = open_as(own_keys={"reply": "b", "back_out": "r", "go": "o", "go_inbox": "x", "keys": "h"})

    expect(page.locator(".composer--reply summary kbd")).to_have_text("B")
    expect(page.get_by_role("link", name="Inbox").last).to_have_attribute("title", "Inbox O X")

    page.keyboard.press("h")
    overlay = page.get_by_role("dialog", name="Keys")
    expect(overlay.locator("dt", has_text="B").filter(has=page.locator("[data-shown-key=r]"))).to_be_visible()
    expect(overlay.locator("[data-shown-key='g i']")).to_have_text("O X")
    assert violations(page, "#keys-dialog") == []
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    page.keyboard.type("reply")
    expect(page.get_by_role("option", name="Reply to Maria").locator("kbd")).to_have_text("B")


def test_switched_off_no_key_acts_and_none_is_shown_on_the_page(open_as: Callable[..., Page]) -> None:
    page = open_as(has_single_keys=False)

    for key in ("r", "g", "i", "?"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)

    expect(page.locator(".composer[open]")).to_have_count(0)
    assert "/incidents/" in page.url
    expect(page.locator(".composer--reply summary kbd")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Commands")).to_be_visible()
    expect(page.get_by_role("option", name="Reply to Maria Rossi", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_of_keys_has_nothing_for_the_accessibility_checker(
    open_as: Callable[..., Page], violations: Violations, width: int
) -> None:
    page = open_as(theme="dark")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(page.url.split("/incidents")[0] + "/me/keys/")
    page.get_by_label("Reply", exact=True).fill("n")
    page.get_by_role("button", name="Save keys").click()

    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
