"""The log of acts: append-only, chained, quiet where it should be."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit import log
from audit.acts import acting
from audit.models import Dispatch, Entry
from audit.subscriptions import subscribe
from audit.verify import broken_entries
from tests.conftest import moment

AT = moment("2026-03-02 09:00")


def write(action="thing.done", subject_id=1, **details):
    return log.record(action, subject_kind="thing", subject_id=subject_id, by=None, at=AT, **details)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry"])
def test_an_entry_can_not_be_changed_or_removed(statement):
    write()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_chain_of_an_untouched_log_is_whole():
    for subject in (1, 2, 1):
        write(subject_id=subject)

    assert broken_entries() == []


@pytest.mark.django_db(transaction=True)
def test_a_change_behind_our_back_shows_in_that_entry_and_the_ones_after_it():
    first, second = write(), write()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute("UPDATE audit_entry SET reason = 'forged' WHERE id = %s", [first.pk])
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only")

    assert broken_entries() == [first.pk]
    assert second.pk not in broken_entries()


@pytest.mark.django_db
def test_the_entry_says_through_which_door_the_act_came():
    with acting(channel="api", request_id="abc", address="192.0.2.7"):
        entry = write()

    assert (entry.channel, entry.request_id, entry.address) == ("api", "abc", "192.0.2.7")


@pytest.mark.django_db
def test_nobody_hears_of_quiet_acts():
    subscribe("tests.quiet", to=["quiet.*"], handler=lambda entry: None)

    with acting(is_quiet=True):
        write("quiet.done")
    write("quiet.done")

    assert Dispatch.objects.count() == 1


@pytest.mark.django_db
def test_values_are_written_as_plain_json():
    write(changes={"opened_at": (None, AT)})

    assert Entry.objects.get().changes == {"opened_at": [None, "2026-03-02T09:00:00+00:00"]}
