"""How many statements the API needs: the same for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from slm.models import Clock
from slm.operations import ensure_default_agreement


def statements(call):
    """Statements of a call, without the marks of transactions."""
    with CaptureQueriesContext(connection) as captured:
        response = call()
    said = [each["sql"] for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    for each in said:
        print(each[:300])  # noqa: T201 - shown on failure
    return response, len(said)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_three_statements(house, log_incident, as_, rows):
    for _each in range(rows):
        log_incident()
    tom = as_(house.tom)

    response, count = statements(lambda: tom.get("incidents/"))

    assert len(response.json()["items"]) == rows
    assert count == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_an_incident_with_its_comments_costs_five_statements(house, log_incident, as_, rows):
    incident = log_incident()
    tom = as_(house.tom)
    tom.post(f"incidents/{incident.pk}/work/")
    for number in range(rows):
        tom.post(f"incidents/{incident.pk}/comments/", {"visibility": "internal", "text": f"Note {number}"})

    response, count = statements(lambda: tom.get(f"incidents/{incident.pk}/?include=comments"))

    assert len(response.json()["comments"]) == rows
    assert count == 5


@pytest.mark.parametrize(("headers", "expected"), [({}, 10), ({"idempotency_key": "a-1"}, 12)])
def test_logging_an_incident_costs_ten_statements_and_two_more_with_a_key(house, vpn, as_, headers, expected):
    ensure_default_agreement()
    tom = as_(house.tom)
    body = {"title": "VPN drops", "requester": "maria", "service": "vpn"}
    tom.post("incidents/", body)

    response, count = statements(lambda: tom.post("incidents/", body, **headers))

    assert response.status_code == 201
    assert Clock.objects.filter(record_id=response.json()["number"]).count() == 2
    assert count == expected
