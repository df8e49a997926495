"""The change calendar in a browser: by keyboard, in both themes, on a phone, and without script."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from approvals import operations as approvals
from approvals import queries as approval_queries
from changes import operations
from changes.defaults import ensure_policies, ensure_questions
from changes.models import Change, RiskFactor
from changes.queries.facts import AUTHORIZE
from services.models import ConfigurationItem, Service

NOW = datetime(2126, 3, 4, 10, 0, tzinfo=UTC)
PLANS = dict.fromkeys(
    ("rationale", "implementation_plan", "test_plan", "test_evidence", "back_out_plan", "communication_plan"), "x"
)
WEEK = "/changes/calendar/?from=2126-03-05"
VIEWS = ["week", "month", "lanes", "agenda"]


def at(day: int, hour: int) -> datetime:
    return datetime(2126, 3, day, hour, 0, tzinfo=UTC)


@pytest.fixture
def changes(transactional_db: None, house: SimpleNamespace) -> SimpleNamespace:
    """Tuesday a gateway, Tuesday at the same time a draft that collides, Thursday a mail server, Friday a freeze."""
    ensure_questions()
    ensure_policies(at=NOW)
    vpn, mail = (Service.objects.create(name=name, slug=name.lower()) for name in ("VPN", "Mail"))
    item = ConfigurationItem.objects.create(name="vpn-gw-2", service=vpn)

    def write(title: str, service: Service, start: datetime, end: datetime, **said: Any) -> Change:
        change = operations.create(
            by=house.aisha, at=NOW, title=title, services=[service], team=house.networks, **PLANS, **said
        )
        change = operations.plan_window(change=change, by=house.aisha, at=NOW, planned_from=start, planned_to=end)
        keys = RiskFactor.objects.filter(is_active=True).values_list("key", flat=True)
        return operations.answer_risk(change=change, by=house.aisha, at=NOW, answers={key: 1 for key in keys})

    def book(change: Change) -> Change:
        change = operations.submit(change=change, by=house.aisha, at=NOW)
        change = operations.assess(change=change, by=house.ines, at=NOW)
        approval = approval_queries.open_one(change, AUTHORIZE)
        approvals.vote(approval=approval, by=house.ines, at=NOW, choice="approve")
        return Change.objects.get(pk=change.pk)

    gateway = book(write("Patch gateway", vpn, at(5, 12), at(5, 14), items=[item], assignee=house.tom))
    draft = write("Swap the cable", vpn, at(5, 13), at(5, 15), items=[item])
    server = book(write("Mail server", mail, at(7, 12), at(7, 13), assignee=house.tom))
    operations.save_window(
        by=house.ines, at=NOW, kind="freeze", name="Quarter end", zone="UTC", starts_at=at(8, 0), ends_at=at(9, 0)
    )
    return SimpleNamespace(gateway=gateway, draft=draft, server=server)


@pytest.fixture
def as_ines(sign_in: Callable[[Any], None], house: SimpleNamespace) -> None:
    sign_in(house.ines)


def test_arrows_go_from_entry_to_entry_and_enter_opens(
    live_server: Any, quiet_page: Any, changes: SimpleNamespace, as_ines: None
) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}{WEEK}#e{changes.gateway.pk}")
    focused = page.locator(":focus")

    assert changes.gateway.reference in focused.inner_text()
    assert page.locator('[data-entry][tabindex="0"]').count() == 1
    page.keyboard.press("ArrowRight")
    assert changes.draft.reference in focused.inner_text()
    page.keyboard.press("Alt+ArrowDown")
    page.locator("#announce-polite", has_text="Only a scheduled change").wait_for(state="attached")
    assert page.locator("#move form").count() == 0
    page.keyboard.press("ArrowRight")
    assert changes.server.reference in focused.inner_text()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/changes/{changes.server.reference}/")


def test_alt_and_arrows_move_a_scheduled_change_after_showing_what_that_means(
    live_server: Any, quiet_page: Any, changes: SimpleNamespace, as_ines: None
) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}{WEEK}#e{changes.server.pk}")

    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    page.locator("#move").get_by_text("Thu 7 Mar 13:00 – 14:00").wait_for()
    page.locator("#move").get_by_text("Nothing is in the way.").wait_for()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("#move").get_by_text("Thu 7 Mar 12:30 – 13:30").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("The lift is late.")
    page.keyboard.press("Enter")
    page.get_by_text(f"{changes.server.reference} was moved.").wait_for()

    moved = Change.objects.get(pk=changes.server.pk)
    assert (moved.planned_from, moved.planned_to) == (at(7, 12).replace(minute=30), at(7, 13).replace(minute=30))
    assert changes.server.reference in page.locator(":focus").inner_text()

    page.keyboard.press("Control+z")
    page.get_by_text("is back in its window").wait_for()
    assert Change.objects.get(pk=changes.server.pk).planned_from == at(7, 12)


def test_escape_leaves_it_where_it_is(
    live_server: Any, quiet_page: Any, changes: SimpleNamespace, as_ines: None
) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}{WEEK}#e{changes.server.pk}")

    page.keyboard.press("Alt+ArrowDown")
    page.get_by_label("Why it is moved").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("Never mind")
    page.keyboard.press("Escape")

    page.get_by_label("Why it is moved").wait_for(state="detached")
    assert changes.server.reference in page.locator(":focus").inner_text()
    assert Change.objects.get(pk=changes.server.pk).planned_from == at(7, 12)


def test_keys_lead_to_the_calendar_and_to_today(
    live_server: Any, quiet_page: Any, changes: SimpleNamespace, as_ines: None
) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}/changes/")

    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/changes/calendar/")
    page.goto(f"{live_server.url}{WEEK}&view=month")
    page.keyboard.press(".")
    page.wait_for_url("**/changes/calendar/?view=month")


def test_a_change_is_moved_without_script(
    live_server: Any, browser: Any, changes: SimpleNamespace, context: Any, as_ines: None
) -> None:
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"{live_server.url}{WEEK}")

    page.get_by_role("link", name=f"Move {changes.gateway.reference}").click()
    page.get_by_role("link", name="30 minutes earlier").click()
    page.get_by_label("Why it is moved").fill("Out of the way.")
    page.get_by_role("button", name="Move it").click()

    page.get_by_text(f"{changes.gateway.reference} was moved.").wait_for()
    assert Change.objects.get(pk=changes.gateway.pk).planned_from == at(5, 11).replace(minute=30)
    plain.close()


def test_the_editor_of_a_freeze_previews_while_somebody_types(
    live_server: Any, page: Any, changes: SimpleNamespace, as_ines: None
) -> None:
    page.goto(f"{live_server.url}/changes/calendar/windows/new/")

    page.get_by_label("Name", exact=True).fill("Month end")
    page.get_by_label("Begins").fill("2126-03-07T00:00")
    page.get_by_label("Ends").fill("2126-03-07T23:00")
    page.locator("#preview").get_by_text(changes.server.reference).wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Not saved yet: 1 change lies in it.").wait_for()
    page.get_by_role("button", name="Save it all the same").click()

    page.get_by_text("“Month end” is on the calendar.").wait_for()


def test_a_change_is_dragged_after_showing_what_that_means(
    live_server: Any, quiet_page: Any, changes: SimpleNamespace, as_ines: None
) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}{WEEK}")
    entry, words = page.locator(f"#e{changes.server.pk}"), page.locator(".schedule-drag__words")

    def drag(days: int, slots: int) -> None:
        box, day = entry.bounding_box(), entry.locator("xpath=ancestor::td").bounding_box()
        x, y = box["x"] + 20, box["y"] + 5
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 8, y + 8)
        page.mouse.move(x + days * day["width"], y + slots * day["height"] / 48, steps=3)

    # A freeze is said before dropping, and Escape leaves it.
    drag(1, 0)
    words.get_by_text("It falls into the freeze “Quarter end”").wait_for()
    words.get_by_text("Fri 8 Mar 12:00 – 13:00").wait_for()
    page.keyboard.press("Escape")
    page.mouse.up()
    assert (words.count(), page.locator("#move form").count(), page.url) == (0, 0, f"{live_server.url}{WEEK}")

    drag(0, 3)
    words.get_by_text("Nothing is in the way.").wait_for()
    page.mouse.up()
    page.locator("#move").get_by_text("Thu 7 Mar 13:30 – 14:30").wait_for()
    page.wait_for_function("document.activeElement.name === 'reason'")
    page.keyboard.type("The lift is late.")
    page.keyboard.press("Enter")
    page.get_by_text(f"{changes.server.reference} was moved.").wait_for()
    assert Change.objects.get(pk=changes.server.pk).planned_from == at(7, 13).replace(minute=30)

    page.keyboard.press("Control+z")
    page.get_by_text("is back in its window").wait_for()
    assert Change.objects.get(pk=changes.server.pk).planned_from == at(7, 12)


def test_the_checker_finds_nothing(
    live_server: Any, page: Any, changes: SimpleNamespace, as_ines: None, violations_in_both: Any
) -> None:
    move = f"/changes/calendar/{changes.gateway.reference}/move/?shift=60"
    paths = [*[f"{WEEK}&view={view}" for view in VIEWS], "/changes/calendar/windows/",
             "/changes/calendar/windows/new/", move]  # fmt: skip
    found = {}
    for path in paths:
        page.goto(live_server.url + path)
        found[path] = violations_in_both(page)

    assert found == {path: [] for path in paths}


def test_narrow_screens_and_paper_get_the_list(
    live_server: Any, page: Any, changes: SimpleNamespace, as_ines: None
) -> None:
    for view in VIEWS:
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(f"{live_server.url}{WEEK}&view={view}")

        assert page.evaluate("document.documentElement.scrollWidth") <= 320, view
        assert page.locator(".schedule-list").is_visible(), view
        assert page.locator(".schedule-grid").count() == 0 or not page.locator(".schedule-grid").is_visible(), view

        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(media="print")
        assert page.locator(".schedule-list").is_visible(), view
        page.emulate_media(media="screen")

    page.set_viewport_size({"width": 320, "height": 800})
    for path in ("windows/", "windows/new/", f"{changes.gateway.reference}/move/"):
        page.goto(f"{live_server.url}/changes/calendar/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
