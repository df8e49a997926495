"""Missed targets that tests tell. Monday 2 March 2026; the desk works from 08:00 to 18:00."""

from collections.abc import Callable
from typing import Any

import pytest

from audit import outbox
from slm.breaches import operations, recording
from slm.breaches.models import Breach, Cause
from slm.sweep import sweep
from tests.conftest import moment

OPENED = moment("2026-03-02 09:00")
SWEPT = moment("2026-03-04 09:00")
LATER = moment("2026-03-04 10:00")


@pytest.fixture
def missed(house: Any, standard: Any, log_incident: Any) -> Callable[..., Breach]:
    """An incident of the networks team, missed by 4 March: the breach of its resolution clock, or of another one."""

    def make(clock: str = "resolution", *, at: Any = SWEPT, **said: Any) -> Breach:
        incident = log_incident(at=OPENED, **said)
        incident.team, incident.assignee = house.networks, house.aisha
        incident.save(update_fields=["team", "assignee"])
        sweep(at)
        recording.make(recording.unanswered())
        return Breach.objects.select_related("record", "clock").get(record_id=incident.pk, clock_kind=clock)

    return make


@pytest.fixture
def deliver() -> Callable[..., None]:
    """Let the outbox do what is due."""

    def run(at: Any = LATER) -> None:
        while outbox.dispatch_due(at=at):
            pass

    return run


@pytest.fixture
def capacity(db: None) -> Cause:
    return Cause.objects.get(key="capacity")


@pytest.fixture
def explained(house: Any, missed: Any, capacity: Cause) -> Callable[..., Breach]:
    """A miss that Aisha explained."""

    def make(**said: Any) -> Breach:
        breach = missed(**said)
        return operations.explain(breach=breach, by=house.aisha, at=LATER, cause=capacity, text="Two people were ill")

    return make
