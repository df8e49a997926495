"""Votes: who may, what they do, until when they count."""

import pytest

from approvals import operations
from approvals.enums import State, StepState
from approvals.models import Approval, Vote
from approvals.terms import StepSpec
from audit import outbox
from audit.models import Entry
from common.refusals import NotAllowed
from incidents import operations as incident_operations
from notifications.models import Notice
from records.models import Task
from tests.approvals.conftest import PURPOSE, people_terms
from tests.conftest import moment

AT = moment("2026-03-02 11:00")


def fresh(approval):
    return Approval.objects.get(pk=approval.pk)


def test_all_of_two_approve_and_the_practice_hears_of_it_with_the_last_vote(board, make_policy, ask, told):
    make_policy([board.ben, board.cleo])
    approval = ask()

    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")
    assert told == []
    operations.vote(approval=approval, by=board.cleo, at=AT, choice="approve")

    assert fresh(approval).state == State.APPROVED
    assert fresh(approval).decided_at == AT
    assert told == [("approved", board.cleo)]


def test_a_rejection_needs_a_reason_and_ends_it_with_it(board, make_policy, ask, told):
    make_policy([board.ben, board.cleo])
    approval = ask()

    with pytest.raises(operations.VoteRefused) as refused:
        operations.vote(approval=approval, by=board.ben, at=AT, choice="reject", reason="  ")
    assert [each.field for each in refused.value.refusals] == ["reason"]
    operations.vote(approval=approval, by=board.ben, at=AT, choice="reject", reason="No back-out plan.")

    assert (fresh(approval).state, fresh(approval).end_reason) == (State.REJECTED, "No back-out plan.")
    assert told == [("rejected", board.ben)]


def test_a_vote_can_be_changed_until_the_step_is_decided(board, make_policy, ask):
    make_policy([board.ben, board.cleo, board.dana], quorum="count", needed=2)
    approval = ask()

    operations.vote(approval=approval, by=board.ben, at=AT, choice="reject", reason="Too soon.")
    operations.vote(approval=approval, by=board.ben, at=moment("2026-03-02 11:05"), choice="approve")

    votes = Vote.objects.filter(seat__step__approval=approval).order_by("id")
    assert [(each.choice, each.replaced_at) for each in votes] == [
        ("reject", moment("2026-03-02 11:05")),
        ("approve", None),
    ]


