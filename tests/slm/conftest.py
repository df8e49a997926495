"""Agreements and hours that the tests of clocks share. Monday 2 March 2026 is an ordinary working day."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from calendars import operations as calendar_operations
from calendars import registry
from calendars.business_time import WeeklyWindow
from calendars.models import Calendar
from slm import selection
from slm.models import Agreement, Clock, Target
from tests.conftest import moment

EIGHT_TO_SIX = tuple(WeeklyWindow(day, 480, 1080) for day in range(5))
TARGETS = {
    ("response", 1): 15, ("resolution", 1): 240,
    ("response", 2): 60, ("resolution", 2): 480,
    ("response", 3): 240, ("resolution", 3): 1_440,
    ("response", 4): 480, ("resolution", 4): 480,
    ("response", 5): 960,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """Each test starts like a new process."""
    registry.clear()
    selection.forget()
    yield
    registry.clear()
    selection.forget()


@pytest.fixture
def office(db: None) -> Calendar:
    """Monday to Friday, 08:00-18:00, on a wall clock that never changes."""
    return calendar_operations.create_calendar(
        name="Office", zone="UTC", windows=EIGHT_TO_SIX, by=None, at=moment("2026-01-01 00:00")
    )


@pytest.fixture
def around_the_clock(db: None) -> Calendar:
    return calendar_operations.create_calendar(
        name="Around the clock", zone="UTC", is_always_open=True, by=None, at=moment("2026-01-01 00:00")
    )


@pytest.fixture
def make_agreement(office: Calendar) -> Callable[..., Agreement]:
    """Make an agreement with `targets`, (clock, priority) to minutes; P4, the usual one, has 8 h for either clock."""

    def make(name: str = "Standard", targets: dict[tuple[str, int], int] | None = None, **said: Any) -> Agreement:
        calendars = said.pop("target_calendars", {})
        agreement = Agreement.objects.create(
            name=name,
            slug=name.lower().replace(" ", "-"),
            calendar=said.pop("calendar", office),
            pause_reasons=said.pop("pause_reasons", ["requester", "schedule"]),
            state=said.pop("state", "active"),
            **said,
        )
        Target.objects.bulk_create(
            Target(
                agreement=agreement,
                clock=clock,
                priority=priority,
                target_minutes=minutes,
                calendar=calendars.get((clock, priority)),
            )
            for (clock, priority), minutes in (TARGETS if targets is None else targets).items()
        )
        return agreement

    return make


@pytest.fixture
def standard(make_agreement: Callable[..., Agreement]) -> Agreement:
    """The agreement that everybody has."""
    return make_agreement()


@pytest.fixture
def clock_of() -> Callable[..., Clock]:
    """The clock of a record, read afresh; the latest one if there were several."""

    def read(record: Any, kind: str = "resolution") -> Clock:
        return Clock.objects.filter(record_id=record.pk, kind=kind).order_by("-id")[0]

    return read
