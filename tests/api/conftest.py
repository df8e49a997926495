"""Callers of the API: each person with a token of every scope, and a client that speaks JSON."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from approvals import purposes
from people import matrix
from people.enums import Role
from people.models import RoleGrant, User
from people.tokens import issue

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Caller:
    """Speaks for one person, or for nobody."""

    def __init__(self, token: str | None) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        said: dict[str, Any] = {"headers": self.headers | {k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None:
            said |= {"data": body if isinstance(body, bytes) else json.dumps(body), "content_type": "application/json"}
        address = path if path.startswith("/") else f"/api/v1/{path}"
        response = self.client.generic(method, address, **said)
        kind = response.get("Content-Type", "")
        if response.status_code >= 400:
            print(method, path, response.status_code, response.content[:600])  # noqa: T201 - shown on failure
            assert kind == "application/problem+json"
        return response

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)

    def upload(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        said = self.headers | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.post(f"/api/v1/{path}", fields, headers=said)


@pytest.fixture
def token_of(house: Any) -> Any:
    """Make a token of a person; every scope unless some are named."""

    def make(user: Any, *scopes: str) -> str:
        row, token = issue(user=user, name="test", scopes=scopes or matrix.SCOPES, at=datetime.now(UTC))
        row.used_at = datetime.now(UTC)
        row.save(update_fields=["used_at"])
        return token

    return make


@pytest.fixture
def as_(token_of: Any) -> Any:
    """`as_(house.tom).get("incidents/")`; nobody for None."""

    def speak(user: Any, *scopes: str) -> Caller:
        return Caller(None if user is None else token_of(user, *scopes))

    return speak


@pytest.fixture
def auditor(house: Any) -> User:
    """Anna reads everything and changes nothing."""
    anna = User.objects.create_user(
        "anna", "anna@northwind.example", "x", name="Anna Berg", organization=house.provider
    )
    RoleGrant.objects.create(user=anna, role=Role.AUDITOR)
    return anna


@pytest.fixture
def fixes_are_approved() -> Iterator[str]:
    """A purpose for the time of the test: whether the fix of an incident may be done; its requester does not decide."""
    purpose = purposes.Purpose(
        name="incident.fix",
        kind="incident",
        label="allow the fix",
        fingerprint=lambda record: record.title,
        excluded=lambda record: {record.requester_id: "the requester"},
    )
    purposes.register(purpose)
    yield purpose.name
    purposes.forget(purpose.name)
