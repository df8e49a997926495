"""The moves of a problem, one after the other, and what each of them leaves behind."""

from datetime import date

import pytest

from audit.models import Entry
from common.refusals import NotAllowed
from problems import operations
from problems.enums import State
from problems.models import KnownError, Problem
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


def test_a_problem_from_incidents_links_each_as_caused_by_it(house, log_incident, log_problem):
    first, second = log_incident(), log_incident(title="VPN slow")

    problem = log_problem(incidents=[second, first])

    assert problem.state == State.LOGGED
    assert problem.reference == f"PRB-{problem.pk}"
    assert problem.organization == house.provider
    assert set(Link.objects.filter(to_record=problem.pk).values_list("from_record", "kind")) == {
        (first.pk, LinkKind.CAUSED_BY),
        (second.pk, LinkKind.CAUSED_BY),
    }
    assert actions_of(problem) == ["problem.created", "problem.linked", "problem.linked"]


def test_a_requester_can_not_log_a_problem(house, log_problem):
    with pytest.raises(NotAllowed):
        log_problem(by=house.maria)

    assert not Problem.objects.exists()


def test_somebody_elsewhere_can_not_open_a_problem_from_our_incidents(house, log_incident, log_problem):
    incident = log_incident()

    with pytest.raises(NotAllowed):
        log_problem(by=house.otto, incidents=[incident])

    assert not Problem.objects.exists()
    assert not Link.objects.exists()


def test_accepting_needs_owner_service_and_impact(house, log_problem):
    problem = log_problem(service=None)

    with pytest.raises(TransitionRefused) as error:
        operations.accept(problem=problem, by=house.ines, at=moment("2026-03-02 11:00"))

    assert codes(error) == {"owner", "service", "impact"}
    problem.refresh_from_db()
    assert problem.state == State.LOGGED
    assert actions_of(problem) == ["problem.created"]


def test_accepting_is_decided_by_leads_and_managers(house, log_problem):
    with pytest.raises(NotAllowed):
        operations.accept(
            problem=log_problem(),
            by=house.tom,
            at=moment("2026-03-02 11:00"),
            owner=house.tom,
            impact_statement="Much.",
        )


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 2)])
def test_a_review_date_that_is_not_in_the_future_is_refused(house, log_problem, day):
    with pytest.raises(TransitionRefused) as error:
        operations.accept(
            problem=log_problem(),
            by=house.ines,
            at=moment("2026-03-02 11:00"),
            owner=house.tom,
            impact_statement="Much.",
            review_date=day,
        )

    assert codes(error) == {"review_past"}


def test_today_is_the_day_where_the_person_is(house, log_problem):
    """At 23:30 UTC it is tomorrow already in Auckland: the second of March lies in the past there."""
    house.ines.time_zone = "Pacific/Auckland"
    house.ines.save()

    with pytest.raises(TransitionRefused) as error:
        operations.accept(
            problem=log_problem(),
            by=house.ines,
            at=moment("2026-03-01 23:30"),
            owner=house.tom,
            impact_statement="Much.",
            review_date=date(2026, 3, 2),
        )

    assert codes(error) == {"review_past"}


def test_investigating_needs_a_method_and_somebody(house, accepted):
    with pytest.raises(TransitionRefused) as error:
        operations.investigate(problem=accepted, by=house.tom, at=moment("2026-03-02 12:00"), approach="")

    assert codes(error) == {"required", "investigator"}


def test_the_investigator_becomes_the_assignee(house, investigating):
    assert investigating.assignee == house.aisha
    assert investigating.owner == house.tom


def test_a_known_error_needs_symptom_cause_and_workaround(house, investigating):
    with pytest.raises(TransitionRefused) as error:
        operations.declare_known_error(problem=investigating, by=house.aisha, at=moment("2026-03-03 09:00"))

    assert codes(error) == {"symptom", "cause", "workaround"}
    assert not KnownError.objects.exists()


def test_a_declared_known_error_is_published_with_what_it_concerns(house, declared, vpn):
    known = declared.known_error

    assert known.reference == f"KE-{declared.pk}"
    assert known.is_published
    assert known.published_by == house.aisha
    assert known.has_workaround
    assert list(known.services.all()) == [vpn]
    assert declared.cause_found_at == moment("2026-03-03 09:00")


