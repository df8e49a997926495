"""Changes in a real browser: every page in both themes and on a phone, and a whole change by keyboard."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from approvals import operations as approvals
from approvals import queries as approval_queries
from changes import operations
from changes.defaults import ensure_policies, ensure_questions
from changes.models import Change, RiskFactor
from changes.queries.facts import AUTHORIZE
from services.models import ConfigurationItem

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Any], None]
Violations = Callable[..., list[str]]
TABS = ("", "plan/", "risk/", "approvals/", "window/", "slots/", "run/", "review/")
PLANS = {
    "rationale": "The gateway drops connections.",
    "implementation_plan": "Install 4.2 on the standby, fail over, install on the other.",
    "test_plan": "Twenty sessions for an hour.",
    "test_evidence": "Done on the standby.",
    "back_out_plan": "Fail back.",
    "communication_plan": "Mail to the sites a day before.",
}


@pytest.fixture
def office(house: SimpleNamespace, vpn: Any) -> SimpleNamespace:
    """The gateway, the questions and the policies; nothing is planned."""
    ensure_questions()
    ensure_policies(at=now())
    house.vpn = vpn
    house.gateway = ConfigurationItem.objects.create(name="vpn-gw-2", service=vpn)
    return house


@pytest.fixture
def changes(office: SimpleNamespace) -> tuple[Change, Change]:
    """One that is scheduled, and one that collides with it and waits to be assessed."""
    at = now()

    def write(title: str, **said: Any) -> Change:
        about = {"by": office.aisha, "at": at}
        values: dict[str, Any] = {"assignee": office.tom, **PLANS, **said}
        made = operations.create(**about, title=title, services=[office.vpn], items=[office.gateway], **values)
        start = at + timedelta(days=3)
        made = operations.plan_window(change=made, **about, planned_from=start, planned_to=start + timedelta(hours=2))
        keys = RiskFactor.objects.values_list("key", flat=True)
        made = operations.answer_risk(change=made, **about, answers={key: 1 for key in keys})
        operations.add_step(change=made, **about, title="Fail over")
        return operations.submit(change=Change.objects.get(pk=made.pk), **about)

    scheduled = write("Patch gateway 2")
    operations.assess(change=scheduled, by=office.ines, at=at)
    approvals.vote(approval=approval_queries.open_one(scheduled, AUTHORIZE), by=office.ines, at=at, choice="approve")
    return Change.objects.get(pk=scheduled.pk), write("Second", assignee=office.aisha)


def test_every_page_is_accessible_and_holds_up_on_a_phone(
    office: SimpleNamespace,
    changes: tuple[Change, Change],
    live_server: Any,
    sign_in: SignIn,
    quiet_page: Page,
    violations_in_both: Violations,
) -> None:
    scheduled, waiting = changes
    model = operations.propose_model(
        by=office.ines, at=now(), name="Restart", owner=office.aisha, implementation_plan="x", back_out_plan="x"
    )
    addresses = [
        "/changes/", "/changes/new/", "/changes/models/", f"/changes/models/{model.slug}/", "/changes/risk/",
        "/changes/risk/tests/", *(f"{waiting.get_absolute_url()}{tab}" for tab in TABS),
        f"{scheduled.get_absolute_url()}slots/", "/me/",
    ]  # fmt: skip
    sign_in(office.ines)

    wrong = []
    for address in addresses:
        quiet_page.set_viewport_size({"width": 1440, "height": 900})
        quiet_page.goto(live_server.url + address)
        wrong += [f"{address} {each}" for each in violations_in_both(quiet_page)]
        quiet_page.set_viewport_size({"width": 320, "height": 800})
        if quiet_page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{address} is wider than a phone")

    assert wrong == []


def test_empty_pages_offer_the_first_step(
    office: SimpleNamespace, live_server: Any, sign_in: SignIn, quiet_page: Page, violations: Violations
) -> None:
    sign_in(office.ines)

    for address, step in (("/changes/", "New change"), ("/changes/models/", "Propose a model")):
        quiet_page.goto(live_server.url + address)
        expect(quiet_page.locator(".empty").get_by_role("link", name=step)).to_be_visible()
        assert violations(quiet_page) == []


def test_a_window_that_was_suggested_is_taken_by_keyboard(
    office: SimpleNamespace, changes: tuple[Change, Change], live_server: Any, sign_in: SignIn, quiet_page: Page
) -> None:
    _scheduled, waiting = changes
    sign_in(office.aisha)
    quiet_page.goto(f"{live_server.url}{waiting.get_absolute_url()}window/")
    expect(quiet_page.get_by_text("Same item.", exact=True)).to_be_visible()

    quiet_page.get_by_label("Minutes it takes").focus()
    quiet_page.keyboard.press("Control+a")
    quiet_page.keyboard.type("90")
    quiet_page.keyboard.press("Enter")
    quiet_page.get_by_role("button", name=re.compile("Take this window")).first.focus()
    quiet_page.keyboard.press("Enter")
    quiet_page.wait_for_url("**/window/")

    expect(quiet_page.get_by_text("Nothing stands in the way.")).to_be_visible()
    waiting.refresh_from_db()
    assert waiting.planned_to - waiting.planned_from == timedelta(minutes=90)


def enter(page: Page, role: Any, name: Any) -> None:
    """Focus it and press Enter."""
    page.get_by_role(role, name=name).first.focus()
    page.keyboard.press("Enter")


def test_a_whole_normal_change_by_keyboard(
    office: SimpleNamespace, live_server: Any, sign_in: SignIn, page: Page
) -> None:
    # Not the page that fails on every complaint: leaving while something is on its way makes the browser say so.
    press = page.keyboard.press
    sign_in(office.aisha)
    page.goto(f"{live_server.url}/changes/new/")
    page.get_by_label("In a line").focus()
    page.keyboard.type("Patch gateway 2")
    page.get_by_label("Why it is needed").focus()
    page.keyboard.type("It drops connections.")
    page.get_by_label("VPN").focus()
    press("Space")
    page.get_by_label("Implemented by").focus()
    page.keyboard.type("Tom")
    press("Control+Enter")
    page.wait_for_url("**/plan/")
    change = Change.objects.get()
    base = live_server.url + change.get_absolute_url()

    for label in ("Implementation plan", "Test plan", "Test evidence", "Back-out plan", "Communication plan"):
        enter(page, "link", f"Write: {label}")
        page.locator("main textarea").first.focus()
        page.keyboard.type(f"The {label}.")
        press("Control+Enter")
        page.wait_for_url("**/plan/")
        expect(page.get_by_text(f"The {label}.")).to_be_visible()
    page.get_by_label("What is to be done").focus()
    page.keyboard.type("Fail over")
    press("Enter")
    expect(page.locator(".change-steps").get_by_text("Fail over")).to_be_visible()

    page.goto(f"{base}risk/")
    for radio in page.locator("input[type=radio][value='1']").all():
        radio.focus()
        press("Space")
    press("Control+Enter")
    expect(page.get_by_text("21 of 84 weighted points make 25 of 100.")).to_be_visible()

    page.goto(f"{base}slots/")
    enter(page, "button", re.compile("Take this window"))
    page.wait_for_url("**/window/")
    enter(page, "button", "Submit")
    expect(page.get_by_text("assessing").first).to_be_visible()

    sign_in(office.ines)
    page.goto(base)
    enter(page, "button", "Ask for authorization")
    expect(page.get_by_text("authorizing").first).to_be_visible()
    page.goto(f"{base}approvals/")
    enter(page, "link", "Decide")
    enter(page, "button", re.compile("^Approve"))
    expect(page.locator(".decision__line").get_by_text("approved")).to_be_visible()
    page.goto(base)
    expect(page.get_by_text("scheduled").first).to_be_visible()

    sign_in(office.tom)
    page.goto(f"{base}implementation/")
    page.get_by_label("the people concerned have been told").focus()
    press("Space")
    page.get_by_label("why outside its window").focus()
    page.keyboard.type("The sites agreed to have it today.")
    enter(page, "button", "Begin")
    expect(page.get_by_text("implementing").first).to_be_visible()
    page.goto(f"{base}run/")
    enter(page, "button", "Done: Fail over")
    expect(page.get_by_text("1 of 1 ended")).to_be_visible()
    page.goto(f"{base}completion/")
    page.get_by_label("outcome").focus()
    page.keyboard.type("successful")
    enter(page, "button", "Finish")
    expect(page.get_by_text("reviewing").first).to_be_visible()

    sign_in(office.ines)
    page.goto(f"{base}closure/")
    enter(page, "button", "Close")
    expect(page.get_by_text("closed").first).to_be_visible()

    change.refresh_from_db()
    assert (change.state, change.outcome, change.assignee) == ("closed", "successful", office.tom)
    assert change.steps.get().ended_by == office.tom
