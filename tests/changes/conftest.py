"""A change that Aisha asks for and Tom implements, which Ines may decide."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from approvals import operations as approvals
from approvals import queries as approval_queries
from changes import operations
from changes.defaults import ensure_policies, ensure_questions
from changes.models import CalendarWindow, Change, RiskFactor
from changes.queries.facts import AUTHORIZE
from services.models import ConfigurationItem, Service
from tests.conftest import moment

MONDAY_9 = moment("2026-03-02 09:00")
MONDAY_10 = moment("2026-03-02 10:00")
PLANS = {
    "rationale": "The gateway drops connections.",
    "implementation_plan": "Install 4.2 on the standby, fail over, install on the other.",
    "test_plan": "Twenty sessions for an hour.",
    "test_evidence": "Done on the standby, see the note.",
    "back_out_plan": "Fail back; the old image stays on the disk.",
    "communication_plan": "Mail to the sites a day before.",
}


@pytest.fixture
def gateway(vpn: Service) -> ConfigurationItem:
    return ConfigurationItem.objects.create(name="vpn-gw-2", service=vpn)


@pytest.fixture
def write_change(house: SimpleNamespace, gateway: ConfigurationItem) -> Callable[..., Change]:
    """A draft with plans and a window on Thursday evening; `points` answers every risk question the same."""
    ensure_questions()
    ensure_policies(at=MONDAY_9)

    def write(
        *,
        window: tuple[str, str] | None = ("2026-03-05 20:00", "2026-03-05 22:00"),
        points: int = 1,
        at: Any = MONDAY_9,
        **said: Any,
    ) -> Change:
        values = {"title": "Patch gateway 2", "services": [gateway.service], "items": [gateway],
                  "assignee": house.tom, "team": house.networks, **PLANS, **said}  # fmt: skip
        change = operations.create(by=house.aisha, at=at, **values)
        if window is not None:
            start, end = (moment(text) for text in window)
            change = operations.plan_window(change=change, by=house.aisha, at=at, planned_from=start, planned_to=end)
        keys = RiskFactor.objects.filter(is_active=True).values_list("key", flat=True)
        return operations.answer_risk(change=change, by=house.aisha, at=at, answers={key: points for key in keys})

    return write


@pytest.fixture
def at_monday(time_machine: Any) -> None:
    """It is Monday 2 March 2026, 10:00 UTC, and stays so."""
    time_machine.move_to(MONDAY_10, tick=False)


@pytest.fixture
def booked(house: SimpleNamespace, write_change: Callable[..., Change]) -> Callable[..., Change]:
    """Write a change that is scheduled: submitted, assessed and voted for, unless something stands in its way."""

    def book(**said: Any) -> Change:
        change = write_change(points=1, **said)
        change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)
        change = operations.assess(change=change, by=house.ines, at=MONDAY_10)
        approval = approval_queries.open_one(change, AUTHORIZE)
        approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="approve")
        return Change.objects.get(pk=change.pk)

    return book


@pytest.fixture
def freeze(house: SimpleNamespace) -> CalendarWindow:
    """All of Thursday, for all services."""
    return operations.save_window(
        by=house.ines, at=MONDAY_10, kind="freeze", name="Quarter end", zone="UTC",
        starts_at=moment("2026-03-05 00:00"), ends_at=moment("2026-03-06 00:00"),
    )  # fmt: skip
