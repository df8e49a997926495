"""The shell and the components in a real browser: both themes, three widths, keyboard, no complaints."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from people.enums import Theme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Any], None]
Violations = Callable[..., list[str]]


@pytest.fixture
def gallery(house: SimpleNamespace, live_server: Any, sign_in: SignIn, quiet_page: Page) -> Page:
    """The gallery as Ada sees it."""
    sign_in(house.ada)
    quiet_page.goto(f"{live_server.url}/gallery/")
    return quiet_page


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_gallery_has_nothing_for_the_accessibility_checker(
    house: SimpleNamespace, live_server: Any, sign_in: SignIn, quiet_page: Page, violations: Violations, theme: str
) -> None:
    house.ada.theme = theme
    house.ada.save(update_fields=["theme"])
    sign_in(house.ada)

    quiet_page.goto(f"{live_server.url}/gallery/")

    assert violations(quiet_page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sign_in_has_nothing_for_the_accessibility_checker(
    db: None, live_server: Any, quiet_page: Page, violations: Violations, scheme: Any
) -> None:
    quiet_page.emulate_media(color_scheme=scheme)

    quiet_page.goto(f"{live_server.url}/accounts/login/")

    assert violations(quiet_page) == []


@pytest.mark.parametrize("width", [320, 390, 960, 1440])
def test_no_page_is_wider_than_the_screen(gallery: Page, width: int) -> None:
    gallery.set_viewport_size({"width": width, "height": 800})

    assert gallery.evaluate("document.documentElement.scrollWidth") <= width


def test_signing_in_by_keyboard_leads_in(house: SimpleNamespace, live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/accounts/login/?next=/gallery/")

    expect(page.get_by_label("User name or e-mail")).to_be_focused()
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery staple")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Components")).to_be_visible()


def test_a_wrong_password_is_told_at_the_top_with_the_focus(
    house: SimpleNamespace, live_server: Any, page: Page
) -> None:
    page.goto(f"{live_server.url}/accounts/login/")

    page.get_by_label("User name or e-mail").fill("ada")
    page.get_by_label("Password", exact=True).fill("not her password")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()
    expect(page.get_by_label("User name or e-mail")).to_have_value("ada")
    assert page.title().startswith("Error:")


def test_the_theme_changes_at_once_and_stays(gallery: Page, house: SimpleNamespace) -> None:
    gallery.locator("summary").filter(has_text="Ada Lund: your menu").click()
    with gallery.expect_response("**/appearance/"):
        gallery.get_by_role("button", name="Dark").click()

    assert gallery.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
    gallery.reload()
    expect(gallery.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_palette_opens_by_key_finds_a_place_and_gives_the_focus_back(gallery: Page) -> None:
    gallery.locator("#gallery-query").focus()
    gallery.keyboard.press("Control+k")
    palette = gallery.get_by_role("dialog", name="Commands")
    expect(palette).to_be_visible()

    gallery.keyboard.type("set-up")
    expect(palette.get_by_role("option", name="Set-up")).to_have_attribute("aria-selected", "true")
    gallery.keyboard.press("Escape")

    expect(palette).to_be_hidden()
    expect(gallery.locator("#gallery-query")).to_be_focused()


def test_palette_and_keys_dialog_have_nothing_for_the_accessibility_checker(
    gallery: Page, violations: Violations
) -> None:
    gallery.keyboard.press("Control+k")
    assert violations(gallery, "#palette") == []
    gallery.keyboard.press("Escape")

    gallery.keyboard.press("?")

    expect(gallery.get_by_role("dialog", name="Keys")).to_be_visible()
    assert violations(gallery, "#keys-dialog") == []


def test_single_keys_are_off_while_typing(gallery: Page) -> None:
    gallery.locator("#gallery-query").fill("")
    gallery.locator("#gallery-query").focus()

    gallery.keyboard.type("jx?")

    expect(gallery.locator("#gallery-query")).to_have_value("jx?")
    expect(gallery.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_a_person_can_switch_single_keys_off(
    house: SimpleNamespace, live_server: Any, sign_in: SignIn, page: Page
) -> None:
    house.ada.has_single_keys = False
    house.ada.save(update_fields=["has_single_keys"])
    sign_in(house.ada)
    page.goto(f"{live_server.url}/gallery/")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Commands")).to_be_visible()


def test_rows_are_walked_and_selected_by_key(gallery: Page) -> None:
    gallery.locator("[data-row-select]:checked").uncheck()
    gallery.locator("#row-INC-10200 a").focus()

    gallery.keyboard.press("j")
    gallery.keyboard.press("x")
    gallery.keyboard.press("Shift+J")

    expect(gallery.locator("#row-INC-10202 a")).to_be_focused()
    chosen = gallery.locator("[data-row]:has(:checked)").evaluate_all("rows => rows.map(row => row.id)")
    assert chosen == ["row-INC-10201", "row-INC-10202"]
    expect(gallery.get_by_role("region", name="Selected rows")).to_contain_text("2 selected")

    gallery.keyboard.press("Escape")
    expect(gallery.get_by_role("region", name="Selected rows")).to_be_hidden()


def test_reply_and_note_never_stand_open_together_and_keep_their_text(gallery: Page) -> None:
    gallery.locator("body").click(position={"x": 5, "y": 5})
    reply, note = gallery.locator("#composer details").nth(0), gallery.locator("#composer details").nth(1)
    gallery.locator("#composer-reply-text").fill("Half a sentence")
    gallery.keyboard.press("Escape")
    expect(reply).not_to_have_attribute("open", "")

    gallery.keyboard.press("n")
    expect(note).to_have_attribute("open", "")
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("r")

    expect(gallery.locator("#composer-reply-text")).to_be_focused()
    expect(gallery.locator("#composer-reply-text")).to_have_value("Half a sentence")
    expect(note).not_to_have_attribute("open", "")


def test_a_dialog_gives_the_focus_back_and_the_safe_button_has_it(gallery: Page) -> None:
    opener = gallery.get_by_role("button", name="Close 64 tickets…")
    opener.click()
    expect(gallery.get_by_role("button", name="Keep open")).to_be_focused()

    gallery.keyboard.press("Escape")

    expect(opener).to_be_focused()


def test_arrows_walk_the_heatmap(gallery: Page) -> None:
    cells = gallery.locator(".heatmap a")
    cells.first.focus()

    gallery.keyboard.press("ArrowRight")
    gallery.keyboard.press("ArrowDown")

    row, column = gallery.evaluate(
        "() => [document.activeElement.closest('tr').rowIndex, document.activeElement.closest('td').cellIndex]"
    )
    assert (row, column) == (2, 2)


def test_the_navigation_folds_by_key_and_stays_folded(gallery: Page) -> None:
    with gallery.expect_response("**/appearance/"):
        gallery.keyboard.press("[")
    expect(gallery.locator("html")).to_have_attribute("data-nav", "collapsed")

    gallery.reload()

    assert gallery.locator(".nav").bounding_box()["width"] == 56


def test_on_a_phone_the_navigation_is_a_sheet(gallery: Page, violations: Violations) -> None:
    gallery.set_viewport_size({"width": 390, "height": 844})
    expect(gallery.locator(".nav")).to_be_hidden()

    gallery.get_by_role("button", name="Navigation").click()

    expect(gallery.get_by_role("link", name="Set-up")).to_be_visible()
    assert violations(gallery) == []
    gallery.keyboard.press("Escape")
    expect(gallery.locator(".nav")).to_be_hidden()


def test_the_queue_shows_23_rows_at_1440_by_900(gallery: Page) -> None:
    # What stands above the rows: top bar, title, filters, head. What is left must hold 23 rows of the standard height.
    row = gallery.locator("#row-INC-10201").bounding_box()["height"]
    bar = gallery.locator(".top-bar").bounding_box()["height"]
    title = gallery.locator(".page-head").bounding_box()["height"]
    filters = gallery.locator(".filter-bar").bounding_box()["height"]
    head = gallery.locator("#table thead tr").bounding_box()["height"]

    assert row == 32
    assert bar + title + filters + head + 23 * row <= 900 - 12


def test_without_a_connection_sending_waits(gallery: Page) -> None:
    send = gallery.get_by_role("button", name="Send to Ana Ruiz")
    gallery.context.set_offline(True)
    expect(gallery.get_by_text("No connection.")).to_be_visible()
    expect(send).to_be_disabled()

    gallery.context.set_offline(False)

    expect(send).to_be_enabled()
    expect(gallery.get_by_text("No connection.")).to_be_hidden()
