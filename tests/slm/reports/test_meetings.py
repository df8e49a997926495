"""The review of a report: agenda from the data, minutes that stay, actions that come back."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from common.fingerprints import fingerprint_of
from common.refusals import NotAllowed, Refused, Stale
from improvement import operations as improvements
from slm.reports import operations
from slm.reports.agenda import points_of
from slm.reports.models import ReviewAction, ReviewMeeting
from tests.conftest import moment

from .conftest import AFTER, MARCH

pytestmark = pytest.mark.django_db
HELD, LATER = moment("2026-03-10 09:00"), moment("2026-03-11 09:00")


@pytest.fixture
def planned(issued, house):
    def make():
        report = operations.dispute(report=issued(), by=house.max, at=AFTER, comment="<b>Why</b>?")
        return operations.plan_meeting(
            report=report, by=house.ines, at=AFTER, starts_at=HELD, place="Oslo", people=[house.max, house.maria]
        )

    return make


def written(meeting, house, **said):
    texts = {item.pk: "We talked" for item in meeting.items.all()}
    there = {each.pk: each.user_id == house.max.pk for each in meeting.attendees.all()}
    return operations.take_minutes(
        meeting=meeting, by=house.ines, at=LATER, **({"texts": texts, "there": there, "remarks": ""} | said)
    )


def test_the_agenda_is_made_from_disputes_misses_and_agreements_that_end(issued, promised, house):
    promised.organization, promised.valid_to = house.acme, date(2026, 5, 1)
    promised.save()
    report = operations.dispute(report=issued(), by=house.max, at=AFTER, comment="Why?")

    assert points_of(report) == [
        ("dispute", "Max Stone: Why?"),
        ("target", "Acme gold: 50.0% of targets met, 90% promised"),
        ("agreement", "Acme gold ends on 1 May 2026"),
    ]


def test_closed_minutes_hold_who_came_and_what_was_said_and_stay(planned, house):
    meeting = written(planned(), house)
    operations.give_action(
        meeting=meeting, by=house.ines, at=LATER, text="Add a gateway", owner=house.aisha, due_date=date(2026, 4, 1)
    )

    closed = operations.close_minutes(meeting=meeting, by=house.ines, at=LATER)

    assert closed.fingerprint == fingerprint_of(closed.document)
    came = {each["name"]: each["was_there"] for each in closed.document["attendance"]}
    assert came == {"Ines Duarte": False, "Max Stone": True, "Maria Rossi": False}
    assert closed.document["actions"] == [{"text": "Add a gateway", "owner": "Aisha Khan", "due_date": "2026-04-01"}]
    with pytest.raises(Refused, match="they stay as they are"):
        written(closed, house)
    for change in (lambda: ReviewMeeting.objects.update(remarks="x"), lambda: ReviewMeeting.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_minutes_are_not_closed_before_the_meeting_or_with_a_silent_point(planned, house):
    meeting = planned()

    with pytest.raises(Refused, match="lies ahead"):
        operations.close_minutes(meeting=meeting, by=house.ines, at=AFTER)
    with pytest.raises(Refused, match="Nothing is written about"):
        operations.close_minutes(meeting=meeting, by=house.ines, at=LATER)
    meeting = written(meeting, house, there={})
    with pytest.raises(Refused, match="Nobody is marked"):
        operations.close_minutes(meeting=meeting, by=house.ines, at=LATER)


def test_open_actions_come_back_on_the_next_agenda_until_they_are_done(planned, house, plan):
    meeting = planned()
    action = operations.give_action(
        meeting=meeting, by=house.ines, at=LATER, text="Add a gateway", owner=house.aisha, due_date=date(2026, 4, 1)
    )
    march = operations.compile_report(plan=plan, first_day=MARCH, by=None, at=moment("2026-04-01 09:00"))
    assert ("action", "Add a gateway (Aisha Khan, until 1 Apr 2026)") in points_of(march)

    with pytest.raises(NotAllowed):
        operations.finish_action(action=action, by=house.tom, at=LATER)
    operations.finish_action(action=action, by=house.aisha, at=LATER)

    assert not [kind for kind, _text in points_of(march) if kind == "action"]
    with pytest.raises(Refused, match="done already"):
        operations.finish_action(action=action, by=house.ines, at=LATER)


def test_strangers_old_versions_and_days_that_passed_are_refused(planned, house):
    meeting = planned()
    said = {"meeting": meeting, "by": house.ines, "at": LATER, "text": "x"}

    with pytest.raises(Refused, match="may not read this report"):
        operations.give_action(owner=house.otto, due_date=date(2026, 4, 1), **said)
    with pytest.raises(Refused, match="has passed"):
        operations.give_action(owner=house.aisha, due_date=date(2026, 3, 10), **said)
    written(meeting, house)
    with pytest.raises(Stale):
        written(meeting, house, version=meeting.version)
    with pytest.raises(Refused, match="planned already"):
        operations.plan_meeting(report=meeting.report, by=house.ines, at=LATER, starts_at=HELD)
    assert not ReviewAction.objects.exists()


def test_the_way_of_a_review_by_pages(issued, house, pages_of):
    report = issued()
    client, base = pages_of(house.ines), f"/reports/{report.pk}/meeting/"
    assert "of targets met" in client.get(base).content.decode()
    assert pages_of(house.aisha).get(base).status_code == 403
    assert pages_of(house.max).get(base).status_code == 403
    client.post(base, {"starts_at": "2026-03-10T09:00", "people": [house.max.pk]})
    meeting = ReviewMeeting.objects.get()
    client.post(f"{base}topics/", {"title": "<i>Parking</i>"})
    assert client.post(f"{base}topics/", {"title": ""}).status_code == 422
    texts = {f"text_{item.pk}": "<script>x</script>" for item in meeting.items.all()}
    there = {f"there_{each.pk}": "yes" for each in meeting.attendees.all()}
    client.post(f"{base}minutes/", texts | there | {"remarks": "", "seen_version": meeting.version})
    assert client.post(f"{base}actions/", {"text": "x"}).status_code == 422
    client.post(f"{base}actions/", {"text": "Do it", "owner": house.aisha.pk, "due_date": "2099-01-01"})
    assert client.post(f"{base}closure/", {"seen_version": 1}).status_code == 412
    meeting = ReviewMeeting.objects.get()
    client.post(f"{base}closure/", {"seen_version": meeting.version})

    page = client.get(base).content.decode()
    assert ReviewMeeting.objects.get().is_closed
    assert "&lt;i&gt;Parking&lt;/i&gt;" in page
    assert "&lt;script&gt;" in page
    action = ReviewAction.objects.get()
    pages_of(house.aisha).post(f"{base}actions/{action.pk}/completion/")
    assert ReviewAction.objects.get().done_by == house.aisha


def test_an_action_becomes_an_improvement_whose_state_says_whether_it_is_done(planned, house, plan):
    meeting = planned()
    text = "Renew <b>everything</b> " + "x" * 270
    said = {"meeting": meeting, "by": house.ines, "at": LATER, "due_date": date(2026, 4, 1), "is_for_register": True}
    ours = operations.give_action(text=text, owner=house.aisha, **said)
    theirs = operations.give_action(text="Send the floor plan", owner=house.max, **said)

    improvement = ours.record.specific
    assert (improvement.owner, improvement.origin, len(improvement.title)) == (house.aisha, "service_review", 200)
    assert text in improvement.description
    assert theirs.record.specific.owner is None  # nobody of a customer works on improvements
    with pytest.raises(Refused, match=f"in the register as {ours.record.reference}"):
        operations.finish_action(action=ours, by=house.aisha, at=LATER)
    with pytest.raises(Refused, match="in the register"):
        operations.register_action(action=ours, by=house.ines, at=LATER)
    march = operations.compile_report(plan=plan, first_day=MARCH, by=None, at=moment("2026-04-01 09:00"))
    assert [kind for kind, _text in points_of(march)].count("action") == 2

    improvements.decline(improvement=improvement, by=house.aisha, at=moment("2026-03-20 09:00"), reply="Too dear")

    told = [(kind, text) for kind, text in points_of(march) if kind in ("action", "done")]
    assert [kind for kind, _text in told] == ["action", "done"]
    assert told[1][1].endswith("… (Aisha Khan): declined")
    with pytest.raises(Refused, match="done already"):
        operations.register_action(action=ReviewAction.objects.get(pk=ours.pk), by=house.ines, at=LATER)


def test_the_customer_reads_closed_minutes_and_says_what_they_have_done(planned, house, pages_of):
    meeting = written(planned(), house)
    said = {"meeting": meeting, "by": house.ines, "at": LATER, "due_date": date(2099, 1, 1)}
    mine = operations.give_action(text="Send <u>plans</u>", owner=house.max, **said)
    ours = operations.give_action(text="Add a gateway", owner=house.aisha, **said)
    client, base = pages_of(house.max), f"/portal/reports/{meeting.report_id}/"
    assert "Minutes of the review" not in client.get(base).content.decode()

    operations.close_minutes(meeting=meeting, by=house.ines, at=LATER)

    page = client.get(base).content.decode()
    assert "Minutes of the review" in page
    assert "Send &lt;u&gt;plans&lt;/u&gt;" in page
    assert client.post(f"{base}actions/{ours.pk}/completion/").status_code == 404
    assert pages_of(house.otto).post(f"{base}actions/{mine.pk}/completion/").status_code == 404
    assert client.post(f"{base}actions/{mine.pk}/completion/").status_code == 302
    assert ReviewAction.objects.get(pk=mine.pk).done_by == house.max
    assert "For you to do" not in client.get(base).content.decode()


def test_a_review_over_rest(planned, issued, house, as_):
    report = issued()
    ines, base = as_(house.ines), f"/api/v1/reports/{report.pk}/meeting/"
    assert ines.call("GET", base).status_code == 404
    made = ines.call("POST", base, {"starts_at": "2026-03-10T09:00:00Z", "people": ["max"]}, idempotency_key="once")
    again = ines.call("POST", base, {"starts_at": "2026-03-10T09:00:00Z", "people": ["max"]}, idempotency_key="once")
    assert (made.status_code, again.json()) == (201, made.json())
    assert ines.call("POST", f"{base}topics/", {"title": "Parking"}).status_code == 201
    assert ines.call("POST", f"{base}topics/", {"title": " "}).status_code == 422
    body = ines.call("GET", base).json()
    said = {
        "items": [{"id": each["id"], "text": "We talked"} for each in body["items"]],
        "attendees": [{"id": body["attendees"][0]["id"], "was_there": True}],
    }
    assert ines.call("PATCH", f"{base}minutes/", said, if_match='"99"').status_code == 412
    written_down = ines.call("PATCH", f"{base}minutes/", said)
    assert {each["text"] for each in written_down.json()["items"]} == {"We talked"}
    assert ines.call("PATCH", f"{base}minutes/", {}).json()["remarks"] == ""
    given = {"text": "Add a gateway", "owner": "aisha", "due_date": "2099-01-01"}
    assert ines.call("POST", f"{base}actions/", given | {"owner": "otto"}).status_code == 422
    first = ines.call("POST", f"{base}actions/", given).json()["actions"][0]
    registered = ines.call("POST", f"{base}actions/{first['id']}/registration/", {}).json()["actions"][0]
    assert registered["improvement"].startswith("IMP-")
    assert ines.call("POST", f"{base}actions/{first['id']}/completion/", {}).status_code == 409
    for person, status in ((house.max, 403), (house.otto, 403), (house.maria, 403)):
        assert as_(person).call("GET", base).status_code == status
    assert as_(house.tom).call("POST", f"{base}actions/", given).status_code == 403
    closed = ines.call("POST", f"{base}closure/", {})
    assert (closed.status_code, len(closed.json()["fingerprint"])) == (200, 64)
    own = as_(house.max).call("GET", f"/api/v1/own-reports/{report.pk}/minutes/").json()
    assert own["fingerprint"] == fingerprint_of(own["document"])
    assert as_(house.otto).call("GET", f"/api/v1/own-reports/{report.pk}/minutes/").status_code == 404
