"""Trying other terms in a browser: from the form of an agreement to the clocks that would change, and nothing saved."""

from types import SimpleNamespace
from typing import Any

import pytest

from common.time import now
from slm import selection
from slm.models import Agreement, Clock
from slm.operations import ensure_default_agreement
from slm.simulator import runs
from slm.simulator.models import Simulation


@pytest.fixture
def tried(transactional_db: None, house: SimpleNamespace, log_incident: Any, sign_in: Any) -> Agreement:
    selection.forget()
    agreement = ensure_default_agreement()
    for number in range(3):
        log_incident(at=now(), title=f"Printer {number}")
    assert Clock.objects.filter(agreement=agreement).count() == 6
    sign_in(house.ada)
    return agreement


def test_an_agreement_is_tried_by_keyboard_before_it_is_saved(
    live_server: Any, quiet_page: Any, tried: Agreement
) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}/agreements/{tried.slug}/text/")

    page.locator("#id_resolution_4").fill("1 h")
    page.get_by_role("button", name="Try on tickets").focus()
    page.keyboard.press("Enter")
    page.get_by_text("clocks looked at.").wait_for()
    runs.work(Simulation.objects.get().pk)
    page.get_by_role("link", name="3 due earlier").wait_for()
    page.get_by_role("link", name="3 due earlier").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**effect=earlier**")

    assert page.locator("tbody tr[id^=outcome]").count() == 3
    assert Agreement.objects.get(pk=tried.pk).version == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_simulations_hold_up_in_both_themes_and_on_a_phone(
    live_server: Any, quiet_page: Any, tried: Agreement, violations: Any, scheme: str
) -> None:
    page = quiet_page
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/simulations/")
    assert violations(page) == []
    page.goto(f"{live_server.url}/agreements/{tried.slug}/text/")
    page.locator("#id_resolution_4").fill("1 h")
    page.get_by_role("button", name="Try on tickets").click()
    page.get_by_text("clocks looked at.").wait_for()
    assert violations(page) == []
    runs.work(Simulation.objects.get().pk)
    page.reload()
    for width in (1440, 960, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
