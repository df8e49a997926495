"""Clocks and agreements in a real browser: readable in both themes, narrow and wide, by everybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from calendars.seeds import ensure_default_calendars
from incidents import operations
from slm import operations as agreements
from slm.models import Clock

SIZES = {"wide": (1440, 900), "narrow": (390, 844), "narrowest": (320, 640)}


@pytest.fixture
def ticket(transactional_db: None, house: Any, log_incident: Any) -> Any:
    """A ticket of two days ago that was on hold for a while."""
    at = timezone.now() - timedelta(days=2)
    ensure_default_calendars(at=at)
    agreements.ensure_default_agreement(at=at)
    incident = operations.start(incident=log_incident(at=at), by=house.tom, at=at)
    held = operations.hold(
        incident=incident,
        by=house.tom,
        at=at + timedelta(hours=3),
        hold_for="requester",
        question="Which client do you use?",
    )
    return operations.resume(incident=held, by=house.aisha, at=at + timedelta(hours=9))


@pytest.mark.parametrize(("size", "theme"), [("wide", "light"), ("narrow", "dark"), ("narrowest", "light")])
def test_explanation_and_agreements_are_accessible_at_every_size(
    live_server, quiet_page, sign_in, violations, house, ticket, size, theme
):
    house.ines.theme = theme
    house.ines.save(update_fields=["theme"])
    sign_in(house.ines)
    quiet_page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    clock = Clock.objects.get(record=ticket, kind="resolution")

    for path in (
        f"/clocks/{clock.pk}/",
        "/agreements/",
        "/agreements/standard-support/",
        "/agreements/standard-support/text/",
    ):
        quiet_page.goto(live_server.url + path)
        assert violations(quiet_page) == [], path
        overflow = quiet_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, path


def test_why_opens_the_sum_beside_the_clock(live_server, quiet_page, sign_in, house, ticket):
    sign_in(house.tom)
    quiet_page.goto(live_server.url + ticket.get_absolute_url())

    quiet_page.get_by_role("link", name="Why this time? Resolution").click()

    section = quiet_page.get_by_role("region", name="Why this time? Resolution")
    section.wait_for()
    assert "it was paused (requester)" in section.inner_text()


def test_the_matrix_is_edited_by_keyboard(live_server, quiet_page, sign_in, house, ticket):
    sign_in(house.ines)
    quiet_page.goto(live_server.url + "/agreements/standard-support/text/")

    field = quiet_page.get_by_label("resolution, P3 medium", exact=True)
    field.fill("2 h 30 min")
    field.press("Enter")

    quiet_page.get_by_text("Version 2 is drafted. Offer it for signature when it stands.").wait_for()
    quiet_page.get_by_role("link", name="Change the draft").click()
    assert quiet_page.get_by_label("resolution, P3 medium", exact=True).input_value() == "2:30"
