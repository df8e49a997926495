"""A new ticket: little is asked, nothing is lost, nothing is made twice."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from audit.models import Entry
from incidents import operations
from incidents.models import Incident
from people.models import User
from records.models import Draft, IdempotencyKey
from services.models import Service
from slm.operations import ensure_default_agreement
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")


@pytest.fixture
def as_tom(client: Any, house: Any) -> Any:
    client.force_login(house.tom)
    return client


def call(house: Any, **said: Any) -> dict[str, Any]:
    return {
        "token": "t-1",
        "caller": house.maria.pk,
        "caller_text": "Maria Rossi",
        "title": "VPN drops every 20 minutes",
        "impact": "3",
        "urgency": "2",
        "source": "phone",
        "then": "open",
    } | said


def test_a_caller_and_a_line_are_enough(as_tom, house):
    answer = as_tom.post("/new/", call(house))

    incident = Incident.objects.get()
    assert answer["Location"] == incident.get_absolute_url()
    assert (incident.requester, incident.state, incident.opened_by) == (house.maria, "new", house.tom)


def test_a_double_press_makes_one(as_tom, house):
    first = as_tom.post("/new/", call(house))
    second = as_tom.post("/new/", call(house))

    assert Incident.objects.count() == 1
    assert first["Location"] == second["Location"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one(house):
    start = threading.Barrier(2)
    answers: list[str] = []

    def press() -> None:
        browser = Client()
        browser.force_login(house.tom)
        start.wait()
        try:
            answers.append(browser.post("/new/", call(house))["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Incident.objects.count() == 1
    assert answers[0] == answers[1]


def test_a_refused_form_leaves_its_token_unused(as_tom, house):
    as_tom.post("/new/", call(house, then="resolve", code="advice"))

    assert not IdempotencyKey.objects.exists()
    assert not Incident.objects.exists()


def test_a_failed_form_returns_every_value(as_tom, house):
    answer = as_tom.post("/new/", call(house, title="", description="Since this morning", tags="home-office"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: New ticket | Steward</title>" in page
    assert "There is a problem" in page
    for kept in ("Maria Rossi", "Since this morning", "home-office"):
        assert kept in page
    assert not Incident.objects.exists()


def test_next_caller_keeps_the_service_only(as_tom, house, vpn):
    answer = as_tom.post("/new/", call(house, service=vpn.pk, then="next"))

    assert answer["Location"] == f"/new/?service={vpn.pk}"
    page = as_tom.get(answer["Location"]).content.decode()
    assert f'value="{vpn.pk}" selected' in page
    assert 'value="Maria Rossi"' not in page


def test_resolved_on_this_call_is_one_act(as_tom, house, vpn):
    as_tom.post("/new/", call(house, service=vpn.pk, then="resolve", code="advice", resolution="Restarted together."))

    incident = Incident.objects.get()
    assert (incident.state, incident.resolution_code, incident.assignee) == ("resolved", "advice", house.tom)
    assert incident.is_first_contact is True
    actions = Entry.objects.filter(subject_id=incident.pk, subject_kind="record").exclude(action__startswith="clock.")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "incident.created",
        "incident.assigned",
        "incident.started",
        "incident.resolved",
    ]


def test_resolved_on_this_call_without_a_service_logs_nothing(as_tom, house):
    answer = as_tom.post("/new/", call(house, then="resolve", code="advice"))

    assert "The service is missing." in answer.content.decode()
    assert not Incident.objects.exists()


def test_it_can_be_given_to_somebody_at_once(as_tom, house, vpn):
    as_tom.post("/new/", call(house, service=vpn.pk, assignee=house.aisha.pk))

    incident = Incident.objects.get()
    assert (incident.state, incident.assignee, incident.team) == ("assigned", house.aisha, house.networks)


def test_a_new_person_needs_a_name_and_an_organization(as_tom, house):
    unknown = call(house, caller="", caller_text="Bo Lind")

    asked = as_tom.post("/new/", unknown)
    assert asked.status_code == 422
    assert "Nobody was chosen for “Bo Lind”." in asked.content.decode()
    as_tom.post("/new/", unknown | {"person_organization": house.acme.pk, "person_phone": "555"})

    person = Incident.objects.get().requester
    assert (person.name, person.organization, person.phone) == ("Bo Lind", house.acme, "555")
    assert person.has_usable_password() is False
    assert Entry.objects.filter(action="person.created", subject_id=person.pk, actor=house.tom).exists()


def test_when_the_ticket_is_refused_the_new_person_is_not_made(as_tom, house):
    as_tom.post(
        "/new/",
        call(house, caller="", caller_text="Bo Lind", person_organization=house.acme.pk, then="resolve", code="fixed"),
    )

    assert not User.objects.filter(name="Bo Lind").exists()


def test_an_address_that_belongs_to_somebody_is_refused(as_tom, house):
    answer = as_tom.post(
        "/new/",
        call(house, caller="", caller_text="Bo", person_organization=house.acme.pk, person_email="MARIA@acme.example"),
    )

    assert "belongs to somebody else" in answer.content.decode()
    assert not Incident.objects.exists()


def test_callers_are_found_by_name_mail_and_phone(as_tom, house):
    house.maria.phone = "+47 555 0199"
    house.maria.save()

    for typed in ("ross", "maria@ac", "0199"):
        assert [each["id"] for each in as_tom.get("/new/callers/", {"q": typed}).json()] == [house.maria.pk]


def test_without_a_word_the_latest_callers_are_offered(as_tom, house, log_incident):
    log_incident(requester=house.max)
    log_incident(requester=house.maria)

    assert [each["label"] for each in as_tom.get("/new/callers/").json()] == ["Maria Rossi", "Max Stone"]


def test_otto_finds_only_his_own_people(client, house):
    client.force_login(house.otto)

    assert client.get("/new/callers/", {"q": "maria"}).json() == []
    answer = client.post("/new/", call(house))
    assert answer.status_code == 422
    assert not Incident.objects.exists()


def test_the_preview_guesses_the_service_and_shows_what_reads_alike(as_tom, house, vpn, log_incident):
    Service.objects.create(name="Payroll", slug="payroll")
    twin = log_incident(requester=house.max)

    page = as_tom.get(
        "/new/preview/", {"title": "vpn drops again", "caller": house.maria.pk, "impact": "1", "urgency": "1"}
    ).content.decode()

    assert f'data-guess="{vpn.pk}"' in page
    assert twin.reference in page
    assert 'data-priority="P1"' in page


def test_the_preview_says_when_it_would_be_due(as_tom, house, vpn, time_machine):
    ensure_default_agreement(by=None, at=NINE)

    page = as_tom.get("/new/preview/", {"title": "vpn", "caller": house.maria.pk}).content.decode()

    assert "Response" in page
    assert "Resolution" in page


def test_open_tickets_of_the_caller_are_shown(as_tom, house, log_incident):
    done, still = log_incident(title="Old"), log_incident(title="Still open")
    operations.cancel(incident=done, by=house.tom, at=NINE, reason="Twice.")

    page = as_tom.get("/new/preview/", {"caller": house.maria.pk}).content.decode()

    assert still.reference in page
    assert done.reference not in page


def test_the_draft_is_kept_until_the_ticket_is_made(as_tom, house):
    as_tom.post("/new/draft/", {"caller": house.maria.pk, "caller_text": "Maria Rossi", "title": "VPN dro"})

    page = as_tom.get("/new/").content.decode()
    assert 'value="VPN dro"' in page
    assert 'value="Maria Rossi"' in page
    as_tom.post("/new/", call(house))
    assert not Draft.objects.exists()


def test_the_address_fills_the_form(as_tom, house):
    page = as_tom.get("/new/", {"caller": house.maria.pk, "text": "VPN drops"}).content.decode()

    assert 'value="VPN drops"' in page
    assert 'value="Maria Rossi"' in page


def test_requesters_are_led_to_their_own_form(client, house):
    client.force_login(house.maria)

    assert client.get("/new/", {"text": "VPN"})["Location"] == "/portal/new/?text=VPN"


@pytest.mark.parametrize(
    "text", ["", "\x00", "'; drop", "%", "_", "x" * 5000, "\ud800".encode("utf-8", "replace").decode()]
)
def test_whatever_is_typed_the_preview_answers(as_tom, house, text):
    assert as_tom.get("/new/preview/", {"title": text, "caller": text, "service": text}).status_code == 200
    assert as_tom.get("/new/callers/", {"q": text}).status_code == 200
