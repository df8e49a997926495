"""What problems are measured by: counted as acts happen, as when everything is counted anew."""

from datetime import date, timedelta

import pytest

from measurement import declarations, queries, rebuild
from measurement.scope import Scope
from problems import operations
from records.models import Record
from tests.conftest import moment


def totals(family, *, until="2199-01-01"):
    """The amounts of a family, added up to the end of a day."""
    names = declarations.family(family).amounts
    counted = queries.standing_before(
        [family], date.fromisoformat(until) + timedelta(days=1), Scope(viewer=None, organizations=None)
    )
    return dict(zip(names, next(iter(counted[family].values()), [0] * len(names)), strict=True))


def settle():
    """Count what acts have touched, and find the same as a full count would."""
    while rebuild.settle_marks():
        pass
    assert rebuild.compare(heal=False) == {}


@pytest.fixture(autouse=True)
def _counted(db):
    rebuild.rebuild_all()


def test_a_closed_problem_was_opened_found_and_solved(house, verifying):
    operations.close(problem=verifying, by=house.ines, at=moment("2026-04-01 09:00"), lessons="Watch the memory.")

    settle()

    counted = totals("problem.flow")
    assert (counted["opened"], counted["solved"], counted["found"]) == (1, 1, 1)
    assert counted["search_seconds"] == 23 * 3600
    assert counted["open"] == 0
    assert totals("problem.flow", until="2026-03-31")["open"] == 1


def test_an_accepted_risk_is_neither_open_nor_solved_until_it_is_taken_up(house, declared):
    operations.accept_risk(
        problem=declared, by=house.ines, at=moment("2026-03-03 10:00"), review_date=date(2026, 9, 1), reason="Dear."
    )
    settle()
    assert (totals("problem.flow")["open"], totals("problem.flow")["solved"]) == (0, 0)

    operations.reopen_when_due(at=moment("2026-09-01 00:05"))
    settle()

    assert totals("problem.flow")["open"] == 1


def test_what_nobody_touched_for_thirty_days_is_stale_until_somebody_does(house, log_problem):
    problem = log_problem()
    settle()
    assert totals("problem.flow", until="2026-03-31")["stale"] == 0
    assert totals("problem.flow", until="2026-04-01")["stale"] == 1

    operations.edit(problem=problem, by=house.tom, at=moment("2026-05-04 09:00"), values={"cause_code": "memory"})
    settle()

    assert totals("problem.flow", until="2026-05-03")["stale"] == 1
    assert totals("problem.flow", until="2026-05-04")["stale"] == 0


def test_only_some_origins_are_proactive(log_problem):
    for origin in ("incident", "trend", "risk", "monitoring", "supplier"):
        log_problem(origin=origin, title=origin)

    settle()

    assert (totals("problem.flow")["opened"], totals("problem.flow")["proactive"]) == (5, 3)


def test_known_errors_stand_from_their_declaration_to_the_end_of_the_problem(house, verifying):
    settle()
    assert totals("problem.known_errors") == {"published": 1, "with_workaround": 1}

    operations.close(problem=verifying, by=house.ines, at=moment("2026-04-01 09:00"), lessons="Watch the memory.")
    settle()

    assert totals("problem.known_errors") == {"published": 0, "with_workaround": 0}


def test_a_root_cause_taken_back_is_not_counted_as_found(house, investigating):
    cause = operations.add_cause(problem=investigating, by=house.aisha, at=moment("2026-03-02 13:00"), text="Memory")
    operations.mark_root(cause=cause, by=house.aisha, at=moment("2026-03-04 13:00"))
    settle()
    assert totals("problem.flow")["found"] == 1

    operations.disprove(cause=cause, by=house.aisha, at=moment("2026-03-06 13:00"), reason="No.")
    settle()

    assert totals("problem.flow")["found"] == 0
    assert Record.objects.filter(kind="problem").count() == 1
