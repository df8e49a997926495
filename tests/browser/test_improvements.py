"""The register of improvements in a real browser: raised, decided and carried over the board by keys and mouse."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from improvement import operations
from improvement.models import Improvement
from tests.browser.hands import Hands
from tests.improvement.conftest import MONDAY_9, goal, suggest  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_improvement_is_raised_decided_and_moved_over_the_board(
    house: Any,
    suggest: Any,  # noqa: F811 - the fixture
    log_incident: Any,
    live_server: Any,
    sign_in: Any,
    page: Page,
    violations_in_both: Any,
) -> None:
    # Not the page that fails on every complaint: the browser tells of the refused move.
    hands, state = Hands(page), page.locator(".record-header__facts")
    sign_in(house.ines)
    page.goto(f"{live_server.url}{log_incident().get_absolute_url()}")

    hands.follow("Suggest an improvement")
    page.wait_for_url("**/improvements/new/**")
    hands.reach(page.locator("form.form select[name=service]"))
    hands.send()
    page.wait_for_url("**/improvements/IMP-*/**")
    made = Improvement.objects.get()
    hands.follow("Accept")
    hands.fill("Reply", "Good idea.")
    hands.send()
    expect(state).to_contain_text("accepted")
    operations.answer(improvement=made, by=house.ines, at=MONDAY_9, step=1, texts={"vision": "Sessions that last."})
    Improvement.objects.update(goal=operations.create_goal(by=house.ines, at=MONDAY_9, title="Work on"))

    page.goto(f"{live_server.url}/improvements/?view=board")
    link = page.locator(f"#{made.reference}")
    hands.reach(link)
    hands.keys.press("Alt+ArrowRight")
    expect(page.locator(f"[data-column='2'] #{made.reference}")).to_be_visible()
    expect(link).to_be_focused()
    assert violations_in_both(page) == []

    start, end = page.locator("[data-card]").bounding_box(), page.locator("[data-column='5']").bounding_box()
    assert start is not None and end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 40, steps=4)
    expect(page.locator("[data-column='5']")).to_have_attribute("data-drop", "yes")
    page.mouse.up()
    expect(page.get_by_text("is not complete").first).to_be_visible()
    hands.fill("Reason, step 5", "Known to all.")
    hands.keys.press("Enter")
    expect(page.locator("#step-5")).to_have_attribute("data-current", "")

    assert (Improvement.objects.get().step, Improvement.objects.get().origin) == (5, "incident")
