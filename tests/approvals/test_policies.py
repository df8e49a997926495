"""Which policy decides, and that running approvals keep the version they started under."""

import pytest

from approvals import operations, purposes, selection
from approvals.models import Approval, ApprovalPolicyVersion
from approvals.terms import ConditionTerms, StepSpec, Terms, asks
from audit.models import Entry
from common.refusals import NotAllowed, Refused
from people.enums import Role
from records.models import Record
from tests.approvals.conftest import PURPOSE, people_terms
from tests.conftest import moment

AT = moment("2026-03-02 11:00")
DEAR = ConditionTerms("cost", ("500",), "at_least")
LEAD = StepSpec("A", (asks("team_lead"),))


def test_the_policy_with_the_most_conditions_that_hold_is_taken_and_says_why(
    board, make_policy, ask, log_incident, vpn
):
    make_policy([board.ben], name="Everything")
    make_policy([board.cleo], name="Dear", conditions=[DEAR])
    make_policy([board.dana], name="Dear VPN", conditions=[DEAR, ConditionTerms("service", ("vpn",))])
    make_policy([board.eli], name="Dear mail", conditions=[DEAR, ConditionTerms("service", ("mail",))])

    approval = ask(log_incident(description="900"))

    assert approval.policy_name == "Dear VPN"
    assert [(each["name"], each["failed"], each["is_taken"]) for each in approval.why["candidates"]] == [
        ("Dear VPN", None, True),
        ("Dear mail", "service", False),
        ("Dear", None, False),
        ("Everything", None, False),
    ]
    assert approval.why["values"]["cost"] == "900"


def test_of_equally_many_conditions_the_smaller_order_wins_then_the_name(board, make_policy, log_incident, purpose):
    make_policy([board.ben], name="B")
    make_policy([board.ben], name="A")
    assert selection.choose(purpose, log_incident()).policy.name == "A"
    make_policy([board.ben], name="Z", position=10)

    assert selection.choose(purpose, log_incident()).policy.name == "Z"


@pytest.mark.parametrize(
    ("fact", "comparison", "values", "is_met"),
    [
        ("cost", "at_least", ["500"], True),
        ("cost", "at_least", ["500.01"], False),
        ("cost", "at_most", ["500"], True),
        ("priority", "at_most", ["2"], False),
        ("service", "is", ["mail", "vpn"], True),
        ("service", "is_not", ["mail"], True),
        ("service", "is_not", ["vpn"], False),
        ("team", "is", ["networks"], False),
        ("team", "is", [""], True),
        ("unheard", "is", ["x"], False),
        ("unheard", "is_not", ["x"], True),
        ("unheard", "at_least", ["1"], False),
    ],
)
def test_conditions_compare_text_and_numbers(log_incident, purpose, fact, comparison, values, is_met):
    found = selection.values_of(purpose, log_incident(description="500")) | {"team": ""}

    assert selection.holds(ConditionTerms(fact, tuple(values), comparison), found) is is_met


def test_a_running_approval_keeps_its_steps_and_its_version(board, make_policy, ask):
    policy = make_policy([board.ben, board.cleo])
    approval = ask()

    operations.revise_policy(
        policy=policy,
        by=None,
        at=AT,
        name="Fixes",
        terms=Terms(steps=(StepSpec("Other", people_terms(board.dana), quorum="any"),)),
    )

    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")
    approval.refresh_from_db()
    assert (approval.policy_version, approval.is_open) == (1, True)
    assert [each.number for each in ApprovalPolicyVersion.objects.filter(policy=policy).order_by("number")] == [1, 2]
    with pytest.raises(operations.NotYourVote):
        operations.vote(approval=approval, by=board.dana, at=AT, choice="approve")


def test_terms_survive_the_way_to_the_document_and_back(board):
    terms = Terms(
        conditions=(DEAR,),
        steps=(StepSpec("A", people_terms(board.ben), deadline_minutes=60, remind_minutes=30, needed=1),),
    )

    assert Terms.from_document(terms.as_document()) == terms


def test_everybody_a_policy_names_is_looked_up_for_the_record_at_hand(house, board, make_policy, ask, log_incident):
    make_policy(
        steps=[
            StepSpec(
                "All kinds",
                (
                    asks("team_lead"),
                    asks("service_owner"),
                    asks("customer"),
                    asks("role", role=Role.SERVICE_MANAGER),
                    asks("team", team=house.networks.pk),
                    asks("person", person=board.ben.pk, is_mandatory=True),
                ),
            )
        ]
    )

    incident = log_incident()
    Record.objects.filter(pk=incident.pk).update(team=house.networks)

    approval = ask(incident)

    seats = {seat.holder.username: (seat.why, seat.is_mandatory) for seat in approval.steps.get().seats.all()}
    assert seats == {
        "aisha": ("leads the team Networks", False),
        "max": ("manages Acme", False),
        "ines": ("has the role Service level manager", False),
        "ben": ("is in the team", True),  # asked as a member first; the name in the policy makes the seat mandatory
    }


