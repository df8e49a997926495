from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from calendars import changes, operations, registry
from calendars.business_time import WeeklyWindow
from calendars.models import Calendar

MONDAY = datetime(2025, 5, 26, 9, 0, tzinfo=UTC)
EIGHT_TO_SIX = tuple(WeeklyWindow(day, 480, 1080) for day in range(5))


@pytest.fixture(autouse=True)
def _fresh_registry() -> None:
    """Each test starts like a new process."""
    registry.clear()


@pytest.fixture
def oslo(db: None) -> Calendar:
    """Monday to Friday, 08:00-18:00 on the clocks of Oslo."""
    return operations.create_calendar(name="Oslo", zone="Europe/Oslo", windows=EIGHT_TO_SIX, by=None, at=MONDAY)


@pytest.fixture
def heard() -> Iterator[Callable[[str], list[Any]]]:
    """What recorders and listeners were told during the test."""
    told: dict[str, list[Any]] = {"recorded": [], "listened": []}
    recorder, listener = told["recorded"].append, told["listened"].append
    changes.record_calendar_changes(recorder)
    changes.on_calendar_changed(listener)
    yield told.__getitem__
    changes._recorders.remove(recorder)
    changes._listeners.remove(listener)
