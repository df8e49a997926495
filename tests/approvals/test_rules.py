"""The rule of a step against an oracle that tries everything, and votes in any order through the real acts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from approvals import operations
from approvals.enums import Choice, Quorum
from approvals.models import Approval, Vote
from approvals.rules import Ballot, Rule, verdict
from approvals.terms import ApproverTerms, StepSpec, Terms
from common.refusals import Refused
from tests.approvals import oracle
from tests.conftest import moment

CHOICES = st.sampled_from([None, *Choice])
BALLOTS = st.lists(
    st.builds(lambda choice, mandatory: (choice, mandatory), CHOICES, st.booleans()), min_size=1, max_size=6
).map(
    lambda seats: [
        Ballot(None if mandatory and choice == Choice.ABSTAIN else choice, is_mandatory=mandatory)
        for choice, mandatory in seats
    ]
)
RULES = st.one_of(
    st.builds(Rule, st.sampled_from([Quorum.ANY, Quorum.ALL]), st.just(0), st.integers(0, 4)),
    st.builds(Rule, st.just(Quorum.COUNT), st.integers(1, 6), st.integers(0, 4)),
    st.builds(Rule, st.just(Quorum.PERCENT), st.integers(1, 100), st.integers(0, 4)),
)


@settings(max_examples=600)
@given(wanted=RULES, ballots=BALLOTS)
def test_the_rule_decides_as_soon_as_and_never_before_nothing_can_change_it(wanted, ballots):
    assert verdict(wanted, ballots) == oracle.verdict(wanted, ballots)


@settings(max_examples=200)
@given(wanted=RULES, ballots=BALLOTS, choice=st.sampled_from([Choice.APPROVE, Choice.REJECT]))
def test_who_decides_alone_is_heard_whatever_the_others_said(wanted, ballots, choice):
    undecided = [each for each in ballots if not (each.is_mandatory and each.choice == Choice.REJECT)]

    found = verdict(wanted, [*undecided, Ballot(choice, is_deciding=True)])

    assert found == {Choice.APPROVE: "approved", Choice.REJECT: "rejected"}[choice]


@pytest.mark.parametrize(
    ("wanted", "said", "expected"),
    [
        (Rule(Quorum.ALL), "AA", "approved"),
        (Rule(Quorum.ALL), "AO", "approved"),  # who abstains leaves the base
        (Rule(Quorum.ALL), "OO", "rejected"),  # nobody has approved
        (Rule(Quorum.ANY), "OR", "rejected"),
        (Rule(Quorum.ANY), "O.", "open"),
        (Rule(Quorum.COUNT, 2), "AO.", "open"),
        (Rule(Quorum.COUNT, 2), "OO.", "rejected"),
        (Rule(Quorum.PERCENT, 50), "AR", "approved"),
        (Rule(Quorum.PERCENT, 51), "AR", "rejected"),
        (Rule(Quorum.PERCENT, 50), "AROO", "approved"),
        (Rule(Quorum.PERCENT, 60), "AAR..", "open"),
        (Rule(Quorum.PERCENT, 60), "AAAR.", "approved"),
        (Rule(Quorum.PERCENT, 100), "AO", "approved"),
        (Rule(Quorum.ANY, least_votes=3), "AA.", "open"),
        (Rule(Quorum.ANY, least_votes=3), "AOO", "approved"),
        (Rule(Quorum.ANY, least_votes=3), "AA", "rejected"),  # three votes can't come from two seats
    ],
)
def test_the_examples_of_the_guide(wanted, said, expected):
    letters = {"A": Choice.APPROVE, "R": Choice.REJECT, "O": Choice.ABSTAIN, ".": None}

    assert verdict(wanted, [Ballot(letters[each]) for each in said]) == expected


class Voting(RuleBasedStateMachine):
    """Five people vote, change their minds and abstain in any order; the real acts agree with the oracle throughout."""

    people: list
    record_of: object

    def __init__(self):
        super().__init__()
        self.said = {}
        self.approval = None

    @initialize(wanted=RULES, mandatory=st.sets(st.integers(0, 4), max_size=2))
    def start(self, wanted, mandatory):
        self.rule = wanted
        self.mandatory = mandatory
        terms = Terms(
            steps=(
                StepSpec(
                    "Board",
                    tuple(
                        ApproverTerms("person", person=each.pk, is_mandatory=number in mandatory)
                        for number, each in enumerate(self.people)
                    ),
                    quorum=wanted.quorum,
                    needed=wanted.needed,
                    least_votes=wanted.least_votes,
                ),
            )
        )
        Approval.objects.all().delete()
        policy = self.policy
        policy.steps.all().delete()
        operations.policies._write(policy, terms)
        empty = [Ballot(is_mandatory=number in mandatory) for number in range(5)]
        try:
            self.approval = operations.start(
                subject=self.record, purpose="incident.fix", by=None, at=moment("2026-03-02 10:00")
            )
        except operations.UnableToStart:
            assert oracle.verdict(wanted, empty) == "rejected"

    def ballots(self):
        return [Ballot(self.said.get(number), is_mandatory=number in self.mandatory) for number in range(5)]

    @rule(number=st.integers(0, 4), choice=st.sampled_from(list(Choice)))
    def vote(self, number, choice):
        if self.approval is None:  # it could not even start
            return
        is_over = oracle.verdict(self.rule, self.ballots()) != "open"
        is_impossible = choice == Choice.ABSTAIN and number in self.mandatory
        try:
            operations.vote(
                approval=self.approval,
                by=self.people[number],
                at=moment("2026-03-02 11:00"),
                choice=choice,
                reason="Because.",
            )
        except Refused:
            assert is_over or is_impossible
        else:
            assert not is_over
            assert not is_impossible
            self.said[number] = choice

    @invariant()
    def the_approval_stands_where_the_oracle_says(self):
        if self.approval is None:
            return
        state = Approval.objects.values_list("state", flat=True).get(pk=self.approval.pk)
        assert state == oracle.verdict(self.rule, self.ballots())
        standing = Vote.objects.filter(seat__step__approval=self.approval, replaced_at=None)
        assert standing.count() == len(self.said)


def test_votes_in_any_order_end_where_the_oracle_says(board, make_policy, log_incident):
    people = [board.ben, board.cleo, board.dana, board.eli, board.fay]
    machine = type(
        "Machine", (Voting,), {"people": people, "record": log_incident(), "policy": make_policy([board.ben])}
    )

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )
