"""Problems, known errors and what is found, in a real browser: every page in both themes, and by keyboard."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from people.enums import Theme
from people.models import Membership
from problems import operations
from problems.finding import runs
from problems.finding.models import Cluster
from problems.models import Problem
from records import operations as record_operations
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
    """What is wrong with a page: what sticks out at any width, and what the checker finds at the widest."""
    page.goto(address)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width}: too wide")
    return [*found, *violations(page)]


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_every_page_of_a_problem_fits_and_axe_finds_nothing(
    house: Any, analyzed: Problem, live_server: Any, sign_in: Any, quiet_page: Page, violations: Any, theme: Theme
) -> None:
    house.aisha.theme = theme
    house.aisha.save(update_fields=["theme"])
    sign_in(house.aisha)
    own, known = analyzed.get_absolute_url(), analyzed.known_error.get_absolute_url()
    paths = [
        "/problems/", "/problems/new/", own, f"{own}analysis/", f"{own}events/", f"{own}actions/", f"{own}known-error/",
        "/known-errors/", "/known-errors/?q=gateway", "/known-errors/?q=zebra", known, f"{known}revision/",
        f"{known}sending/", f"{own}acceptance/", f"{own}risk-acceptance/",
    ]  # fmt: skip

    found = {path: faults(quiet_page, live_server.url + path, violations) for path in paths}

    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_every_page_of_finding_fits_and_axe_finds_nothing(
    house: Any,
    similar: Any,  # noqa: F811 - the fixture
    live_server: Any,
    sign_in: Any,
    quiet_page: Page,
    violations: Any,
    theme: Theme,
) -> None:
    similar(6)
    runs.find(at=NOW)
    house.aisha.theme = theme
    house.aisha.save(update_fields=["theme"])
    sign_in(house.aisha)
    group = Cluster.objects.get().get_absolute_url()
    days = "from=2026-03-01&to=2026-03-31"
    paths = [
        "/problems/finding/", "/problems/finding/?state=dismissed", "/problems/finding/?state=accepted", group,
        f"/problems/pareto/?by=category&{days}", f"/problems/pareto/?by=cause&{days}", "/problems/pareto/",
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
    found = {each: faults(page, f"{own}{each}", violations) for each in ("", "analysis/", "events/", "actions/")}
    page.goto(f"{live_server.url}/problems/new/")
    page.get_by_role("button", name="Log the problem").click()
    page.wait_for_load_state("networkidle")
    found["refused"] = violations(page)

    assert {path: each for path, each in found.items() if each} == {}
    assert page.locator("[aria-invalid=true]").count() > 0


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


def test_watching_ends_on_a_day_that_can_be_typed(
    house: Any, analyzed: Problem, live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    fixing = operations.fix(problem=analyzed, by=house.aisha, at=AT)
    for task in fixing.tasks.all():
        record_operations.complete_task(task=task, by=house.aisha, at=AT)
    sign_in(house.aisha)
    quiet_page.goto(f"{live_server.url}{analyzed.get_absolute_url()}verification/")
    day = date(now().year + 1, 1, 31)

    quiet_page.get_by_label("until", exact=False).first.fill(day.isoformat())
    quiet_page.keyboard.press("Control+Enter")
    quiet_page.wait_for_url(f"**{analyzed.get_absolute_url()}")

    assert Problem.objects.get().watch_until_date == day
