"""The SLA dashboard and the measures in a real browser: both themes, three widths, a number down to its tickets."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from incidents import operations
from measurement import rebuild
from tests.conftest import moment
from tests.slm.conftest import make_agreement, office, standard  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAYS = "from=2026-03-01&to=2026-03-31"


@pytest.fixture
def seen(house: Any, standard: Any, log_incident: Any, sign_in: Any, quiet_page: Page) -> Page:  # noqa: F811
    """One target held, one missed; Tom looks."""
    for title, ended in (("Kept", "2026-03-02 09:30"), ("Missed", "2026-03-06 09:30")):
        incident = operations.take(incident=log_incident(title=title), by=house.tom, at=moment("2026-03-02 09:01"))
        operations.resolve(incident=incident, by=house.tom, at=moment(ended), code="fixed", text="Done.")
    rebuild.rebuild_all()
    sign_in(house.tom)
    return quiet_page


def test_pages_of_numbers_pass_the_checker_and_fit(seen: Page, live_server: Any, violations_in_both: Any) -> None:
    for path in ("/sla/", "/sla/breaches/", "/kpi/", "/kpi/slm-attainment/"):
        for width in (390, 960, 1440):
            seen.set_viewport_size({"width": width, "height": 900})
            seen.goto(f"{live_server.url}{path}?{DAYS}&by=team")
            assert seen.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        assert violations_in_both(seen) == [], path


def test_two_clicks_lead_from_attainment_to_the_misses_of_a_delay(seen: Page, live_server: Any) -> None:
    seen.goto(f"{live_server.url}/sla/?{DAYS}")
    seen.get_by_role("link", name="First answer came late").click()

    expect(seen.get_by_role("heading", level=1)).to_have_text("2 missed targets")
    expect(seen.get_by_role("link", name="Missed", exact=True).first).to_be_visible()


def test_a_filter_sends_itself_and_stands_in_the_address(seen: Page, live_server: Any) -> None:
    seen.goto(f"{live_server.url}/sla/?{DAYS}")
    seen.get_by_label("Service", exact=True).select_option("vpn")

    seen.wait_for_url("**/sla/?from=2026-03-01&to=2026-03-31&*service=vpn*")
    expect(seen.get_by_text("Service: VPN", exact=True)).to_be_visible()


def test_the_numbers_of_a_chart_stand_in_a_table(seen: Page, live_server: Any) -> None:
    seen.goto(f"{live_server.url}/kpi/inc-volume/?{DAYS}")
    seen.get_by_text("Show as table").click()

    expect(seen.get_by_role("row", name="2 Mar 2026 2", exact=True)).to_be_visible()