def test_the_same_vote_again_changes_nothing(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    first = operations.vote(approval=approval, by=board.ben, at=AT, choice="approve", conditions=["Tell users"])

    again = operations.vote(approval=approval, by=board.ben, at=AT, choice="approve", conditions=["Tell users"])

    assert again == first
    assert Entry.objects.filter(action="approval.voted").count() == 1


def test_a_vote_after_the_end_is_refused_with_the_moment_of_the_end(board, make_policy, ask):
    make_policy([board.ben, board.cleo], quorum="any")
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    with pytest.raises(operations.VoteRefused, match="approved on 2 Mar 2026, 11:00"):
        operations.vote(approval=approval, by=board.cleo, at=AT, choice="reject", reason="No.")

    assert Vote.objects.count() == 1


def test_a_vote_in_a_decided_step_is_refused_while_the_next_one_runs(board, make_policy, ask):
    make_policy(
        steps=[
            StepSpec(name="Peers", approvers=people_terms(board.ben, board.cleo), quorum="any"),
            StepSpec(name="Board", approvers=people_terms(board.dana)),
        ]
    )
    approval = ask()
    with pytest.raises(operations.VoteRefused, match="It is not your turn yet"):
        operations.vote(approval=approval, by=board.dana, at=AT, choice="approve")
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    with pytest.raises(operations.VoteRefused, match="Your step is decided"):
        operations.vote(approval=approval, by=board.cleo, at=AT, choice="reject", reason="No.")

    assert [step.state for step in approval.steps.all()] == [StepState.APPROVED, StepState.OPEN]


def test_conditions_become_mandatory_tasks_when_it_is_approved_and_not_before(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()

    operations.vote(
        approval=approval, by=board.ben, at=AT, choice="approve", conditions=["Tell the users", "", "Tell the users"]
    )
    assert not Task.objects.exists()
    operations.vote(approval=approval, by=board.cleo, at=AT, choice="approve")

    assert [(each.title, each.is_mandatory, each.record_id) for each in Task.objects.all()] == [
        ("Tell the users", True, approval.record_id)
    ]


def test_conditions_of_a_vote_that_was_changed_are_forgotten(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve", conditions=["Tell the users"])

    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")
    operations.vote(approval=approval, by=board.cleo, at=AT, choice="approve")

    assert not Task.objects.exists()


def test_conditions_go_with_an_approval_only(board, make_policy, ask):
    make_policy([board.ben, board.cleo])

    with pytest.raises(operations.VoteRefused, match="Conditions go with an approval"):
        operations.vote(approval=ask(), by=board.ben, at=AT, choice="reject", reason="No.", conditions=["Tell users"])


def test_a_mandatory_seat_holds_a_veto_and_can_not_abstain(board, make_policy, ask):
    make_policy([board.ben, board.cleo, board.dana], mandatory=(board.ben,), quorum="any")
    approval = ask()

    with pytest.raises(operations.VoteRefused, match="you can't abstain"):
        operations.vote(approval=approval, by=board.ben, at=AT, choice="abstain")
    operations.vote(approval=approval, by=board.cleo, at=AT, choice="approve")
    assert fresh(approval).is_open
    operations.vote(approval=approval, by=board.ben, at=AT, choice="reject", reason="Not secure.")

    assert fresh(approval).state == State.REJECTED


def test_the_requester_may_not_decide_and_the_attempt_is_noted(house, board, make_policy, ask, log_incident):
    make_policy([board.ben, board.cleo, house.maria], quorum="count", needed=2)
    approval = ask(log_incident(requester=house.maria))

    with pytest.raises(operations.SeparationOfDuties, match="you are the requester"):
        operations.vote(approval=approval, by=house.maria, at=AT, choice="approve")

    noted = Entry.objects.get(action="approval.vote_refused")
    assert (noted.actor, noted.data["choice"], noted.subject_id) == (house.maria, "approve", approval.record_id)
    assert not Vote.objects.exists()


def test_who_got_the_work_after_being_asked_may_not_decide_it_any_more(house, board, make_policy, ask):
    make_policy([board.ben, board.cleo], quorum="any")
    approval = ask()
    incident_operations.assign(incident=approval.record, by=house.tom, at=AT, team=house.networks, assignee=board.ben)

    with pytest.raises(operations.SeparationOfDuties, match="the one who does the work"):
        operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    assert Entry.objects.filter(action="approval.vote_refused", actor=board.ben).count() == 1


def test_who_gave_the_work_away_after_being_asked_may_still_not_decide_it(house, board, make_policy, ask, log_incident):
    make_policy([board.ben, board.cleo, board.dana], quorum="count", needed=2)
    incident = log_incident()
    given = {"by": house.tom, "at": AT, "team": house.networks}
    incident = incident_operations.assign(incident=incident, assignee=board.ben, **given)
    approval = ask(incident)
    incident_operations.assign(incident=incident, assignee=house.aisha, **given)

    with pytest.raises(operations.SeparationOfDuties):
        operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")


def test_somebody_who_was_not_asked_may_not_vote(house, board, make_policy, ask):
    make_policy([board.ben])

    with pytest.raises(NotAllowed, match="You were not asked"):
        operations.vote(approval=ask(), by=house.otto, at=AT, choice="approve")

    assert not Vote.objects.exists()


def test_asking_again_while_it_is_decided_or_after_it_was_approved_is_refused(board, make_policy, ask, log_incident):
    make_policy([board.ben])
    incident = log_incident()
    approval = ask(incident)
    with pytest.raises(operations.ending.Refused, match="being decided already"):
        ask(incident)
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    with pytest.raises(operations.ending.Refused, match="approved already"):
        ask(incident)

    assert Approval.objects.filter(record=incident, purpose=PURPOSE).count() == 1


def test_those_asked_find_it_in_their_inbox_and_the_record_tells_the_story(house, board, make_policy, ask, client):
    make_policy([board.ben, board.cleo])
    approval = ask(by=house.tom)
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve", conditions=["Tell <i>users</i>"])
    operations.vote(approval=approval, by=board.cleo, at=AT, choice="approve")
    while outbox.dispatch_due(at=moment("2030-01-01 00:00")):
        pass

    notices = [(each.user, str(each.text)) for each in Notice.objects.filter(kind="decision").order_by("id")]
    assert notices == [
        (board.ben, "You are asked to allow the fix."),
        (board.cleo, "You are asked to allow the fix."),
        (house.tom, "Approved: allow the fix."),
    ]
    client.force_login(board.ben)
    assert b"You are asked to allow the fix." in client.get("/inbox/?show=approvals").content
    history = client.get(f"/incidents/{approval.record.reference}/").content.decode()
    for said in ("asked for a decision", "voted", "approve with conditions", "approved this"):
        assert said in history
    assert "did “approval" not in history
