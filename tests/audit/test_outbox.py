"""What follows a commit: once recorded, at least once delivered, parked when hopeless."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from audit import log, outbox, tasks
from audit.models import Dispatch
from audit.subscriptions import subscribe
from tests.conftest import moment

AT = moment("2026-03-02 09:00")
HEARD: list[int] = []


def hear(entry):
    HEARD.append(entry.pk)


def fail(entry):
    raise RuntimeError("the mail server is away")


subscribe("tests.hear", to=["heard.*"], handler=hear)
subscribe("tests.fail", to=["failed.*"], handler=fail)


@pytest.fixture(autouse=True)
def _nobody_has_heard_anything():
    HEARD.clear()


def write(action):
    return log.record(action, subject_kind="thing", subject_id=1, by=None, at=AT)


@pytest.mark.django_db
def test_a_delivered_row_is_not_delivered_again():
    entry = write("heard.done")

    assert outbox.dispatch_due(at=AT) == 1
    assert outbox.dispatch_due(at=AT) == 0
    assert [entry.pk] == HEARD


@pytest.mark.django_db
def test_a_failure_is_tried_again_later_and_parked_after_eight_tries():
    write("failed.done")
    tries, at = 0, AT
    while Dispatch.objects.get().state == Dispatch.State.PENDING and tries < 20:
        at += timedelta(hours=2)
        tries += outbox.dispatch_due(at=at)

    row = Dispatch.objects.get()
    assert (tries, row.state) == (8, Dispatch.State.PARKED)
    assert "the mail server is away" in row.error


@pytest.mark.django_db
def test_a_claim_that_ran_out_is_taken_over_and_the_late_worker_finishes_nothing():
    write("heard.done")
    [late] = outbox.claim(at=AT)
    [taken_over] = outbox.claim(at=AT + outbox.LEASE + timedelta(seconds=1))

    outbox.work(late, at=AT)
    assert Dispatch.objects.get().state == Dispatch.State.PENDING

    outbox.work(taken_over, at=AT)
    assert Dispatch.objects.get().state == Dispatch.State.DONE


@pytest.mark.django_db
def test_what_is_due_later_waits():
    write("heard.done")

    assert outbox.dispatch_due(at=AT - timedelta(seconds=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_share_the_work_without_doing_it_twice():
    written = [write("heard.done").pk for _each in range(40)]

    def work(_worker):
        try:
            while outbox.dispatch_due(at=AT, rows=3):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, range(2)))

    assert sorted(HEARD) == written


@pytest.fixture
def bells(monkeypatch):
    """What rang at the broker."""
    rung = []
    monkeypatch.setattr(tasks.dispatch_outbox, "apply_async", lambda **said: rung.append(said))
    cache.delete(outbox.BELL)
    yield rung
    cache.delete(outbox.BELL)


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_once_until_a_worker_looks(bells):
    for _each in range(3):
        write("heard.done")
    assert len(bells) == 1

    tasks.dispatch_outbox()
    write("heard.done")

    assert len(bells) == 2


@pytest.mark.django_db(transaction=True)
def test_an_act_that_was_undone_does_not_silence_the_next(bells):
    with transaction.atomic():
        write("heard.done")
        transaction.set_rollback(True)
    assert not bells

    with transaction.atomic():
        write("heard.done")
        write("heard.done")

    assert len(bells) == 1
