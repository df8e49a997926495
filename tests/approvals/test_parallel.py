"""Several people at the same moment, on real connections: every vote counts once and the step ends once."""

import pytest

from approvals import operations
from approvals.enums import State
from approvals.models import Approval, Vote
from audit.models import Entry
from incidents import operations as incident_operations
from tests.conftest import moment
from tests.parallel import at_once

AT = moment("2026-03-02 11:00")


@pytest.mark.django_db(transaction=True)
def test_five_votes_at_once_are_all_counted_and_end_the_approval_once(board, make_policy, ask, told):
    people = [board.ben, board.cleo, board.dana, board.eli, board.fay]
    make_policy(people)
    approval = ask()

    raised = at_once(
        *(lambda p=person: operations.vote(approval=approval, by=p, at=AT, choice="approve") for person in people)
    )

    assert raised == [None] * 5
    assert Vote.objects.filter(replaced_at=None).count() == 5
    assert [what for what, _by in told] == ["approved"]
    assert Entry.objects.filter(action="approval.approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_an_approval_and_a_rejection_at_once_only_the_first_counts(board, make_policy, ask, told):
    make_policy([board.ben, board.cleo], quorum="any", mandatory=())
    approval = ask()

    raised = at_once(
        lambda: operations.vote(approval=approval, by=board.ben, at=AT, choice="approve"),
        lambda: operations.vote(approval=approval, by=board.cleo, at=AT, choice="reject", reason="No."),
    )

    state = Approval.objects.get(pk=approval.pk).state
    assert state == State.APPROVED  # any one approves; the rejection came before it or was refused after it
    assert [what for what, _by in told] == ["approved"]
    assert raised[0] is None
    assert raised[1] is None or isinstance(raised[1], operations.VoteRefused)


@pytest.mark.django_db(transaction=True)
def test_the_same_person_twice_at_once_has_one_vote(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()

    raised = at_once(*[lambda: operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")] * 4)

    assert raised == [None] * 4
    assert Vote.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_vote_and_a_change_of_what_is_decided_at_once_never_approve_the_new_version(
    house, board, make_policy, ask, told
):
    make_policy([board.ben])
    approval = ask()

    at_once(
        lambda: operations.vote(approval=approval, by=board.ben, at=AT, choice="approve"),
        lambda: incident_operations.edit(incident=approval.record, by=house.tom, at=AT, values={"description": "9000"}),
    )

    assert Approval.objects.get(pk=approval.pk).state == State.LAPSED
    assert told[-1][0] == "lapsed"


@pytest.mark.django_db(transaction=True)
def test_asking_twice_at_once_makes_one_approval(board, make_policy, ask, log_incident):
    make_policy([board.ben])
    incident = log_incident()

    raised = at_once(lambda: ask(incident), lambda: ask(incident))

    assert sorted(each is None for each in raised) == [False, True]
    assert Approval.objects.count() == 1
