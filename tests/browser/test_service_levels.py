"""The life of a breach and of a report by keyboard alone, from either side."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calendars.operations import create_calendar
from common.months import month_of
from common.time import now
from incidents import operations as incidents
from slm import operations as agreements
from slm import selection
from slm.breaches import recording
from slm.breaches.models import Breach
from slm.models import Signature
from slm.operations import ensure_default_agreement
from slm.reports import operations
from slm.reports.models import ServiceReport
from slm.sweep import sweep

from .hands import Hands

UTC = ZoneInfo("UTC")
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def late(house: SimpleNamespace, log_incident: Callable[..., Any]) -> Any:
    """An incident of the networks team that was opened in the middle of the month before, and is late."""
    selection.forget()
    opened = month_of(now(), UTC).moved(-1).began_at + timedelta(days=14, hours=9)
    ensure_default_agreement(at=opened - timedelta(days=400))
    incident = log_incident(at=opened, title="Gateway <b>down</b>")
    incident = incidents.assign(incident=incident, by=house.tom, at=opened, team=house.networks, assignee=house.aisha)
    sweep(opened + timedelta(days=12))
    recording.make(recording.unanswered())
    return incident


def test_a_breach_is_explained_and_excused_by_keyboard(
    live_server: Any, quiet_page: Any, sign_in: Callable[[Any], None], late: Any, house: SimpleNamespace,
    violations: Any,
) -> None:  # fmt: skip
    breach = Breach.objects.get(record_id=late.pk, clock_kind="resolution")
    page, hands = quiet_page, Hands(quiet_page)
    sign_in(house.aisha)
    page.goto(f"{live_server.url}/breaches/{breach.pk}/")

    hands.fill("Cause", "Cap")
    hands.fill("What happened", "Two people were <i>ill</i>")
    hands.follow("Save explanation", "button")
    page.get_by_role("button", name="Ask for the excuse").wait_for()
    assert violations(page) == []
    hands.reach(page.get_by_label("Clause", exact=True))
    page.keyboard.type("Cus")
    hands.fill("What shows it", "No answer for two days")
    hands.follow("Ask for the excuse", "button")
    page.get_by_role("link", name="Open the decision").wait_for()
    sign_in(house.ines)
    page.reload()
    hands.follow("Open the decision")
    hands.follow("Approve", "button")
    page.get_by_text("Approved.", exact=True).wait_for()
    page.goto(f"{live_server.url}/breaches/{breach.pk}/")
    hands.follow("Start an improvement")
    page.get_by_role("button", name="Suggest it").wait_for()

    assert page.get_by_label("Where it comes from").first.is_visible()
    breach.refresh_from_db()
    assert (breach.state, breach.explanation) == ("excused", "Two people were <i>ill</i>")


def test_a_report_is_reviewed_issued_disputed_and_corrected_by_keyboard(
    live_server: Any, quiet_page: Any, sign_in: Callable[[Any], None], late: Any, house: SimpleNamespace,
    violations: Any,
) -> None:  # fmt: skip
    month = month_of(now(), UTC).moved(-1)
    plan = operations.create_plan(
        organization=house.acme, by=house.ines, at=now(), zone="UTC", first_month=month.first, owner=house.ines,
        receivers=[house.max],
    )  # fmt: skip
    report = operations.compile_report(plan=plan, first_day=month.first, by=None, at=now())
    page, hands = quiet_page, Hands(quiet_page)
    sign_in(house.ines)
    page.goto(f"{live_server.url}/reports/")

    hands.follow(str(report))
    hands.fill("Summary for the customer", "A hard month")
    hands.follow("Review report", "button")
    page.get_by_role("button", name="Issue report").wait_for()
    hands.follow("Issue report", "button")
    page.get_by_text("issued it").wait_for()
    sign_in(house.max)
    page.goto(f"{live_server.url}/portal/reports/{report.pk}/")
    assert violations(page) == []
    hands.fill("Comment", "The gateway was down longer")
    hands.follow("Dispute report", "button")
    page.get_by_text("The gateway was down longer").wait_for()
    sign_in(house.ines)
    page.goto(f"{live_server.url}/reports/{report.pk}/")
    hands.reach(page.get_by_text("Make a corrected edition"))
    page.keyboard.press("Enter")
    hands.fill("What is corrected", "Monitoring shows it")
    hands.follow("Begin the edition", "button")
    page.get_by_role("heading", name="edition 2").wait_for()

    first, second = ServiceReport.objects.order_by("edition")
    assert (first.state, second.state, second.correction_reason) == ("disputed", "compiled", "Monitoring shows it")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_customer_signs_by_keyboard_what_was_changed_meanwhile_only_once_it_was_read(
    live_server: Any, page: Any, sign_in: Callable[[Any], None], house: SimpleNamespace, violations: Any,
    width: int, scheme: Any,
) -> None:  # fmt: skip
    hours = create_calendar(name="Always", zone="UTC", is_always_open=True, by=None, at=now())
    made = agreements.create_agreement(
        by=house.ines, at=now(), name="Acme gold", calendar=hours, targets={("resolution", 1): 240},
        organization=house.acme, exclusions="None.", review_date=date(2126, 3, 1),
        provider_signatory=house.ada, partner_signatory=house.max,
    )  # fmt: skip
    agreements.offer(agreement=made, by=house.ines, at=now())
    hands = Hands(page)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    sign_in(house.max)
    page.goto(f"{live_server.url}/portal/agreements/")
    hands.follow("Acme gold")
    page.get_by_role("button", name="Sign version 1").wait_for()
    agreements.revise(agreement=made, by=house.ines, at=now(), values={}, targets={("resolution", 1): 300})
    agreements.offer(agreement=made, by=house.ines, at=now())

    hands.follow("Sign version 1", "button")
    page.get_by_text("version 2 stands now. Read it, then sign.").wait_for()
    assert violations(page) == []
    hands.follow("Sign version 2", "button")
    page.get_by_text("Signed version 2.").wait_for()

    assert page.get_by_role("button", name="Sign version").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [(each.number, each.person) for each in Signature.objects.all()] == [(2, house.max)]
