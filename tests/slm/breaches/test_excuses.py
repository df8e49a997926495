"""Explaining, asking for an excuse, deciding it outside the team, and what makes it lapse."""

import pytest

from approvals import operations as approvals
from approvals.models import Approval, ApprovalPolicy
from approvals.terms import StepSpec, Terms, asks
from common.refusals import NotAllowed, Refused, Stale
from incidents import operations as incidents
from measurement import declarations, queries, rebuild
from measurement.models import Grain
from measurement.periods import Range
from measurement.scope import scope_of
from measurement.values import Value
from records import operations as record_operations
from slm.breaches import catalog, excuses, figures, operations
from slm.breaches.models import Breach, Cause, Clause
from tests.conftest import moment

from .conftest import LATER, OPENED

AFTER = moment("2026-03-05 09:00")


@pytest.fixture
def customer(db):
    return Clause.objects.get(key="customer")


@pytest.fixture
def asked(house, explained, customer):
    def make(**said):
        return excuses.request(
            breach=explained(**said), by=house.aisha, at=LATER, clause=customer, evidence="No answer for two days"
        )

    return make


def state_of(breach):
    return Breach.objects.get(pk=breach.pk).state


def test_an_explanation_may_be_improved_until_an_excuse_is_asked_for(house, missed, asked, capacity):
    breach = asked()

    with pytest.raises(Refused, match="being decided"):
        operations.explain(breach=breach, by=house.aisha, at=AFTER, cause=capacity, text="Other words")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2_001])
def test_a_cause_alone_is_no_explanation(house, missed, capacity, text):
    breach = missed()

    with pytest.raises(Refused):
        operations.explain(breach=breach, by=house.aisha, at=LATER, cause=capacity, text=text)

    assert state_of(breach) == "recorded"


def test_a_stale_explanation_is_refused(house, explained, capacity):
    breach = explained()

    with pytest.raises(Stale):
        operations.explain(breach=breach, by=house.tom, at=AFTER, cause=capacity, text="y", version=1)


def test_otto_explains_nothing_of_others(house, missed, capacity):
    breach = missed()

    with pytest.raises(NotAllowed):
        operations.explain(breach=breach, by=house.otto, at=LATER, cause=capacity, text="x")
    assert not Breach.objects.visible_to(house.otto).exists()
    assert not Breach.objects.visible_to(house.maria).exists()


def test_many_are_explained_with_one_cause_and_what_does_not_fit_is_skipped(house, missed, asked, capacity):
    free, decided = missed(), asked()

    result = operations.explain_many(breaches=[free, decided], by=house.tom, at=AFTER, cause=capacity, text="Flu")

    assert result.done == 1
    assert [breach for breach, _why in result.refused] == [decided]
    assert (state_of(free), state_of(decided)) == ("explained", "excuse_requested")


def test_a_retired_cause_can_not_be_chosen(house, missed, capacity):
    catalog.change(capacity, by=house.ines, at=LATER, values={"is_active": False})

    with pytest.raises(Refused, match="not in use"):
        operations.explain(breach=missed(), by=house.aisha, at=LATER, cause=Cause.objects.get(key="capacity"), text="x")


def test_what_is_not_explained_is_not_excused(house, missed, customer):
    with pytest.raises(Refused, match="not explained"):
        excuses.request(breach=missed(), by=house.aisha, at=LATER, clause=customer, evidence="x")


def test_a_clause_of_another_agreement_excuses_nothing(house, explained, make_agreement):
    other = make_agreement("Other", targets={})
    clause = catalog.add(Clause, by=house.ines, at=LATER, name="Storm", agreement=other)

    with pytest.raises(Refused, match="does not belong"):
        excuses.request(breach=explained(), by=house.aisha, at=LATER, clause=clause, evidence="x")


def test_somebody_outside_the_team_excuses_it(house, asked):
    breach = asked()

    approvals.vote(approval=breach.approval, by=house.ines, at=AFTER, choice="approve", reason="Seen the mails")

    breach.refresh_from_db()
    assert (breach.state, breach.decided_by, breach.decision_reason) == ("excused", house.ines, "Seen the mails")


def test_a_rejection_upholds_it_with_its_reason(house, asked):
    breach = asked()

    approvals.vote(approval=breach.approval, by=house.ines, at=AFTER, choice="reject", reason="They did answer")

    breach.refresh_from_db()
    assert (breach.state, breach.decision_reason) == ("upheld", "They did answer")


def test_a_policy_comes_along_once_whatever_name_is_taken(house, asked):
    terms = Terms(steps=(StepSpec("x", (asks("person", person=house.ines.pk),)),))
    approvals.create_policy(
        by=None, at=LATER, name="Excuse the missed resolution", purpose="incident.excuse_response", terms=terms
    )

    asked()
    asked()

    assert ApprovalPolicy.objects.filter(purpose="incident.excuse_resolution").count() == 1


