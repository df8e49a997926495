"""The preview explains day by day what the engine counts at once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calendars.business_time import BusinessTime, CalendarSpec, DayException, NeverOpens, WeeklyWindow
from calendars.preview import clock_changes, days_of, preview

OSLO = ZoneInfo("Europe/Oslo")
SPLIT_DAYS = CalendarSpec(
    "Europe/Oslo",
    tuple(WeeklyWindow(day, *span) for day in range(5) for span in ((480, 720), (750, 1020))),
    (DayException(date(2025, 5, 29), (), "Ascension Day"),),
)


def test_four_hours_from_friday_afternoon_end_on_monday_before_noon() -> None:
    shown = preview(SPLIT_DAYS, datetime(2025, 5, 23, 16, 30, tzinfo=OSLO), timedelta(hours=4))

    assert shown.due == datetime(2025, 5, 26, 11, 30, tzinfo=OSLO)
    assert [(step.date.day, step.used, step.used_so_far) for step in shown.steps] == [
        (23, timedelta(minutes=30), timedelta(minutes=30)),
        (24, timedelta(0), timedelta(minutes=30)),
        (25, timedelta(0), timedelta(minutes=30)),
        (26, timedelta(hours=3.5), timedelta(hours=4)),
    ]
    assert not shown.is_cut


def test_a_holiday_on_the_way_is_named() -> None:
    shown = preview(SPLIT_DAYS, datetime(2025, 5, 28, 16, 0, tzinfo=OSLO), timedelta(hours=2))

    assert [(step.name, step.is_exception, step.open_time) for step in shown.steps] == [
        ("", False, timedelta(hours=8.5)),
        ("Ascension Day", True, timedelta(0)),
        ("", False, timedelta(hours=8.5)),
    ]


@pytest.mark.parametrize(
    ("day", "length", "opened"),
    [
        (date(2025, 3, 30), timedelta(hours=23), timedelta(hours=3)),
        (date(2025, 10, 26), timedelta(hours=25), timedelta(hours=5)),
    ],
)
def test_days_of_clock_changes_show_their_length_and_count_elapsed_time(
    day: date, length: timedelta, opened: timedelta
) -> None:
    spec = CalendarSpec("Europe/Oslo", (WeeklyWindow(6, 60, 300),))

    (step,) = days_of(spec, day, 1)

    assert (step.length, step.open_time, step.has_clock_change, step.used) == (length, opened, True, timedelta(0))


def test_a_repeated_hour_is_used_twice() -> None:
    spec = CalendarSpec("Europe/Oslo", (WeeklyWindow(6, 60, 300),))

    shown = preview(spec, datetime(2025, 10, 26, 0, 0, tzinfo=OSLO), timedelta(hours=5))

    assert shown.due == datetime(2025, 10, 26, 5, 0, tzinfo=OSLO)
    assert [span.used for span in shown.steps[0].spans] == [timedelta(hours=5)]


def test_the_day_that_apia_skipped_is_not_listed() -> None:
    apia = ZoneInfo("Pacific/Apia")
    spec = CalendarSpec("Pacific/Apia", tuple(WeeklyWindow(day, 480, 960) for day in range(7)))

    shown = preview(spec, datetime(2011, 12, 29, 15, tzinfo=apia), timedelta(hours=2))

    assert [step.date for step in shown.steps] == [date(2011, 12, 29), date(2011, 12, 31)]


def test_time_used_up_at_midnight_is_all_shown() -> None:
    spec = CalendarSpec("UTC", tuple(WeeklyWindow(day, 0, 1440) for day in range(7)))

    shown = preview(spec, datetime(2024, 2, 28, tzinfo=ZoneInfo("UTC")), timedelta(days=2))

    assert shown.due == datetime(2024, 3, 1, tzinfo=ZoneInfo("UTC"))
    assert [step.used for step in shown.steps] == [timedelta(days=1), timedelta(days=1), timedelta(0)]


def test_long_previews_list_no_more_than_asked_but_stay_right() -> None:
    start, amount = datetime(2025, 1, 1, tzinfo=OSLO), timedelta(hours=3000)

    shown = preview(SPLIT_DAYS, start, amount, most_days=30)

    assert (len(shown.steps), shown.is_cut) == (30, True)
    assert shown.due == BusinessTime(SPLIT_DAYS).add(start, amount)


def test_an_amount_that_never_ends_is_refused() -> None:
    closed = CalendarSpec("UTC", (), (DayException(date(2020, 1, 1), ((0, 60),)),))

    with pytest.raises(NeverOpens):
        preview(closed, datetime(2025, 1, 1, tzinfo=OSLO), timedelta(hours=1))


def test_clock_changes_tell_when_and_how_far() -> None:
    changes = clock_changes(SPLIT_DAYS, 2025, 2025)

    assert [(each.date, each.wall_before.hour, each.wall_after.hour, each.shift, each.length) for each in changes] == [
        (date(2025, 3, 30), 2, 3, timedelta(hours=1), timedelta(hours=23)),
        (date(2025, 10, 26), 3, 2, timedelta(hours=-1), timedelta(hours=25)),
    ]


def test_lord_howe_changes_by_half_an_hour_and_utc_never() -> None:
    island = CalendarSpec("Australia/Lord_Howe", always_open=True)

    assert [each.shift for each in clock_changes(island, 2025, 2025)] == [timedelta(minutes=-30), timedelta(minutes=30)]
    assert clock_changes(CalendarSpec("UTC", always_open=True), 2025, 2030) == []
