"""A customer with a plan, an agreement with hours that never change, and incidents of February 2026."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from incidents import operations as incidents
from slm.availability import operations as outages
from slm.reports import operations
from slm.reports.models import ReportPlan, ServiceReport
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
AFTER = moment("2026-03-03 09:00")


@pytest.fixture
def promised(make_agreement: Callable[..., Any], around_the_clock: Any) -> Any:
    """Eight hours for P4, 90 % of targets, 99.5 % availability around the clock."""
    return make_agreement(
        "Acme gold",
        calendar=around_the_clock,
        attainment_target=Decimal(90),
        availability_target=Decimal("99.5"),
        valid_from=date(2025, 1, 1),
    )


@pytest.fixture
def plan(house: SimpleNamespace, promised: Any) -> ReportPlan:
    """Acme gets a report from February on; Maria receives it. Months end at midnight in Oslo."""
    return operations.create_plan(
        organization=house.acme, by=house.ines, at=moment("2026-02-01 09:00"), zone="Europe/Oslo",
        first_month=FEBRUARY, purpose="How well Acme was served", owner=house.ines, receivers=[house.maria],
    )  # fmt: skip


@pytest.fixture
def solved(house: SimpleNamespace, log_incident: Callable[..., Any], promised: Any) -> Callable[..., Any]:
    """An incident of Maria that was opened and resolved at these moments; eight hours would be in time."""

    def make(opened: str, resolved: str, **said: Any) -> Any:
        incident = log_incident(at=moment(opened), **said)
        incident = incidents.start(incident=incident, by=house.aisha, at=moment(opened))
        return incidents.resolve(incident=incident, by=house.aisha, at=moment(resolved), code="fixed", text="Done")

    return make


@pytest.fixture
def outage(house: SimpleNamespace, vpn: Any) -> Callable[..., Any]:
    def make(start: str, end: str, **said: Any) -> Any:
        return outages.record(
            by=house.tom, at=AFTER, service=vpn, started_at=moment(start), ended_at=moment(end), **said
        )

    return make


@pytest.fixture
def compiled(house: SimpleNamespace, plan: ReportPlan, solved: Any, outage: Any) -> Callable[..., ServiceReport]:
    """The report of February: one ticket in time, one late, an outage of an hour."""

    def make(at: Any = AFTER) -> ServiceReport:
        solved("2026-02-10 09:00", "2026-02-10 12:00")
        solved("2026-02-11 09:00", "2026-02-12 09:00", title="Late <b>one</b>")
        outage("2026-02-15 10:00", "2026-02-15 11:00", cause="Power")
        return operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=at)

    return make


@pytest.fixture
def issued(house: SimpleNamespace, compiled: Callable[..., ServiceReport]) -> Callable[..., ServiceReport]:
    """The same, reviewed and issued by Ines."""

    def make() -> ServiceReport:
        report = operations.review(report=compiled(), by=house.ines, at=AFTER, summary="A calm month.")
        return operations.issue(report=report, by=house.ines, at=AFTER)

    return make


@pytest.fixture
def pages_of() -> Callable[..., Client]:
    """A browser of somebody who has signed in."""

    def client(person: Any) -> Client:
        made = Client()
        made.force_login(person)
        return made

    return client