def test_nobody_of_the_team_decides(house, explained, customer):
    house.networks.memberships.create(user=house.ines)

    with pytest.raises(approvals.UnableToStart, match="in the team whose target it was"):
        excuses.request(breach=explained(), by=house.aisha, at=LATER, clause=customer, evidence="x")

    assert Breach.objects.get(state="explained").approval is None


def test_closing_the_ticket_does_not_end_the_decision(house, asked):
    breach = asked()
    incident = incidents.start(incident=breach.record.specific, by=house.aisha, at=LATER)
    incident = incidents.resolve(incident=incident, by=house.aisha, at=AFTER, code="fixed", text="x")
    incidents.close(incident=incident, by=house.maria, at=AFTER)

    approvals.vote(approval=breach.approval, by=house.ines, at=AFTER, choice="approve")

    assert state_of(breach) == "excused"


@pytest.mark.parametrize("is_decided", [False, True])
def test_another_target_voids_the_excuse(house, asked, is_decided):
    breach = asked()
    if is_decided:
        approvals.vote(approval=breach.approval, by=house.ines, at=AFTER, choice="approve")

    record_operations.override_priority(
        record=breach.record.specific, by=house.aisha, at=AFTER, priority=3, reason="Many people"
    )

    assert state_of(breach) == "explained"
    assert Approval.objects.get(pk=breach.approval_id).state == ("approved" if is_decided else "lapsed")


def test_a_request_is_taken_back_and_asked_again(house, asked, customer):
    breach = asked()

    excuses.take_back(breach=breach, by=house.aisha, at=AFTER, reason="Found the answer")
    again = excuses.request(breach=breach, by=house.aisha, at=AFTER, clause=customer, evidence="The mail of Monday")

    assert Approval.objects.get(pk=breach.approval_id).state == "withdrawn"
    assert again.state == "excuse_requested"
    assert again.approval_id != breach.approval_id


def test_who_is_asked_may_send_it_back_and_nobody_else(house, asked):
    breach = asked()

    with pytest.raises(NotAllowed):
        excuses.defer(breach=breach, by=house.tom, at=AFTER, reason="x")
    with pytest.raises(Refused, match="reason is missing"):
        excuses.defer(breach=breach, by=house.ines, at=AFTER, reason=" ")
    excuses.defer(breach=breach, by=house.ines, at=AFTER, reason="Attach the mail")

    assert state_of(breach) == "explained"
    assert Approval.objects.get(pk=breach.approval_id).state == "withdrawn"


def test_excuses_of_two_clocks_of_a_ticket_do_not_disturb_each_other(house, asked, capacity, customer):
    first = asked()
    second = Breach.objects.get(record_id=first.record_id, clock_kind="response")
    operations.explain(breach=second, by=house.aisha, at=LATER, cause=capacity, text="x")
    second = excuses.request(breach=second, by=house.aisha, at=LATER, clause=customer, evidence="y")

    approvals.vote(approval=first.approval, by=house.ines, at=AFTER, choice="approve")
    approvals.vote(approval=second.approval, by=house.ines, at=AFTER, choice="reject", reason="no")

    assert (state_of(first), state_of(second)) == ("excused", "upheld")


def attainment(user, name):
    """The measure in March, read as everybody reads it."""
    kpi = declarations.kpi(name)
    span = Range(moment("2026-03-01 00:00").date(), moment("2026-04-01 00:00").date())
    sums = {kpi.numerator: 0, kpi.denominator: 0}
    for family, cells in queries.totals(kpi.families, span, scope_of(user), grain=Grain.DAY).items():
        for amounts in cells.values():
            for amount in sums:
                sums[amount] += amounts[declarations.family(family).position(amount)]
    return Value(kpi, sums[kpi.numerator], sums[kpi.denominator])


def test_attainment_stands_raw_and_without_what_is_excused_and_a_rebuild_says_the_same(house, asked, log_incident):
    met = incidents.start(incident=log_incident(at=OPENED), by=house.tom, at=OPENED)
    incidents.resolve(incident=met, by=house.tom, at=moment("2026-03-02 10:00"), code="fixed", text="x")
    breach = asked()
    incident = incidents.start(incident=breach.record.specific, by=house.aisha, at=LATER)
    incidents.resolve(incident=incident, by=house.aisha, at=AFTER, code="fixed", text="x")
    rebuild.rebuild_all()
    before = attainment(house.tom, "slm-attainment-excused")
    approvals.vote(approval=breach.approval, by=house.ines, at=AFTER, choice="approve")

    rebuild.settle_marks()
    raw, net = attainment(house.tom, "slm-attainment"), attainment(house.tom, "slm-attainment-excused")
    rebuild.rebuild_all()

    assert (raw.numerator, raw.denominator) == (before.numerator, before.denominator) == (2, 4)
    assert (net.numerator, net.denominator) == (2, 3)
    assert attainment(house.tom, "slm-attainment-excused") == net
    said = figures.attained(breach.agreement, at=AFTER)
    assert ((said.raw.numerator, said.raw.denominator), said.net.denominator, said.excused) == ((2, 4), 3, 1)
    assert said.is_kept is False
