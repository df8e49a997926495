"""Decisions in a browser: a vote by keyboard alone, people suggested, both themes, a phone."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from approvals import operations
from approvals.models import Approval, Board, Seat, Vote
from approvals.operations.boards import Member
from tests.approvals.conftest import ASKED, ask, board, make_policy, purpose, told  # noqa: F401 - the fixtures

pytestmark = pytest.mark.usefixtures("transactional_db", "purpose")


@pytest.fixture
def asked(
    house: SimpleNamespace, board: SimpleNamespace, make_policy: Callable[..., Any], ask: Callable[..., Approval]  # noqa: F811
) -> Approval:  # fmt: skip
    """Ben, Cleo and Dana are asked; Cleo has said yes with a condition."""
    make_policy([board.ben, board.cleo, board.dana], deadline_minutes=60)
    approval = ask()
    operations.vote(approval=approval, by=board.cleo, at=ASKED, choice="approve", conditions=["Tell the users first"])
    members = [Member(board.ben, is_chair=True), Member(board.cleo)]
    operations.create_board(by=None, at=ASKED, name="Board of fixes", members=members)
    return approval


def test_a_vote_is_cast_by_keyboard_alone(
    live_server: Any, quiet_page: Any, sign_in: Callable[[Any], None], asked: Approval, board: SimpleNamespace  # noqa: F811
) -> None:  # fmt: skip
    sign_in(board.ben)
    page = quiet_page
    page.goto(f"{live_server.url}/decisions/")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your vote").wait_for()
    page.get_by_label("Reason").focus()
    page.keyboard.type("Too soon")
    for _step in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Reject"
    page.keyboard.press("Enter")
    page.get_by_text("Rejected.", exact=True).wait_for()

    vote = Vote.objects.get(by=board.ben)
    assert (vote.choice, vote.reason) == ("reject", "Too soon")


def test_whom_to_hand_a_vote_to_is_suggested(
    live_server: Any, quiet_page: Any, sign_in: Callable[[Any], None], asked: Approval, board: SimpleNamespace  # noqa: F811
) -> None:  # fmt: skip
    sign_in(board.ben)
    page = quiet_page
    page.goto(f"{live_server.url}{asked.get_absolute_url()}")

    page.get_by_text("Let somebody else decide this one").click()
    page.get_by_role("combobox", name="To whom").fill("fay")
    page.get_by_role("option", name="Fay Moss").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Hand the vote over").click()
    page.get_by_text("Fay Moss decides for you.").wait_for()

    assert Seat.objects.get(holder=board.ben).acting == board.fay


def test_who_decides_stands_beside_the_record(
    live_server: Any, quiet_page: Any, sign_in: Callable[[Any], None], asked: Approval, board: SimpleNamespace  # noqa: F811
) -> None:  # fmt: skip
    sign_in(board.ben)
    page = quiet_page
    page.goto(f"{live_server.url}{asked.record.specific.get_absolute_url()}")

    panel = page.get_by_role("region", name="Approvals")
    panel.get_by_text("approved with conditions").wait_for()
    panel.get_by_role("link", name="Decide").click()

    page.get_by_role("heading", name="Your vote").wait_for()


def test_the_checker_finds_nothing_and_pages_fit_a_phone(
    live_server: Any, page: Any, sign_in: Callable[[Any], None], asked: Approval, house: SimpleNamespace,
    board: SimpleNamespace, violations_in_both: Callable[..., list[str]],  # noqa: F811
) -> None:  # fmt: skip
    setup = f"/approval-policies/boards/{Board.objects.get(name='Board of fixes').slug}/"
    seen: list[tuple[Any, str]] = [
        (board.ben, "/decisions/"), (board.eli, "/decisions/"), (board.ben, asked.get_absolute_url()),
        (board.ben, "/decisions/deputies/"), (house.ines, "/approval-policies/"), (house.ines, setup),
        (house.ines, "/approval-policies/fixes/"), (board.ben, setup),
    ]  # fmt: skip
    found, wide = {}, {}
    for person, path in seen:
        sign_in(person)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}{path}")
        found[person.username, path] = violations_in_both(page)
        page.set_viewport_size({"width": 320, "height": 800})
        wide[person.username, path] = page.evaluate("document.documentElement.scrollWidth") > 320
    sign_in(board.ben)
    page.goto(f"{live_server.url}{asked.get_absolute_url()}")
    page.get_by_role("button", name="Reject").click()
    page.get_by_text("Say what would have to change").first.wait_for()
    found["refused"] = violations_in_both(page)

    assert {where: what for where, what in found.items() if what} == {}
    assert [where for where, is_wide in wide.items() if is_wide] == []
