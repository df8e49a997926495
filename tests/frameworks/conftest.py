"""A pack of one's own, small enough to be read, and ways to spoil it."""

import pytest

from people.enums import Role
from procedures.defaults import ensure_duties
from procedures.models import Duty

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


@pytest.fixture(autouse=True)
def nobody_improves(db):
    """Nobody has the role that answers for improving, so that a procedure alone does not make Resting done."""
    ensure_duties()
    Duty.objects.filter(process="improve").update(accountable=Role.USER_MANAGER)
