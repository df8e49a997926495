"""A procedure for incidents of the VPN at the step of diagnosing, with one step that must be done."""

from types import SimpleNamespace
from typing import Any

import pytest

from procedures import operations
from procedures.enums import VersionState, Way
from procedures.models import ActivationRule, ProcedureVersion
from procedures.terms import StepTerms, Terms
from tests.conftest import moment

MONDAY_8 = moment("2026-03-02 08:00")
MONDAY_9 = moment("2026-03-02 09:00")
STEPS = (
    StepTerms(name="Ask which gateway", role="technician", guidance="Look at **the second line**."),
    StepTerms(name="Tell the sites", role="team_lead", is_mandatory=True),
)


@pytest.fixture(autouse=True)
def _base_set(base_set: None) -> None:
    """Everything here goes by the procedures that are there from the start."""


@pytest.fixture
def act_at_once(db: None) -> None:
    """Whoever may activate does it: for tests that are about something else."""
    ActivationRule.objects.all().delete()
    ActivationRule.objects.create(name="At once", way=Way.ACT)


@pytest.fixture
def by_a_second(db: None) -> None:
    """A second person brings drafts into force."""
    ActivationRule.objects.all().delete()
    ActivationRule.objects.create(name="Second", way=Way.SECOND)


@pytest.fixture
def write(house: SimpleNamespace, vpn: Any) -> Any:
    """A draft that Aisha wrote."""

    def make(**said: Any) -> ProcedureVersion:
        terms = Terms(
            **({"purpose": "Find the gateway", "kinds": ("incident",), "services": (vpn.pk,), "steps": STEPS} | said)
        )
        return operations.create_procedure(
            by=house.aisha, at=MONDAY_8, name="VPN diagnosis", process="recover", step="diagnose", terms=terms
        )

    return make


@pytest.fixture
def in_force(house: SimpleNamespace, write: Any) -> Any:
    """The same in force, the way there left out."""

    def make(**said: Any) -> ProcedureVersion:
        draft = write(**said)
        ProcedureVersion.objects.filter(pk=draft.pk).update(state=VersionState.IN_FORCE, in_force_from=MONDAY_8)
        return ProcedureVersion.objects.get(pk=draft.pk)

    return make
