"""How deployments went: twice, late, contradicting, in another order; and when a service was well again."""

from datetime import timedelta

import pytest

from audit.models import Entry
from audit.outbox import dispatch_due
from changes import operations as changes
from changes.models import Change, ChangeStep
from changes.pipelines import operations
from changes.pipelines.models import Commit, Deployment
from common.refusals import NotAllowed, Refused
from incidents import operations as incidents
from records.models import Link
from tests.conftest import moment

from .conftest import MONDAY_10

MINUTE = timedelta(minutes=1)


def test_success_closes_the_change_with_its_steps_done(deploy):
    done = deploy()

    change = Change.objects.get()
    assert (done.state, done.finished_at, done.change_note) == ("succeeded", MONDAY_10 + 10 * MINUTE, "")
    assert (change.state, change.outcome, change.actual_to) == ("closed", "successful", MONDAY_10 + 10 * MINUTE)
    assert set(ChangeStep.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.parametrize(("result", "outcome"), [("failed", "failed"), ("rolled_back", "backed_out")])
def test_failure_leaves_the_change_to_be_reviewed(deploy, result, outcome):
    deploy(result)

    change = Change.objects.get()
    assert (change.state, change.outcome) == ("reviewing", outcome)
    assert change.review_due_date is not None
    assert set(ChangeStep.objects.values_list("state", flat=True)) == {"skipped"}


def test_the_same_report_twice_changes_nothing_and_another_one_is_refused(ask, house):
    asked = ask()
    said = {"deployment": asked, "by": house.tom, "result": "succeeded", "finished_at": MONDAY_10 + 9 * MINUTE}
    first = operations.report(**said, at=MONDAY_10 + 10 * MINUTE)
    entries = Entry.objects.count()

    second = operations.report(**said, at=MONDAY_10 + 20 * MINUTE)

    assert (second.finished_at, second.reported_at) == (first.finished_at, first.reported_at)
    assert Entry.objects.count() == entries
    for other in ({"result": "failed"}, {"is_unplanned_repair": True}, {"finished_at": MONDAY_10 + 8 * MINUTE}):
        with pytest.raises(Refused) as refused:
            operations.report(**(said | other), at=MONDAY_10 + 20 * MINUTE)
        assert refused.value.refusals[0].code == "contradiction"
    assert Deployment.objects.get().state == "succeeded"


def test_clocks_a_little_off_are_forgiven_and_nonsense_is_not(ask, house):
    asked = ask()
    said = {"deployment": asked, "by": house.tom, "at": MONDAY_10 + 10 * MINUTE, "result": "succeeded"}

    for finished_at, code in ((MONDAY_10 + 16 * MINUTE, "later"), (MONDAY_10 - 6 * MINUTE, "earlier")):
        with pytest.raises(Refused) as refused:
            operations.report(**said, finished_at=finished_at)
        assert refused.value.refusals[0].code == code
    done = operations.report(**said, finished_at=MONDAY_10 - 2 * MINUTE)

    assert done.finished_at == MONDAY_10


def test_a_refused_deployment_has_no_result(ask, house):
    refused = ask(environment="moon")

    with pytest.raises(Refused) as said:
        operations.report(deployment=refused, by=house.tom, at=MONDAY_10, result="succeeded")

    assert said.value.refusals[0].code == "was_refused"


def test_a_change_that_a_person_finished_before_stays_and_the_report_counts(ask, house):
    asked = ask()
    changes.back_out(change=asked.change, by=house.tom, at=MONDAY_10 + MINUTE, reason="Stopped by hand")

    done = operations.report(deployment=asked, by=house.tom, at=MONDAY_10 + 2 * MINUTE, result="failed")

    assert done.state == "failed"
    assert "reviewing" in done.change_note
    assert Change.objects.get().outcome == "backed_out"


def test_a_late_report_still_counts_and_lateness_is_noted_once(ask, house):
    ask()

    assert operations.note_overdue(at=MONDAY_10 + 29 * MINUTE) == 0
    assert operations.note_overdue(at=MONDAY_10 + 30 * MINUTE) == 1
    assert operations.note_overdue(at=MONDAY_10 + 31 * MINUTE) == 0

    late = Deployment.objects.get()
    assert late.is_late
    assert Entry.objects.filter(action="deployment.overdue").count() == 1
    refused = ask(version="1.1", at=MONDAY_10 + 40 * MINUTE)
    assert "has not reported" in refused.reasons[0]["message"]
    done = operations.report(
        deployment=late, by=house.tom, at=MONDAY_10 + 90 * MINUTE, result="succeeded",
        finished_at=MONDAY_10 + 12 * MINUTE,
    )  # fmt: skip
    assert (done.finished_at, done.is_late) == (MONDAY_10 + 12 * MINUTE, False)
    assert ask(version="1.1", at=MONDAY_10 + 91 * MINUTE).state == "running"


def test_whoever_asked_hears_of_it_once(ask, house, django_capture_on_commit_callbacks):
    from notifications.models import Notice

    ask()
    operations.note_overdue(at=MONDAY_10 + 30 * MINUTE)
    dispatch_due(at=MONDAY_10 + 31 * MINUTE)
    dispatch_due(at=MONDAY_10 + 32 * MINUTE)

    told = Notice.objects.filter(text__contains="has not reported")
    assert sorted(told.values_list("user__username", flat=True)) == ["aisha", "tom"]


def test_a_failure_is_linked_as_the_cause_and_a_repair_as_the_fix(deploy, log_incident):
    incident = log_incident()
    broken = deploy("failed", incident=incident)
    repair = deploy("succeeded", at=MONDAY_10 + 60 * MINUTE, version="1.0.1", repair=True, incident=incident)

    assert set(Link.objects.values_list("from_record", "to_record", "kind")) == {
        (incident.pk, broken.change.pk, "caused_by"),
        (incident.pk, repair.change.pk, "fixed_by"),
    }


def test_the_next_deployment_that_goes_well_recovers_what_failed(deploy):
    broken = deploy("failed")
    still = deploy("failed", at=MONDAY_10 + 60 * MINUTE, version="1.0.1")
    assert Deployment.objects.filter(recovered_at__isnull=False).count() == 0

    deploy("succeeded", at=MONDAY_10 + 120 * MINUTE, version="1.0.2")

    for each in (broken, still):
        each.refresh_from_db()
        assert each.recovered_at == MONDAY_10 + 130 * MINUTE
    assert broken.failed_at == MONDAY_10 + 10 * MINUTE


def test_a_rollback_is_over_when_it_has_ended(deploy):
    done = deploy("rolled_back", minutes=25)

    done.refresh_from_db()
    assert (done.failed_at, done.recovered_at) == (MONDAY_10, MONDAY_10 + 25 * MINUTE)


def test_a_deployment_that_needed_a_repair_has_failed_since_its_incident(deploy, log_incident):
    thought_well = deploy()
    incident = log_incident(at=MONDAY_10 + 40 * MINUTE)

    repair = deploy(at=MONDAY_10 + 60 * MINUTE, version="1.0.1", repair=True, incident=incident)

    thought_well.refresh_from_db()
    assert (thought_well.state, thought_well.repaired_by) == ("succeeded", repair)
    assert thought_well.failed_at == MONDAY_10 + 40 * MINUTE
    assert thought_well.recovered_at == MONDAY_10 + 70 * MINUTE


def test_the_end_of_the_incident_recovers_too_and_reopening_it_takes_that_back(deploy, log_incident, house):
    incident = log_incident(at=MONDAY_10 + 5 * MINUTE)
    broken = deploy("failed", incident=incident)
    incident = incidents.start(incident=incident, by=house.tom, at=MONDAY_10 + 20 * MINUTE)
    solved_at = MONDAY_10 + 50 * MINUTE
    incident = incidents.resolve(incident=incident, by=house.tom, at=solved_at, code="fixed", text="Switched over.")
    dispatch_due(at=solved_at)
    broken.refresh_from_db()
    assert broken.recovered_at == solved_at

    incidents.reopen(incident=incident, by=house.tom, at=solved_at + MINUTE, reason="Back again")
    dispatch_due(at=solved_at + MINUTE)

    broken.refresh_from_db()
    assert broken.recovered_at is None


def test_a_commit_comes_into_production_once(deploy):
    deploy()
    deploy(at=MONDAY_10 + 60 * MINUTE, version="1.0 again")
    deploy(at=MONDAY_10 + 120 * MINUTE, version="1.1", sha="aaaa")

    assert list(Commit.objects.order_by("pk").values_list("sha", "is_first")) == [
        ("9f2c1e7", True), ("9f2c1e7", False), ("aaaa", True),
    ]  # fmt: skip


def test_two_services_under_one_change_end_it_together(house, vpn, ask):
    from services.models import Service

    mail = Service.objects.create(name="Mail", slug="mail")
    first = ask()
    first.change.services.add(mail)
    second = ask(service="mail", change=first.change.reference, planned_minutes=20)
    assert second.reasons == []

    waiting = operations.report(deployment=first, by=house.tom, at=MONDAY_10 + 5 * MINUTE, result="succeeded")
    assert "still running" in waiting.change_note
    operations.report(deployment=second, by=house.tom, at=MONDAY_10 + 6 * MINUTE, result="rolled_back")

    assert Change.objects.get().outcome == "backed_out"


def test_otto_and_maria_report_nothing(ask, house):
    asked = ask()

    for person in (house.otto, house.maria):
        with pytest.raises(NotAllowed):
            operations.report(deployment=asked, by=person, at=MONDAY_10 + MINUTE, result="succeeded")

    assert Deployment.objects.get().state == "running"


def test_moments_of_the_hour_that_happens_twice_stay_in_order(deploy, settings):
    settings.TIME_ZONE = "Europe/Oslo"
    broken = deploy("failed", at=moment("2026-10-25 00:50"))
    deploy("succeeded", at=moment("2026-10-25 01:10"), version="1.0.1")

    broken.refresh_from_db()
    assert broken.recovered_at - broken.failed_at == 20 * MINUTE
