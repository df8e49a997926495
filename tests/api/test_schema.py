"""The API does what its schema says: generated requests find no server error and no other answer."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks

from tests.api.test_matrix import document_of_schema, operations_of_schema, world  # noqa: F401 - the fixture

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = 6
COLLECTIONS: dict[str, list[Any]] = {}
for each in operations_of_schema():
    COLLECTIONS.setdefault(each.values[1].split("/")[3], []).append(each)


def closed(document: Any) -> Any:
    """The schema with every object of answers closed, so that a property which it does not name is found."""
    for component in document["components"]["schemas"].values():
        if "properties" in component:
            component.setdefault("additionalProperties", False)
    return document


def test_the_schema_is_served_to_everybody(client):
    response = client.get("/api/v1/schema/?format=json")

    assert response.json()["openapi"].startswith("3.1")


@pytest.fixture(scope="module")
def schema() -> Any:
    loaded = schemathesis.openapi.from_dict(closed(deepcopy(document_of_schema())))
    loaded.app = get_wsgi_application()
    return loaded


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """As Django's test client does: a request does not close the connection that the test's transaction is on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("kept_connection")
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
@pytest.mark.parametrize("collection", list(COLLECTIONS))
def test_generated_requests_are_answered_as_the_schema_says(world, schema, as_, subtests, collection, mode):  # noqa: F811
    headers = [as_(world.people[name]).headers for name in ("tom", "maria", "otto", "ada", "nobody")]
    for each in COLLECTIONS[collection]:
        with subtests.test(each.id):
            assert_the_schema_is_kept(world, schema, headers, mode, *each.values)


def assert_the_schema_is_kept(world, schema, headers, mode, method, path, said):  # noqa: F811
    operation = schema[path][method]
    number = next((value for kind, value in world.numbers.items() if f"/{kind}/" in path), 1)
    real = {"reference": world.incident.reference, "number": number, "name": "inc-volume", "key": "2026-03-05"}

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), whose=st.sampled_from(headers), is_real=st.booleans())
    def send(case, whose, is_real):
        if is_real or whose is headers[0]:
            case.path_parameters |= {name: real[name] for name in case.path_parameters}
        with transaction.atomic():
            case.call_and_validate(headers=whose, checks=CHECKS)
            transaction.set_rollback(True)

    try:
        send()
    except schemathesis.errors.SerializationNotPossible:
        pytest.skip("nothing to send in this way")
