"""A board of five under Ines, a change of Aisha that waits for it, and a meeting on Wednesday at nine."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from approvals import operations as approvals
from approvals.models import Board
from approvals.operations.boards import Member
from changes import operations as changes
from changes.board import operations
from changes.board.models import AgendaItem, Meeting
from changes.defaults import ensure_policies
from changes.models import Change
from people.enums import Role
from people.models import RoleGrant, User
from services.models import Service
from tests.changes.conftest import gateway, write_change  # noqa: F401 - the fixtures
from tests.conftest import PASSWORD, moment

MONDAY_10 = moment("2026-03-02 10:00")
WEDNESDAY_9 = moment("2026-03-04 09:00")
HELD = moment("2026-03-04 09:05")


@pytest.fixture
def board(house: SimpleNamespace, write_change: Any) -> SimpleNamespace:  # noqa: F811
    """Ines chairs; Ben, who owns the service of the gateway, Cleo, Dana and Eli are members. Ben has to say yes."""
    people = {}
    for name in ("Ben Hill", "Cleo Ames", "Dana Roy", "Eli Sand"):
        key = name.split()[0].lower()
        people[key] = User.objects.create_user(
            key, f"{key}@northwind.example", PASSWORD, name=name, organization=house.provider
        )
        RoleGrant.objects.create(user=people[key], role=Role.TECHNICIAN)

    Service.objects.update(owner=people["ben"])
    ensure_policies(at=MONDAY_10)
    made = Board.objects.get(slug="cab")
    seats = [Member(house.ines, is_chair=True), *(Member(person) for person in people.values())]
    approvals.revise_board(board=made, by=None, at=MONDAY_10, name=made.name, members=seats)
    return SimpleNamespace(board=Board.objects.get(pk=made.pk), ines=house.ines, **people)


@pytest.fixture
def waiting(house: SimpleNamespace, write_change: Any, board: SimpleNamespace) -> Callable[..., Change]:  # noqa: F811
    """A change of high risk that Aisha asks for and Tom implements; the board has been asked."""

    def make(**said: Any) -> Change:
        change = write_change(points=3, **said)
        change = changes.submit(change=change, by=house.aisha, at=MONDAY_10)
        return changes.assess(change=change, by=house.ines, at=MONDAY_10)

    return make


@pytest.fixture
def plan(board: SimpleNamespace) -> Callable[..., Meeting]:
    def make(**said: Any) -> Meeting:
        values = {"by": board.ines, "at": MONDAY_10, "board": board.board, "starts_at": WEDNESDAY_9, "zone": "UTC"}
        return operations.create(**{**values, **said})

    return make


@pytest.fixture
def hold(board: SimpleNamespace, plan: Callable[..., Meeting]) -> Callable[..., Meeting]:
    """A meeting that has begun with these people in the room; all of the board when nobody is named."""

    def make(*present: User, **said: Any) -> Meeting:
        meeting = operations.begin(meeting=plan(**said), by=board.ines, at=HELD)
        people = present or (board.ines, board.ben, board.cleo, board.dana, board.eli)
        marked = {person.pk: "present" for person in people}
        return operations.mark(meeting=meeting, by=board.ines, at=HELD, attendance=marked)

    return make


def item_of(meeting: Meeting, change: Change) -> AgendaItem:
    return meeting.items.select_related("meeting__chair", "step__approval").get(change=change)
