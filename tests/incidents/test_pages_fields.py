"""Editing in place: who was quicker, what is kept, what can be undone."""

from typing import Any

import pytest

from audit.models import Entry
from incidents import operations
from incidents.models import Incident
from services.models import Service
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")


@pytest.fixture
def incident(log_incident: Any) -> Incident:
    return log_incident()


@pytest.fixture
def as_tom(client: Any, house: Any) -> Any:
    client.force_login(house.tom)
    return client


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def form(incident: Incident, name: str, value: Any, original: str = "") -> dict[str, Any]:
    return {"version": incident.version, "original": original, name: value}


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("title", "  VPN   drops ", "VPN drops"),
        ("description", "Since Monday.", "Since Monday."),
        ("location", "Bergen", "Bergen"),
        ("tags", "Wi Fi, gateway", ["gateway", "wi-fi"]),
        ("affected_count", "12", 12),
        ("affected_count", "", None),
        ("supplier_reference", "S-9", "S-9"),
        ("source", "mail", "mail"),
        ("is_security_related", "on", True),
        ("service", "", None),
    ],
)
def test_a_field_is_saved(as_tom, incident, name, value, stored):
    as_tom.post(f"{incident.get_absolute_url()}fields/{name}/", form(incident, name, value))

    assert getattr(fresh(incident), name) == stored


def test_another_requester_brings_their_organization(as_tom, house, incident):
    as_tom.post(f"{incident.get_absolute_url()}fields/requester/", form(incident, "requester", house.otto.pk))

    assert fresh(incident).organization == house.umbrella


def test_a_script_gets_the_new_parts_of_the_page(as_tom, incident):
    answer = as_tom.post(
        f"{incident.get_absolute_url()}fields/title/", form(incident, "title", "VPN is gone"), HTTP_HX_REQUEST="true"
    )

    page = answer.content.decode()
    assert page.count('hx-swap-oob="true"') == 4
    assert "VPN is gone" in page
    assert "<html" not in page


def test_a_value_that_does_not_fit_comes_back_with_the_reason(as_tom, incident):
    answer = as_tom.post(f"{incident.get_absolute_url()}fields/title/", form(incident, "title", ""))

    assert answer.status_code == 422
    assert fresh(incident).title == "VPN drops every 20 minutes"


@pytest.mark.parametrize("name", ["state", "number", "organization", "version", "is_sample", "nothing"])
def test_what_no_form_offers_can_not_be_edited(as_tom, incident, name):
    assert as_tom.post(f"{incident.get_absolute_url()}fields/{name}/", {name: "1"}).status_code == 404


def test_changes_of_different_fields_both_stand(as_tom, house, incident):
    operations.edit(incident=incident, by=house.aisha, at=NINE, values={"location": "Bergen"})

    as_tom.post(
        f"{incident.get_absolute_url()}fields/title/",
        form(incident, "title", "VPN is gone", original=incident.title),
    )

    assert (fresh(incident).title, fresh(incident).location) == ("VPN is gone", "Bergen")


def test_the_same_field_shows_both_versions_and_saves_neither(as_tom, house, incident):
    operations.edit(incident=incident, by=house.aisha, at=NINE, values={"title": "Gateway 2 is down"})

    answer = as_tom.post(
        f"{incident.get_absolute_url()}fields/title/",
        form(incident, "title", "VPN is gone", original=incident.title),
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Aisha Khan changed “Subject”" in page
    assert "VPN is gone" in page
    assert "Gateway 2 is down" in page
    assert f'data-conflict-version="{fresh(incident).version}"' in page
    assert fresh(incident).title == "Gateway 2 is down"


def test_a_conflict_over_a_choice_shows_names(as_tom, house, vpn, incident):
    wifi, mail = (Service.objects.create(name=name, slug=name.lower()) for name in ("Wi-Fi", "Mail"))
    operations.edit(incident=incident, by=house.aisha, at=NINE, values={"service": mail})

    answer = as_tom.post(
        f"{incident.get_absolute_url()}fields/service/", form(incident, "service", wifi.pk, original=str(vpn.pk))
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'data-value="{mail.pk}">Mail' in page
    assert ">Wi-Fi</div>" in page


def test_priority_follows_the_two_questions(as_tom, incident):
    as_tom.post(f"{incident.get_absolute_url()}priority/", {"impact": "1", "urgency": "1"})

    assert fresh(incident).priority == 1


def test_another_priority_needs_a_reason(as_tom, incident):
    address = f"{incident.get_absolute_url()}priority/"
    answer = as_tom.post(address, {"impact": "3", "urgency": "2", "priority": "1"})

    assert answer.status_code == 422
    assert "Say why the matrix is not right here." in answer.content.decode()
    as_tom.post(address, {"impact": "3", "urgency": "2", "priority": "1", "reason": "The minister calls."})
    assert (fresh(incident).priority, fresh(incident).priority_reason) == (1, "The minister calls.")


def test_an_edit_can_be_undone_by_its_author_within_five_minutes(as_tom, house, incident):
    as_tom.post(f"{incident.get_absolute_url()}fields/title/", form(incident, "title", "VPN is gone"))
    entry = Entry.objects.latest("pk")

    as_tom.post(f"{incident.get_absolute_url()}edits/{entry.pk}/undo/")

    assert fresh(incident).title == "VPN drops every 20 minutes"
    assert Entry.objects.filter(action="incident.edited").count() == 2


def test_nobody_undoes_what_was_changed_again(as_tom, house, incident, time_machine):
    time_machine.move_to(NINE, tick=False)
    as_tom.post(f"{incident.get_absolute_url()}fields/title/", form(incident, "title", "VPN is gone"))
    entry = Entry.objects.latest("pk")
    operations.edit(incident=incident, by=house.aisha, at=NINE, values={"title": "Gateway 2 is down"})

    as_tom.post(f"{incident.get_absolute_url()}edits/{entry.pk}/undo/")

    assert fresh(incident).title == "Gateway 2 is down"


def test_readers_do_not_edit(client, house, incident):
    client.force_login(house.ines)

    page = client.get(incident.get_absolute_url()).content.decode()

    assert "data-edit-url" not in page
    assert client.get(f"{incident.get_absolute_url()}fields/title/").status_code == 403
    assert client.post(f"{incident.get_absolute_url()}fields/title/", {"title": "x"}).status_code == 403
