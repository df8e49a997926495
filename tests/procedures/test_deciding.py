"""Drafts that votes decide about: voted on, rejected, taken back, edited meanwhile, expired, with a change after."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox

from approvals import links, mail, queries, sweep
from approvals import operations as approvals
from approvals.models import Approval, ApprovalPolicy
from approvals.terms import ApproverTerms, ConditionTerms, StepSpec, asks
from approvals.terms import Terms as PolicyTerms
from audit import outbox as dispatching
from audit.models import Entry
from changes.models import Change
from changes.procedures import follow
from common.refusals import NotAllowed, Refused
from notifications.models import Notice
from people.enums import Role
from people.models import RoleGrant, User
from procedures import deciding, operations
from procedures.models import ActivationRule, ProcedureVersion
from procedures.terms import StepTerms, Terms
from tests.conftest import moment
from tests.parallel import at_once

from .conftest import MONDAY_9, STEPS
from .test_activating import ended, state_of

AT = moment("2026-03-02 10:00")
LATER = moment("2026-03-02 11:00")


@pytest.fixture
def asked(house: Any, write: Any) -> Any:
    """A draft of Aisha's without a step that must be done, handed in by her: Ines and Ada are asked."""

    def make(**said: Any) -> ProcedureVersion:
        return operations.propose(draft=write(**({"steps": STEPS[:1]} | said)), by=house.aisha, at=MONDAY_9)

    return make


def policy(*steps: StepSpec, name: str = "Ours", **said: Any) -> ApprovalPolicy:
    return approvals.create_policy(
        by=None, at=MONDAY_9, name=name, purpose=operations.PURPOSE, terms=PolicyTerms(steps=steps, **said)
    )


def people(*users: Any) -> tuple[ApproverTerms, ...]:
    return tuple(asks("person", person=each.pk) for each in users)


def vote(version: ProcedureVersion, by: Any, choice: str = "approve", at: Any = AT, **said: Any) -> None:
    approval = queries.open_one(version, operations.PURPOSE)
    assert approval is not None
    approvals.vote(approval=approval, by=by, at=at, choice=choice, **said)


def acts_of(version: ProcedureVersion) -> list[str]:
    found = Entry.objects.filter(subject_kind="procedure", subject_id=version.procedure_id).order_by("pk")
    return [each.action for each in found]


def test_the_last_vote_brings_it_into_force_and_whoever_had_a_hand_in_it_has_none(house: Any, asked: Any) -> None:
    draft = asked()

    assert [seat.holder.username for seat in Approval.objects.get().steps.get().seats.order_by("holder__username")] == [
        "ada", "ines",
    ]  # fmt: skip
    with pytest.raises(approvals.SeparationOfDuties, match="among those who wrote or handed in the draft"):
        vote(draft, house.aisha)
    with pytest.raises(Refused, match="Votes decide"):
        operations.activate(version=draft, by=house.ines, at=AT)
    with pytest.raises(Refused, match="about none"):
        vote(draft, house.ines, conditions=["Tell them"])
    vote(draft, house.ines)

    fresh = ProcedureVersion.objects.get(pk=draft.pk)
    assert (fresh.state, fresh.activated_by, fresh.in_force_from) == ("in_force", house.ines, AT)
    assert acts_of(draft) == [
        "procedure.drafted", "procedure.proposed", "approval.asked", "approval.vote_refused", "approval.voted",
        "approval.approved", "procedure.activated",
    ]  # fmt: skip
    assert Entry.objects.get(action="procedure.activated").data["approval"] == Approval.objects.get().pk


def test_saving_a_foreign_draft_makes_nobody_else_its_writer_and_gives_the_writer_no_vote(
    house: Any, write: Any
) -> None:
    draft = write(steps=STEPS[:1])
    operations.save_draft(draft=draft, by=house.ines, at=AT, terms=Terms.of(draft))
    assert ProcedureVersion.objects.get(pk=draft.pk).written_by == house.aisha
    changed = Terms.of(draft).__class__(**(vars(Terms.of(draft)) | {"purpose": "Another"}))
    operations.save_draft(draft=draft, by=house.ines, at=AT, terms=changed)
    policy(StepSpec("All", people(house.aisha, house.ines), quorum="any"))

    with pytest.raises(approvals.UnableToStart, match="0 people may vote"):
        operations.propose(draft=draft, by=house.ada, at=AT)

    assert (state_of(draft), Approval.objects.count()) == ("draft", 0)


