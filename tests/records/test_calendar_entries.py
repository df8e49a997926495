"""Entries that practices put on the change calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from people.access import Access
from records import calendar_entries
from records.calendar_entries import CalendarEntry

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOBODY = Access(user=None)


@pytest.fixture(autouse=True)
def _nothing_declared(monkeypatch):
    monkeypatch.setattr(calendar_entries, "_KINDS", {})


def entry(kind, hours, title="Gateway"):
    begin = MONDAY + timedelta(hours=hours)
    return CalendarEntry(kind=kind, starts_at=begin, ends_at=begin + timedelta(hours=1), title=title)


def test_entries_of_every_kind_come_in_order_of_time():
    late, early = entry("release", 5), entry("outage", 1)
    calendar_entries.declare("release", lambda access, start, end: [late], label="release", icon="package")
    calendar_entries.declare("outage", lambda access, start, end: [early], label="outage", icon="ban")

    assert calendar_entries.between(NOBODY, MONDAY, MONDAY + timedelta(days=1)) == [early, late]


def test_the_reader_is_told_who_asks_and_for_which_period():
    asked = []
    calendar_entries.declare("release", lambda *said: asked.append(said) or (), label="release", icon="package")

    calendar_entries.between(NOBODY, MONDAY, MONDAY + timedelta(days=1))

    assert asked == [(NOBODY, MONDAY, MONDAY + timedelta(days=1))]


def test_an_entry_without_a_title_is_busy():
    assert entry("release", 0, title="").is_busy
    assert not entry("release", 0).is_busy


def test_a_kind_is_declared_once():
    calendar_entries.declare("release", lambda access, start, end: [], label="release", icon="package")

    with pytest.raises(ValueError, match="declared twice"):
        calendar_entries.declare("release", lambda access, start, end: [], label="release", icon="package")
