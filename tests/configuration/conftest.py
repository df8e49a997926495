"""Items for the pages, and people signed in."""

from typing import Any

import pytest
from django.test import Client

from tests.services.conftest import item, relate  # noqa: F401 - fixtures of the items themselves


@pytest.fixture
def signed_in(house: Any) -> Any:
    """`signed_in(house.tom).get("/cmdb/")`."""

    def make(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def gateway(item: Any, relate: Any, vpn: Any) -> Any:  # noqa: F811 - the fixture of this name
    """vpn-gw-2 carries the VPN and runs on esx-3."""
    made, host = item("vpn-gw-2", "network-device", service=vpn), item("esx-3")
    relate(made, "runs_on", host)
    return made
