"""What nobody should send gets a sentence, never a server error, and leaves nothing behind."""

import json

import pytest

from incidents.models import Incident

DEEP = b'{"title": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 422, "missing"),
        (b"{", 400, "line 1"),
        (b"\xff\xfe{}", 400, "UTF-8"),
        (b'\xef\xbb\xbf{"title": "x"}', 400, "no JSON"),
        (b'{"title": "a\\u0000b"}', 400, "NUL"),
        (b'{"title": "a\\ud800"}', 400, "surrogate"),
        (b'{"title\\udfff": "a"}', 400, "surrogate"),
        (b'{"title": "one", "title": "two"}', 400, "twice"),
        (b'{"title": "x", "impact": NaN}', 400, "NaN"),
        (b'{"title": "x", "impact": Infinity}', 400, "Infinity"),
        (b'{"title": "x", "impact": 1e999}', 400, "too large"),
        (b'{"title": "x", "impact": ' + b"9" * 5000 + b"}", 400, "digits"),
        (DEEP, 400, "nested"),
        (b'{"title": "' + b"x" * 10_000_000 + b'"}', 413, "larger"),
        (b"[]", 422, "object"),
        (b'"title"', 422, "object"),
        (b"null", 422, "object"),
        (b"{}", 422, "missing"),
        (b'{"title": null}', 422, "null"),
        (b'{"title": ""}', 422, "empty"),
        (b'{"title": "   "}', 422, "empty"),
        (b'{"title": 7}', 422, "text"),
        (b'{"title": ["x"]}', 422, "text"),
        (b'{"title": "' + b"x" * 201 + b'"}', 422, "200"),
        (b'{"title": "x", "impact": "1"}', 422, "Choose"),
        (b'{"title": "x", "impact": true}', 422, "Choose"),
        (b'{"title": "x", "impact": 1.0}', 422, "Choose"),
        (b'{"title": "x", "impact": {}}', 422, "Choose"),
        (b'{"title": "x", "affected_count": "3"}', 422, "whole number"),
        (b'{"title": "x", "affected_count": -1}', 422, "smallest"),
        (b'{"title": "x", "affected_count": 99999999999999999999999}', 422, "largest"),
        (b'{"title": "x", "is_security_related": "yes"}', 422, "true or false"),
        (b'{"title": "x", "outage_from": "2026-03-02T09:00:00"}', 422, "offset"),
        (b'{"title": "x", "outage_from": "2026-13-02T09:00:00Z"}', 422, "ISO 8601"),
        (b'{"title": "x", "outage_from": "0001-01-01T00:00:00+14:00"}', 422, "1970"),
        (b'{"title": "x", "outage_from": "9999-12-31T23:59:59-14:00"}', 422, "1970"),
        (b'{"title": "x", "outage_from": 1772442000}', 422, "ISO 8601"),
        (b'{"title": "x", "tags": "vpn"}', 422, "list"),
        (b'{"title": "x", "tags": [1]}', 422, "text"),
        (b'{"title": "x", "tags": ["a,b"]}', 422, "comma"),
        (b'{"title": "x", "service": "nothing"}', 422, "nothing"),
        (b'{"title": "x", "service": 99999999999999999999}', 422, "nothing"),
        (b'{"title": "x", "service": -1}', 422, "nothing"),
        (b'{"title": "x", "service": {"id": 1}}', 422, "number"),
        (b'{"title": "x", "requester": "otto; DROP TABLE"}', 422, "nothing"),
        (b'{"title": "x", "state": "closed"}', 422, "state"),
        (b'{"title": "x", "id": 1, "version": 7, "created_at": null}', 422, "id"),
        (b'{"title": "x", "__proto__": {}}', 422, "__proto__"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_in_words(house, vpn, as_, body, status, word):
    refused = as_(house.tom).call("POST", "incidents/", body)

    assert refused.status_code == status
    assert word in refused.json()["detail"]
    assert not Incident.objects.exists()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", ""])
def test_a_body_of_another_kind_is_refused(house, as_, kind):
    tom = as_(house.tom)

    refused = tom.client.generic(
        "POST", "/api/v1/incidents/", b'{"title": "x"}', content_type=kind, headers=tom.headers
    )

    assert refused.status_code == 415
    assert not Incident.objects.exists()


def test_json_with_a_character_set_is_json(house, as_):
    tom = as_(house.tom)

    made = tom.client.generic(
        "POST",
        "/api/v1/incidents/",
        json.dumps({"title": "Ærlig talt 🙂"}),
        content_type="application/json; charset=utf-8",
        headers=tom.headers,
    )

    assert made.json()["title"] == "Ærlig talt 🙂"


@pytest.mark.parametrize(
    "reference",
    ["INC-0", "INC-" + "9" * 20, "INC-9223372036854775807", "9" * 18, "x", "INC-1.5", "%00", "..%2f", "-1", "١"],
)
def test_a_reference_that_is_none_is_not_found(house, as_, reference):
    assert as_(house.tom).get(f"incidents/{reference}/").status_code == 404


def test_a_name_with_a_null_character_is_not_found(house, as_):
    assert as_(house.tom).get("cab-meetings/%00/").status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 30, "9223372036854775808"])
def test_a_number_that_no_row_has_is_not_found(house, log_incident, as_, number):
    tom, at = as_(house.tom), f"incidents/{log_incident().pk}/"

    answers = [
        tom.get(f"{at}attachments/{number}/"),
        tom.delete(f"{at}links/{number}/"),
        tom.delete(f"{at}watchers/{number}/"),
        tom.post(f"{at}tasks/{number}/completion/"),
        tom.get(f"people/{number}/"),
        tom.get(f"calendars/{number}/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6


@pytest.mark.parametrize("tag", ["7", "'7'", 'W/"7"', '"7", "8"', '"x"', '"' + "9" * 40 + '"'])
def test_an_if_match_that_is_none_of_ours_is_refused(house, log_incident, as_, tag):
    refused = as_(house.tom).patch(f"incidents/{log_incident().pk}/", {"title": "x"}, if_match=tag)

    assert refused.status_code == 400


def test_if_match_of_any_version_is_taken(house, log_incident, as_):
    assert as_(house.tom).patch(f"incidents/{log_incident().pk}/", {"title": "x"}, if_match="*").status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer", 401),
        ("Bearer a b", 401),
        ("Bearer stw_unknown", 401),
        ("Bearer \xff", 401),
        ("Basic dG9tOng=", 401),
        ("", 401),
    ],
)
def test_a_token_that_is_none_lets_nobody_in(house, as_, header, status):
    refused = as_(None).get("incidents/", authorization=header)

    assert refused.status_code == status
    assert refused["WWW-Authenticate"] == "Bearer"
    assert refused.json()["type"] == "urn:problem-type:steward:unauthenticated"