def test_a_rejection_and_a_deadline_make_it_a_draft_again_with_the_words_said(house: Any, asked: Any) -> None:
    policy(StepSpec("Ines", people(house.ines), deadline_minutes=60, on_expiry="reject"))
    draft = asked()
    vote(draft, house.ines, "reject", reason="Say which gateway.")
    assert state_of(draft) == "draft"
    assert Entry.objects.filter(action="procedure.sent_back").latest("pk").reason == "Say which gateway."

    operations.propose(draft=draft, by=house.aisha, at=AT)
    assert sweep.sweep(at=AT + timedelta(minutes=59)) == 0
    assert sweep.sweep(at=LATER) == 1

    assert state_of(draft) == "draft"
    assert "deadline" in Entry.objects.filter(action="procedure.sent_back").latest("pk").reason
    assert [each.state for each in queries.of_subject(draft)] == ["rejected", "rejected"]


def test_steps_in_turn_deputies_and_a_number_of_them_count_as_for_changes(house: Any, asked: Any) -> None:
    ben = User.objects.create_user("ben", "ben@northwind.example", name="Ben Hill", organization=house.provider)
    policy(
        StepSpec("Two", people(house.tom, house.ines, house.ada), quorum="count", needed=2),
        StepSpec("Ben", people(ben)),
        conditions=(ConditionTerms("process", ("recover",)),),
    )
    policy(StepSpec("Nobody", people(house.otto)), name="Other", conditions=(ConditionTerms("mandatory", ("yes",)),))
    draft = asked()
    approvals.name_deputy(
        person=ben, deputy=house.ada, by=ben, at=AT, valid_from=AT.date(),
        valid_to=AT.date() + timedelta(days=3),
    )  # fmt: skip

    vote(draft, house.tom)
    with pytest.raises(Refused, match="not your turn"):
        vote(draft, ben)
    vote(draft, house.tom, "abstain")
    vote(draft, house.ines)
    assert state_of(draft) == "proposed"
    vote(draft, house.ada)
    assert [each.for_whom for each in queries.decisions_of(house.ada, at=AT)] == [ben]
    vote(draft, house.ada)

    assert state_of(draft) == "in_force"


def test_editing_what_is_voted_on_makes_it_a_draft_again_and_the_votes_void(house: Any, asked: Any) -> None:
    policy(StepSpec("Both", people(house.ines, house.ada)))
    draft = asked()
    vote(draft, house.ines)
    terms = Terms.of(draft)

    operations.save_draft(draft=draft, by=house.aisha, at=AT, terms=terms)
    assert state_of(draft) == "proposed"
    longer = Terms(**(vars(terms) | {"steps": (*terms.steps, StepTerms("Write it down", "technician"))}))
    operations.save_draft(draft=draft, by=house.aisha, at=AT, terms=longer)

    assert (state_of(draft), Approval.objects.get().state) == ("draft", "lapsed")
    with pytest.raises(Refused, match="votes no longer count"):
        approvals.vote(approval=Approval.objects.get(), by=house.ada, at=AT, choice="approve")
    operations.propose(draft=draft, by=house.aisha, at=AT)
    vote(draft, house.ada)
    assert state_of(draft) == "proposed"
    vote(draft, house.ines)
    assert state_of(draft) == "in_force"


def test_what_was_changed_past_the_acts_is_not_voted_into_force(house: Any, asked: Any) -> None:
    draft = asked()
    ProcedureVersion.objects.filter(pk=draft.pk).update(purpose="Something else")

    with pytest.raises(Refused, match="has changed since you were asked"):
        vote(draft, house.ines)

    assert (state_of(draft), Approval.objects.get().state) == ("draft", "lapsed")


def test_only_who_had_a_hand_in_it_or_may_activate_takes_it_back(house: Any, asked: Any, write: Any) -> None:
    draft = asked()
    with pytest.raises(Refused, match="Take it back first"):
        operations.drop_draft(draft=draft, by=house.aisha, at=AT)
    lead = house.max
    RoleGrant.objects.create(user=lead, role=Role.TEAM_LEAD)
    with pytest.raises(NotAllowed, match="Who wrote it can take it back"):
        operations.send_back(version=draft, by=lead, at=AT, reason="I don't like it")
    with pytest.raises(Refused, match="reason is missing"):
        operations.send_back(version=draft, by=house.aisha, at=AT, reason=" ")

    operations.send_back(version=draft, by=house.aisha, at=AT, reason="Too early")

    assert (state_of(draft), Approval.objects.get().state) == ("draft", "withdrawn")
    operations.drop_draft(draft=draft, by=house.aisha, at=AT)


