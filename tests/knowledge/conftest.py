"""Articles at the stages that tests begin with. Tom writes them, Aisha reviews them."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from knowledge import operations
from tests.conftest import moment

AT = moment("2026-03-02 09:00")
LATER = moment("2026-03-03 09:00")
REVIEW = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def draft(house: SimpleNamespace, vpn: Any) -> Any:
    """Draft an article as Tom; anything can be said otherwise."""

    def make(**said: Any) -> Any:
        defaults: dict[str, Any] = {
            "by": house.tom,
            "at": AT,
            "title": "Reset your VPN profile",
            "symptom": "The VPN client drops every 20 minutes.",
            "cause": "An old profile asks for a gateway that is gone.",
            "fix": "Open the client, choose **Reset profile**, sign in again.",
            "service": vpn,
        }
        return operations.create(**(defaults | said))

    return make


@pytest.fixture
def publish(house: SimpleNamespace, draft: Any) -> Any:
    """Draft, submit and publish an article for an audience."""

    def make(audience: str = "public", organizations: Any = (), **said: Any) -> Any:
        confirm = said.pop("confirm_nothing_of_customer", False)
        article = draft(**said)
        if audience != "internal":
            operations.set_audience(
                article=article, by=house.tom, at=AT, audience=audience, organizations=organizations
            )
        article = operations.submit(article=article, by=house.tom, at=AT, confirm_no_duplicate=True)
        return operations.publish(
            article=article, by=house.aisha, at=AT, review_date=REVIEW, confirm_nothing_of_customer=confirm
        )

    return make


def codes(refused: Any) -> list[str]:
    return [each.code for each in refused.value.refusals]
