"""Incidents that look alike, and people who decide about them."""

from datetime import timedelta
from typing import Any

import pytest

from problems.finding import runs
from problems.finding.models import Cluster
from tests.conftest import moment

NOW = moment("2026-03-30 12:00")
VPN = "VPN drops every 20 minutes on home network"
TYPED = (VPN, VPN, "VPN drops evry 20 minutes on home network", "vpn drops every 20 minutes at home", VPN.upper())


@pytest.fixture
def network(db: None) -> Any:
    from records.models import Category

    return Category.objects.create(name="Network")


@pytest.fixture
def similar(log_incident: Any, network: Any) -> Any:
    """Log incidents one hour after another from 2 March 2026, 09:00; answers with them."""

    def log(count: int = 5, **said: Any) -> list[Any]:
        first = said.pop("at", moment("2026-03-02 09:00"))
        return [
            log_incident(
                title=said.get("title") or TYPED[number % len(TYPED)],
                category=network,
                at=first + timedelta(hours=number),
                **{name: value for name, value in said.items() if name != "title"},
            )
            for number in range(count)
        ]

    return log


@pytest.fixture
def found(similar: Any) -> Any:
    """Five similar incidents, and the proposal that they became."""
    similar(5)
    runs.find(at=NOW)
    return Cluster.objects.get()
