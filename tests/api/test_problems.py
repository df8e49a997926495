"""Every error of the API is one problem document, wherever it comes from."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from incidents import operations
from people.models import ApiToken


@pytest.mark.parametrize("address", ["nothing/here/", "incidents/a%0Ab/no/such/"])
def test_an_address_that_leads_nowhere_is_a_problem(house, as_, address):
    refused = as_(None).get(address)

    assert refused.status_code == 404
    assert refused.json()["type"] == "urn:problem-type:steward:not-found"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_an_unknown_method_is_a_problem_that_says_which_are_known(house, as_, method):
    refused = as_(house.tom).call(method, "incidents/")

    assert refused.status_code == 405
    assert refused["Allow"] == "GET, HEAD, POST"


def test_head_answers_like_get_without_a_body(house, log_incident, as_):
    head = as_(house.tom).call("HEAD", f"incidents/{log_incident().pk}/")

    assert (head.status_code, head["ETag"], head.content) == (200, '"1"', b"")


def test_whatever_is_accepted_json_is_answered(house, as_):
    assert as_(house.tom).get("incidents/", accept="text/html")["Content-Type"] == "application/json"


def test_a_failure_of_ours_is_logged_and_says_so(house, as_, monkeypatch, caplog):
    monkeypatch.setattr(operations, "create", lambda **_: 1 / 0)
    tom = as_(house.tom)
    tom.client.raise_request_exception = False

    failed = tom.post("incidents/", {"title": "x"})

    assert failed.status_code == 500
    assert failed.json()["type"] == "urn:problem-type:steward:error"
    assert "ZeroDivisionError" in caplog.text
    assert "division" not in failed.content.decode()


def test_a_database_that_does_not_answer_is_busy_and_not_broken(house, as_, monkeypatch):
    def slow(**_):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(operations, "create", slow)

    failed = as_(house.tom).post("incidents/", {"title": "x"})

    assert (failed.status_code, failed["Retry-After"]) == (503, "5")


def test_a_token_without_the_scope_is_told_which_it_lacks(house, log_incident, as_):
    incident = log_incident()

    read_only = as_(house.tom, "records:read").post("incidents/", {"title": "x"})
    write_only = as_(house.tom, "incidents:write").get(f"incidents/{incident.pk}/")
    blind_move = as_(house.tom, "incidents:write").post(f"incidents/{incident.pk}/work/")

    assert [r.status_code for r in (read_only, write_only, blind_move)] == [403] * 3
    assert {r.json()["type"] for r in (read_only, write_only, blind_move)} == {"urn:problem-type:steward:scope-missing"}
    assert "incidents:write" in read_only.json()["detail"]
    assert "records:read" in blind_move.json()["detail"]


def test_a_token_that_only_writes_can_log(house, as_):
    assert as_(house.tom, "incidents:write").post("incidents/", {"title": "x"}).status_code == 201


@pytest.mark.parametrize("end", ["expired", "revoked", "left"])
def test_a_token_that_has_ended_lets_nobody_in(house, as_, end):
    tom = as_(house.tom)
    past = datetime.now(UTC) - timedelta(seconds=1)
    if end == "expired":
        ApiToken.objects.update(expires_at=past)
    elif end == "revoked":
        ApiToken.objects.update(revoked_at=past)
    else:
        house.tom.is_active = False
        house.tom.save(update_fields=["is_active"])

    assert tom.get("incidents/").status_code == 401


def test_over_the_ceiling_of_a_minute_the_answer_is_wait(house, as_, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    cache.clear()
    tom, aisha = as_(house.tom), as_(house.aisha)

    statuses = [tom.get("incidents/").status_code for _each in range(3)]
    refused = tom.get("incidents/")

    assert statuses == [200, 200, 429]
    assert 1 <= int(refused["Retry-After"]) <= 61
    assert aisha.get("incidents/").status_code == 200


def test_a_signed_in_browser_reads_and_needs_its_csrf_token_to_write(house, log_incident):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(house.tom)

    read = browser.get("/api/v1/incidents/")
    refused = browser.post("/api/v1/incidents/", {"title": "x"}, content_type="application/json")
    browser.get("/api/v1/docs/")
    browser.cookies["csrftoken"] = "a" * 32
    written = browser.post(
        "/api/v1/incidents/", {"title": "x"}, content_type="application/json", headers={"x-csrftoken": "a" * 32}
    )

    assert (read.status_code, refused.status_code, written.status_code) == (200, 403, 201)
    assert refused["Content-Type"] == "application/problem+json"
