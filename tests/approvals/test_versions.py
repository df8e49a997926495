"""Votes count for one version of what is decided."""

import pytest

from approvals import operations, queries
from approvals.enums import State
from approvals.models import Approval, Vote
from audit.models import Entry
from incidents import operations as incident_operations
from records.models import Task
from tests.approvals.conftest import PURPOSE
from tests.conftest import moment

AT = moment("2026-03-02 11:00")
LATER = moment("2026-03-02 12:00")


def edit(house, approval, **values):
    return incident_operations.edit(incident=approval.record, by=house.tom, at=LATER, values=values)


def test_a_change_of_what_is_decided_voids_the_votes_in_the_same_act_and_tells_those_asked(
    house, board, make_policy, ask, told
):
    make_policy([board.ben, board.cleo])
    approval = ask(by=house.tom)
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    edit(house, approval, description="9000")

    approval.refresh_from_db()
    assert (approval.state, approval.decided_at) == (State.LAPSED, LATER)
    assert Vote.objects.filter(replaced_at=None).count() == 1
    assert told == [("lapsed", house.tom)]
    lapsed = Entry.objects.get(action="approval.lapsed")
    assert lapsed.data["people"] == sorted([board.ben.pk, board.cleo.pk, house.tom.pk])


def test_other_changes_leave_it_alone(house, board, make_policy, ask):
    make_policy([board.ben])
    approval = ask()

    edit(house, approval, location="Oslo")
    incident_operations.take(incident=approval.record, by=house.tom, at=LATER)

    approval.refresh_from_db()
    assert approval.is_open


def test_an_approval_that_was_given_lapses_too_and_its_open_conditions_are_skipped(house, board, make_policy, ask):
    make_policy([board.ben])
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve", conditions=["Tell the users"])
    assert queries.standing(approval.record, PURPOSE) == approval

    record = edit(house, approval, description="9000")

    task = Task.objects.get()
    assert (task.state, task.skip_reason) == ("skipped", "The approval that asked for it no longer counts.")
    assert queries.standing(record, PURPOSE) is None
    approval.refresh_from_db()
    assert approval.state == State.LAPSED


def test_an_approval_that_no_longer_binds_does_not_lapse(house, board, make_policy, ask, change_purpose):
    make_policy([board.ben])
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")
    change_purpose(is_binding=lambda record: False)

    edit(house, approval, description="9000")

    approval.refresh_from_db()
    assert approval.state == State.APPROVED


def test_the_new_version_is_decided_anew(house, board, make_policy, ask):
    make_policy([board.ben])
    approval = ask()
    record = edit(house, approval, description="9000")

    again = ask(record, at=LATER)

    assert again.subject_version != approval.subject_version
    assert [each.state for each in Approval.objects.order_by("id")] == [State.LAPSED, State.OPEN]


def test_a_vote_is_refused_when_something_outside_the_record_has_changed(
    house, board, make_policy, ask, change_purpose
):
    make_policy([board.ben])
    approval = ask()
    change_purpose(fingerprint=lambda record: "other items")

    with pytest.raises(operations.VoteRefused, match="has changed since you were asked"):
        operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    approval.refresh_from_db()
    assert approval.state == State.LAPSED
    assert not Vote.objects.exists()


def test_a_record_that_is_cancelled_needs_no_decision_any_more(house, board, make_policy, ask, told):
    make_policy([board.ben])
    approval = ask()

    incident_operations.cancel(incident=approval.record, by=house.tom, at=LATER, reason="Works again.")

    approval.refresh_from_db()
    assert approval.state == State.WITHDRAWN
    assert told == []


def test_a_practice_that_refuses_the_result_takes_the_vote_back(board, make_policy, ask, change_purpose):
    make_policy([board.ben])
    approval = ask()

    def refuse(*, subject, approval, by, at):
        raise operations.VoteRefused.because("freeze", "The window lies in a freeze.")

    change_purpose(on_approved=refuse)

    with pytest.raises(operations.VoteRefused, match="freeze"):
        operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    approval.refresh_from_db()
    assert approval.is_open
    assert not Vote.objects.exists()
    assert not Entry.objects.filter(action="approval.voted").exists()


def test_no_record_of_another_kind_is_asked_about(board, make_policy, log_incident, change_purpose):
    make_policy([board.ben])
    change_purpose(kind="change")

    with pytest.raises(ValueError, match="is about change"):
        operations.start(subject=log_incident(), purpose=PURPOSE, by=None, at=AT)
