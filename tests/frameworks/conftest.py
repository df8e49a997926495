"""A pack of one's own, small enough to be read and to be spoiled, adopted or not."""

import pytest

from frameworks import operations
from frameworks.certifying import picture
from people.enums import Role
from procedures.defaults import ensure_duties
from procedures.models import Duty
from tests.conftest import moment

OWN = """\
format: 1
id: care
name: Care at work
version: '1'
edition: 1
owner: Northwind IT
groups:
  - {id: people, name: People}
practices:
  - id: listening
    name: Listening
    group: people
    purpose: Hear what does not work
    steps: [incident-logging-and-classification, call-intake-and-classification]
    measures: [inc-reopen]
  - id: promising
    name: Promising
    group: people
    purpose: Promise what can be held <script>alert(1)</script>
    steps: [service-level-negotiation]
  - id: resting
    name: Resting
    group: people
    purpose: Leave time to think
    steps: [kaizen-event]
"""


@pytest.fixture
def own():
    """The text of the pack; `own(edition=2)` and the like say a line otherwise."""

    def text(**lines):
        said = OWN
        for name, value in lines.items():
            said = "\n".join(f"{name}: {value}" if line.startswith(f"{name}:") else line for line in said.split("\n"))
        return said

    return text


@pytest.fixture
def quick(monkeypatch):
    """Certify with a picture of the rights only: the whole one takes its time, and one test takes it."""
    monkeypatch.setattr(picture, "PARTS", {"rights": picture.PARTS["rights"]})


@pytest.fixture
def care(house, own):
    return operations.adopt(by=house.ada, at=moment("2026-03-02 09:10"), text=own())[0]


@pytest.fixture
def as_(client):
    def enter(person):
        client.force_login(person)
        return client

    return enter


@pytest.fixture(autouse=True)
def nobody_improves(db):
    """Nobody has the role that answers for improving, so that a procedure alone does not make Resting done."""
    ensure_duties()
    Duty.objects.filter(process="improve").update(accountable=Role.USER_MANAGER)
