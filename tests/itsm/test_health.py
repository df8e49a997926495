"""What a load balancer and an operator are told."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from redis import ResponseError

from audit.models import Channel, Dispatch, Entry
from itsm import health
from tests.conftest import moment

NOON = moment("2026-03-02 12:00")


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(health, "now", lambda: NOON)


def dispatch_due(at, state=Dispatch.State.PENDING) -> Dispatch:
    entry = Entry.objects.create(
        at=at, action="incident.resolved", subject_kind="incident", subject_id=1, channel=Channel.WORKER
    )
    return Dispatch.objects.create(entry=entry, subscriber="test", due_at=at, state=state)


def test_a_process_that_lives_says_so_without_asking_the_database(client):
    answer = client.get("/health/live/")

    assert (answer.status_code, answer.json()) == (200, {"live": True})


def test_ready_names_what_answers(client, db):
    answer = client.get("/health/ready/")

    assert (answer.status_code, answer.json()) == (200, {"database": True, "cache": True})


def test_not_ready_without_the_database(client, monkeypatch):
    def refuse():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)

    answer = client.get("/health/ready/")

    assert (answer.status_code, answer.json()) == (503, {"database": False, "cache": True})


def test_not_ready_while_the_cache_takes_nothing(client, db, monkeypatch):
    def refuse(*args, **kwargs):
        raise ResponseError("MISCONF Errors writing to the AOF file: No space left on device")

    monkeypatch.setattr(health.cache, "set", refuse)

    answer = client.get("/health/ready/")

    assert (answer.status_code, answer.json()) == (503, {"database": True, "cache": False})


def test_nothing_to_do_is_keeping_up(client, db):
    answer = client.get("/health/keeping-up/")

    assert answer.status_code == 200
    assert answer.json() == {
        "keeping_up": True,
        "oldest_dispatch_seconds": 0,
        "parked_dispatches": 0,
        "oldest_due_clock_seconds": 0,
        "due_clocks_waiting": 0,
    }


@pytest.mark.parametrize(("seconds", "status"), [(60, 200), (61, 503)])
def test_a_dispatch_undone_for_more_than_a_minute_is_falling_behind(client, db, seconds, status):
    dispatch_due(NOON - timedelta(seconds=seconds))
    dispatch_due(NOON + timedelta(seconds=5))

    answer = client.get("/health/keeping-up/")

    assert (answer.status_code, answer.json()["oldest_dispatch_seconds"]) == (status, seconds)


def test_parked_dispatches_are_counted_but_wait_for_a_person(client, db):
    dispatch_due(NOON - timedelta(days=2), state=Dispatch.State.PARKED)

    answer = client.get("/health/keeping-up/")

    assert (answer.status_code, answer.json()["parked_dispatches"]) == (200, 1)


@pytest.mark.parametrize("address", ["/health/live/", "/health/ready/", "/health/keeping-up/"])
def test_no_answer_is_kept_by_a_cache_or_changed_by_a_post(client, db, address):
    assert "no-store" in client.get(address)["Cache-Control"]
    assert client.post(address).status_code == 405
