"""The people whom every test knows, callers of the API, and a complaint."""

from typing import Any

import pytest

from supplier_complaints import operations
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import _flush_quickly, _media, house, moment, vpn  # noqa: F401 - fixtures

MONDAY_9 = moment("2026-03-02 09:00")


@pytest.fixture
def write_complaint(house: Any, vpn: Any) -> Any:  # noqa: F811 - the fixtures
    """Write a complaint as Aisha, who leads Networks, on Monday at 09:00; anything can be said otherwise."""

    def write(**said: Any) -> Any:
        about: dict[str, Any] = {
            "by": house.aisha, "at": MONDAY_9, "title": "Nobody called back", "supplier": "Telnor", "service": vpn,
            "promised": "A call back within 60 minutes",
        }  # fmt: skip
        return operations.create(**(about | said))

    return write
