"""Incidents at the stages that tests start from."""

from typing import Any

import pytest

from incidents import operations
from tests.conftest import moment


@pytest.fixture
def in_progress(house: Any, log_incident: Any) -> Any:
    """Given to Aisha of Networks and started at 09:10."""
    incident = operations.assign(
        incident=log_incident(), by=house.tom, at=moment("2026-03-02 09:05"), team=house.networks, assignee=house.aisha
    )
    return operations.start(incident=incident, by=house.aisha, at=moment("2026-03-02 09:10"))


@pytest.fixture
def resolved(house: Any, in_progress: Any) -> Any:
    """Solved by Aisha at 10:00."""
    return operations.resolve(
        incident=in_progress, by=house.aisha, at=moment("2026-03-02 10:00"), code="fixed", text="Restarted gateway 2."
    )
