"""Sending a workaround to those who wait, and hearing whether it helped."""

import pytest

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from incidents import operations as incident_operations
from incidents.models import Incident
from problems import operations
from problems.enums import Use
from problems.models import KnownError, KnownErrorUse
from records import operations as record_operations
from records.bulk import runs
from records.models import Comment, Link
from tests.conftest import moment

AT = moment("2026-03-03 10:00")
WORDS = "Choose gateway 1 in the list of the client."


@pytest.fixture
def known(declared):
    return declared.known_error


def test_the_workaround_is_a_public_reply_and_links_the_record(house, known, log_incident):
    incident = log_incident()

    operations.send_workaround(known_error=known, record=incident, by=house.tom, at=AT)

    comment = Comment.objects.get(record=incident.pk)
    assert (comment.text, comment.is_public, comment.author) == (WORDS, True, house.tom)
    assert Link.objects.filter(from_record=incident.pk, to_record=known.pk, kind="caused_by").exists()
    use = KnownErrorUse.objects.get()
    assert (use.record_id, use.use, use.by, use.comment) == (incident.pk, Use.SENT, house.tom, comment)
    assert KnownError.objects.with_counts().get().used_count == 1


def test_nobody_gets_the_same_workaround_twice(house, known, log_incident):
    incident = log_incident()
    operations.send_workaround(known_error=known, record=incident, by=house.tom, at=AT)

    with pytest.raises(Refused):
        operations.send_workaround(known_error=known, record=incident, by=house.tom, at=AT)

    assert Comment.objects.count() == 1


def test_a_revised_workaround_can_be_sent_again(house, known, log_incident):
    incident = log_incident()
    operations.send_workaround(known_error=known, record=incident, by=house.tom, at=AT)
    operations.revise(
        known_error=known, by=house.aisha, at=moment("2026-03-03 11:00"), values={"workaround": "Use gateway 3."}
    )

    operations.send_workaround(known_error=known, record=incident, by=house.tom, at=moment("2026-03-03 12:00"))

    assert list(Comment.objects.values_list("text", flat=True)) == [WORDS, "Use gateway 3."]
    assert KnownErrorUse.objects.count() == 1


def test_resolving_with_it_takes_a_new_incident_first(house, known, log_incident):
    done = operations.send_workaround(known_error=known, record=log_incident(), by=house.tom, at=AT, resolve=True)

    assert done.state == "resolved"
    assert done.resolution_code == "workaround"
    assert done.resolution_text == WORDS
    assert done.assignee == house.tom


def test_what_can_not_be_resolved_gets_no_reply_either(house, known, log_incident):
    incident = log_incident(service=None)

    with pytest.raises(Refused):
        operations.send_workaround(known_error=known, record=incident, by=house.tom, at=AT, resolve=True)

    incident.refresh_from_db()
    assert incident.state == "new"
    assert not Comment.objects.exists()
    assert not KnownErrorUse.objects.exists()


def test_otto_can_not_send_our_workaround(house, known, log_incident):
    with pytest.raises(NotAllowed):
        operations.send_workaround(known_error=known, record=log_incident(), by=house.otto, at=AT)

    assert not Comment.objects.exists()


def test_a_known_error_without_workaround_sends_nothing(house, investigating, log_incident):
    declared = operations.declare_known_error(
        problem=investigating, by=house.aisha, at=AT, symptom="It drops.", cause="Memory.", workaround="none"
    )

    with pytest.raises(Refused):
        operations.send_workaround(known_error=declared.known_error, record=log_incident(), by=house.tom, at=AT)


