"""Two workers at once: no older count over a newer one, no mark lost, no reading twice."""

import threading

import pytest
from django.db import connection, transaction

from incidents import operations
from measurement import rebuild
from measurement.models import Mark, Reading
from tests.conftest import moment


def in_thread(act):
    """Run `act` on a connection of its own; gives the thread and what it returned."""
    told = []

    def run():
        try:
            told.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_steps_aside_while_the_first_counts(log_incident):
    log_incident()

    with transaction.atomic():
        assert rebuild.settle_marks() == 1
        thread, told = in_thread(rebuild.settle_marks)
        thread.join()

    assert told == [0]
    assert rebuild.compare() == {}


@pytest.mark.django_db(transaction=True)
def test_an_act_that_commits_while_a_worker_counts_is_counted_by_the_next_run(house, log_incident):
    incident = log_incident()
    with transaction.atomic():
        rebuild.settle_marks()
        thread, _told = in_thread(
            lambda: operations.take(incident=incident, by=house.tom, at=moment("2026-03-02 09:05"))
        )
        thread.join()

    assert Mark.objects.exists()
    assert rebuild.settle_marks() > 0
    assert rebuild.compare(heal=False) == {}


@pytest.mark.django_db(transaction=True)
def test_four_workers_and_many_acts_end_where_a_full_count_ends(house, log_incident):
    incidents = [log_incident() for _each in range(12)]
    done = threading.Event()

    def work():
        while not done.is_set():
            rebuild.settle_marks(rows=2)

    workers = [in_thread(work)[0] for _each in range(3)]
    for incident in incidents:
        taken = operations.take(incident=incident, by=house.tom, at=moment("2026-03-03 09:05"))
        operations.resolve(incident=taken, by=house.tom, at=moment("2026-03-04 09:05"), code="fixed", text="Done.")
    done.set()
    for worker in workers:
        worker.join()
    while rebuild.settle_marks():
        pass

    assert rebuild.compare(heal=False) == {}
    assert Reading.objects.filter(family="incident.resolved").exists()
