"""How problems end: closed after their watch, back when they return, an accepted risk, cancelled."""

from datetime import date

import pytest

from audit.models import Entry
from problems import operations
from problems.enums import State
from problems.models import KnownError
from problems.tasks import reopen_reviewed
from records import operations as record_operations
from records.enums import LinkKind
from records.models import Link
from records.transitions import TransitionRefused
from tests.conftest import moment


def codes(error):
    return {refusal.code for refusal in error.value.refusals}


def actions_of(problem):
    return list(
        Entry.objects.filter(subject_kind="record", subject_id=problem.pk)
        .order_by("id")
        .values_list("action", flat=True)
    )


def test_closing_waits_until_the_watch_is_over(house, verifying):
    with pytest.raises(TransitionRefused) as error:
        operations.close(problem=verifying, by=house.ines, at=moment("2026-03-31 23:59"), lessons="Watch the memory.")

    assert codes(error) == {"watching"}


def test_closing_keeps_the_lessons_and_withdraws_the_known_error(house, verifying):
    closed = operations.close(
        problem=verifying, by=house.ines, at=moment("2026-04-01 00:00"), lessons="Watch the memory of gateways."
    )

    assert closed.state == State.CLOSED
    assert closed.closed_at == closed.resolved_at == moment("2026-04-01 00:00")
    assert closed.lessons == "Watch the memory of gateways."
    assert KnownError.objects.get(pk=closed.pk).withdrawn_at == moment("2026-04-01 00:00")


def test_a_regression_needs_an_incident_or_a_reason(house, verifying):
    with pytest.raises(TransitionRefused) as error:
        operations.regress(problem=verifying, by=house.tom, at=moment("2026-03-10 09:00"))

    assert codes(error) == {"evidence"}


def test_a_regression_counts_and_links_what_shows_it(house, verifying, log_incident):
    incident = log_incident(at=moment("2026-03-10 08:00"))

    back = operations.regress(problem=verifying, by=house.tom, at=moment("2026-03-10 09:00"), incident=incident)

    assert back.state == State.INVESTIGATING
    assert back.loop_count == 1
    assert back.fixed_at is None
    assert back.watch_until_date is None
    assert Link.objects.filter(from_record=incident.pk, to_record=back.pk, kind=LinkKind.CAUSED_BY).exists()
    assert back.known_error.is_published


def test_the_owner_can_not_accept_the_risk(house, log_problem):
    problem = operations.accept(
        problem=log_problem(),
        by=house.ines,
        at=moment("2026-03-02 11:00"),
        owner=house.aisha,
        impact_statement="Much.",
    )
    problem = operations.investigate(
        problem=problem, by=house.aisha, at=moment("2026-03-02 12:00"), approach="five_whys", investigator=house.aisha
    )

    with pytest.raises(TransitionRefused) as error:
        operations.accept_risk(
            problem=problem,
            by=house.aisha,
            at=moment("2026-03-03 09:00"),
            review_date=date(2026, 9, 1),
            reason="Too dear.",
        )

    assert codes(error) == {"own"}


def test_a_lead_of_another_team_does_not_stand_above_the_owner(house, investigating):
    from people.models import Membership

    Membership.objects.filter(user=house.tom, team=house.networks).delete()

    with pytest.raises(TransitionRefused) as error:
        operations.accept_risk(
            problem=investigating,
            by=house.aisha,
            at=moment("2026-03-03 09:00"),
            review_date=date(2026, 9, 1),
            reason="Too dear.",
        )

    assert codes(error) == {"not_above"}


@pytest.mark.parametrize("name", ["aisha", "ines"])
def test_the_lead_of_the_owner_or_a_manager_accepts_the_risk(house, investigating, name):
    person = getattr(house, name)

    accepted = operations.accept_risk(
        problem=investigating,
        by=person,
        at=moment("2026-03-03 09:00"),
        review_date=date(2026, 9, 1),
        reason="The gateway goes in autumn anyway.",
    )

    assert accepted.state == State.RISK_ACCEPTED
    assert accepted.risk_accepted_by == person
    assert accepted.risk_reason == "The gateway goes in autumn anyway."
    assert accepted.review_date == date(2026, 9, 1)


def test_the_worker_takes_up_an_accepted_risk_on_its_date_and_once(house, declared):
    accepted = operations.accept_risk(
        problem=declared,
        by=house.ines,
        at=moment("2026-03-03 10:00"),
        review_date=date(2026, 9, 1),
        reason="The gateway goes in autumn anyway.",
    )

    assert operations.reopen_when_due(at=moment("2026-08-31 23:59")) == 0
    assert operations.reopen_when_due(at=moment("2026-09-01 00:05")) == 1
    assert operations.reopen_when_due(at=moment("2026-09-01 00:05")) == 0

    accepted.refresh_from_db()
    assert accepted.state == State.ACCEPTED
    assert accepted.risk_accepted_by is None
    assert accepted.resolved_at is None
    assert accepted.known_error.is_published
    entry = Entry.objects.get(subject_id=accepted.pk, action="problem.reopened")
    assert entry.at == moment("2026-09-01 00:00")
    assert entry.actor is None
    assert entry.data["rule"] == "risk_review"


def test_the_task_can_be_delivered_twice(house, declared):
    operations.accept_risk(
        problem=declared,
        by=house.ines,
        at=moment("2026-03-03 10:00"),
        review_date=date(2026, 3, 4),
        reason="Wait.",
    )

    reopen_reviewed()
    reopen_reviewed(unknown="later releases may say more")

    assert actions_of(declared).count("problem.reopened") == 1


def test_cancelling_needs_a_duplicate_or_a_reason(house, log_problem):
    with pytest.raises(TransitionRefused) as error:
        operations.cancel(problem=log_problem(), by=house.ines, at=moment("2026-03-02 11:00"))

    assert codes(error) == {"reason"}


def test_a_cancelled_duplicate_is_linked_with_its_original(house, log_problem):
    original, twin = log_problem(), log_problem()

    cancelled = operations.cancel(problem=twin, by=house.aisha, at=moment("2026-03-02 11:00"), original=original)

    assert cancelled.state == State.CANCELLED
    assert Link.objects.get(from_record=twin.pk, kind=LinkKind.DUPLICATE_OF).to_record_id == original.pk


def test_a_problem_is_no_duplicate_of_itself(house, log_problem):
    from common.refusals import Refused

    problem = log_problem()

    with pytest.raises(Refused):
        operations.cancel(problem=problem, by=house.aisha, at=moment("2026-03-02 11:00"), original=problem)

    problem.refresh_from_db()
    assert problem.state == State.LOGGED


def test_two_problems_can_not_fix_each_other(house, declared, log_problem):
    from common.refusals import Refused

    other = log_problem(title="Another")
    record_operations.link(
        record=other, to=declared, kind=LinkKind.FIXED_BY, by=house.tom, at=moment("2026-03-03 10:00")
    )

    with pytest.raises(Refused):
        operations.fix(problem=declared, by=house.aisha, at=moment("2026-03-04 09:00"), change=other)
