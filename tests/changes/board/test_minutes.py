"""Minutes of the board: closed with their outcome, unchangeable, corrected below."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from changes.board import operations
from changes.board.minutes import is_genuine
from changes.board.models import Meeting
from changes.models import Change
from common.fingerprints import fingerprint_of
from common.refusals import NotAllowed, Refused
from tests.conftest import moment

from .conftest import HELD, item_of

AFTER = moment("2026-03-04 10:00")


def test_minutes_wait_for_an_outcome_of_every_item(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold()
    operations.add_topic(meeting=meeting, by=board.ines, at=HELD, title="Freeze")

    with pytest.raises(Refused, match=f"2 items have no outcome: {change.reference}, Freeze"):
        operations.close(meeting=meeting, by=board.ines, at=AFTER)

    assert Meeting.objects.get().state == "held"


def closed(board: SimpleNamespace, change: Change, meeting: Meeting) -> Meeting:
    item = item_of(meeting, change)
    operations.decide(item=item, by=board.ines, at=HELD, choice="approve")
    operations.write(item=item, by=board.ines, at=HELD, text="Fine <b>by us</b>.")
    return operations.close(meeting=meeting, by=board.ines, at=AFTER)


def test_closed_minutes_say_what_was_decided_and_by_whom(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()

    meeting = closed(board, change, hold(board.ines, board.ben, board.cleo))

    item = meeting.document["items"][0]
    assert (item["reference"], item["outcome"], item["text"]) == (change.reference, "approved", "Fine <b>by us</b>.")
    assert {(vote["name"], vote["recorded_by"]) for vote in item["votes"]} == {
        ("Ines Duarte", ""),
        ("Ben Hill", "Ines Duarte"),
        ("Cleo Ames", "Ines Duarte"),
    }
    assert {each["name"]: each["attendance"] for each in meeting.document["attendance"]}["Dana Roy"] == "absent"
    assert [each["is_met"] for each in meeting.document["quorum"]] == [True, True, True]


def test_nobody_changes_closed_minutes_not_even_in_the_database(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = closed(board, change, hold())
    Change.objects.filter(pk=change.pk).update(title="Renamed later")

    with pytest.raises(Refused, match="Add a correction"):
        operations.write(item=item_of(meeting, change), by=board.ines, at=AFTER, text="No.")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Meeting.objects.update(remarks="x")

    fresh = Meeting.objects.get()
    assert is_genuine(fresh)
    assert fresh.document["items"][0]["title"] == "Patch gateway 2"
    assert fingerprint_of(fresh.document | {"remarks": "x"}) != fresh.fingerprint


def test_corrections_stand_below_with_their_author(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    meeting = hold()
    with pytest.raises(Refused, match="not closed"):
        operations.correct(meeting=meeting, by=board.ines, at=HELD, text="Eli was there.")
    meeting = operations.close(meeting=meeting, by=board.ines, at=AFTER)

    operations.correct(meeting=meeting, by=board.ines, at=AFTER, text="Eli was there.")
    with pytest.raises(NotAllowed):
        operations.correct(meeting=meeting, by=house.tom, at=AFTER, text="I decided.")

    assert list(meeting.corrections.values_list("text", "by")) == [("Eli was there.", board.ines.pk)]
    assert is_genuine(Meeting.objects.get())


def test_an_action_is_done_by_its_owner(
    board: SimpleNamespace, house: SimpleNamespace, hold: Callable[..., Meeting]
) -> None:
    meeting = hold()
    action = operations.add_action(meeting=meeting, by=board.ines, at=HELD, text="Tell the sites", owner=house.tom)

    with pytest.raises(NotAllowed):
        operations.finish_action(action=action, by=house.ada, at=AFTER)
    done = operations.finish_action(action=action, by=house.tom, at=AFTER)

    assert (done.done_at, done.done_by) == (AFTER, house.tom)
    with pytest.raises(Refused, match="done already"):
        operations.finish_action(action=action, by=house.tom, at=AFTER)


def test_requesters_get_no_actions(
    board: SimpleNamespace, house: SimpleNamespace, hold: Callable[..., Meeting]
) -> None:
    with pytest.raises(Refused, match="does not see meetings"):
        operations.add_action(meeting=hold(), by=board.ines, at=HELD, text="Pay", owner=house.maria)
