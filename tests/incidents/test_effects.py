"""What follows from acts: counts, children, priorities, and what the workers do when its time has come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from incidents import operations
from incidents.models import Incident
from incidents.workflow import PHASES
from records import operations as record_operations
from records.enums import LinkKind
from records.models import PriorityCell
from records.transitions import TransitionRefused, apply
from tests.conftest import moment

LATER = moment("2026-03-02 11:00")


def test_moving_to_another_team_counts_as_a_bounce_and_the_owner_stays(house, in_progress):
    moved = operations.assign(incident=in_progress, by=house.aisha, at=LATER, team=house.first_line)

    assert (moved.bounce_count, moved.team, moved.assignee, moved.owner) == (1, house.first_line, None, house.aisha)


def test_the_same_team_again_is_no_bounce(house, in_progress):
    assert operations.assign(incident=in_progress, by=house.aisha, at=LATER, team=house.networks).bounce_count == 0


def test_taking_it_means_own_team_own_name_and_started(house, log_incident):
    taken = operations.take(incident=log_incident(), by=house.tom, at=LATER)

    assert (taken.state, taken.assignee, taken.team) == ("in_progress", house.tom, house.first_line)


def test_children_and_duplicates_follow_their_parent(house, in_progress, log_incident):
    child, new_child, other = log_incident(), log_incident(), log_incident()
    operations.take(incident=child, by=house.tom, at=LATER)
    for each in (child, new_child):
        record_operations.link(record=each, to=in_progress, kind=LinkKind.CHILD_OF, by=house.tom, at=LATER)
    record_operations.link(record=other, to=in_progress, kind=LinkKind.RELATED_TO, by=house.tom, at=LATER)

    operations.resolve(incident=in_progress, by=house.aisha, at=LATER, code="fixed", text="Restarted.")

    states = {each.pk: Incident.objects.get(pk=each.pk).state for each in (child, new_child, other)}
    assert states == {child.pk: "resolved", new_child.pk: "resolved", other.pk: "new"}
    assert list(Entry.objects.filter(subject_id=new_child.pk).order_by("id").values_list("action", flat=True)) == [
        "incident.created",
        "incident.linked",
        "incident.assigned",
        "incident.resolved",
    ]


def test_a_child_that_can_not_follow_holds_its_parent_and_nothing_happens(house, in_progress, log_incident):
    child = operations.take(incident=log_incident(), by=house.tom, at=LATER)
    record_operations.link(record=child, to=in_progress, kind=LinkKind.CHILD_OF, by=house.tom, at=LATER)
    record_operations.add_task(record=child, by=house.tom, at=LATER, title="Call back", is_mandatory=True)

    with pytest.raises(TransitionRefused):
        operations.resolve(incident=in_progress, by=house.aisha, at=LATER, code="fixed", text="Restarted.")

    assert Incident.objects.get(pk=in_progress.pk).state == "in_progress"


def test_what_nobody_objected_to_closes_at_the_end_of_the_window(resolved):
    window_end = resolved.resolved_at + timedelta(days=7)

    assert operations.close_when_due(at=window_end) == 0
    assert operations.close_when_due(at=window_end + timedelta(hours=5)) == 1

    closed = Incident.objects.get(pk=resolved.pk)
    entry = Entry.objects.get(subject_id=resolved.pk, action="incident.closed")
    assert (closed.state, closed.closed_at) == ("closed", window_end)
    assert (entry.actor, entry.data) == (None, {"rule": "auto_close"})


def test_what_was_put_off_wakes_up_at_its_moment(house, in_progress):
    wake_at = moment("2026-03-03 08:00")
    operations.hold(incident=in_progress, by=house.aisha, at=LATER, hold_for="schedule", wake_at=wake_at)

    assert operations.wake_when_due(at=wake_at - timedelta(seconds=1)) == 0
    assert operations.wake_when_due(at=wake_at + timedelta(minutes=3)) == 1

    entry = Entry.objects.get(subject_id=in_progress.pk, action="incident.resumed")
    assert entry.at == wake_at
    assert Incident.objects.get(pk=in_progress.pk).wake_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_close_each_incident_once(house, log_incident):
    for _each in range(6):
        taken = operations.take(incident=log_incident(), by=house.tom, at=LATER)
        operations.resolve(incident=taken, by=house.tom, at=LATER, code="fixed", text="Done.")

    def work(_worker):
        try:
            return sum(operations.close_when_due(at=LATER + timedelta(days=8), rows=2) for _run in range(4))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        closed = sum(workers.map(work, range(2)))

    assert closed == 6
    assert Entry.objects.filter(action="incident.closed").count() == 6


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_start_at_once_one_is_told_that_it_is_too_late(house, log_incident):
    incident = operations.assign(incident=log_incident(), by=house.tom, at=LATER, team=house.networks)

    def start(person):
        try:
            operations.start(incident=incident, by=person, at=LATER)
        except TransitionRefused as refused:
            return refused.refusals[0].code
        finally:
            connection.close()
        return "started"

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(start, (house.tom, house.aisha)))

    assert outcomes == ["started", "wrong_state"]
    assert Entry.objects.filter(action="incident.started").count() == 1


def test_priority_follows_the_matrix_as_it_was_edited(house, log_incident):
    PriorityCell.objects.update_or_create(impact=1, urgency=1, defaults={"priority": 2})

    assert log_incident(impact=1, urgency=1).priority == 2
    assert log_incident(impact=3, urgency=3).priority == 5


def test_an_override_needs_a_reason_and_stays_until_judged_again(house, log_incident):
    incident = log_incident()
    with pytest.raises(Refused):
        record_operations.override_priority(record=incident, by=house.tom, at=LATER, priority=1, reason=" ")

    overridden = record_operations.override_priority(
        record=incident, by=house.tom, at=LATER, priority=1, reason="The board meets in an hour."
    )
    edited = operations.edit(incident=overridden, by=house.tom, at=LATER, values={"urgency": 3})
    judged = record_operations.set_levels(record=edited, by=house.tom, at=LATER, impact=3, urgency=3)

    assert (overridden.priority, edited.priority, judged.priority) == (1, 1, 5)
    assert judged.priority_reason == ""


@pytest.mark.parametrize("field", ["state", "phase", "priority", "requester_id", "version", "is_breached"])
def test_what_is_not_data_can_not_be_written_as_data(house, log_incident, field):
    incident = log_incident()

    with pytest.raises(Refused):
        operations.edit(incident=incident, by=house.tom, at=LATER, values={field: "1"})

    assert Incident.objects.get(pk=incident.pk).version == incident.version


def test_a_priority_said_beside_impact_is_refused_not_dropped(house, log_incident):
    with pytest.raises(Refused):
        operations.edit(incident=log_incident(), by=house.tom, at=LATER, values={"priority": 1, "impact": 1})


def test_an_edit_that_changes_nothing_writes_nothing(house, log_incident):
    incident = log_incident()
    before = Entry.objects.count()

    operations.edit(incident=incident, by=house.tom, at=LATER, values={"title": incident.title})

    assert Entry.objects.count() == before


def test_a_requester_logs_for_oneself_only(house, log_incident):
    assert log_incident(by=house.maria).requester == house.maria

    with pytest.raises(NotAllowed):
        log_incident(by=house.maria, requester=house.tom)


@pytest.mark.parametrize(
    ("opened_at", "reason", "code"),
    [
        ("2026-03-02 09:01", "Phone log", "opened_later"),
        ("2026-02-20 09:00", "Phone log", "too_far_back"),
        ("2026-03-01 09:00", "", "required"),
    ],
)
def test_a_report_is_dated_back_within_bounds_and_with_a_reason(house, log_incident, opened_at, reason, code):
    with pytest.raises(Refused) as refused:
        log_incident(opened_at=moment(opened_at), reason=reason)

    assert refused.value.refusals[0].code == code


def test_a_link_to_itself_twice_or_in_a_circle_is_refused(house, log_incident):
    first, second, third = log_incident(), log_incident(), log_incident()
    link = {"kind": LinkKind.CHILD_OF, "by": house.tom, "at": LATER}
    record_operations.link(record=first, to=second, **link)
    record_operations.link(record=second, to=third, **link)

    for record, to, code in ((first, first, "itself"), (first, second, "twice"), (first, third, "second"),
                             (third, first, "circle")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            record_operations.link(record=record, to=to, **link)
        assert refused.value.refusals[0].code == code


def test_every_logged_path_is_a_path_of_the_workflow(house, in_progress):
    """Whatever is tried, from whichever state: what the log shows afterwards connects state to state."""
    tries = [
        ("assign", {"team": house.first_line}),
        ("start", {}),
        ("hold", {"hold_for": "supplier", "supplier_reference": "C-1"}),
        ("resume", {}),
        ("cancel", {"reason": "No."}),
        ("resolve", {"code": "fixed", "text": "Done."}),
        ("close", {"confirmed_by_requester": True}),
        ("reopen", {"reason": "It is back."}),
    ]
    for name, inputs in tries * 3:
        try:
            apply(record=in_progress, name=name, by=house.aisha, at=LATER, **inputs)
        except TransitionRefused:
            continue

    moves = Entry.objects.filter(subject_id=in_progress.pk, changes__has_key="state").order_by("id")
    states = [entry.changes["state"] for entry in moves]
    assert [pair[0] for pair in states[1:]] == [pair[1] for pair in states[:-1]]
    assert {state for pair in states for state in pair if state} <= set(map(str, PHASES))
