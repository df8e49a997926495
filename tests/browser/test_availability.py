"""Availability in a browser: recording by keyboard, and the accessibility checker in both themes, wide and narrow."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from calendars import operations as calendar_operations
from calendars import registry
from slm.availability import operations
from slm.availability.models import Outage
from slm.models import Agreement
from tests.conftest import moment

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/availability/", "/availability/services/vpn/", "/availability/outages/", "/availability/outages/new/")


@pytest.fixture
def known(house: Any, vpn: Any) -> Iterator[Outage]:
    """The VPN, promised around the clock since last year, and half of it down since an hour."""
    at = timezone.now()
    hours = calendar_operations.create_calendar(
        name="Around the clock", zone="UTC", is_always_open=True, by=None, at=moment("2026-01-01 00:00")
    )
    Agreement.objects.create(
        name="Network", slug="network", calendar=hours, state="active", availability_target=Decimal("99.9"), service=vpn
    )
    yield operations.record(
        by=house.tom, at=at, service=vpn, started_at=at - timedelta(hours=1), weight=Decimal("0.5"), cause="One gateway"
    )
    registry.clear()


def test_pages_are_accessible(known, house, live_server, quiet_page, sign_in, violations_in_both):
    sign_in(house.aisha)
    for path in (*PAGES, f"/availability/outages/{known.pk}/", f"/availability/outages/{known.pk}/correction/"):
        for width in (1440, 390):
            quiet_page.set_viewport_size({"width": width, "height": 900})
            quiet_page.goto(live_server.url + path)

            assert violations_in_both(quiet_page) == [], (path, width)
            assert quiet_page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_an_outage_is_recorded_by_keyboard(known, house, vpn, live_server, quiet_page, sign_in):
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/availability/outages/new/?service=vpn")

    quiet_page.locator("#id_started_at").fill("2026-03-10T08:00")
    quiet_page.locator("#id_ended_at").fill("2026-03-10T09:30")
    quiet_page.locator("#id_cause").focus()
    quiet_page.keyboard.type("Power")
    quiet_page.keyboard.press("Enter")
    quiet_page.wait_for_url("**/availability/outages/*/")

    made = Outage.objects.get(cause="Power")
    assert (made.ended_at - made.started_at, made.entered_by) == (timedelta(hours=1, minutes=30), house.tom)
    assert "Outage recorded." in quiet_page.content()
