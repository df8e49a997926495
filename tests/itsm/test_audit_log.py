"""The audit log page: read, filtered, taken out, checked; closed to everybody else."""

import pytest

from audit.models import Entry
from incidents import operations
from people.enums import Role
from people.models import RoleGrant
from tests.conftest import moment

ADDRESS = "/audit/"


@pytest.fixture
def worked_on(house, log_incident):
    incident = log_incident()
    operations.assign(incident=incident, by=house.tom, at=moment("2026-03-02 09:05"), team=house.networks)
    return incident


@pytest.mark.parametrize("name", ["tom", "maria", "otto", "ines"])
@pytest.mark.parametrize("path", ["", "export/"])
def test_people_without_the_role_get_403(client, house, name, path):
    client.force_login(getattr(house, name))

    assert client.get(ADDRESS + path).status_code == 403


def test_nobody_signed_in_is_sent_to_sign_in(client, db):
    assert client.get(ADDRESS).url.startswith("/accounts/login/")


def test_an_administrator_reads_who_did_what(client, house, worked_on):
    client.force_login(house.ada)

    page = client.get(ADDRESS).content.decode()

    assert "incident.assigned" in page
    assert "Tom Beck" in page
    assert worked_on.reference in page


def test_an_auditor_of_another_organization_sees_nothing_of_it(client, house, worked_on):
    RoleGrant.objects.create(user=house.otto, role=Role.AUDITOR, organization=house.umbrella)
    client.force_login(house.otto)

    response = client.get(ADDRESS, {"q": f"record:{worked_on.reference}"})

    assert response.status_code == 200
    assert list(response.context["rows"]) == []


@pytest.mark.parametrize(
    ("asked", "actions"),
    [
        ({"q": "action:incident.assigned"}, ["incident.assigned"]),
        ({"q": "who:aisha"}, []),
        ({"who": "tom", "action": "incident.*"}, ["incident.assigned", "incident.created"]),
        ({"from": "2026-03-03"}, []),
        ({"to": "2026-03-02"}, ["incident.assigned", "incident.created"]),
        ({"channel": "worker"}, ["incident.assigned", "incident.created"]),
    ],
)
def test_fields_narrow_it_down(client, house, worked_on, asked, actions):
    client.force_login(house.ada)

    assert [entry.action for entry in client.get(ADDRESS, asked).context["rows"]] == actions


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "nonsense"},
        {"q": 'record:"'},
        {"from": "tomorrow"},
        {"channel": "pigeon"},
        {"record": "x" * 300},
        {"before": "a~b"},
    ],
)
def test_what_is_not_understood_is_said_and_breaks_nothing(client, house, worked_on, asked):
    client.force_login(house.ada)

    assert client.get(ADDRESS, asked).status_code == 200


def test_pages_follow_each_other_without_gap_or_repeat(client, house, worked_on, monkeypatch):
    monkeypatch.setattr("itsm.audit_log.views.ROWS_A_PAGE", 1)
    client.force_login(house.ada)

    first = client.get(ADDRESS)
    second = client.get(ADDRESS + first.context["older_url"])

    assert [e.action for e in first.context["rows"]] == ["incident.assigned"]
    assert [e.action for e in second.context["rows"]] == ["incident.created"]
    assert second.context["older_url"] == ""


def test_taking_it_out_is_logged_and_carries_no_formula(client, house, log_incident):
    log_incident(title="=HYPERLINK(1)")
    client.force_login(house.ada)

    text = b"".join(client.get(f"{ADDRESS}export/").streaming_content).decode()

    assert "incident.created" in text
    assert "\n=" not in text
    assert Entry.objects.filter(action="audit.exported", actor=house.ada).count() == 1


def test_checking_the_chain_says_that_it_is_whole(client, house, worked_on):
    client.force_login(house.ada)

    page = client.post(f"{ADDRESS}verification/", follow=True).content.decode()

    assert "Every log entry is as it was written." in page


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_follow_the_rows(client, house, log_incident, django_assert_num_queries, count):
    for _each in range(count):
        log_incident()
    client.force_login(house.ada)

    with django_assert_num_queries(4):
        client.get(ADDRESS)
