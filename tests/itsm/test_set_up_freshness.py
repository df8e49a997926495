"""Two administrators on one page of the set-up."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.models import RoleGrant
from people.operations import grant_role
from records.models import PriorityCell
from tests.itsm.test_set_up import address, person_form, team_form


@pytest.fixture
def ada(client, house):
    client.force_login(house.ada)
    return client


@pytest.fixture
def ines(house):
    grant_role(by=house.ada, user=house.ines, role=Role.ADMINISTRATOR)
    other = Client()
    other.force_login(house.ines)
    return other


def seen_on(client, page) -> dict[str, str]:
    found = re.search(r'name="_seen_entry" value="(\d+)"', client.get(page).text)
    assert found is not None
    return {"_seen_entry": found[1]}


def test_who_saves_second_is_shown_what_the_first_changed(ada, ines, house):
    page = address(house.networks)
    seen = seen_on(ada, page)
    ines.post(page, team_form(house.networks, name="Networks and Wi-Fi", lead=house.tom.pk) | seen_on(ines, page))

    refused = ada.post(page, team_form(house.networks, name="Backbone", lead=house.aisha.pk) | seen)

    house.networks.refresh_from_db()
    assert (house.networks.name, house.networks.lead, house.networks.version) == ("Networks and Wi-Fi", house.tom, 2)
    assert refused.status_code == 200
    assert "Ines Duarte changed “Networks and Wi-Fi” on " in refused.text
    assert "Name from “Networks” to “Networks and Wi-Fi”; Lead from “Aisha Khan” to “Tom Beck”." in refused.text
    assert "Nothing of yours was saved." in refused.text
    assert 'value="Backbone"' in refused.text


def test_saving_again_after_having_read_it_puts_one_s_own_there(ada, ines, house):
    page = address(house.networks)
    seen = seen_on(ada, page)
    ines.post(page, team_form(house.networks, name="Networks and Wi-Fi") | seen_on(ines, page))
    refused = ada.post(page, team_form(house.networks, name="Backbone") | seen)
    newer = re.search(r'name="_seen_entry" value="(\d+)"', refused.text)
    assert newer is not None

    ada.post(page, team_form(house.networks, name="Backbone") | {"_seen_entry": newer[1]})

    house.networks.refresh_from_db()
    assert (house.networks.name, house.networks.version) == ("Backbone", 3)


def test_nobody_else_and_nothing_new_is_no_conflict(ada, house):
    page = address(house.networks)

    saved = ada.post(page, team_form(house.networks, name="Backbone") | seen_on(ada, page))

    house.networks.refresh_from_db()
    assert (saved.status_code, house.networks.name) == (302, "Backbone")


def test_a_change_of_another_team_is_no_conflict(ada, ines, house):
    seen = seen_on(ada, address(house.networks))
    other = address(house.first_line)
    ines.post(other, team_form(house.first_line, name="First line") | seen_on(ines, other))

    saved = ada.post(address(house.networks), team_form(house.networks, name="Backbone") | seen)

    assert saved.status_code == 302


def test_a_role_given_meanwhile_is_told(ada, ines, house):
    page = address(house.tom)
    seen = seen_on(ada, page)
    ines.post(page, person_form(house.tom, **given_role(house.tom, Role.TEAM_LEAD)) | seen_on(ines, page))
    assert RoleGrant.objects.filter(user=house.tom, role=Role.TEAM_LEAD).exists()

    refused = ada.post(page, person_form(house.tom, name="Thomas Beck") | seen)

    house.tom.refresh_from_db()
    assert house.tom.name == "Tom Beck"
    assert "Ines Duarte changed “Tom Beck” on " in refused.text


def given_role(person, role) -> dict[str, str]:
    return {f"role_grants-{person.role_grants.count()}-role": role}


def test_a_stale_list_does_not_put_an_old_priority_back(ada, ines):
    page = reverse("admin:records_prioritycell_changelist")
    first = PriorityCell.objects.order_by("id")[0]
    as_opened = cells()
    seen = seen_on(ada, page)
    wanted = cells()
    wanted["form-0-priority"] = other_than(wanted["form-0-priority"])
    ines.post(page, wanted | seen_on(ines, page))
    before = first.priority
    first.refresh_from_db()
    changed_to = first.priority
    assert changed_to != before

    as_opened["form-1-priority"] = other_than(as_opened["form-1-priority"])
    refused = ada.post(page, as_opened | seen)

    first.refresh_from_db()
    assert refused.status_code == 200
    assert first.priority == changed_to
    assert "Ines Duarte changed “" in refused.text
    assert "Nothing of yours was saved." in refused.text


def cells() -> dict[str, str]:
    """What the list of priorities sends when nothing was changed, in its order."""
    rows = list(PriorityCell.objects.order_by("pk"))
    sent = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows)), "_save": "Save"}
    for number, row in enumerate(rows):
        sent |= {f"form-{number}-id": str(row.pk), f"form-{number}-priority": str(row.priority)}
    return sent


def other_than(priority: str) -> str:
    return "4" if priority != "4" else "3"
