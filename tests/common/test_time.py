"""Days that begin late, and durations as people type them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from common.time import hours_and_minutes, parse_duration, start_of_day, whole_minutes_left


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Oslo", date(2025, 5, 26), datetime(2025, 5, 25, 22, tzinfo=UTC)),
        ("Europe/Oslo", date(2025, 10, 26), datetime(2025, 10, 25, 22, tzinfo=UTC)),
        ("America/Santiago", date(2025, 9, 7), datetime(2025, 9, 7, 4, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ("America/Havana", date(2025, 11, 2), datetime(2025, 11, 2, 4, tzinfo=UTC)),
    ],
)
def test_a_day_begins_with_its_first_moment(zone: str, day: date, begins: datetime) -> None:
    assert start_of_day(day, ZoneInfo(zone)) == begins


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (timedelta(0), "0:00"),
        (timedelta(hours=37, minutes=5, seconds=59), "37:05"),
        (timedelta(minutes=-1, seconds=-30), "-0:01"),
        (timedelta(seconds=-30), "0:00"),
    ],
)
def test_durations_are_written_in_hours_and_minutes(amount: timedelta, written: str) -> None:
    assert hours_and_minutes(amount) == written


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("4", 4),
        ("1.5", 1.5),
        ("1,5 h", 1.5),
        ("1:30", 1.5),
        ("90 min", 1.5),
        ("1 h 30 min", 1.5),
        ("2d 4h", 52),
        ("0", 0),
    ],
)
def test_durations_are_read_as_people_type_them(typed: str, hours: float) -> None:
    assert parse_duration(typed) == timedelta(hours=hours)


@pytest.mark.parametrize("typed", ["", "soon", "-4", "1:60", "4 h 4 h", "1e9", "999999999"])
def test_other_texts_are_no_duration(typed: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(typed)


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(minutes=19, seconds=1), timedelta(minutes=20)),
        (timedelta(minutes=20), timedelta(minutes=20)),
        (timedelta(microseconds=1), timedelta(minutes=1)),
        (timedelta(0), timedelta(0)),
        (timedelta(seconds=-61), timedelta(seconds=-61)),
    ],
)
def test_a_minute_that_has_begun_is_left_whole(left, shown):
    assert whole_minutes_left(left) == shown
