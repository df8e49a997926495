"""Rows of several tables in one statement: all of them or none, each with what the models say."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import log
from audit.models import Dispatch, Entry
from audit.verify import broken_entries
from common import rows
from incidents.models import Incident
from people.models import Organization, Team
from tests.conftest import moment

AT = moment("2026-03-02 09:00")


def an_entry(number: int = 1, **said: Any) -> Entry:
    return Entry(at=AT, action="thing.done", subject_kind="thing", subject_id=number, channel="worker", **said)


@pytest.mark.django_db
def test_rows_of_two_tables_cost_one_statement_at_the_end_of_the_block() -> None:
    teams = [Team(name="Networks", slug="networks"), Team(name="Servers", slug="servers")]

    with CaptureQueriesContext(connection) as asked, rows.together():
        rows.insert(teams)
        rows.insert([Organization(name="Acme", slug="acme")])
        before = len(asked)

    assert (before, len(asked)) == (0, 1)
    assert list(Team.objects.order_by("id").values_list("name", flat=True)) == ["Networks", "Servers"]
    assert Organization.objects.get().name == "Acme"


@pytest.mark.django_db
def test_outside_of_a_block_rows_are_written_at_once() -> None:
    rows.insert([Team(name="Networks", slug="networks")])

    assert Team.objects.get().slug == "networks"


@pytest.mark.django_db
def test_an_inner_block_leaves_the_writing_to_the_outer_one() -> None:
    with rows.together():
        with rows.together():
            rows.insert([Team(name="Networks", slug="networks")])
        assert not Team.objects.exists()

    assert Team.objects.exists()


@pytest.mark.django_db
def test_a_block_that_fails_writes_nothing() -> None:
    with pytest.raises(ZeroDivisionError), rows.together():
        rows.insert([Team(name="Networks", slug="networks")])
        raise ZeroDivisionError

    assert not rows.are_gathered()
    assert not Team.objects.exists()


@pytest.mark.django_db
def test_one_row_that_does_not_fit_takes_the_others_with_it() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), rows.together():
        rows.insert([Organization(name="Acme", slug="acme")])
        rows.insert([Team(name="Networks", slug="same"), Team(name="Servers", slug="same")])

    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_nothing_to_write_costs_nothing() -> None:
    with CaptureQueriesContext(connection) as asked, rows.together():
        rows.insert([])

    assert len(asked) == 0


@pytest.mark.django_db
def test_keys_are_taken_in_the_order_of_the_rows_and_point_from_one_row_to_another() -> None:
    first, second = an_entry(1), an_entry(2)

    with CaptureQueriesContext(connection) as asked, rows.together():
        rows.take_keys(first, second)
        rows.insert([first, second, Dispatch(entry=second, subscriber="search", due_at=AT)])

    assert first.pk < second.pk
    assert Dispatch.objects.get().entry == second
    assert len(asked) == 2


@pytest.mark.django_db
def test_what_the_database_fills_in_is_left_to_it() -> None:
    rows.insert([an_entry(data={"text": "It's “so” \\ %s"}, address="10.0.0.1")])

    entry = Entry.objects.get()
    assert entry.recorded_at is not None
    assert entry.data == {"text": "It's “so” \\ %s"}
    assert entry.address == "10.0.0.1"


def test_a_row_of_two_tables_is_written_to_both(house: SimpleNamespace) -> None:
    incident = Incident(
        kind="incident",
        title="VPN drops",
        requester=house.maria,
        organization=house.maria.organization,
        opened_by=house.tom,
        state="new",
        tags=["vpn", "it's"],
        created_at=AT,
        opened_at=AT,
        updated_at=AT,
    )

    rows.take_keys(incident)
    rows.insert([incident])

    stored = Incident.objects.get()
    assert (stored.pk, stored.id, stored.record_ptr_id) == (incident.pk, incident.pk, incident.pk)
    assert (stored.title, stored.tags, stored.opened_by) == ("VPN drops", ["vpn", "it's"], house.tom)
    assert not incident._state.adding


def test_entries_of_one_act_are_chained_in_their_order(log_incident: Callable[..., Incident]) -> None:
    with transaction.atomic(), rows.together():
        incident = log_incident()
        for number in range(3):
            log.record("thing.done", subject_kind="record", subject_id=incident.pk, by=None, at=AT, data={"n": number})

    assert Entry.objects.filter(subject_kind="record", subject_id=incident.pk).count() == 4
    assert broken_entries() == []
