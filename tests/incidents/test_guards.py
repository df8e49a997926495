"""What must hold before an incident moves, and what a refusal says."""

import pytest

from common.refusals import NotAllowed, Stale
from incidents import operations
from incidents.models import Incident
from people.models import User
from records import operations as record_operations
from records.enums import TaskState
from records.models import Link
from records.transitions import TransitionRefused, offers
from tests.conftest import moment

LATER = moment("2026-03-02 11:00")


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


def test_a_team_that_was_closed_down_gets_no_work(house, log_incident):
    house.networks.is_active = False
    house.networks.save()

    with pytest.raises(TransitionRefused) as refused:
        operations.assign(incident=log_incident(), by=house.tom, at=LATER, team=house.networks)

    assert codes(refused) == ["inactive_team"]


def test_a_person_outside_the_team_is_refused(house, log_incident):
    with pytest.raises(TransitionRefused) as refused:
        operations.assign(incident=log_incident(), by=house.tom, at=LATER, team=house.networks, assignee=house.tom)

    assert codes(refused) == ["not_in_team"]


@pytest.mark.parametrize(("absent_until", "is_refused"), [("2026-03-01", False), ("2026-03-02", True)])
def test_an_absent_person_needs_a_confirmation(house, log_incident, absent_until, is_refused):
    User.objects.filter(pk=house.aisha.pk).update(absent_until=absent_until)
    aisha = User.objects.get(pk=house.aisha.pk)
    incident = log_incident()

    if is_refused:
        with pytest.raises(TransitionRefused) as refused:
            operations.assign(incident=incident, by=house.tom, at=LATER, team=house.networks, assignee=aisha)
        assert codes(refused) == ["absent"]
    assigned = operations.assign(
        incident=incident, by=house.tom, at=LATER, team=house.networks, assignee=aisha, confirm_absent=True
    )
    assert assigned.assignee_id == aisha.pk


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"hold_for": ""}, "required"),
        ({"hold_for": "coffee"}, "unknown_reason"),
        ({"hold_for": "requester"}, "question"),
        ({"hold_for": "supplier"}, "supplier_reference"),
        ({"hold_for": "change"}, "link"),
        ({"hold_for": "problem"}, "link"),
        ({"hold_for": "schedule"}, "wake_at"),
        ({"hold_for": "schedule", "wake_at": moment("2026-03-02 11:00")}, "wake_at_past"),
    ],
)
def test_hold_asks_for_what_the_reason_needs(house, in_progress, inputs, code):
    with pytest.raises(TransitionRefused) as refused:
        operations.hold(incident=in_progress, by=house.aisha, at=LATER, **inputs)

    assert codes(refused) == [code]
    assert Incident.objects.get(pk=in_progress.pk).state == "in_progress"


def test_hold_for_the_requester_sends_the_question(house, in_progress):
    held = operations.hold(
        incident=in_progress, by=house.aisha, at=LATER, hold_for="requester", question="Which version?"
    )

    assert (held.state, held.state_reason, held.phase) == ("on_hold", "requester", "waiting")
    assert [(c.text, c.is_public) for c in held.comments.all()] == [("Which version?", True)]


def test_a_question_asked_before_is_enough(house, in_progress):
    record_operations.reply(record=in_progress, by=house.aisha, at=moment("2026-03-02 10:30"), text="Which version?")

    held = operations.hold(incident=in_progress, by=house.aisha, at=LATER, hold_for="requester")

    assert held.state == "on_hold"


def test_the_requesters_reply_resumes_the_work(house, in_progress):
    held = operations.hold(incident=in_progress, by=house.aisha, at=LATER, hold_for="requester", question="Which?")

    record_operations.reply(record=held, by=house.maria, at=moment("2026-03-02 12:00"), text="Version 7.")

    fresh = Incident.objects.get(pk=held.pk)
    assert (fresh.state, fresh.state_reason) == ("in_progress", "")


def test_a_reply_does_not_resume_what_waits_for_the_supplier(house, in_progress):
    held = operations.hold(
        incident=in_progress, by=house.aisha, at=LATER, hold_for="supplier", supplier_reference="CASE-1"
    )

    record_operations.reply(record=held, by=house.maria, at=moment("2026-03-02 12:00"), text="Any news?")

    assert Incident.objects.get(pk=held.pk).state == "on_hold"


