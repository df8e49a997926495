"""A service that pipelines deploy to production under a model that Ines approved, which Aisha owns."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from changes import operations as changes
from changes.models import ChangeModel
from changes.pipelines import operations
from changes.pipelines.defaults import ensure_environments
from changes.pipelines.models import Deployment
from services.models import Service
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def deploy_model(house: SimpleNamespace, vpn: Service) -> ChangeModel:
    ensure_environments()
    at = moment("2026-03-01 09:00")
    model = changes.propose_model(
        by=house.ines, at=at, name="Deploy the VPN portal", owner=house.aisha, team=house.networks,
        implementation_plan="The pipeline deploys.", back_out_plan="The pipeline deploys the former version.",
        steps=["Deploy", "Watch"], longest_minutes=60,
    )  # fmt: skip
    return changes.approve_model(model=model, by=house.ines, at=at, expires_date=date(2027, 3, 1))


@pytest.fixture
def ask(house: SimpleNamespace, vpn: Service, deploy_model: ChangeModel) -> Callable[..., Deployment]:
    """Tom's pipeline asks on Monday at ten whether 1.0 may go to production for half an hour."""

    def make(
        *, by: Any = None, at: datetime = MONDAY_10, sha: str = "9f2c1e7", committed_at: Any = None, **said: Any
    ) -> Deployment:
        values: dict[str, Any] = {
            "service": "vpn", "environment": "production", "version": "1.0", "planned_minutes": 30,
            "commits": [(sha, committed_at or at - HOUR)], "model": deploy_model.slug, **said,
        }  # fmt: skip
        if values.get("change"):
            values["model"] = ""
        return operations.ask(question=operations.Question(**values), by=by or house.tom, at=at)

    return make


@pytest.fixture
def deploy(house: SimpleNamespace, ask: Callable[..., Deployment]) -> Callable[..., Deployment]:
    """Ask and report in one go; `minutes` after the beginning."""

    def make(
        result: str = "succeeded", *, at: datetime = MONDAY_10, minutes: int = 10, repair: bool = False,
        incident: Any = None, **said: Any,
    ) -> Deployment:  # fmt: skip
        asked = ask(at=at, **said)
        assert asked.reasons == []
        return operations.report(
            deployment=asked, by=house.tom, at=at + timedelta(minutes=minutes), result=result,
            is_unplanned_repair=repair, incident=incident,
        )  # fmt: skip

    return make
