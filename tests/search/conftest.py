"""Tickets of two organizations with their words in the index."""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from incidents import operations
from records import operations as record_operations
from records.query import Clock, Scene
from search import index
from tests.conftest import moment

NOW = moment("2026-03-02 12:00")


@pytest.fixture
def shelf(house, log_incident):
    """Acme's gateway ticket with a reply and a work note, Acme's printer, and one of Umbrella."""
    gateway = log_incident(title="VPN gateway drops", description="Every 20 minutes at home")
    record_operations.reply(record=gateway, by=house.tom, at=NOW, text="Which **router** do you have?")
    record_operations.add_note(record=gateway, by=house.tom, at=NOW, text="Suspect the firmware from Zyxel")
    printer = log_incident(title="Printer jams on floor 3", description="<script>alert(1)</script> paper everywhere")
    other = operations.create(by=house.otto, at=NOW, requester=house.otto, title="Umbrella gateway secret")
    index.rebuild()
    return SimpleNamespace(gateway=gateway, printer=printer, other=other)


@pytest.fixture
def scene_of():
    return lambda viewer: Scene(viewer, Clock(NOW, ZoneInfo("UTC")))
