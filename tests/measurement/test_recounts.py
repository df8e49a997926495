"""A full count that a person asks for: one at a time, by a worker, with its progress."""

from datetime import timedelta

import pytest

from common.refusals import NotAllowed, Refused
from measurement import declarations, rebuild, recounts, store
from measurement.models import Mark, Reading, Recount
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


def test_a_count_whose_worker_was_lost_is_begun_anew_and_comes_to_the_same(house, log_incident, monkeypatch, client):
    log_incident()
    rebuild.rebuild_all()
    asked = recounts.ask(by=house.ada, at=AT)
    whole = store.replace_all

    def die_at_the_fifth(family, told, months_to, done=[]):  # noqa: B006 - counts its calls
        done.append(family)
        if len(done) == 5:
            raise KeyboardInterrupt  # as a killed worker: nobody catches it, and nothing after it is written
        whole(family, told, months_to)

    monkeypatch.setattr(store, "replace_all", die_at_the_fifth)
    with pytest.raises(KeyboardInterrupt):
        recounts.work(asked.pk, clock=lambda: AT)
    monkeypatch.setattr(store, "replace_all", whole)
    asked.refresh_from_db()
    assert (asked.done, asked.ended_at, asked.attempts) == (4, None, 1)
    Reading.objects.filter(family="incident.flow").update(cells=b"")
    log_incident(at=moment("2026-03-03 09:00"))

    assert recounts.left(at=AT + timedelta(seconds=59)) == []
    assert recounts.left(at=AT + timedelta(seconds=61)) == [asked.pk]
    recounts.work(asked.pk, clock=lambda: AT + timedelta(seconds=61))

    asked.refresh_from_db()
    assert (asked.done, asked.error, asked.attempts) == (asked.total, "", 2)
    assert (Mark.objects.count(), rebuild.compare(heal=False)) == (0, {})


def test_a_count_that_loses_every_worker_ends_and_says_so(house, client):
    asked = recounts.ask(by=house.ada, at=AT)
    Recount.objects.update(attempts=recounts.TRIES_AT_MOST)
    with pytest.raises(Refused):
        recounts.ask(by=house.ada, at=AT + timedelta(days=1))

    recounts.work(asked.pk, clock=lambda: AT)

    client.force_login(house.ada)
    assert "lost three times" in client.get("/kpi/counting/").content.decode()
    assert recounts.ask(by=house.ada, at=AT).attempts == 0
