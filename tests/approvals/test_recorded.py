"""Votes that somebody writes down for a person who says them aloud, as in a meeting."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from approvals import operations
from approvals.models import Seat, Vote
from audit.models import Entry
from tests.conftest import moment

AT = moment("2026-03-02 11:00")


def say(approval: Any, who: Any, choice: str, *, by: Any, **said: Any) -> Vote:
    return operations.vote(approval=approval, by=who, at=AT, choice=choice, recorded_by=by, **said)


def test_the_vote_is_the_persons_and_names_who_wrote_it_down(
    house: SimpleNamespace, board: SimpleNamespace, make_policy: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    make_policy([board.ben, board.cleo, board.dana], quorum="all")
    approval = ask()

    made = say(approval, board.ben, "approve", by=board.cleo)

    entry = Entry.objects.get(action="approval.vote_recorded")
    assert (made.by, made.recorded_by, made.seat.holder) == (board.ben, board.cleo, board.ben)
    assert (entry.actor, entry.on_behalf_of, entry.data["person_label"]) == (board.cleo, board.ben, "Ben Hill")


def test_who_writes_down_their_own_vote_has_voted_themselves(
    board: SimpleNamespace, make_policy: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    make_policy([board.ben, board.cleo], quorum="all")

    made = say(ask(), board.ben, "approve", by=board.ben)

    assert made.recorded_by is None
    assert not Entry.objects.filter(action="approval.vote_recorded").exists()


def test_what_was_cast_in_person_is_not_written_over(
    board: SimpleNamespace, make_policy: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    make_policy([board.ben, board.cleo], quorum="all")
    approval = ask()
    own = operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    with pytest.raises(operations.VoteRefused, match="voted in person"):
        say(approval, board.ben, "reject", by=board.cleo, reason="heard wrongly")

    assert Vote.objects.get(replaced_at=None) == own


def test_the_person_can_change_what_was_written_down_for_them(
    board: SimpleNamespace, make_policy: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    make_policy([board.ben, board.cleo], quorum="all")
    approval = ask()
    say(approval, board.ben, "approve", by=board.cleo)

    own = operations.vote(approval=approval, by=board.ben, at=AT, choice="abstain")

    assert own.recorded_by is None
    assert list(Vote.objects.order_by("pk").values_list("choice", "replaced_at")) == [
        ("approve", AT),
        ("abstain", None),
    ]


def test_whoever_may_not_decide_may_not_write_votes_down_either(
    house: SimpleNamespace, board: SimpleNamespace, make_policy: Callable[..., Any], ask: Callable[..., Any],
    log_incident: Callable[..., Any],
) -> None:  # fmt: skip
    make_policy([board.ben, board.cleo], quorum="all")
    approval = ask(log_incident(requester=house.maria))

    with pytest.raises(operations.SeparationOfDuties, match="you are the requester"):
        say(approval, board.ben, "approve", by=house.maria)

    assert not Vote.objects.exists()
    assert Entry.objects.get(action="approval.vote_refused").actor == house.maria


def test_nobody_without_a_seat_gets_one_by_being_written_down(
    house: SimpleNamespace, board: SimpleNamespace, make_policy: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    make_policy([board.ben, board.cleo], quorum="all")

    with pytest.raises(operations.NotYourVote):
        say(ask(), board.fay, "approve", by=board.ben)

    assert Seat.objects.count() == 2
