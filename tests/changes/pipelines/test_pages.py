"""Pages of deployments and pipelines: who sees them, what they tell, and what is kept of what was typed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.pipelines import operations
from changes.pipelines.models import Deployment, Environment

from .conftest import MONDAY_10

LIST = "/changes/deployments/"
SET_UP = "/changes/pipelines/"
READERS = {"tom", "aisha", "ines", "ada", "otto"}


@pytest.fixture
def at_monday(time_machine):
    time_machine.move_to(MONDAY_10 + timedelta(minutes=20), tick=False)


@pytest.mark.parametrize("person", ["tom", "aisha", "ines", "ada", "otto", "maria", "max"])
def test_who_opens_what(client, house, ask, person):
    deployment = ask()
    client.force_login(getattr(house, person))

    for address in (LIST, SET_UP, f"{SET_UP}steward-deploy.sh"):
        assert client.get(address).status_code == (200 if person in READERS else 403)
    one = 200 if person in READERS - {"otto"} else 404 if person == "otto" else 403
    assert client.get(deployment.get_absolute_url()).status_code == one
    may_set = 200 if person == "ines" else 403
    assert client.get(f"{SET_UP}environments/new/").status_code == may_set
    assert client.get(f"{SET_UP}environments/staging/").status_code == may_set


def test_nobody_signed_in_is_asked_to_sign_in(client, ask):
    assert client.get(LIST).status_code == client.get(ask().get_absolute_url()).status_code == 302


def test_an_empty_list_leads_to_the_set_up_and_a_filter_that_finds_nothing_says_so(client, house, deploy_model):
    client.force_login(house.tom)

    assert "No deployments yet" in client.get(LIST).content.decode()
    assert "No deployment matches" in client.get(f"{LIST}?q=nope").content.decode()


def test_otto_finds_no_deployment_of_others(client, house, ask):
    ask(version="1.0-secret")
    client.force_login(house.otto)

    page = client.get(LIST).content.decode()

    assert "1.0-secret" not in page
    assert "VPN" not in page


def test_what_was_typed_by_machines_is_data(client, house, ask):
    bad = "<script>alert(1)</script>"
    deployment = ask(version=bad, service=bad, environment=bad)
    client.force_login(house.tom)

    for address in (LIST, deployment.get_absolute_url(), f"{LIST}?q={bad}&service={bad}"):
        assert bad not in client.get(address).content.decode()


def test_a_refused_one_tells_every_reason(client, house, ask):
    deployment = ask(service="nope", environment="moon")
    client.force_login(house.tom)

    page = client.get(deployment.get_absolute_url()).content.decode()

    assert "Why it was refused" in page
    assert all(each["message"].replace("“", "“") in page for each in deployment.reasons)
    assert "Say how it went" not in page


def test_a_person_says_how_it_went_where_the_pipeline_could_not(client, house, ask, at_monday, log_incident):
    deployment = ask()
    incident = log_incident()
    client.force_login(house.tom)

    wrong = client.post(
        f"{deployment.get_absolute_url()}result/", {"result": "failed", "incident": "INC-9", "note": "Kept"}
    )
    early = client.post(
        f"{deployment.get_absolute_url()}result/",
        {"result": "failed", "finished_at": "2026-03-02T23:00", "note": "Kept"},
    )
    done = client.post(
        f"{deployment.get_absolute_url()}result/", {"result": "failed", "incident": incident.reference, "note": "Broke"}
    )

    assert (wrong.status_code, early.status_code, done.status_code) == (422, 409, 303)
    assert "Kept" in wrong.content.decode()
    assert "in the future" in early.content.decode()
    found = Deployment.objects.get()
    assert (found.state, found.note, found.incident.pk) == ("failed", "Broke", incident.pk)
    assert client.post(f"{deployment.get_absolute_url()}result/", {"result": "succeeded"}).status_code == 409
    page = client.get(deployment.get_absolute_url()).content.decode()
    assert incident.reference in page
    assert "not yet" in page


def test_one_that_has_not_reported_says_so(client, house, ask, at_monday):
    deployment = ask()
    operations.note_overdue(at=deployment.due_at)
    client.force_login(house.tom)

    assert "not reported" in client.get(LIST).content.decode()
    assert "It should have reported by" in client.get(deployment.get_absolute_url()).content.decode()


def test_environments_are_set_and_nothing_typed_is_lost(client, house, deploy_model):
    client.force_login(house.ines)

    taken = client.post(f"{SET_UP}environments/new/", {"name": "Staging", "is_production": "on"})
    made = client.post(f"{SET_UP}environments/new/", {"name": "Pilot", "is_production": "on", "needs_change": "on"})
    pilot = Environment.objects.get(slug="pilot")
    said = {"name": "Pilot sites", "is_production": "on", "is_active": "on"}
    changed = client.post(f"{SET_UP}environments/pilot/", said | {"version": pilot.version})
    stale = client.post(f"{SET_UP}environments/pilot/", said | {"version": pilot.version, "name": "Other"})

    assert (taken.status_code, made.status_code, changed.status_code, stale.status_code) == (409, 303, 303, 412)
    assert "Staging" in taken.content.decode()
    assert "Another environment has this name" in taken.content.decode()
    pilot.refresh_from_db()
    assert (pilot.name, pilot.slug, pilot.needs_change, pilot.is_active) == ("Pilot sites", "pilot", False, True)
    client.force_login(house.tom)
    assert client.post(f"{SET_UP}environments/pilot/", said).status_code == 403


def test_the_job_is_filled_in(client, house, deploy_model, vpn, settings):
    settings.BASE_URL = "https://steward.example.com"
    client.force_login(house.tom)

    page = client.get(f"{SET_UP}?service=vpn&model={deploy_model.slug}").content.decode()

    assert "STEWARD_URL: https://steward.example.com\n" in page
    assert "SERVICE: vpn\n" in page
    assert f"MODEL: {deploy_model.slug}\n" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_statements_for_three_as_for_one(client, house, deploy, count):
    for number in range(count):
        deploy(version=f"1.{number}", at=MONDAY_10 + timedelta(hours=number))
    client.force_login(house.tom)
    client.get(LIST)

    with CaptureQueriesContext(connection) as said:
        page = client.get(LIST).content.decode()

    assert page.count("data-row-link") == count
    assert len(said) == 5


def test_the_list_goes_on_behind_the_last_row(client, house, ask, monkeypatch):
    monkeypatch.setattr("changes.pipelines.views.deployments.ROWS", 1)
    ask(version="1.0-older", environment="moon")
    second = ask(version="1.0-newer", environment="moon")
    client.force_login(house.tom)

    newest = client.get(LIST).content.decode()
    older = client.get(f"{LIST}?before={second.pk}").content.decode()

    assert "1.0-newer" in newest
    assert f"before={second.pk}" in newest
    assert "1.0-older" in older
    assert "1.0-newer" not in older
    assert client.get(f"{LIST}?before=x").status_code == 200
