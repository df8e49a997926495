"""A change that Aisha asks for and Tom implements, which Ines may decide."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from changes import operations
from changes.defaults import ensure_policies, ensure_questions
from changes.models import Change, RiskFactor
from services.models import ConfigurationItem, Service
from tests.conftest import moment

MONDAY_9 = moment("2026-03-02 09:00")
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
