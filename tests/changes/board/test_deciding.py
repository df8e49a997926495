"""Decisions of a board are votes of the engine, by the people in the room."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from approvals import operations as approvals
from approvals.models import Approval, Vote
from audit.models import Entry
from changes.board import operations
from changes.board.models import Meeting
from changes.models import Change
from common.refusals import NotAllowed, Refused, Stale
from people.models import User
from records.models import Task
from tests.conftest import moment

from .conftest import HELD, item_of


def seat_of(change: Change, person: User) -> Any:
    return Approval.objects.get(record=change, state="open").steps.get(state="open").seats.get(holder=person)


def test_everybody_in_the_room_says_yes_and_the_board_has_decided(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold()

    votes = operations.decide(item=item_of(meeting, change), by=board.ines, at=HELD, choice="approve")

    said = {(vote.by.username, vote.recorded_by and vote.recorded_by.username) for vote in votes}
    assert said == {("ines", None), ("ben", "ines"), ("cleo", "ines")}
    assert item_of(meeting, change).outcome == "approved"
    # The board advises; the change manager decides, in the next step.
    assert Change.objects.get(pk=change.pk).state == "authorizing"
    assert Approval.objects.get(record=change).steps.get(state="open").name == "Change manager"


def test_the_log_says_who_wrote_down_whose_vote(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    item = item_of(hold(), change)

    operations.record_vote(item=item, seat=seat_of(change, board.cleo), by=board.ines, at=HELD, choice="approve")

    entry = Entry.objects.get(action="approval.vote_recorded")
    assert (entry.actor, entry.on_behalf_of, entry.subject_id) == (board.ines, board.cleo, change.pk)


def test_a_mandatory_no_is_a_veto(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    item = item_of(hold(), change)
    for person in (board.cleo, board.dana, board.eli):
        operations.record_vote(item=item, seat=seat_of(change, person), by=board.ines, at=HELD, choice="approve")

    operations.record_vote(
        item=item, seat=seat_of(change, board.ben), by=board.ines, at=HELD, choice="reject", reason="No way back"
    )

    assert Change.objects.get(pk=change.pk).state == "rejected"
    assert item_of(item.meeting, change).outcome == "rejected"


@pytest.mark.parametrize(("chair", "outcome"), [("approve", "approved"), ("reject", "rejected")])
def test_a_tie_is_decided_by_the_chair(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting], chair: str, outcome: str
) -> None:
    change = waiting()
    item = item_of(hold(), change)
    with_the_chair = {"ben": "approve"} if chair == "approve" else {"ben": "approve", "cleo": "approve"}
    against = {"cleo": "reject", "dana": "reject"} if chair == "approve" else {"dana": "reject"}
    for name, choice in {**with_the_chair, **against, "eli": "abstain"}.items():
        operations.record_vote(
            item=item, seat=seat_of(change, getattr(board, name)), by=board.ines, at=HELD, choice=choice, reason="x"
        )

    operations.record_vote(
        item=item, seat=seat_of(change, board.ines), by=board.ines, at=HELD, choice=chair, reason="x"
    )

    assert item_of(item.meeting, change).outcome == outcome


def test_conditions_become_tasks_once(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    operations.decide(
        item=item_of(hold(), change), by=board.ines, at=HELD, choice="approve", conditions=["Tell the sites first"]
    )

    approvals.vote(approval=Approval.objects.get(record=change), by=board.ines, at=HELD, choice="approve")

    assert [(task.title, task.is_mandatory) for task in Task.objects.filter(record=change)] == [
        ("Tell the sites first", True)
    ]
    assert Change.objects.get(pk=change.pk).state == "scheduled"


def test_without_a_quorum_nothing_is_written_down(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    item = item_of(hold(board.ines, board.ben), change)

    with pytest.raises(Refused, match="2 voting members are there; 3 are needed"):
        operations.decide(item=item, by=board.ines, at=HELD, choice="approve")

    assert not Vote.objects.exists()


def test_a_mandatory_person_who_voted_beforehand_is_not_missing(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    item = item_of(hold(board.ines, board.cleo, board.dana), change)
    with pytest.raises(Refused, match="Missing, and mandatory: Ben Hill"):
        operations.decide(item=item, by=board.ines, at=HELD, choice="approve")

    approvals.vote(approval=Approval.objects.get(record=change), by=board.ben, at=HELD, choice="approve")
    votes = operations.decide(item=item, by=board.ines, at=HELD, choice="approve")

    assert {vote.by.username for vote in votes} <= {"ines", "cleo", "dana"}
    assert item_of(item.meeting, change).outcome == "approved"


def test_a_vote_in_person_is_not_written_over(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    item = item_of(hold(), change)
    approvals.vote(approval=Approval.objects.get(record=change), by=board.cleo, at=HELD, choice="approve")

    with pytest.raises(Refused, match="voted in person"):
        operations.record_vote(
            item=item, seat=seat_of(change, board.cleo), by=board.ines, at=HELD, choice="reject", reason="x"
        )

    assert Vote.objects.get(by=board.cleo).choice == "approve"


def test_nobody_speaks_for_somebody_who_is_not_there(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    item = item_of(hold(board.ines, board.ben, board.cleo), change)

    with pytest.raises(Refused, match="Dana Roy is not in the room"):
        operations.record_vote(item=item, seat=seat_of(change, board.dana), by=board.ines, at=HELD, choice="approve")

    assert not Vote.objects.exists()


def test_only_who_conducts_the_meeting_writes_votes_down(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting], house: SimpleNamespace
) -> None:
    change = waiting()
    item = item_of(hold(), change)

    for person in (board.ben, house.aisha, house.ada, house.maria, house.otto):
        with pytest.raises(NotAllowed):
            operations.decide(item=item, by=person, at=HELD, choice="approve")

    assert not Vote.objects.exists()


def test_the_chair_of_their_own_change_does_not_write_its_votes_down(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold(board.ines, board.ben, board.cleo, board.dana, secretary=board.dana)
    Change.objects.filter(pk=change.pk).update(requester=board.ines)

    with pytest.raises(approvals.SeparationOfDuties, match="you are the requester"):
        operations.record_vote(
            item=item_of(meeting, change), seat=seat_of(change, board.cleo), by=board.ines, at=HELD, choice="approve"
        )

    assert not Vote.objects.exists()
    assert Entry.objects.get(action="approval.vote_refused").actor == board.ines
    # Who writes the minutes can.
    made = operations.record_vote(
        item=item_of(meeting, change), seat=seat_of(change, board.cleo), by=board.dana, at=HELD, choice="approve"
    )
    assert (made.by, made.recorded_by) == (board.cleo, board.dana)


def test_two_who_write_at_once_do_not_write_over_each_other(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold(secretary=board.dana)
    item, seat = item_of(meeting, change), seat_of(change, board.cleo)
    operations.record_vote(item=item, seat=seat, by=board.ines, at=HELD, choice="approve", seen=0)

    with pytest.raises(Stale, match="was written down meanwhile"):
        operations.record_vote(item=item, seat=seat, by=board.dana, at=HELD, choice="reject", reason="x", seen=0)
    operations.write(item=item, by=board.ines, at=HELD, text="Ines writes.", version=1)
    with pytest.raises(Stale, match="written about this item meanwhile"):
        operations.write(item=item, by=board.dana, at=HELD, text="Dana writes.", version=1)

    assert Vote.objects.get().choice == "approve"
    assert item_of(meeting, change).text == "Ines writes."


def test_a_deputy_who_is_there_votes_for_the_member(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    User.objects.filter(pk=board.cleo.pk).update(deputy=house.ada, absent_until="2026-03-06")
    meeting = hold(board.ines, board.ben, board.dana)
    operations.mark(meeting=meeting, by=board.ines, at=HELD, attendance={board.cleo.pk: "represented"})

    made = operations.record_vote(
        item=item_of(meeting, change), seat=seat_of(change, board.cleo), by=board.ines, at=HELD, choice="approve"
    )

    assert (made.by, made.on_behalf_of, made.recorded_by) == (house.ada, board.cleo, board.ines)


def test_who_has_no_deputy_is_not_represented(board: SimpleNamespace, hold: Callable[..., Meeting]) -> None:
    meeting = hold(board.ines)

    with pytest.raises(Refused, match="Cleo Ames has no deputy today"):
        operations.mark(meeting=meeting, by=board.ines, at=HELD, attendance={board.cleo.pk: "represented"})


def test_a_deferred_change_comes_back_on_its_day(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting], plan: Callable[..., Meeting]
) -> None:
    change = waiting()
    item = item_of(hold(), change)

    operations.defer(
        item=item, by=board.ines, at=HELD, to=moment("2026-03-11 00:00").date(), reason="The supplier is not ready"
    )
    before = plan(starts_at=moment("2026-03-10 09:00"), at=HELD)
    after = plan(starts_at=moment("2026-03-11 09:00"), at=HELD)

    assert item_of(item.meeting, change).outcome == "deferred"
    assert [list(each.items.values_list("change", flat=True)) for each in (before, after)] == [[], [change.pk]]
    assert Entry.objects.get(action="change.board_deferred").reason == "The supplier is not ready"


@pytest.mark.parametrize(("day", "reason"), [("2026-03-04", "later"), ("2026-03-03", "later"), ("2026-03-11", " ")])
def test_a_deferral_has_a_later_day_and_a_reason(
    board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting], day: str, reason: str
) -> None:
    change = waiting()
    item = item_of(hold(), change)

    with pytest.raises(Refused):
        operations.defer(item=item, by=board.ines, at=HELD, to=moment(f"{day} 00:00").date(), reason=reason)

    assert item_of(item.meeting, change).deferred_to is None


def test_nothing_is_decided_before_the_meeting_begins(
    board: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    change = waiting()

    with pytest.raises(Refused, match="has not begun"):
        operations.decide(item=item_of(plan(), change), by=board.ines, at=HELD, choice="approve")
