"""What follows acts of other practices: incidents that waited go on, an implemented change begins the watch."""

import pytest

from audit import log
from audit.models import Entry
from incidents import operations as incident_operations
from incidents.reactions import go_on
from problems import operations
from problems.enums import State
from problems.reactions import follow_change
from records import operations as record_operations
from records.models import Record
from tests.conftest import moment
from tests.problems.test_recurrence import deliver


@pytest.fixture
def waiting(house, investigating, log_incident):
    """An incident on hold for the problem since Monday at 15:00."""
    incident = incident_operations.assign(
        incident=log_incident(), by=house.tom, at=moment("2026-03-02 14:00"), assignee=house.tom
    )
    return incident_operations.hold(
        incident=incident, by=house.tom, at=moment("2026-03-02 15:00"), hold_for="problem", waits_for=investigating
    )


def declare(house, problem, workaround="Choose gateway 1."):
    return operations.declare_known_error(
        problem=problem,
        by=house.aisha,
        at=moment("2026-03-03 09:00"),
        symptom="It drops.",
        cause="Memory.",
        workaround=workaround,
    )


def test_a_workaround_resumes_what_waited_for_the_problem(house, investigating, waiting):
    declare(house, investigating)

    deliver()

    waiting.refresh_from_db()
    assert waiting.state == "in_progress"
    entry = Entry.objects.get(action="incident.resumed")
    assert entry.actor is None
    assert entry.at == moment("2026-03-03 09:00")
    assert entry.reason == f"PRB-{investigating.pk} has a workaround."


def test_no_workaround_resumes_nobody(house, investigating, waiting):
    declare(house, investigating, "none")

    deliver()

    waiting.refresh_from_db()
    assert waiting.state == "on_hold"


def test_the_end_of_the_problem_resumes_what_waited_for_it(house, investigating, waiting):
    from datetime import date

    operations.accept_risk(
        problem=investigating,
        by=house.ines,
        at=moment("2026-03-03 09:00"),
        review_date=date(2026, 9, 1),
        reason="Too dear.",
    )

    deliver()

    waiting.refresh_from_db()
    assert waiting.state == "in_progress"


def test_what_waits_for_somebody_else_goes_on_waiting(house, investigating, log_incident):
    incident = incident_operations.assign(
        incident=log_incident(), by=house.tom, at=moment("2026-03-02 14:00"), assignee=house.tom
    )
    record_operations.link(
        record=incident, to=investigating, kind="caused_by", by=house.tom, at=moment("2026-03-02 14:30")
    )
    incident_operations.hold(
        incident=incident,
        by=house.tom,
        at=moment("2026-03-02 15:00"),
        hold_for="supplier",
        supplier_reference="T-1",
    )
    declare(house, investigating)

    deliver()

    incident.refresh_from_db()
    assert incident.state == "on_hold"


def test_an_act_from_before_the_hold_does_not_end_it(house, investigating, waiting):
    declare(house, investigating)
    published = Entry.objects.get(action="problem.known_error_published")
    deliver()
    waiting.refresh_from_db()
    held = incident_operations.hold(
        incident=waiting, by=house.tom, at=moment("2026-03-03 10:00"), hold_for="problem", waits_for=investigating
    )

    go_on(published)

    held.refresh_from_db()
    assert held.state == "on_hold"


@pytest.fixture
def following(house, declared, log_incident):
    """A problem that is to be fixed by a record standing in for a change."""
    change = log_incident(title="Add memory to gateway 2")
    fixing = operations.fix(problem=declared, by=house.aisha, at=moment("2026-03-04 09:00"), change=change)
    return fixing, change


def ended(change, outcome):
    """The change closes with this outcome; the entry is what its practice would log."""
    Record.objects.filter(pk=change.pk).update(
        state="closed", phase="done", state_reason=outcome, closed_at=moment("2026-03-05 20:00")
    )
    return log.record(
        "change.closed", subject_kind="record", subject_id=change.pk, by=None, at=moment("2026-03-05 20:00")
    )


@pytest.mark.parametrize("outcome", ["successful", "with_issues", ""])
def test_an_implemented_change_begins_the_watch(following, outcome):
    fixing, change = following

    entry = ended(change, outcome)
    follow_change(entry)
    follow_change(entry)

    fixing.refresh_from_db()
    assert fixing.state == State.VERIFYING
    assert fixing.fixed_at == moment("2026-03-05 20:00")
    assert fixing.watch_until_date.isoformat() == "2026-04-04"
    assert Entry.objects.filter(action="problem.verified").count() == 1


@pytest.mark.parametrize("outcome", ["backed_out", "failed"])
def test_a_change_that_failed_fixes_nothing(following, outcome):
    fixing, change = following

    follow_change(ended(change, outcome))

    fixing.refresh_from_db()
    assert fixing.state == State.FIXING


def test_an_open_task_keeps_the_problem_where_it_is(house, following):
    fixing, change = following
    record_operations.add_task(record=fixing, by=house.aisha, at=moment("2026-03-04 10:00"), title="Tell the desk")

    follow_change(ended(change, "successful"))

    fixing.refresh_from_db()
    assert fixing.state == State.FIXING
