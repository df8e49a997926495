"""What a service is said to be, written and put in force with two hands on the keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from services.specifications.models import Specification
from tests.browser.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draft_is_written_and_put_in_force_by_keyboard(
    house: Any, vpn: Any, live_server: Any, quiet_page: Page, sign_in: Any, violations_in_both: Any
) -> None:
    sign_in(house.aisha)
    quiet_page.goto(f"{live_server.url}/services/vpn/specification/")
    hands = Hands(quiet_page)

    hands.follow("Begin a draft", role="button")
    hands.reach(quiet_page.get_by_role("textbox", name="Statement").first)
    hands.keys.type("One login for everything")
    hands.reach(quiet_page.get_by_role("button", name="support: what we do for you"))
    hands.keys.press("Enter")
    expect(quiet_page.locator("[name='support_functionality-1-text']")).to_be_focused()
    hands.keys.type("We set a new password")
    assert violations_in_both(quiet_page) == []
    hands.send()
    quiet_page.wait_for_url("**/specification/versions/1/")
    hands.fill("Reason", "Said for the first time")
    hands.follow("Put in force", role="button")

    expect(quiet_page.get_by_text("Version 1, in force since")).to_be_visible()
    assert violations_in_both(quiet_page) == []
    said = Specification.objects.get().statements.order_by("cell").values_list("text", flat=True)
    assert list(said) == ["One login for everything", "We set a new password"]
