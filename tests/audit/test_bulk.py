"""Many entries at once are written as single ones are: same columns, same chain, same outbox."""

import pytest

from audit import log, subscriptions
from audit.bulk import Line
from audit.models import Dispatch, Entry
from audit.verify import broken_entries
from tests.conftest import moment

AT = moment("2026-03-02 09:00")


def made(count, by):
    return [
        log.entry(
            "thing.done",
            subject_kind="thing",
            subject_id=number % 3,
            subject_label=f"Thing “{number}”\\",
            organization_id=by.organization_id,
            by=by if number % 2 else None,
            at=AT,
            changes={"size": (number, None)},
            reason="It's so.",
            data={"moment": AT},
        )
        for number in range(count)
    ]


def columns(entry):
    return {
        each.attname: each.value_from_object(entry)
        for each in Entry._meta.concrete_fields
        if each.attname not in ("id", "recorded_at", "hash")
    }


@pytest.mark.parametrize("count", [log.MANY - 1, log.MANY, log.MANY * 3])
def test_few_and_many_are_written_alike(house, count, monkeypatch):
    monkeypatch.setattr(subscriptions, "_SUBSCRIPTIONS", {})
    subscriptions.subscribers_of.cache_clear()
    subscriptions.subscribe("listener", to=["thing.*"], handler=print)
    entries = made(count, house.tom)
    before = list(map(columns, entries))

    log.save(entries)
    subscriptions.subscribers_of.cache_clear()

    stored = list(Entry.objects.filter(action="thing.done").order_by("id"))
    assert [each.pk for each in stored] == [each.pk for each in entries]
    assert list(map(columns, stored)) == before
    assert all(each.recorded_at is not None and each.hash is not None for each in stored)
    outbox = Dispatch.objects.filter(subscriber="listener").order_by("entry_id")
    assert list(outbox.values_list("entry_id", "state", "due_at", "attempts", "error")) == [
        (each.pk, "pending", AT, 0, "") for each in entries
    ]
    assert not list(broken_entries())


@pytest.mark.parametrize("later", [True, False])
def test_lines_are_written_as_entries_are(house, later, monkeypatch):
    monkeypatch.setattr(subscriptions, "_SUBSCRIPTIONS", {})
    subscriptions.subscribers_of.cache_clear()
    subscriptions.subscribe("listener", to=["thing.done"], handler=print)
    lines = [
        Line(AT, ("thing.done", "thing.seen")[number % 2], number % 3, f"Thing “{number}”\\", None, {"number": number})
        for number in range(6)
    ]

    log.save_lines(lines, subject_kind="thing", later=later)
    subscriptions.subscribers_of.cache_clear()

    stored = list(Entry.objects.order_by("id"))
    singly = [
        log.entry(
            each.action,
            subject_kind="thing",
            subject_id=each.subject_id,
            subject_label=each.subject_label,
            by=None,
            at=AT,
            data=each.data,
        )
        for each in lines
    ]
    assert list(map(columns, stored)) == list(map(columns, singly))
    done = [each.pk for each in stored if each.action == "thing.done"]
    assert list(Dispatch.objects.order_by("entry_id").values_list("entry_id", "subscriber", "state", "due_at")) == [
        (key, "listener", "pending", AT) for key in (done if later else [])
    ]
    assert not list(broken_entries())


def test_no_lines_cost_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        log.save_lines([], subject_kind="thing")
