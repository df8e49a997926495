"""The shipped calendars: there from the beginning, with three years of holidays."""

from calendars.models import CalendarVersion
from calendars.seeds import ensure_default_calendars
from tests.conftest import moment

NOON = moment("2026-03-02 12:00")


def test_what_is_shipped_is_dated_before_anything_that_a_chart_of_today_shows(db):
    made = ensure_default_calendars(at=NOON)

    assert sorted(made) == ["24x7", "berlin", "new-york", "oslo"]
    assert set(CalendarVersion.objects.values_list("created_at", flat=True)) == {moment("2025-01-01 00:00")}


def test_holidays_reach_from_last_year_to_next(db):
    oslo = ensure_default_calendars(at=NOON)["oslo"]

    days = {each.date.isoformat() for each in oslo.exceptions.all()}
    assert {"2025-05-17", "2026-05-17", "2027-05-17"} <= days
    assert not any(day.startswith(("2024", "2028")) for day in days)


def test_a_second_time_nothing_is_made(db):
    ensure_default_calendars(at=NOON)
    before = CalendarVersion.objects.count()

    ensure_default_calendars(at=NOON)

    assert CalendarVersion.objects.count() == before
