"""Releases in a real browser: every page in both themes and three widths, signing by keyboard, a refused deployment."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from changes.enums import State as ChangeState
from releases.defaults import ensure_checklist
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures
from tests.conftest import moment
from tests.releases.conftest import bring_to, in_state, plan_release, sign_all  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABS = ("", "contents/", "plan/", "readiness/", "deployments/", "early-life/", "scope/")


@pytest.fixture
def seen(house: Any, sign_in: Any, quiet_page: Page) -> Page:
    """Ines looks."""
    ensure_checklist()
    sign_in(house.ines)
    return quiet_page


def test_pages_of_releases_pass_the_checker_and_fit(
    seen: Page,
    live_server: Any,
    violations_in_both: Any,
    bring_to: Any,  # noqa: F811
    in_state: Any,  # noqa: F811
) -> None:
    release = bring_to("testing", changes=[in_state(), in_state(ChangeState.AUTHORIZING, title="Waits")])
    base = release.get_absolute_url()
    pages = ["/releases/", "/releases/new/", "/releases/checklist/", "/releases/checklist/new/"]
    for path in [*pages, *(f"{base}{tab}" for tab in TABS)]:
        seen.goto(f"{live_server.url}{path}")
        for width in (320, 960, 1440):
            seen.set_viewport_size({"width": width, "height": 900})
            assert seen.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        assert violations_in_both(seen) == [], path


def test_a_line_is_signed_by_keyboard_and_says_so(seen: Page, live_server: Any, plan_release: Any) -> None:  # noqa: F811
    release = plan_release()
    seen.goto(f"{live_server.url}{release.get_absolute_url()}readiness/")
    button = seen.get_by_role("button", name="Sign: A baseline of the items was taken")
    button.focus()
    seen.keyboard.press("Enter")

    expect(seen.get_by_text("signed by Ines Duarte")).to_be_visible()
    expect(
        seen.get_by_role("button", name="Take the signature back: A baseline of the items was taken")
    ).to_be_visible()
    expect(seen.get_by_role("button", name="Sign: Monitoring and alarms watch what is new")).to_have_count(0)


def test_what_is_in_the_way_of_the_deployment_is_said_before_anybody_tries(
    seen: Page,
    live_server: Any,
    bring_to: Any,  # noqa: F811
    in_state: Any,  # noqa: F811
) -> None:
    waiting = in_state(ChangeState.AUTHORIZING, title="Waits", at=moment("2026-03-02 09:00"))
    release = bring_to("ready", changes=[waiting])

    seen.goto(f"{live_server.url}{release.get_absolute_url()}")

    expect(seen.get_by_text(f"Not authorized: {waiting.reference} is authorizing.")).to_be_visible()