@pytest.mark.parametrize("word", ["none", " None. ", "NONE"])
def test_the_word_none_says_that_there_is_no_workaround(house, investigating, word):
    declared = operations.declare_known_error(
        problem=investigating,
        by=house.aisha,
        at=moment("2026-03-03 09:00"),
        symptom="It drops.",
        cause="Memory.",
        workaround=word,
    )

    assert declared.state == State.KNOWN_ERROR
    assert not declared.known_error.has_workaround
    assert declared.known_error.workaround == ""


def test_a_marked_root_cause_is_cause_enough(house, investigating):
    cause = operations.add_cause(
        problem=investigating, by=house.aisha, at=moment("2026-03-02 13:00"), text="The pool is never emptied."
    )
    operations.mark_root(cause=cause, by=house.aisha, at=moment("2026-03-02 14:00"))

    declared = operations.declare_known_error(
        problem=investigating,
        by=house.aisha,
        at=moment("2026-03-03 09:00"),
        symptom="It drops.",
        workaround="none",
    )

    assert declared.known_error.cause == "The pool is never emptied."
    assert declared.cause_found_at == moment("2026-03-02 14:00")


def test_declaring_again_keeps_what_is_not_said_anew(house, declared):
    again = operations.investigate(problem=declared, by=house.aisha, at=moment("2026-03-03 10:00"), approach="ishikawa")
    assert again.known_error.is_published

    operations.declare_known_error(
        problem=again, by=house.aisha, at=moment("2026-03-03 11:00"), workaround="Restart the client at noon."
    )

    known = KnownError.objects.get(pk=declared.pk)
    assert known.workaround == "Restart the client at noon."
    assert known.cause == "Gateway 2 runs out of memory."
    assert known.published_at == moment("2026-03-03 09:00")
    assert known.revised_at == moment("2026-03-03 11:00")


def test_a_fix_needs_a_change_or_a_task(house, declared):
    with pytest.raises(TransitionRefused) as error:
        operations.fix(problem=declared, by=house.aisha, at=moment("2026-03-04 09:00"))

    assert codes(error) == {"fix"}


def test_the_named_change_is_linked_as_the_fix(house, declared, log_incident):
    change = log_incident(title="Stands in for a change")

    fixing = operations.fix(problem=declared, by=house.aisha, at=moment("2026-03-04 09:00"), change=change)

    assert fixing.state == State.FIXING
    assert Link.objects.get(from_record=fixing.pk, kind=LinkKind.FIXED_BY).to_record_id == change.pk


def test_a_problem_is_not_fixed_by_itself(house, declared):
    from common.refusals import Refused

    with pytest.raises(Refused):
        operations.fix(problem=declared, by=house.aisha, at=moment("2026-03-04 09:00"), change=declared)

    declared.refresh_from_db()
    assert declared.state == State.KNOWN_ERROR


def test_verifying_waits_for_open_tasks(house, fixing):
    with pytest.raises(TransitionRefused) as error:
        operations.verify(
            problem=fixing, by=house.aisha, at=moment("2026-03-05 09:00"), watch_until_date=date(2026, 4, 1)
        )

    assert codes(error) == {"unfinished"}


def test_a_skipped_task_fixes_nothing(house, fixing):
    record_operations.skip_task(task=fixing.tasks.get(), by=house.aisha, at=moment("2026-03-05 08:00"), reason="No.")

    with pytest.raises(TransitionRefused) as error:
        operations.verify(
            problem=fixing, by=house.aisha, at=moment("2026-03-05 09:00"), watch_until_date=date(2026, 4, 1)
        )

    assert codes(error) == {"not_fixed"}


def test_otto_sees_neither_the_problem_nor_its_known_error(house, declared):
    assert not Problem.objects.visible_to(house.otto).exists()
    assert not KnownError.objects.visible_to(house.otto).exists()
    assert KnownError.objects.visible_to(house.tom).exists()
    assert not KnownError.objects.visible_to(house.maria).exists()
