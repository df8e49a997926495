"""Problems at the stages that tests start from. Tom logs, Aisha of Networks owns, Ines decides."""

from datetime import date
from typing import Any

import pytest

from people.models import Membership
from problems import operations
from records import operations as record_operations
from tests.conftest import moment


@pytest.fixture
def log_problem(house: Any, vpn: Any) -> Any:
    """Log a problem of the VPN as Tom, on Monday 2 March 2026 at 10:00 UTC; anything can be said otherwise."""

    def log(**said: Any) -> Any:
        defaults: dict[str, Any] = {
            "by": house.tom,
            "at": moment("2026-03-02 10:00"),
            "title": "VPN drops every 20 minutes",
            "service": vpn,
        }
        return operations.create(**(defaults | said))

    return log


@pytest.fixture
def accepted(house: Any, log_problem: Any) -> Any:
    """Accepted by Ines at 11:00; Tom owns it, and Aisha leads the team he works in as well."""
    Membership.objects.create(user=house.tom, team=house.networks)
    return operations.accept(
        problem=log_problem(),
        by=house.ines,
        at=moment("2026-03-02 11:00"),
        owner=house.tom,
        impact_statement="Forty people sign in again three times an hour.",
    )


@pytest.fixture
def investigating(house: Any, accepted: Any) -> Any:
    """Investigated by Aisha from 12:00 on."""
    return operations.investigate(
        problem=accepted, by=house.aisha, at=moment("2026-03-02 12:00"), approach="five_whys", investigator=house.aisha
    )


@pytest.fixture
def declared(house: Any, investigating: Any) -> Any:
    """A known error with a workaround since Tuesday at 09:00."""
    return operations.declare_known_error(
        problem=investigating,
        by=house.aisha,
        at=moment("2026-03-03 09:00"),
        symptom="The VPN client drops after about 20 minutes and asks for the password again.",
        cause="Gateway 2 runs out of memory.",
        workaround="Choose gateway 1 in the list of the client.",
    )


@pytest.fixture
def fixing(house: Any, declared: Any) -> Any:
    """To be fixed by a task since Wednesday at 09:00."""
    record_operations.add_task(record=declared, by=house.aisha, at=moment("2026-03-04 08:59"), title="Add memory")
    return operations.fix(problem=declared, by=house.aisha, at=moment("2026-03-04 09:00"))


@pytest.fixture
def verifying(house: Any, fixing: Any) -> Any:
    """Fixed on Thursday at 09:00 and watched until 1 April."""
    task = fixing.tasks.get()
    record_operations.complete_task(task=task, by=house.aisha, at=moment("2026-03-05 08:59"))
    return operations.verify(
        problem=fixing, by=house.aisha, at=moment("2026-03-05 09:00"), watch_until_date=date(2026, 4, 1)
    )
