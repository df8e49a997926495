"""The requester's view: their own tickets in plain words, and never a word of ours."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents import operations
from incidents.models import Incident
from incidents.portal import tell
from people.models import User
from records import operations as record_operations
from records.models import Comment
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")
TEN = moment("2026-03-02 10:00")


@pytest.fixture
def incident(log_incident: Any) -> Incident:
    return log_incident(description="It drops since Monday.")


@pytest.fixture
def as_maria(client: Any, house: Any) -> Any:
    client.force_login(house.maria)
    return client


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def copy_of(incident: Incident) -> str:
    return f"/portal/requests/{incident.reference}/"


def test_maria_sees_nothing_of_the_inner_side(as_maria, house, incident):
    about: dict[str, Any] = {"by": house.tom, "at": TEN}
    record_operations.add_note(record=incident, text="CANARY note", **about)
    secret = SimpleUploadedFile("CANARY-file.txt", b"x")
    record_operations.attach(record=incident, upload=secret, is_public=False, **about)
    record_operations.add_task(record=incident, title="CANARY task", **about)
    record_operations.override_priority(record=incident, priority=5, reason="CANARY reason", **about)
    operations.edit(incident=incident, values={"tags": ["canary-tag"], "supplier_reference": "CANARY-S"}, **about)
    operations.assign(incident=incident, team=house.networks, assignee=house.aisha, reason="CANARY audit", **about)

    for address in ("/portal/", copy_of(incident)):
        page = as_maria.get(address).content.decode()
        assert incident.title in page
        assert "canary" not in page.lower()
        assert "Networks" not in page
    assert "Aisha Khan takes care of it." in as_maria.get(copy_of(incident)).content.decode()


def test_each_sees_their_own_list(client, house, log_incident):
    log_incident(title="Hers")
    log_incident(title="His", requester=house.max)
    pages = {}
    for person in (house.maria, house.max, house.otto, house.tom):
        client.force_login(person)
        page = client.get("/portal/").content.decode()
        pages[person.username] = ("Hers" in page, "His" in page)

    assert pages == {
        "maria": (True, False),
        "max": (False, True),
        "otto": (False, False),
        "tom": (False, False),
    }


def test_the_organization_shows_to_its_manager_only(client, house, log_incident):
    log_incident(title="Hers")
    seen = {}
    for person in (house.maria, house.max, house.otto):
        client.force_login(person)
        seen[person.username] = "Hers" in client.get("/portal/", {"organization": ""}).content.decode()

    assert seen == {"maria": True, "max": True, "otto": False}


def test_the_list_is_cut_by_state(as_maria, house, log_incident):
    log_incident(title="Still open")
    operations.cancel(incident=log_incident(title="All done"), by=house.tom, at=NINE, reason="Twice.")

    assert "All done" not in as_maria.get("/portal/").content.decode()
    solved = as_maria.get("/portal/", {"show": "done"}).content.decode()
    assert ("All done" in solved, "Still open" in solved) == (True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(as_maria, log_incident, rows, django_assert_num_queries):
    for number in range(rows):
        log_incident(title=f"Ticket {number}")
    as_maria.get("/portal/")

    with django_assert_num_queries(3):
        as_maria.get("/portal/")


def test_what_she_follows_is_in_her_list(client, house, log_incident):
    followed = log_incident(title="Hers")
    record_operations.add_watcher(record=followed, user=house.otto, by=house.tom, at=NINE)
    client.force_login(house.otto)

    assert "Hers" in client.get("/portal/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_ticket_costs_the_same_for_any_number_of_replies(as_maria, house, incident, rows, django_assert_num_queries):
    for number in range(rows):
        record_operations.reply(record=incident, by=house.tom, at=TEN, text=f"Reply {number}.")
    as_maria.get(copy_of(incident))

    with django_assert_num_queries(7):
        as_maria.get(copy_of(incident))


def test_a_report_asks_four_questions_and_needs_one(as_maria, house):
    page = as_maria.get("/portal/new/").content.decode()
    token = page.split('name="token" value="')[1].split('"')[0]

    answer = as_maria.post("/portal/new/", {"token": token, "title": "No sound", "urgency": "2"})
    as_maria.post("/portal/new/", {"token": token, "title": "No sound", "urgency": "2"})

    incident = Incident.objects.get()
    assert (incident.requester, incident.source) == (house.maria, "portal")
    assert answer["Location"] == copy_of(incident)


def test_a_report_without_a_line_comes_back_with_the_rest(as_maria):
    answer = as_maria.post("/portal/new/", {"token": "t", "title": "", "urgency": "1", "description": "It is loud"})

    assert answer.status_code == 422
    assert "It is loud" in answer.content.decode()


def test_her_reply_goes_out_at_once_and_starts_the_work_again(as_maria, house, incident):
    operations.take(incident=incident, by=house.tom, at=NINE)
    operations.hold(incident=fresh(incident), by=house.tom, at=TEN, hold_for="requester", question="Which network?")
    assert "We are waiting for your answer." in as_maria.get(copy_of(incident)).content.decode()

    as_maria.post(f"/r/{incident.pk}/replies/", {"text": "At home. Call @tom about INC-1001."})

    assert Comment.objects.latest("pk").is_from_requester_side is True
    assert fresh(incident).state == "in_progress"


def test_she_can_not_resolve_through_a_reply(as_maria, house, incident):
    operations.take(incident=incident, by=house.tom, at=NINE)

    as_maria.post(f"/r/{incident.pk}/replies/", {"text": "Done.", "send": "fixed"})

    assert fresh(incident).state == "in_progress"


def test_solved_now_closes_and_not_solved_reopens(as_maria, house, incident, time_machine):
    time_machine.move_to(TEN, tick=False)
    operations.take(incident=incident, by=house.tom, at=NINE)
    operations.resolve(incident=fresh(incident), by=house.tom, at=NINE, code="fixed", text="New firmware.")
    page = as_maria.get(copy_of(incident)).content.decode()
    assert "Solved now" in page
    assert "New firmware." in page

    as_maria.post(f"{copy_of(incident)}reopening/", {"reason": "It dropped again."})
    assert fresh(incident).state == "in_progress"
    operations.resolve(incident=fresh(incident), by=house.tom, at=TEN, code="fixed", text="New gateway.")
    as_maria.post(f"{copy_of(incident)}confirmation/")
    assert fresh(incident).state == "closed"
    assert "Report it again" in as_maria.get(copy_of(incident)).content.decode()


def test_after_the_window_nothing_is_reopened(as_maria, house, incident, time_machine):
    operations.take(incident=incident, by=house.tom, at=NINE)
    operations.resolve(incident=fresh(incident), by=house.tom, at=NINE, code="fixed", text="New firmware.")
    time_machine.move_to(moment("2026-03-09 09:00"), tick=False)

    assert "It is not solved" not in as_maria.get(copy_of(incident)).content.decode()
    as_maria.post(f"{copy_of(incident)}reopening/", {"reason": "Again."})

    assert fresh(incident).state == "resolved"


def test_a_colleague_without_a_role_sees_nothing(client, house, incident):
    colleague = User.objects.create_user("bo", name="Bo", organization=house.acme)
    client.force_login(colleague)

    assert client.get(copy_of(incident)).status_code == 404
    assert incident.title not in client.get("/portal/").content.decode()


@pytest.mark.parametrize("state", ["new", "assigned", "in_progress", "on_hold", "resolved", "closed", "cancelled"])
def test_every_state_has_a_sentence(state):
    for reason in ("", "requester", "supplier", "change", "problem", "schedule") if state == "on_hold" else ("",):
        told = tell(Incident(state=state, state_reason=reason))
        assert told.sentence.endswith(".")
