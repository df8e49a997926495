"""The calendar editor in a browser: it counts while somebody types, and holds up in both themes and on a phone."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from calendars import operations, registry
from calendars.business_time import WeeklyWindow
from calendars.models import Calendar

MONDAY = datetime(2025, 5, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def oslo(transactional_db: None, house: SimpleNamespace) -> Calendar:
    """Monday to Friday, 08:00-18:00, with the holidays of Norway."""
    registry.clear()
    calendar = operations.create_calendar(
        name="Oslo office",
        zone="Europe/Oslo",
        windows=[WeeklyWindow(day, *span) for day in range(5) for span in ((480, 720), (750, 1080))],
        by=house.ines,
        at=MONDAY,
    )
    operations.import_holidays(calendar=calendar, country="NO", years=range(2025, 2028), by=house.ines, at=MONDAY)
    return calendar


@pytest.fixture
def as_ines(sign_in: Callable[[Any], None], house: SimpleNamespace) -> None:
    sign_in(house.ines)


def test_the_preview_counts_while_somebody_types(
    live_server: Any, quiet_page: Any, oslo: Calendar, as_ines: None
) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}/admin/calendars/oslo-office/")

    page.get_by_label("Start").fill("2025-05-23T15:00")
    page.get_by_label("Add working time").fill("8 h")
    page.get_by_text("Monday 26 May 2025, 13:30").wait_for()
    page.get_by_label("Saturday").fill("10:00-14:00")
    page.get_by_text("Monday 26 May 2025, 09:00").wait_for()
    page.get_by_label("Saturday").fill("14:00-10:00")
    page.locator("#preview").get_by_text("ends before it starts").wait_for()

    assert Calendar.objects.get(pk=oslo.pk).version == 2


def test_holidays_are_shown_in_place_and_then_copied(
    live_server: Any, quiet_page: Any, oslo: Calendar, as_ines: None
) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}/admin/calendars/oslo-office/")

    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Region").locator("option[value=BE]").wait_for(state="attached")
    page.get_by_label("Region").select_option("BE")
    page.get_by_role("cell", name="Women's Day").first.wait_for()
    page.get_by_role("button", name="Copy these holidays").click()

    page.get_by_text("Germany, BE").wait_for()
    assert Calendar.objects.get(pk=oslo.pk).holiday_subdivision == "BE"


def test_the_checker_finds_nothing_and_pages_fit_a_narrow_screen(
    live_server: Any, page: Any, oslo: Calendar, as_ines: None, violations_in_both: Callable[..., list[str]]
) -> None:
    for path in ("", "oslo-office/", "new/"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}/admin/calendars/{path}")
        assert violations_in_both(page) == [], path

        page.set_viewport_size({"width": 320, "height": 800})
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
