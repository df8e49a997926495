"""A full count that a person asks for: one at a time, by a worker, with its progress."""

from datetime import timedelta

import pytest

from common.refusals import NotAllowed, Refused
from measurement import declarations, recounts
from measurement.models import Reading, Recount
from tests.conftest import moment

AT = moment("2026-03-10 09:00")


def test_a_full_count_is_asked_for_once_works_with_progress_and_says_so(
    house, log_incident, client, django_capture_on_commit_callbacks
):
    log_incident()
    client.force_login(house.tom)
    assert client.post("/kpi/counting/").status_code == 403
    with pytest.raises(NotAllowed):
        recounts.ask(by=house.tom, at=AT)

    asked = recounts.ask(by=house.ada, at=AT)
    with pytest.raises(Refused, match="counted already"):
        recounts.ask(by=house.ines, at=AT + timedelta(minutes=19))
    client.force_login(house.ines)
    shown = client.get("/kpi/counting/?part=progress").content.decode()
    assert "<progress" in shown and "Count everything again" not in shown

    recounts.work(asked.pk, clock=lambda: AT)
    recounts.work(asked.pk, clock=lambda: AT + timedelta(days=1))  # a second delivery does nothing

    asked.refresh_from_db()
    assert (asked.done, asked.total, asked.error, asked.ended_at) == (
        len(declarations.families()), len(declarations.families()), "", AT,
    )  # fmt: skip
    assert Reading.objects.filter(family="incident.flow").exists()
    assert "Count everything again" in client.get("/kpi/counting/").content.decode()


def test_a_lost_worker_blocks_nobody_for_ever(house):
    lost = recounts.ask(by=house.ada, at=AT)

    later = recounts.ask(by=house.ada, at=AT + timedelta(minutes=21))

    lost.refresh_from_db()
    assert (lost.error, later.ended_at) == ("lost", None)
    assert Recount.objects.filter(ended_at=None).count() == 1
