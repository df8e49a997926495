"""Many entries at once are written as single ones are: same columns, same chain, same outbox."""

import pytest

from audit import log, subscriptions
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
