"""A release that Aisha plans, Tom manages and Ines owns, with one change of the gateway in it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from changes.enums import State as ChangeState
from changes.models import Change
from changes.workflow import PHASES
from releases import operations
from releases.defaults import ensure_checklist
from releases.models import Release
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures
from tests.conftest import moment

MONDAY_9 = moment("2026-03-02 09:00")
MONDAY_10 = moment("2026-03-02 10:00")
THURSDAY_20 = moment("2026-03-05 20:00")
THURSDAY_22 = moment("2026-03-05 22:00")
PLANS = {
    "version_name": "4.2",
    "build_reference": "gateway-4.2.0+817",
    "deployment_plan": "Standby first, then the other.",
    "back_out_plan": "Fail back to 4.1, which stays on the disk.",
    "communication_plan": "Mail to the sites a day before.",
    "release_notes": "Sessions outlive a change of network.",
}


@pytest.fixture
def in_state(write_change: Callable[..., Change]) -> Callable[..., Change]:  # noqa: F811 - the fixture
    """A change that stands in some state, without the way there."""

    def write(state: str = ChangeState.SCHEDULED, **said: Any) -> Change:
        change = write_change(**said)
        Change.objects.filter(pk=change.pk).update(state=state, phase=PHASES[state])
        return Change.objects.get(pk=change.pk)

    return write


@pytest.fixture
def plan_release(house: SimpleNamespace, in_state: Callable[..., Change]) -> Callable[..., Release]:
    """A minor release in planning, for Thursday evening, with one scheduled change, one criterion and one wave."""
    ensure_checklist()

    def plan(
        *, changes: Any = None, criteria: tuple[str, ...] = ("Twenty sessions last an hour",), **said: Any
    ) -> Release:
        changes = [in_state()] if changes is None else changes
        values = {
            "title": "Gateway 4.2",
            "changes": changes,
            "assignee": house.tom,
            "owner": house.ines,
            **PLANS,
            **said,
        }
        release = operations.create(by=house.aisha, at=MONDAY_9, **values)
        release = operations.plan_window(
            release=release, by=house.aisha, at=MONDAY_9, planned_from=THURSDAY_20, planned_to=THURSDAY_22
        )
        for text in criteria:
            operations.add_criterion(release=release, by=house.aisha, at=MONDAY_9, text=text)
        operations.add_deployment(release=release, by=house.aisha, at=MONDAY_9, name="Both gateways")
        return Release.objects.get(pk=release.pk)

    return plan


@pytest.fixture
def sign_all(house: SimpleNamespace) -> Callable[[Release], Release]:
    """Every line of the checklist signed by somebody who has its role."""

    def sign(release: Release) -> Release:
        signers = {"technician": house.tom, "team_lead": house.aisha}
        for item in release.checklist.select_related("release"):
            operations.sign(item=item, by=signers.get(item.role, house.ines), at=MONDAY_10)
        return Release.objects.get(pk=release.pk)

    return sign


@pytest.fixture
def bring_to(
    house: SimpleNamespace, plan_release: Callable[..., Release], sign_all: Callable[..., Release]
) -> Callable[..., Release]:
    """A release as it stands after the move of this name, told through the operations."""

    def tested(release: Release) -> Release:
        for criterion in release.criteria.select_related("release"):
            operations.judge(criterion=criterion, by=house.tom, at=MONDAY_10, is_met=True)
        return Release.objects.get(pk=release.pk)

    def live(release: Release) -> Release:
        wave = release.deployments.select_related("release").get()
        operations.start_deployment(deployment=wave, by=house.tom, at=THURSDAY_20)
        operations.end_deployment(
            deployment=wave, by=house.tom, at=THURSDAY_22, result="successful", verification="Twenty sessions, no drop."
        )
        return Release.objects.get(pk=release.pk)

    steps: list[tuple[str, Callable[[Release], Release]]] = [
        ("planning", lambda release: release),
        ("building", lambda release: operations.build(release=release, by=house.aisha, at=MONDAY_10)),
        ("testing", lambda release: operations.test(release=release, by=house.aisha, at=MONDAY_10)),
        ("ready", lambda release: operations.make_ready(release=tested(release), by=house.aisha, at=MONDAY_10)),
        ("deploying", lambda release: operations.deploy(release=sign_all(release), by=house.tom, at=THURSDAY_20)),
        (
            "early_life",
            lambda release: operations.enter_early_life(release=live(release), by=house.tom, at=THURSDAY_22),
        ),
    ]

    def bring(state: str, **said: Any) -> Release:
        release = plan_release(**said)
        for name, act in steps:
            release = act(release)
            if name == state:
                return release
        raise AssertionError(state)

    return bring
