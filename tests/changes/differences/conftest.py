"""Ines imports what a scanner found on items that stand already."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from changes import operations as changes
from changes.differences import operations
from changes.differences.models import Difference
from changes.models import Change
from services import importing
from services.models import ConfigurationItem, ItemImport, ItemType, Service
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.conftest import moment

THURSDAY_20 = moment("2026-03-05 20:00")
FRIDAY_9 = moment("2026-03-06 09:00")


@pytest.fixture
def scan(house: SimpleNamespace) -> Callable[..., ItemImport]:
    """`scan("key;name;memory GB\\ns-1;esx-3;64\\n")`: import it on Friday morning, and look through what it found."""

    def make(text: str, *, at: datetime = FRIDAY_9, takes_theirs: bool = False) -> ItemImport:
        run = importing.begin(content=text.encode(), file_name="scan.csv", by=house.ines, at=at)
        run = importing.check(run=run, at=at)
        importing.order(run=run, by=house.ines, at=at, takes_theirs=takes_theirs, skips_problems=False)
        run = importing.apply(run=run, at=at)
        operations.keep_found(run=run, at=at)
        return run

    return make


@pytest.fixture
def host(vpn: Service) -> ConfigurationItem:
    """esx-3 with 32 GB, as somebody wrote it down."""
    server = ItemType.objects.get(slug="server")
    return ConfigurationItem.objects.create(
        name="esx-3", type=server, service=vpn, external_key="s-1", attributes={"memory_gb": 32}
    )


@pytest.fixture
def differs(host: ConfigurationItem, scan: Callable[..., ItemImport]) -> Difference:
    """The scanner sees 64 GB."""
    scan("key;memory GB\ns-1;64\n")
    return Difference.objects.get()


@pytest.fixture
def begun(house: SimpleNamespace, booked: Callable[..., Change]) -> Callable[..., Change]:
    """A change whose work begins on Thursday evening."""

    def make(*, at: datetime = THURSDAY_20, **said: Any) -> Change:
        return changes.begin(change=booked(**said), by=house.tom, at=at, notice_was_sent=True)

    return make