def test_many_are_sent_in_one_act_with_what_was_left_out(house, known, log_incident):
    first, second, closed = log_incident(), log_incident(title="B"), log_incident(title="C")
    incident_operations.cancel(incident=closed, by=house.tom, at=AT, reason="Logged twice.")
    operations.send_workaround(known_error=known, record=first, by=house.tom, at=AT)
    records = list(Incident.objects.order_by("pk"))
    inputs = {"known_error": known.pk, "resolve": True}

    seen = runs.preview(records=records, act="workaround", inputs=inputs, by=house.tom, at=AT)
    run = runs.plan(records=records, act="workaround", inputs=inputs, by=house.tom, at=AT)
    runs.finish(run=run, at=AT)

    assert seen.changed == 1
    assert {reason: [each.pk for each in left] for reason, left in seen.skipped.items()} == {
        "got it already": [first.pk],
        "Cancelled": [closed.pk],
    }
    result = runs.result_of(run)
    assert (result.changed, result.skipped) == (1, 2)
    second.refresh_from_db()
    assert second.state == "resolved"


def test_asking_who_gets_it_and_is_resolved_costs_the_same_for_one_and_for_thirty(
    house, known, log_incident, django_assert_num_queries
):
    with_task, without_service, *others = [
        log_incident(title=str(number), **({"service": None} if number == 1 else {})) for number in range(30)
    ]
    record_operations.add_task(record=with_task, by=house.tom, at=AT, title="Call her", is_mandatory=True)
    records = list(Incident.objects.select_related("team", "assignee", "service").order_by("pk"))
    about = {"act": "workaround", "inputs": {"known_error": known.pk, "resolve": True}, "by": house.tom, "at": AT}
    runs.preview(records=records, **about)

    for some in (records[:1], records):
        with django_assert_num_queries(3):
            seen = runs.preview(records=some, **about)

    assert seen.changed == len(others) == 28
    assert sorted(each.pk for group in seen.skipped.values() for each in group) == [with_task.pk, without_service.pk]


def test_a_sending_that_is_worked_on_twice_sends_once(house, known, log_incident):
    incident = log_incident()
    run = runs.plan(records=[incident], act="workaround", inputs={"known_error": known.pk}, by=house.tom, at=AT)

    runs.finish(run=run, at=AT)
    runs.finish(run=run, at=AT)

    assert Comment.objects.count() == 1


def test_what_was_sent_can_not_be_taken_back(house, known, log_incident):
    run = runs.plan(records=[log_incident()], act="workaround", inputs={"known_error": known.pk}, by=house.tom, at=AT)
    runs.finish(run=run, at=AT)

    undo = runs.finish(run=runs.plan_undo(run=run, by=house.tom, at=AT), at=AT)

    assert runs.result_of(undo).changed == 0
    assert Comment.objects.count() == 1


def test_it_worked_or_it_did_not_is_counted_back(house, known, log_incident):
    incident, other = log_incident(), log_incident(title="B")
    for each in (incident, other):
        operations.send_workaround(known_error=known, record=each, by=house.tom, at=AT)

    operations.tell_outcome(use=KnownErrorUse.objects.get(record=incident), by=house.tom, at=AT, worked=False)
    operations.tell_outcome(use=KnownErrorUse.objects.get(record=incident), by=house.tom, at=AT, worked=True)
    operations.tell_outcome(use=KnownErrorUse.objects.get(record=other), by=house.tom, at=AT, worked=False)

    counted = KnownError.objects.with_counts().get()
    assert (counted.used_count, counted.worked_count, counted.failed_count) == (2, 1, 1)
    assert Entry.objects.filter(action="incident.workaround_worked").count() == 1


def test_inserting_counts_a_record_once(house, known, log_incident):
    incident = log_incident()

    operations.note_insertion(known_error=known, record=incident, by=house.tom, at=AT)
    operations.note_insertion(known_error=known, record=incident, by=house.tom, at=AT)

    assert KnownError.objects.with_counts().get().used_count == 1


def test_a_dismissed_one_was_not_used(house, known, log_incident):
    incident = log_incident()
    use = operations.dismiss(known_error=known, record=incident, by=house.tom, at=AT)

    assert KnownError.objects.with_counts().get().used_count == 0
    with pytest.raises(Refused):
        operations.tell_outcome(use=use, by=house.tom, at=AT, worked=True)
