"""Who may not vote may not by any door: each case by the page and over REST, with the same answer and no trace."""

from datetime import date
from typing import Any

import pytest

from approvals import operations
from approvals.models import Vote
from incidents import operations as incident_operations
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment

AT = moment("2026-03-02 11:00")


@pytest.fixture
def vote(client: Any, as_: Any, time_machine: Any) -> Any:  # noqa: F811
    """`vote(approval, ben)`: the statuses of a rejection by the page and over REST."""

    def say(approval: Any, person: Any) -> tuple[int, int]:
        time_machine.move_to(AT, tick=False)
        said = {"choice": "reject", "reason": "Not by me."}
        client.force_login(person)
        by_page = client.post(f"/decisions/{approval.pk}/votes/", said)
        over_rest = as_(person).post(f"/api/v1/approvals/{approval.pk}/vote/", said)
        return by_page.status_code, over_rest.status_code

    return say


def away(person: Any, deputy: Any) -> None:
    operations.name_deputy(
        person=person, deputy=deputy, by=person, at=moment("2026-03-01 09:00"), reason="",
        valid_from=date(2026, 3, 2), valid_to=date(2026, 3, 9),
    )  # fmt: skip


def test_neither_a_deputys_deputy_nor_a_stranger_nor_the_requester_votes(
    house, board, make_policy, ask, log_incident, vote
):
    make_policy([board.ben, board.cleo])
    approval = ask(log_incident(requester=board.fay))
    away(board.ben, board.dana)
    away(board.dana, board.eli)

    answers = {name: vote(approval, person) for name, person in (
        ("a deputy's deputy", board.eli), ("nobody asked them", house.aisha), ("the requester", board.fay),
        ("of another organization", house.otto), ("a customer", house.max),
    )}  # fmt: skip

    assert answers == {
        "a deputy's deputy": (403, 403),
        "nobody asked them": (403, 403),
        "the requester": (403, 403),
        "of another organization": (404, 404),
        "a customer": (404, 404),
    }
    assert not Vote.objects.exists()


def test_nobody_votes_after_the_end_nor_on_another_version_nor_after_leaving(
    house, board, make_policy, ask, log_incident, vote
):
    make_policy([board.ben, board.cleo], quorum="any")
    ended, changed = ask(), ask(log_incident())
    operations.vote(approval=ended, by=board.ben, at=AT, choice="approve")
    incident_operations.edit(incident=changed.record.specific, by=house.tom, at=AT, values={"description": "9000"})

    after = {"the end": vote(ended, board.cleo), "a change": vote(changed, board.cleo)}
    left = ask(log_incident())
    board.cleo.is_active = False
    board.cleo.save()

    assert after == {"the end": (409, 409), "a change": (409, 409)}
    assert vote(left, board.cleo) == (401, 401)
    assert Vote.objects.count() == 1
