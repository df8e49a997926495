"""How long approvals take, by hand: what was decided, what lapsed after and before, and Otto."""

import pytest

from approvals import operations
from approvals.terms import StepSpec
from incidents import operations as incidents
from measurement import declarations, rebuild
from measurement.drill import COUNTED, Drill
from measurement.periods import Range
from measurement.scope import scope_of
from measurement.spreads import spreads
from tests.approvals.conftest import people_terms
from tests.changes.pipelines.test_measures import value
from tests.conftest import moment
from tests.measurement.conftest import day

WEEK = Range(day("2026-03-02"), day("2026-03-09"))


@pytest.fixture(autouse=True)
def _counted(db):
    rebuild.rebuild_all()


def test_the_time_is_that_from_asking_to_the_last_step_or_the_first_no(house, board, make_policy, ask):
    """Asked at 10:00: given after two steps in 4 h, refused in the first of them in 1 h, withdrawn, and lapsed."""
    assert value("req-approval-time", house.tom).text == "n/a"
    make_policy(steps=[StepSpec(name=each.name, approvers=people_terms(each)) for each in (board.ben, board.cleo)])
    given, refused, late, gone = (ask() for _ in range(4))
    for approval in (given, late, gone):
        operations.vote(approval=approval, by=board.ben, at=moment("2026-03-02 11:00"), choice="approve")
    operations.vote(approval=given, by=board.cleo, at=moment("2026-03-02 14:00"), choice="approve")
    operations.vote(approval=refused, by=board.ben, at=moment("2026-03-02 11:00"), choice="reject", reason="No")
    operations.withdraw(approval=gone, by=house.ada, at=moment("2026-03-02 12:00"), reason="x")
    incidents.edit(incident=late.record, by=house.tom, at=moment("2026-03-02 12:00"), values={"description": "9"})

    found = value("req-approval-time", house.tom)

    assert (found.numerator, found.denominator, found.text) == (5 * 3600, 2, "2.5 h")
    assert spreads(declarations.kpi("req-approval-time"), WEEK, scope_of(house.tom))[()].median == 2.5
    # What lapses after it was given had been decided all the same.
    incidents.edit(incident=given.record, by=house.tom, at=moment("2026-03-05 12:00"), values={"description": "9"})
    assert value("req-approval-time", house.tom).numerator == 5 * 3600
    [rows] = Drill(declarations.kpi("req-approval-time"), WEEK, scope_of(house.tom)).rows(COUNTED).values()
    assert sorted(each.pk for each in rows) == sorted([given.pk, refused.pk])
    [rows] = Drill(declarations.kpi("req-approval-time"), WEEK, scope_of(house.otto)).rows(COUNTED).values()
    assert (value("req-approval-time", house.otto).denominator, rows.count()) == (0, 0)