def test_without_a_policy_that_applies_the_asking_says_so(board, make_policy, ask, log_incident):
    make_policy([board.ben], conditions=[DEAR])

    with pytest.raises(operations.UnableToStart, match="No approval policy says who may allow the fix"):
        ask(log_incident(description="1"))

    assert not Approval.objects.exists()


def test_a_step_that_nobody_could_decide_is_refused_with_everything_that_is_missing(
    house, board, make_policy, ask, log_incident
):
    make_policy(
        steps=[
            StepSpec("Lead", (asks("team_lead"),)),
            StepSpec("Two", people_terms(board.ben, house.maria), quorum="count", needed=2),
        ]
    )

    with pytest.raises(operations.UnableToStart) as refused:
        ask(log_incident(requester=house.maria, service=None))

    told = " ".join(str(each) for each in refused.value.refusals)
    assert "Step “Lead” could never be approved" in told
    assert "The record has no team with a lead" in told
    assert "Maria Rossi may not decide: the requester." in told
    assert not Approval.objects.exists()


def test_a_mandatory_approver_who_is_excluded_is_replaced_by_their_deputy_or_lead(
    house, board, make_policy, ask, log_incident
):
    make_policy([board.ben, board.cleo], mandatory=(board.ben,))

    approval = ask(log_incident(requester=board.ben))

    seat = approval.steps.get().seats.get(holder=board.ben)
    assert (seat.acting, seat.handover, seat.is_mandatory) == (house.aisha, "lead", True)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(steps=()), "steps"),
        (Terms(steps=(StepSpec("", (asks("team_lead"),)),)), "steps.0"),
        (Terms(steps=(StepSpec("A", ()),)), "steps.0"),
        (Terms(steps=(StepSpec("A", (asks("person"),)),)), "steps.0"),
        (Terms(steps=(StepSpec("A", (asks("team_lead"),), quorum="count"),)), "steps.0"),
        (Terms(steps=(StepSpec("A", (asks("team_lead"),), quorum="percent", needed=101),)), "steps.0"),
        (Terms(steps=(StepSpec("A", (asks("team_lead"),), on_expiry="reject"),)), "steps.0"),
        (Terms(steps=(StepSpec("A", (asks("team_lead"),), deadline_minutes=60, remind_minutes=60),)), "steps.0"),
        (Terms(steps=(LEAD,), conditions=(ConditionTerms("hue", ("red",)),)), "conditions.0"),
        (Terms(steps=(LEAD,), conditions=(ConditionTerms("cost", ("x",), "at_least"),)), "conditions.0"),
    ],
)  # fmt: skip
def test_terms_that_do_not_fit_are_refused_at_their_place(house, terms, field):
    with pytest.raises(Refused) as refused:
        operations.create_policy(by=house.ines, at=AT, name="X", purpose=PURPOSE, terms=terms)

    assert field in [each.field for each in refused.value.refusals]


def test_only_those_with_the_right_change_policies_and_every_change_is_logged(house, board, make_policy):
    policy = make_policy([board.ben])
    terms = Terms(steps=(StepSpec("Board", people_terms(board.cleo)),))

    with pytest.raises(NotAllowed):
        operations.revise_policy(policy=policy, by=house.tom, at=AT, name="Fixes", terms=terms)
    operations.revise_policy(policy=policy, by=house.ines, at=AT, name="Fixes", terms=terms)

    entry = Entry.objects.get(action="approval_policy.edited")
    assert entry.actor == house.ines
    assert entry.changes["terms"][1]["steps"][0]["approvers"][0]["person"] == board.cleo.pk


def test_a_retired_policy_decides_nothing_new(house, board, make_policy, log_incident, purpose):
    policy = make_policy([board.ben])

    operations.retire_policy(policy=policy, by=house.ines, at=AT)

    assert selection.choose(purpose, log_incident()).policy is None


def test_a_purpose_of_the_same_name_is_refused(change_purpose, purpose):
    with pytest.raises(ValueError, match="registered already"):
        purposes.register(purposes.Purpose(**{**vars(purpose), "label": "other"}))