def test_resolve_needs_code_text_and_service(house, log_incident):
    incident = operations.take(incident=log_incident(service=None), by=house.tom, at=LATER)

    with pytest.raises(TransitionRefused) as refused:
        operations.resolve(incident=incident, by=house.tom, at=LATER, code="", text="")

    assert codes(refused) == ["required", "required", "service"]


def test_an_open_mandatory_task_holds_the_resolution_back(house, in_progress):
    task = record_operations.add_task(
        record=in_progress, by=house.aisha, at=LATER, title="Tell the bank", is_mandatory=True
    )

    with pytest.raises(TransitionRefused) as refused:
        operations.resolve(incident=in_progress, by=house.aisha, at=LATER, code="fixed", text="Done.")
    assert codes(refused) == ["open_tasks"]

    ended = record_operations.skip_task(task=task, by=house.aisha, at=LATER, reason="No bank is hit.")
    assert ended.state == TaskState.SKIPPED
    assert operations.resolve(incident=in_progress, by=house.aisha, at=LATER, code="fixed", text="Done.").is_done


def test_only_the_requester_closes_at_once(house, resolved):
    with pytest.raises(TransitionRefused) as refused:
        operations.close(incident=resolved, by=house.aisha, at=LATER)
    assert codes(refused) == ["not_confirmed"]

    assert operations.close(incident=resolved, by=house.maria, at=LATER).state == "closed"


@pytest.mark.parametrize(("at", "is_open"), [("2026-03-09 09:59", True), ("2026-03-09 10:00", False)])
def test_the_reopening_window_ends_after_seven_days(house, resolved, at, is_open):
    def reopen():
        return operations.reopen(incident=resolved, by=house.maria, at=moment(at), reason="It is back.")

    if is_open:
        assert (reopen().state, reopen.__name__) == ("in_progress", "reopen")
    else:
        with pytest.raises(TransitionRefused) as refused:
            reopen()
        assert codes(refused) == ["window_over"]


def test_reopening_counts_and_needs_a_reason(house, resolved):
    with pytest.raises(TransitionRefused) as refused:
        operations.reopen(incident=resolved, by=house.maria, at=LATER, reason=" ")
    assert codes(refused) == ["required"]

    again = operations.reopen(incident=resolved, by=house.maria, at=LATER, reason="It is back.")
    assert (again.reopen_count, again.resolved_at, again.resolved_by) == (1, None, None)


def test_closed_is_final(house, resolved):
    closed = operations.close(incident=resolved, by=house.maria, at=LATER)

    assert offers(closed, by=house.aisha, at=LATER) == []
    with pytest.raises(TransitionRefused):
        operations.reopen(incident=closed, by=house.aisha, at=LATER, reason="It is back.")


def test_a_duplicate_is_cancelled_with_a_link_to_the_original(house, log_incident):
    original, duplicate = log_incident(), log_incident()

    with pytest.raises(TransitionRefused) as refused:
        operations.cancel(incident=duplicate, by=house.tom, at=LATER, reason="Twice.", is_duplicate=True)
    assert codes(refused) == ["original"]

    operations.cancel(incident=duplicate, by=house.tom, at=LATER, reason="Twice.", original=original)
    assert Link.objects.get().to_record_id == original.pk


def test_only_a_lead_cancels_what_missed_a_target(house, log_incident):
    incident = log_incident()
    Incident.objects.filter(pk=incident.pk).update(is_breached=True)

    with pytest.raises(TransitionRefused) as refused:
        operations.cancel(incident=incident, by=house.tom, at=LATER, reason="A test.")
    assert codes(refused) == ["breached"]
    assert operations.cancel(incident=incident, by=house.aisha, at=LATER, reason="A test.").state == "cancelled"


def test_a_stranger_is_refused_before_any_guard_speaks(house, in_progress):
    with pytest.raises(NotAllowed):
        operations.resolve(incident=in_progress, by=house.otto, at=LATER, code="", text="")


def test_the_version_that_was_seen_must_be_the_present_one(house, in_progress):
    with pytest.raises(Stale):
        operations.resume(incident=in_progress, by=house.aisha, at=LATER, version=in_progress.version - 1)
