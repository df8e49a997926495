"""Literal moments: the examples that people check by hand, and the nastiest days that we know."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from calendars.business_time import (
    BusinessTime,
    CalendarSpec,
    DayException,
    NeverOpens,
    OutOfRange,
    WeeklyWindow,
)

OSLO = ZoneInfo("Europe/Oslo")
EIGHT_TO_SIX = CalendarSpec("Europe/Oslo", tuple(WeeklyWindow(day, 480, 1080) for day in range(5)))
AROUND_THE_CLOCK = CalendarSpec("Europe/Oslo", tuple(WeeklyWindow(day, 0, 1440) for day in range(7)))
ALWAYS = CalendarSpec("Europe/Oslo", always_open=True)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def every_day(zone: str, *spans: tuple[int, int]) -> BusinessTime:
    return BusinessTime(CalendarSpec(zone, tuple(WeeklyWindow(day, *span) for day in range(7) for span in spans)))


def test_eight_hours_from_friday_afternoon_end_on_monday_at_one() -> None:
    time = BusinessTime(EIGHT_TO_SIX)

    due = time.add(datetime(2025, 5, 23, 15, 0, tzinfo=OSLO), hours(8))

    assert due == datetime(2025, 5, 26, 13, 0, tzinfo=OSLO)
    assert due.tzinfo is UTC


def test_time_used_up_at_closing_is_over_at_closing() -> None:
    time = BusinessTime(EIGHT_TO_SIX)

    assert time.add(datetime(2025, 5, 26, 8, tzinfo=OSLO), hours(10)) == datetime(2025, 5, 26, 18, tzinfo=OSLO)


def test_one_microsecond_more_than_the_day_ends_in_the_next_morning() -> None:
    time = BusinessTime(EIGHT_TO_SIX)

    due = time.add(datetime(2025, 5, 26, 8, tzinfo=OSLO), hours(10) + timedelta(microseconds=1))

    assert due == datetime(2025, 5, 27, 8, 0, 0, 1, tzinfo=OSLO)


def test_time_outside_hours_counts_from_the_next_opening() -> None:
    time = BusinessTime(EIGHT_TO_SIX)
    saturday = datetime(2025, 5, 24, 11, 30, tzinfo=OSLO)

    assert time.next_opening(saturday) == datetime(2025, 5, 26, 8, tzinfo=OSLO)
    assert time.add(saturday, hours(1)) == datetime(2025, 5, 26, 9, tzinfo=OSLO)


def test_zero_time_is_over_at_the_start_even_when_closed() -> None:
    saturday = datetime(2025, 5, 24, 11, 30, tzinfo=OSLO)

    assert BusinessTime(EIGHT_TO_SIX).add(saturday, timedelta(0)) == saturday


def test_negative_time_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        BusinessTime(EIGHT_TO_SIX).add(datetime(2025, 5, 23, tzinfo=UTC), hours(-1))


def test_an_end_before_the_start_measures_nothing() -> None:
    time = BusinessTime(EIGHT_TO_SIX)
    late, early = datetime(2025, 5, 26, 12, tzinfo=OSLO), datetime(2025, 5, 26, 9, tzinfo=OSLO)

    assert time.between(late, early) == timedelta(0)
    assert time.between(late, late) == timedelta(0)
    assert time.open_intervals(late, early) == []


def test_naive_moments_are_refused() -> None:
    with pytest.raises(TypeError):
        BusinessTime(EIGHT_TO_SIX).is_open(datetime(2025, 5, 26, 9))


def test_microseconds_survive_decades() -> None:
    time = BusinessTime(EIGHT_TO_SIX)
    start = datetime(2005, 1, 3, 9, 15, 30, 123457, tzinfo=OSLO)
    amount = timedelta(days=1000, microseconds=7)

    due = time.add(start, amount)

    assert time.between(start, due) == amount
    assert time.between(start, due - timedelta(microseconds=1)) == amount - timedelta(microseconds=1)


def test_the_hour_that_happens_twice_counts_twice() -> None:
    time = every_day("Europe/Oslo", (60, 240))
    night_start = datetime(2025, 10, 26, 1, 0, tzinfo=OSLO)

    assert time.between(night_start, datetime(2025, 10, 26, 4, 0, tzinfo=OSLO)) == hours(4)
    assert time.add(night_start, hours(2)) == datetime(2025, 10, 26, 1, 0, tzinfo=UTC)


def test_a_window_that_ends_within_the_repeated_hour_opens_again() -> None:
    time = every_day("Europe/Oslo", (60, 150))

    intervals = time.open_intervals(datetime(2025, 10, 26, 0, tzinfo=OSLO), datetime(2025, 10, 26, 12, tzinfo=OSLO))

    assert intervals == [
        (datetime(2025, 10, 25, 23, 0, tzinfo=UTC), datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        (datetime(2025, 10, 26, 1, 0, tzinfo=UTC), datetime(2025, 10, 26, 1, 30, tzinfo=UTC)),
    ]


def test_the_skipped_hour_adds_nothing() -> None:
    time = every_day("Europe/Oslo", (60, 240))

    assert time.between(datetime(2025, 3, 30, 1, 0, tzinfo=OSLO), datetime(2025, 3, 30, 4, 0, tzinfo=OSLO)) == hours(2)


def test_an_opening_in_the_skipped_hour_acts_after_it() -> None:
    time = every_day("Europe/Oslo", (150, 240))

    opening = time.next_opening(datetime(2025, 3, 30, 0, 30, tzinfo=OSLO))

    assert opening == datetime(2025, 3, 30, 3, 0, tzinfo=OSLO)


def test_a_window_inside_the_skipped_hour_does_not_open_that_day() -> None:
    time = every_day("Europe/Oslo", (120, 180))

    opening = time.next_opening(datetime(2025, 3, 30, 0, 30, tzinfo=OSLO))

    assert opening == datetime(2025, 3, 31, 2, 0, tzinfo=OSLO)


def test_lord_howe_moves_its_clocks_by_half_an_hour() -> None:
    time = every_day("Australia/Lord_Howe", (0, 1440))
    island = ZoneInfo("Australia/Lord_Howe")

    spring = time.between(datetime(2025, 10, 5, tzinfo=island), datetime(2025, 10, 6, tzinfo=island))
    autumn = time.between(datetime(2025, 4, 6, tzinfo=island), datetime(2025, 4, 7, tzinfo=island))

    assert (spring, autumn) == (hours(23.5), hours(24.5))


def test_the_day_that_apia_skipped_has_no_open_time() -> None:
    apia = ZoneInfo("Pacific/Apia")
    spec = CalendarSpec(
        "Pacific/Apia",
        tuple(WeeklyWindow(day, 480, 960) for day in range(7)),
        (DayException(date(2011, 12, 30), ((0, 1440),), "Friday that never was"),),
    )

    due = BusinessTime(spec).add(datetime(2011, 12, 29, 15, tzinfo=apia), hours(2))

    assert due == datetime(2011, 12, 31, 9, tzinfo=apia)


def test_days_joined_at_midnight_are_one_interval() -> None:
    time = every_day("Europe/Oslo", (0, 60), (1380, 1440))
    evening, morning = datetime(2025, 12, 31, 22, tzinfo=OSLO), datetime(2026, 1, 1, 2, tzinfo=OSLO)

    assert time.open_intervals(evening, morning) == [
        (datetime(2025, 12, 31, 23, tzinfo=OSLO), datetime(2026, 1, 1, 1, tzinfo=OSLO))
    ]
    assert time.next_boundary(datetime(2025, 12, 31, 23, 30, tzinfo=OSLO)) == datetime(2026, 1, 1, 1, tzinfo=OSLO)


def test_a_year_of_utc_does_not_cut_an_open_night() -> None:
    new_york = ZoneInfo("America/New_York")
    time = every_day("America/New_York", (1080, 1380))

    boundary = time.next_boundary(datetime(2025, 12, 31, 18, 0, tzinfo=new_york))

    assert boundary == datetime(2025, 12, 31, 23, 0, tzinfo=new_york)


def test_a_leap_day_is_a_day() -> None:
    time = BusinessTime(EIGHT_TO_SIX)

    due = time.add(datetime(2024, 2, 28, 17, tzinfo=OSLO), hours(12))

    assert due == datetime(2024, 3, 1, 9, tzinfo=OSLO)


def test_a_closed_holiday_adds_nothing_and_an_extra_opening_adds_its_hours() -> None:
    spec = CalendarSpec(
        "Europe/Oslo",
        EIGHT_TO_SIX.weekly,
        (
            DayException(date(2025, 5, 29), (), "Ascension Day"),
            DayException(date(2025, 5, 31), ((600, 720),), "Moving day"),
        ),
    )
    time = BusinessTime(spec)

    assert time.between(datetime(2025, 5, 28, 17, tzinfo=OSLO), datetime(2025, 6, 2, 8, tzinfo=OSLO)) == hours(
        1 + 10 + 2
    )


def test_opening_instants_are_open_and_closing_instants_are_closed() -> None:
    time = BusinessTime(EIGHT_TO_SIX)
    monday = datetime(2025, 5, 26, tzinfo=OSLO)
    shown = [
        time.is_open(monday.replace(hour=hour, minute=minute)) for hour, minute in [(7, 59), (8, 0), (17, 59), (18, 0)]
    ]

    assert shown == [False, True, True, False]


def test_always_open_counts_elapsed_time_over_a_clock_change() -> None:
    time = BusinessTime(ALWAYS)
    start, end = datetime(2025, 3, 30, 0, tzinfo=OSLO), datetime(2025, 3, 31, 0, tzinfo=OSLO)

    assert time.between(start, end) == hours(23)
    assert time.add(start, hours(23)) == end
    assert time.next_boundary(start) is None
    assert time.next_opening(start) == start
    assert time.open_intervals(start, end) == [(start, end)]


def test_windows_around_the_clock_never_come_to_a_boundary() -> None:
    time = BusinessTime(AROUND_THE_CLOCK)

    assert time.next_boundary(datetime(2025, 3, 30, tzinfo=OSLO)) is None


def test_a_calendar_that_only_opened_in_the_past_never_opens() -> None:
    spec = CalendarSpec("Europe/Oslo", (), (DayException(date(2019, 1, 5), ((600, 720),)),))
    time = BusinessTime(spec)
    start = datetime(2025, 5, 26, 9, tzinfo=OSLO)

    with pytest.raises(NeverOpens, match=r"^4 h of open time do not fit into the 20 years after 2025-05-26 07:00 UTC"):
        time.add(start, hours(4))
    with pytest.raises(NeverOpens, match="does not open within 20 years"):
        time.next_opening(start)
    with pytest.raises(NeverOpens):
        time.add_many(np.array([1_748_242_800]), np.array([60]))
    assert time.next_boundary(start) is None
    assert time.between(datetime(2019, 1, 1, tzinfo=UTC), start) == hours(2)


@pytest.mark.parametrize("spec", [ALWAYS, AROUND_THE_CLOCK, EIGHT_TO_SIX])
def test_twenty_years_is_as_far_as_a_target_reaches(spec: CalendarSpec) -> None:
    time = BusinessTime(spec)
    start = datetime(2025, 5, 26, 9, tzinfo=OSLO)

    with pytest.raises(NeverOpens):
        time.add(start, timedelta(days=7306))
    with pytest.raises(NeverOpens):
        time.add_many(np.array([1_748_242_800, 1_748_242_801]), np.array([60, 7306 * 86_400]))


def test_moments_outside_the_range_are_refused() -> None:
    with pytest.raises(OutOfRange, match="1900 to 2499"):
        BusinessTime(EIGHT_TO_SIX).is_open(datetime(1899, 12, 31, 23, tzinfo=UTC))
    with pytest.raises(OutOfRange):
        BusinessTime(EIGHT_TO_SIX).is_open(datetime(2500, 1, 1, 0, 0, 1, tzinfo=UTC))


def test_the_last_year_ends_the_search() -> None:
    with pytest.raises(NeverOpens):
        BusinessTime(EIGHT_TO_SIX).add(datetime(2499, 12, 31, 23, tzinfo=UTC), hours(10))


def test_zones_of_the_questions_do_not_matter() -> None:
    time = BusinessTime(EIGHT_TO_SIX)
    in_oslo = datetime(2025, 5, 23, 15, tzinfo=OSLO)
    in_nepal = in_oslo.astimezone(timezone(timedelta(hours=5, minutes=45)))

    assert time.add(in_nepal, hours(8)) == time.add(in_oslo, hours(8))


def test_batches_keep_whole_seconds_whole_and_take_one_amount_for_all() -> None:
    time = BusinessTime(EIGHT_TO_SIX)
    friday = int(datetime(2025, 5, 23, 15, tzinfo=OSLO).timestamp())

    due = time.add_many(np.array([friday, friday + 60]), np.array(8 * 3600))

    assert due.dtype == np.int64
    assert due.tolist() == [int(datetime(2025, 5, 26, 13, minute, tzinfo=OSLO).timestamp()) for minute in (0, 1)]


def test_batches_of_nothing_answer_nothing() -> None:
    nothing = np.array([], dtype=np.int64)

    assert BusinessTime(EIGHT_TO_SIX).add_many(nothing, nothing).tolist() == []
    assert BusinessTime(EIGHT_TO_SIX).between_many(nothing, nothing).tolist() == []


@pytest.mark.parametrize(("start", "amount"), [(float("nan"), 1.0), (float("inf"), 1.0), (0.0, -1.0)])
def test_batches_refuse_what_has_no_answer(start: float, amount: float) -> None:
    with pytest.raises(ValueError, match=r"finite|negative"):
        BusinessTime(EIGHT_TO_SIX).add_many(np.array([start]), np.array([amount]))


def test_no_zone_changes_its_offset_more_often_than_the_engine_looks() -> None:
    """Hourly probes of a restless zone find the same pieces as the engine's daily ones."""
    from calendars.intervals import offset_segments, year_start

    zone = ZoneInfo("Africa/Casablanca")
    changes, before = [], None
    for second in range(year_start(2025), year_start(2026), 3600):
        offset = datetime.fromtimestamp(second, zone).utcoffset()
        if before is not None and offset != before:
            changes.append(second)
        before = offset

    assert [start for start, _, _ in offset_segments("Africa/Casablanca", 2025)][1:] == changes
    assert len(changes) == 2
