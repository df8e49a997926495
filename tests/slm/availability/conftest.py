"""Services with a promised availability, and the outages that tests tell. March 2026 has 744 hours in UTC."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from calendars import operations as calendar_operations
from calendars.models import Calendar
from services.models import Service
from slm.availability import operations
from slm.availability.models import Outage
from slm.models import Agreement
from tests.conftest import moment
from tests.slm.conftest import EIGHT_TO_SIX

NOW = moment("2026-03-20 12:00")


@pytest.fixture(autouse=True)
def _reporting_zone(settings: Any) -> None:
    """Months are those of UTC unless a test says otherwise."""
    settings.TIME_ZONE = "UTC"
    timezone.get_default_timezone.cache_clear()


@pytest.fixture
def hours_of() -> Callable[..., Calendar]:
    """Make a calendar: around the clock without windows, else Monday to Friday 08:00-18:00."""

    def make(name: str, *, zone: str = "UTC", is_always_open: bool = False, windows: Any = EIGHT_TO_SIX) -> Calendar:
        said: dict[str, Any] = {"is_always_open": True} if is_always_open else {"windows": windows}
        return calendar_operations.create_calendar(name=name, zone=zone, by=None, at=moment("2020-01-01 00:00"), **said)

    return make


@pytest.fixture
def promise(hours_of: Any) -> Callable[..., Agreement]:
    """Promise an availability to everybody, 99.9 % around the clock unless said otherwise."""

    def make(
        name: str = "Promised", *, target: str | None = "99.9", hours: Calendar | None = None, **said: Any
    ) -> Agreement:
        return Agreement.objects.create(
            name=name,
            slug=name.lower().replace(" ", "-"),
            calendar=hours or hours_of(f"Hours of {name}", is_always_open=True),
            state=said.pop("state", "active"),
            availability_target=None if target is None else Decimal(target),
            **said,
        )

    return make


@pytest.fixture
def outage(house: Any, vpn: Service) -> Callable[..., Outage]:
    """Record an outage of the VPN as Tom, from and to moments written in UTC."""

    def make(at_from: str, at_to: str | None = None, *, at: datetime = NOW, **said: Any) -> Outage:
        return operations.record(
            by=said.pop("by", house.tom),
            at=at,
            service=said.pop("service", vpn),
            started_at=moment(at_from),
            ended_at=moment(at_to) if at_to else None,
            **said,
        )

    return make
