"""Problems, known errors and what is found, in a real browser: every page in both themes, and by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from people.models import Membership
from problems import operations
from problems.finding import runs
from problems.finding.models import Cluster
from problems.models import Cause, Problem
from records import operations as record_operations
from tests.browser.hands import Hands
from tests.conftest import moment
from tests.problems.conftest import log_problem  # noqa: F401 - a fixture
from tests.problems.finding.conftest import NOW, network, similar  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AT = moment("2026-03-02 12:00")
WIDTHS = (390, 960, 1440)


@pytest.fixture
def analyzed(house: Any, log_problem: Any, log_incident: Any) -> Problem:  # noqa: F811 - the fixture
    """A known error with everything that a workspace can show."""
    Membership.objects.create(user=house.tom, team=house.networks)
    incidents = [log_incident() for _number in range(3)]
    problem = log_problem(incidents=incidents)
    problem = operations.accept(
        problem=problem, by=house.ines, at=AT, owner=house.tom, impact_statement="Forty people sign in again."
    )
    problem = operations.investigate(
        problem=problem, by=house.aisha, at=AT, approach="five_whys", investigator=house.aisha
    )
    said = {"problem": problem, "by": house.aisha, "at": AT}
    top = operations.add_cause(**said, text="Gateway 2 runs out of memory", group="technology")
    root = operations.add_cause(**said, text="Firmware 5.2 keeps sessions", parent=top, group="supplier")
    out = operations.add_cause(**said, text="Home routers drop idle connections", group="environment")
    operations.mark_root(cause=root, by=house.aisha, at=AT)
    operations.disprove(cause=out, by=house.aisha, at=AT, reason="It happens in the office, too.")
    operations.add_evidence(cause=top, by=house.aisha, at=AT, record=incidents[0], note="Dropped when it was full.")
    operations.act_on(
        cause=root, by=house.aisha, at=AT, title="Ask for firmware 5.3", assignee=house.tom, due_at=moment("2126-03-02")
    )
    operations.compare(**said, dimension="where", values={"is_text": "Gateway 2", "is_not_text": "Gateway 1"})
    operations.add_event(**said, happened_at=moment("2026-03-01 09:00"), text="Firmware 5.2 was installed")
    return operations.declare_known_error(
        problem=problem,
        by=house.aisha,
        at=AT,
        symptom="The client drops after 20 minutes.",
        cause="Firmware 5.2 keeps sessions.",
        workaround="Choose gateway 1.",
    )


def faults(page: Page, address: str, violations: Callable[..., list[str]]) -> list[str]:
    """
    What is wrong with a page: what sticks out at any width, what the checker finds at the widest, and contrasts in the
    dark, which no other rule depends on.
    """
    page.goto(address)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width}: too wide")
    found += violations(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = page.evaluate("axe.run({runOnly: {type: 'rule', values: ['color-contrast']}})")
    return [*found, *(f"dark: {node['target'][0]}" for each in dark["violations"] for node in each["nodes"])]


def test_every_page_of_a_problem_fits_and_axe_finds_nothing(
    house: Any, analyzed: Problem, live_server: Any, sign_in: Any, quiet_page: Page, violations: Any
) -> None:
    sign_in(house.aisha)
    own, known = analyzed.get_absolute_url(), analyzed.known_error.get_absolute_url()
    paths = [
        "/problems/", "/problems/new/", own, f"{own}analysis/", f"{own}events/", f"{own}actions/",
        "/known-errors/?q=gateway", known, f"{known}revision/", f"{known}sending/", f"{own}risk-acceptance/",
    ]  # fmt: skip

    found = {path: faults(quiet_page, live_server.url + path, violations) for path in paths}

    assert {path: each for path, each in found.items() if each} == {}


def test_every_page_of_finding_fits_and_axe_finds_nothing(
    house: Any,
    similar: Any,  # noqa: F811 - the fixture
    live_server: Any,
    sign_in: Any,
    quiet_page: Page,
    violations: Any,
) -> None:
    similar(6)
    runs.find(at=NOW)
    sign_in(house.aisha)
    group = Cluster.objects.get().get_absolute_url()
    days = "from=2026-03-01&to=2026-03-31"
    paths = [
        "/problems/finding/", group, f"/problems/pareto/?by=category&{days}", "/problems/pareto/",
        "/problems/together/", "/problems/recurrence/", f"/problems/recurrence/incidents/?{days}",
    ]  # fmt: skip

    found = {path: faults(quiet_page, live_server.url + path, violations) for path in paths}

    assert {path: each for path, each in found.items() if each} == {}


def test_a_workspace_without_anything_and_what_is_refused_fit_too(
    house: Any,
    log_problem: Any,  # noqa: F811 - the fixture
    live_server: Any,
    sign_in: Any,
    page: Page,
    violations: Any,
) -> None:
    # Not the page that fails on every complaint: the browser tells of each refused act.
    sign_in(house.aisha)
    own = live_server.url + log_problem().get_absolute_url()
    found = {each: faults(page, f"{own}{each}", violations) for each in ("analysis/", "actions/")}
    page.goto(f"{live_server.url}/problems/new/")
    page.get_by_role("button", name="Log the problem").click()
    page.wait_for_load_state("networkidle")
    found["refused"] = violations(page)

    assert {path: each for path, each in found.items() if each} == {}
    assert page.locator("[aria-invalid=true]").count() > 0


def test_whys_are_written_and_ordered_by_keyboard_alone(
    house: Any, analyzed: Problem, live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    sign_in(house.aisha)
    quiet_page.goto(f"{live_server.url}{analyzed.get_absolute_url()}analysis/")
    first = quiet_page.locator("input[value='Gateway 2 runs out of memory']")

    first.focus()
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.locator("[data-outline-added]:focus")).to_have_value("")
    quiet_page.keyboard.type("Nobody watches the memory")
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.locator("input[value='Nobody watches the memory']")).to_have_count(1)
    quiet_page.locator("input[value='Nobody watches the memory']").focus()
    quiet_page.keyboard.press("Tab")
    expect(quiet_page.locator("input[value='Nobody watches the memory']")).to_have_attribute(
        "aria-label", "Cause, level 2"
    )
    expect(quiet_page.locator("input[value='Nobody watches the memory']")).to_be_focused()
    quiet_page.keyboard.press("Alt+ArrowUp")
    below = quiet_page.locator("input[aria-label='Cause, level 2']")
    expect(below.first).to_have_value("Nobody watches the memory")

    top = Cause.objects.get(text="Gateway 2 runs out of memory")
    assert [each.text for each in Cause.objects.filter(parent=top).order_by("position")] == [
        "Nobody watches the memory",
        "Firmware 5.2 keeps sessions",
    ]


def test_a_problem_lives_its_whole_life_by_keyboard_alone(
    house: Any, vpn: Any, live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    sign_in(house.ines)
    hands, page = Hands(quiet_page), quiet_page
    state = page.locator(".record-header__facts")
    page.goto(f"{live_server.url}/problems/")

    hands.follow("New problem")
    hands.fill("In a line", "VPN drops every 20 minutes")
    hands.fill("Service", vpn.name)
    hands.send()
    page.wait_for_url("**/problems/PRB-*/")
    hands.follow("Accept")
    hands.fill("Owner", "Tom")
    hands.fill("What it does to people", "Forty people sign in again.")
    hands.send()
    expect(state).to_contain_text("Accepted")
    hands.follow("Investigate")
    hands.fill("Investigator", "Aisha")
    hands.fill("Method", "Five")
    hands.send()
    expect(state).to_contain_text("Investigating")
    hands.follow("Analysis")
    page.wait_for_url("**/analysis/")
    hands.reach(page.get_by_placeholder("Because…"))
    hands.keys.type("Gateway 2 runs out of memory")
    hands.keys.press("Enter")
    more = page.locator("summary[aria-label^='More about']")
    hands.reach(more)
    hands.keys.press("Enter")
    hands.fill("What is done about it", "Add memory")
    hands.fill("Who does it", "Tom")
    hands.fill("Done by", "01012126")
    hands.keys.press("Tab")
    hands.keys.type("0900AM")
    hands.follow("Make it an action", "button")
    expect(page.locator(".outline__evidence")).to_contain_text("Add memory")
    hands.reach(more)
    hands.keys.press("Enter")
    hands.follow("This is a root cause", "button")
    expect(page.locator(".outline__text--root")).to_have_count(1)
    hands.follow("Declare known error")
    hands.fill("Symptom", "The client drops.")
    hands.fill("Workaround", "Choose gateway 1.")
    hands.send()
    expect(state).to_contain_text("Known error")
    hands.follow("Fix")
    hands.reach(page.locator("#act input").last)
    hands.send()
    expect(state).to_contain_text("Fixing")
    hands.follow("Actions")
    page.wait_for_url("**/actions/")
    hands.follow("Done", "button")
    expect(page.get_by_text("done").first).to_be_visible()
    hands.follow("Verify")
    hands.fill("Watch until", "01012126")
    hands.send()
    expect(state).to_contain_text("Verifying")
    Problem.objects.update(watch_until_date=timezone.now().date())  # the day has come
    page.reload()
    hands.follow("Close")
    hands.fill("What we learned", "Watch the memory of gateways.")
    hands.send()
    expect(state).to_contain_text("Closed")

    problem = Problem.objects.get()
    assert (problem.state, problem.owner, problem.assignee) == ("closed", house.tom, house.aisha)
    assert problem.known_error.cause == "Gateway 2 runs out of memory"
    assert problem.known_error.withdrawn_at == problem.closed_at


def test_a_group_is_opened_as_a_problem_by_keyboard_alone(
    house: Any,
    similar: Any,  # noqa: F811 - the fixture
    live_server: Any,
    sign_in: Any,
    quiet_page: Page,
) -> None:
    similar(5)
    runs.find(at=NOW)
    sign_in(house.aisha)
    quiet_page.goto(f"{live_server.url}/problems/finding/")

    quiet_page.keyboard.press("j")
    quiet_page.keyboard.press("Enter")
    quiet_page.wait_for_url("**/problems/finding/*/")
    quiet_page.get_by_label("Subject", exact=True).press("End")
    quiet_page.keyboard.press("Enter")
    quiet_page.wait_for_url("**/problems/PRB-*/")

    assert Problem.objects.get().links_in.count() == 5


def test_a_workaround_is_sent_in_four_interactions(
    house: Any, analyzed: Problem, live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}{analyzed.known_error.get_absolute_url()}")

    quiet_page.get_by_role("link", name="Send").first.click()
    quiet_page.wait_for_url("**/sending/")
    quiet_page.locator("form [type=submit].button--primary").click()
    quiet_page.wait_for_load_state("networkidle")

    assert analyzed.known_error.uses.count() == 3


def test_the_fishbone_prints_on_one_page_without_controls(
    house: Any, analyzed: Problem, live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    sign_in(house.aisha)
    quiet_page.goto(f"{live_server.url}{analyzed.get_absolute_url()}analysis/")
    quiet_page.emulate_media(media="print")

    expect(quiet_page.locator(".fishbone, svg[role=img]").first).to_be_visible()
    expect(quiet_page.get_by_text("Gateway 2", exact=True).first).to_be_visible()
    for hidden in (".nav", ".outline__new", "button:not(.visually-hidden)"):
        assert [each for each in quiet_page.locator(hidden).all() if each.is_visible()] == []


def test_links_and_checklist_keep_what_ends_a_line_beside_it(
    house: Any, analyzed: Problem, live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    record_operations.add_task(
        record=analyzed, by=house.aisha, at=AT, title="Tell everybody who " + "works at home " * 9
    )
    sign_in(house.aisha)
    quiet_page.goto(f"{live_server.url}{analyzed.get_absolute_url()}")

    for line in quiet_page.locator(".row--line:has(form)").all():
        words, button = line.locator("> :first-child").bounding_box(), line.locator("button").first.bounding_box()
        assert words is not None and button is not None
        assert button["x"] >= words["x"] + words["width"] - 1
