"""Meetings over REST: every operation asked by everybody, and the same acts as on the pages."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from approvals.models import Vote
from changes.board import operations
from changes.board.models import Meeting
from changes.models import Change
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures

from .conftest import HELD, item_of

READERS = {"tom", "aisha", "ines", "ada", "anna"}
CONDUCT = {"tom", "aisha", "ines"}
# Operation as the matrix calls it, method, path below the meeting, body.
ACTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("plan", "patch", "", {"place": "x"}),
    ("plan", "post", "agenda/", {}),
    ("plan", "post", "guests/", {"person": "ada"}),
    ("plan", "post", "cancellation/", {"reason": "x"}),
    ("conduct", "post", "beginning/", {}),
    ("conduct", "put", "attendance/", {"people": {}}),
    ("conduct", "post", "closure/", {}),
    ("conduct", "post", "corrections/", {"text": "x"}),
    ("conduct", "post", "items/", {"title": "x"}),
    ("conduct", "patch", "items/ITEM/", {"text": "x"}),
    ("conduct", "delete", "items/ITEM/", {}),
    ("conduct", "post", "items/ITEM/votes/", {"choice": "approve"}),
    ("conduct", "post", "items/ITEM/deferral/", {"to": "2126-01-01", "reason": "x"}),
    ("conduct", "delete", "items/ITEM/deferral/", {}),
    ("conduct", "post", "actions/", {"text": "x", "owner": "tom"}),
    ("act", "post", "actions/ACTION/completion/", {}),
    ("act", "delete", "actions/ACTION/completion/", {}),
)


@pytest.mark.parametrize("person", ["tom", "aisha", "ines", "ada", "anna", "maria", "max", "otto"])
def test_who_reads_plans_and_conducts(
    board: SimpleNamespace, house: Any, as_: Any, auditor: Any, person: str,  # noqa: F811
    waiting: Callable[..., Change], hold: Callable[..., Meeting],
) -> None:  # fmt: skip
    change = waiting()
    meeting = hold()
    action = operations.add_action(meeting=meeting, by=board.ines, at=HELD, text="Tell", owner=board.ben)
    caller = as_(auditor if person == "anna" else getattr(house, person))
    base = f"cab-meetings/{meeting.key}/"

    for address in ("cab-meetings/", base):
        assert caller.get(address).status_code == (200 if person in READERS else 403)
    wrong = {}
    for operation, method, below, body in ACTS:
        path = below.replace("ITEM", str(item_of(meeting, change).pk)).replace("ACTION", str(action.pk))
        with transaction.atomic():
            status = caller.call(method.upper(), f"{base}{path}", None if method == "delete" else body).status_code
            transaction.set_rollback(True)
        # Ines chairs and plans; others who may conduct at all do not conduct this one.
        wanted = {200, 201, 204, 409, 422} if person == "ines" else {403}
        if status not in wanted:
            wrong[f"{operation} {method} {path}"] = status
    assert wrong == {}


def test_nobody_signed_in_gets_nothing(plan: Callable[..., Meeting], client: Any) -> None:
    meeting = plan()

    assert client.get("/api/v1/cab-meetings/").status_code == 401
    assert client.get(f"/api/v1/cab-meetings/{meeting.key}/").status_code == 401


def test_a_meeting_is_planned_and_told_with_its_agenda(
    board: SimpleNamespace, as_: Any, waiting: Callable[..., Change]  # noqa: F811
) -> None:  # fmt: skip
    change = waiting()

    answer = as_(board.ines).post("cab-meetings/", {"board": "cab", "starts_at": "2126-03-04T09:00:00Z", "zone": "UTC"})

    told = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == "/api/v1/cab-meetings/2126-03-04/"
    assert [(item["kind"], item["change"], item["outcome"]) for item in told["items"]] == [
        ("decision", change.reference, "open")
    ]
    assert {each["person"]["name"] for each in told["attendees"] if each["is_voting"]} == {
        "Ines Duarte", "Ben Hill", "Cleo Ames", "Dana Roy", "Eli Sand",
    }  # fmt: skip


def test_votes_of_the_room_are_written_down(
    board: SimpleNamespace, as_: Any, waiting: Callable[..., Change], hold: Callable[..., Meeting]  # noqa: F811
) -> None:  # fmt: skip
    change = waiting()
    meeting = hold()
    address = f"cab-meetings/{meeting.key}/items/{item_of(meeting, change).pk}/votes/"

    refused = as_(board.ines).post(address, {"choice": "reject"})
    told = as_(board.ines).post(address, {"choice": "approve"}).json()

    assert refused.status_code == 422
    assert told["items"][0]["outcome"] == "approved"
    assert Vote.objects.filter(recorded_by=board.ines).count() == 2


def test_a_version_that_was_overtaken_is_refused(
    board: SimpleNamespace, as_: Any, plan: Callable[..., Meeting]  # noqa: F811
) -> None:  # fmt: skip
    meeting = plan()

    answer = as_(board.ines).patch(f"cab-meetings/{meeting.key}/", {"place": "x"}, If_Match='"1"')

    assert meeting.version > 1
    assert answer.status_code == 412