def test_votes_first_and_a_change_after_them(house: Any, write: Any) -> None:
    rule = ActivationRule.objects.get(way="approval")
    operations.set_rule(
        rule=rule, by=house.ines, at=MONDAY_9, name="Both", position=1, processes=["recover"], way="approval",
        with_mandatory_steps=True, raises="normal",
    )  # fmt: skip
    draft = operations.propose(draft=write(), by=house.aisha, at=MONDAY_9)
    assert not Change.objects.exists()

    vote(draft, house.ines)

    fresh = ProcedureVersion.objects.get(pk=draft.pk)
    change = Change.objects.get(pk=fresh.carrier_id)
    assert (fresh.state, change.requester, change.type) == ("proposed", house.aisha, "normal")
    assert f"(/procedures/vpn-diagnosis/versions/{fresh.number}/)" in change.description
    with pytest.raises(Refused, match="Reject or cancel that change"):
        operations.save_draft(draft=fresh, by=house.aisha, at=AT, terms=Terms.of(fresh))
    with pytest.raises(Refused, match="Reject or cancel that change"):
        operations.send_back(version=fresh, by=house.aisha, at=AT, reason="No")
    follow(ended(change, "change.cancelled", house.ines))
    assert state_of(draft) == "draft"
    # The votes were on this very version, and still it is decided anew: what was given lapsed with the draft.
    again = operations.propose(draft=draft, by=house.aisha, at=LATER)
    vote(again, house.ada, at=LATER)
    change = Change.objects.get(pk=ProcedureVersion.objects.get(pk=draft.pk).carrier_id)
    change.outcome = "successful"
    follow(ended(change, "change.finished", house.ines))

    assert state_of(draft) == "in_force"


@pytest.mark.parametrize(
    ("way", "raises", "said"),
    [
        ("change", "", "Choose which change"), ("second", "normal", "goes with votes"),
        ("approval", "standard:gone", "no such change"),
    ],
)  # fmt: skip
def test_a_rule_whose_parts_do_not_go_together_is_refused(house: Any, way: str, raises: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        operations.set_rule(
            rule=None, by=house.ines, at=AT, name="R", position=1, processes=[], with_mandatory_steps=False, way=way,
            raises=raises,
        )  # fmt: skip


def test_inbox_mail_and_my_decisions_lead_to_it_and_strangers_hear_nothing(
    client: Any, house: Any, asked: Any, django_assert_num_queries: Any
) -> None:
    draft = asked(purpose="<b>Find</b> it")
    dispatching.dispatch_due(at=AT)
    mail.send_due(at=AT)

    assert {(each.user.username, each.subject_kind, each.subject_key) for each in Notice.objects.all()} == {
        (name, "procedure", draft.procedure_id) for name in ("ada", "ines")
    }
    letter = next(each for each in outbox.outbox if "ines" in each.to[0])
    assert letter.subject == "Your decision: bring the procedure into force VPN diagnosis, version 1"
    client.force_login(house.ines)
    listed = client.get("/decisions/").content.decode()
    assert "VPN diagnosis, version 1" in listed
    link = letter.body.partition("/decisions/link/")[2].partition("/")[0]
    assert links.seat_behind(link, user=house.ines, at=LATER).step.approval.subject == draft
    page = client.get(f"/decisions/{Approval.objects.get().pk}/").content.decode()
    assert "Purpose: &lt;b&gt;Find&lt;/b&gt; it" in page and "Approve with conditions" not in page
    key = Approval.objects.get().pk
    beside = client.get("/procedures/vpn-diagnosis/versions/1/").content.decode()
    assert f'href="/decisions/{key}/"' in beside and "Decide" in beside
    # One more than for decisions about records alone, however many there are.
    with django_assert_num_queries(4):
        assert len(queries.decisions_of(house.ada, at=AT)) == 1
    client.force_login(house.otto)
    assert client.get(f"/decisions/{key}/").status_code == 404
    client.force_login(house.ines)
    client.post(f"/decisions/{key}/votes/", {"choice": "approve"})

    assert state_of(draft) == "in_force"


def test_policies_about_procedures_ask_nobody_of_a_record(house: Any) -> None:
    with pytest.raises(Refused, match="those of a record"):
        policy(StepSpec("Lead", (asks("team_lead"),)))
    with pytest.raises(Refused, match="no value “service”"):
        policy(StepSpec("I", people(house.ines)), conditions=(ConditionTerms("service", ("vpn",)),))


@pytest.mark.django_db(transaction=True)
def test_a_vote_and_an_edit_at_once_never_bring_unseen_words_into_force(house: Any, asked: Any) -> None:
    draft = asked()
    seen, approval = deciding.fingerprint(draft), Approval.objects.get()
    terms = Terms(**(vars(Terms.of(draft)) | {"purpose": "Unseen"}))

    raised = at_once(
        lambda: approvals.vote(approval=approval, by=house.ines, at=AT, choice="approve"),
        lambda: operations.save_draft(draft=draft, by=house.aisha, at=AT, terms=terms),
    )

    assert sorted(error is None for error in raised) == [False, True]
    fresh = ProcedureVersion.objects.get(pk=draft.pk)
    assert fresh.state == "draft" or deciding.fingerprint(fresh) == seen
