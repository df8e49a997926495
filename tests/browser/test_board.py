"""A meeting of the board by keyboard, and its pages in both themes and on a phone."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from approvals.models import Vote
from changes.board import operations
from changes.board.models import Meeting
from changes.models import Change
from tests.changes.board.conftest import (  # noqa: F401 - the fixtures
    HELD,
    board,
    gateway,
    hold,
    item_of,
    plan,
    waiting,
    write_change,
)

# The fixtures build on each other under these names.
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def held(
    waiting: Callable[..., Change], hold: Callable[..., Meeting], board: SimpleNamespace, sign_in: Callable[[Any], None]  # noqa: F811
) -> Meeting:  # fmt: skip
    """Two changes wait, one of them with a topic behind it; Ines, who chairs, is signed in."""
    waiting(title="First")
    waiting(title="Second", window=("2026-03-08 20:00", "2026-03-08 22:00"))
    meeting = hold()
    operations.add_topic(meeting=meeting, by=board.ines, at=HELD, title="Freeze over the end of the year")
    sign_in(board.ines)
    return meeting


def test_the_chair_works_through_the_agenda_by_keyboard(live_server: Any, quiet_page: Any, held: Meeting) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}{held.get_absolute_url()}")
    first, second, topic = held.items.order_by("position")

    page.keyboard.press("a")
    page.get_by_text("Written down.").wait_for()
    page.keyboard.press("j")
    page.get_by_role("heading", name="2. CHG").wait_for()
    page.keyboard.press("r")
    page.keyboard.type("The supplier is not ready")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Written down.").wait_for()
    page.keyboard.press("j")
    page.get_by_role("heading", name="3. Freeze").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("From 18 December to 4 January.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Saved.").wait_for()
    page.keyboard.press("k")
    page.get_by_role("heading", name="2. CHG").wait_for()

    assert item_of(held, Change.objects.get(pk=first.change_id)).outcome == "approved"
    assert item_of(held, Change.objects.get(pk=second.change_id)).outcome == "rejected"
    topic.refresh_from_db()
    assert topic.text == "From 18 December to 4 January."
    assert Vote.objects.filter(choice="reject").first().reason == "The supplier is not ready"  # type: ignore[union-attr]


def test_a_change_is_deferred_by_keyboard(live_server: Any, quiet_page: Any, held: Meeting) -> None:
    page = quiet_page
    page.goto(f"{live_server.url}{held.get_absolute_url()}")

    page.keyboard.press("d")
    page.get_by_label("Defer until").fill("2027-03-11")
    page.get_by_label("What it waits for").fill("The supplier")
    page.get_by_role("button", name="Defer").click()
    page.get_by_text("Deferred.").wait_for()

    assert str(held.items.get(position=1).deferred_to) == "2027-03-11"


def test_people_are_suggested_while_one_types(
    live_server: Any, quiet_page: Any, held: Meeting, board: SimpleNamespace  # noqa: F811
) -> None:  # fmt: skip
    page = quiet_page
    page.goto(f"{live_server.url}{held.get_absolute_url()}")

    page.get_by_text("Give somebody something to do").click()
    page.get_by_label("What is to be done").fill("Tell the sites")
    page.get_by_role("combobox", name="Who does it").fill("cle")
    page.get_by_role("option", name="Cleo Ames").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add the action").click()
    page.get_by_text("Cleo Ames gets a mail.").wait_for()

    assert held.actions.get().owner == board.cleo


def test_the_checker_finds_nothing_and_pages_fit_a_narrow_screen(
    live_server: Any,
    page: Any,
    held: Meeting,
    board: SimpleNamespace,  # noqa: F811
    plan: Callable[..., Meeting],  # noqa: F811
    violations_in_both: Callable[..., list[str]],
) -> None:
    base = held.get_absolute_url()
    found, widths = {}, {}
    for path in ("/cab/", "/cab/new/", base, f"{base}minutes/"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}{path}")
        found[path] = violations_in_both(page)
        page.set_viewport_size({"width": 320, "height": 800})
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name=held.key).first.click()
    page.get_by_role("button", name="Close the minutes").click()
    page.get_by_text("have no outcome").wait_for()
    found["refused"] = violations_in_both(page)
    for item in held.items.all():
        if item.is_decision:
            operations.defer(item=item, by=board.ines, at=HELD, to=HELD.date().replace(day=9), reason="x")
        operations.write(item=item, by=board.ines, at=HELD, text="Later.")
    operations.close(meeting=held, by=board.ines, at=HELD)
    page.goto(f"{live_server.url}{base}")
    found["closed"] = violations_in_both(page)

    assert found == {where: [] for where in found}
    assert {path for path, width in widths.items() if width > 320} == set()
