"""Workers who go through due records while people act on the same ones."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models import CharField, Func

from incidents import operations
from incidents.enums import State
from incidents.models import Incident
from records import changing
from records.models import Presence, Record
from records.operations import playing
from tests.conftest import moment
from tests.parallel import at_once

GATE = 4_711
LATER = moment("2026-03-02 12:00")


def behind_the_gate(rows):
    """The same rows, but whoever reads them has the snapshot taken and then waits before holding any."""
    gate = Func(GATE, function="pg_advisory_xact_lock_shared", output_field=CharField())
    return rows.annotate(gate=gate).filter(gate__isnull=False)


@contextmanager
def gate_shut():
    """Let a reader come as far as the gate, do what stands in the block, then open it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])


def until_somebody_waits():
    for _each in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE objid = %s AND NOT granted", [GATE])
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody came to the gate")


def reading(act):
    """Start the act in a thread of its own; gives the way to wait for what it answers."""
    answers = []
    thread = threading.Thread(target=lambda: answers.extend(at_once(lambda: answers.append(act()))))
    thread.start()

    def wait():
        thread.join()
        answer, *errors = answers
        assert errors in ([], [None])
        return answer

    return wait


@pytest.mark.django_db(transaction=True)
def test_a_record_that_moved_on_while_a_worker_looked_is_left_out(house, log_incident):
    taken = operations.take(incident=log_incident(), by=house.tom, at=LATER)
    resolved = operations.resolve(incident=taken, by=house.tom, at=LATER, code="fixed", text="Done.")

    @transaction.atomic
    def work():
        return list(changing.take(behind_the_gate(Incident.objects.filter(state=State.RESOLVED))))

    with gate_shut():
        found = reading(work)
        until_somebody_waits()
        operations.reopen(incident=resolved, by=house.tom, at=LATER, reason="It is back.")

    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_a_record_that_another_act_holds_is_left_out(house, log_incident):
    first, second = log_incident(), log_incident()
    with transaction.atomic():
        changing.lock(first)

        @transaction.atomic
        def work():
            return [each.pk for each in changing.take(Incident.objects.order_by("pk"))]

        assert reading(work)() == [second.pk]


@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_a_colleague_opened_a_moment_ago_is_not_served_again(house, log_incident):
    first, second = log_incident(), log_incident()
    rows = Record.objects.order_by("pk")

    def ask():
        return playing.serve(rows=behind_the_gate(rows), by=house.aisha, at=LATER)

    with gate_shut():
        served = reading(ask)
        until_somebody_waits()
        Presence.objects.create(record_id=first.pk, user=house.tom, seen_at=LATER)

    assert served().pk == second.pk
