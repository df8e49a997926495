"""The life of an incident, move by move."""

import pytest

from audit.models import Entry
from incidents import operations
from incidents.enums import State
from incidents.models import Incident
from records.transitions import TransitionRefused
from tests.conftest import moment


def test_an_incident_is_logged_assigned_started_resolved_and_closed(house, log_incident):
    incident = log_incident()
    incident = operations.assign(
        incident=incident,
        by=house.tom,
        at=moment("2026-03-02 09:05"),
        team=house.networks,
        assignee=house.aisha,
    )
    incident = operations.start(incident=incident, by=house.aisha, at=moment("2026-03-02 09:10"))
    incident = operations.resolve(
        incident=incident,
        by=house.aisha,
        at=moment("2026-03-02 10:00"),
        code="fixed",
        text="Restarted the gateway.",
    )
    incident = operations.close(incident=incident, by=house.maria, at=moment("2026-03-02 11:00"))

    fresh = Incident.objects.get(pk=incident.pk)
    assert fresh.state == State.CLOSED
    assert fresh.phase == "done"
    entries = Entry.objects.filter(subject_kind="record", subject_id=fresh.pk).order_by("id")
    assert list(entries.values_list("action", flat=True)) == [
        "incident.created",
        "incident.assigned",
        "incident.started",
        "incident.resolved",
        "incident.closed",
    ]


def test_a_refused_move_leaves_no_trace(house, log_incident):
    incident = log_incident()
    before = Entry.objects.count()

    with pytest.raises(TransitionRefused) as refused:
        operations.resolve(
            incident=incident, by=house.tom, at=moment("2026-03-02 10:00"), code="fixed", text="Restarted."
        )

    assert refused.value.refusals[0].code == "wrong_state"
    assert Entry.objects.count() == before
    assert Incident.objects.get(pk=incident.pk).version == incident.version
