"""The engine against the minute-walking oracle, over zones, odd windows and days of clock changes."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calendars.business_time import BusinessTime, CalendarSpec, DayException, WeeklyWindow

from .oracle import Oracle

# Days on which these zones change their clocks, or that they skip altogether; tests look around them.
CHANGES = {
    "Europe/Oslo": [date(2025, 3, 30), date(2025, 10, 26)],
    "America/New_York": [date(2025, 3, 9), date(2025, 11, 2)],
    "Asia/Kolkata": [date(2025, 1, 1)],
    "Australia/Lord_Howe": [date(2025, 4, 6), date(2025, 10, 5)],
    "Asia/Kathmandu": [date(1986, 1, 1), date(2025, 1, 1)],
    "Africa/Casablanca": [date(2025, 2, 23), date(2025, 4, 6)],
    "America/Santiago": [date(2025, 4, 6), date(2025, 9, 7)],
    "Pacific/Apia": [date(2011, 12, 30), date(2012, 4, 1)],
    "Asia/Beirut": [date(2025, 3, 30), date(2025, 10, 26)],
    "UTC": [date(2024, 2, 29), date(2024, 12, 31)],
}


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[CalendarSpec, date]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone]))
    weekly = tuple(WeeklyWindow(day, *span) for day in range(7) for span in draw(spans()))
    odd_days = draw(st.sets(st.integers(-3, 3), max_size=3))
    exceptions = tuple(DayException(change + timedelta(days=day), draw(spans())) for day in sorted(odd_days))
    return CalendarSpec(zone=zone, weekly=weekly, exceptions=exceptions), change


def moments(change: date) -> st.SearchStrategy[datetime]:
    middle = datetime(change.year, change.month, change.day, tzinfo=UTC)
    return st.integers(-3 * 86_400_000_000, 3 * 86_400_000_000).map(
        lambda micros: middle + timedelta(microseconds=micros)
    )


@settings(max_examples=150)
@given(st.data())
def test_between_counts_what_the_oracle_counts(data: st.DataObject) -> None:
    spec, change = data.draw(calendars())
    start, end = sorted([data.draw(moments(change)), data.draw(moments(change))])

    assert BusinessTime(spec).between(start, end) == Oracle(spec).between(start, end)


@settings(max_examples=150)
@given(st.data())
def test_add_stops_where_the_oracle_stops(data: st.DataObject) -> None:
    spec, change = data.draw(calendars())
    start = data.draw(moments(change))
    amount = timedelta(microseconds=data.draw(st.integers(0, 3 * 86_400_000_000)))
    give_up = start + timedelta(days=7)

    expected = Oracle(spec).add(start, amount, give_up=give_up)

    if expected is not None:
        assert BusinessTime(spec).add(start, amount) == expected
    else:
        assert BusinessTime(spec).between(start, give_up) < amount


@settings(max_examples=150)
@given(st.data())
def test_open_and_boundaries_are_those_of_the_oracle(data: st.DataObject) -> None:
    spec, change = data.draw(calendars())
    time, oracle = BusinessTime(spec), Oracle(spec)
    at = data.draw(moments(change))
    end = at + timedelta(days=1)

    boundaries, moment = [], time.next_boundary(at)
    while moment is not None and moment < end:
        boundaries.append(moment)
        moment = time.next_boundary(moment)

    state, expected = oracle.is_open(at), []
    minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while minute < end:
        if oracle.is_open(minute) != state:
            state = not state
            expected.append(minute)
        minute += timedelta(minutes=1)
    assert time.is_open(at) == oracle.is_open(at)
    assert boundaries == expected


@settings(max_examples=300)
@given(st.data())
def test_between_is_additive_and_add_is_its_inverse(data: st.DataObject) -> None:
    spec, change = data.draw(calendars())
    time = BusinessTime(spec)
    start, middle, end = sorted(data.draw(moments(change)) for _ in range(3))

    whole = time.between(start, end)

    assert time.between(start, middle) + time.between(middle, end) == whole
    assert sum((b - a for a, b in time.open_intervals(start, end)), timedelta(0)) == whole
    due = time.add(start, whole)
    assert due <= end
    assert time.between(start, due) == whole
    if whole:
        assert time.between(start, due - timedelta(microseconds=1)) == whole - timedelta(microseconds=1)


@settings(max_examples=150)
@given(st.data())
def test_batch_answers_equal_single_answers(data: st.DataObject) -> None:
    spec, change = data.draw(calendars().filter(lambda drawn: drawn[0].weekly))
    time = BusinessTime(spec)
    starts = data.draw(st.lists(moments(change), min_size=1, max_size=5))
    amounts = [timedelta(microseconds=data.draw(st.integers(0, 10**11))) for _ in starts]

    seconds = np.array([start.timestamp() for start in starts])
    added = time.add_many(seconds, np.array([amount.total_seconds() for amount in amounts]))
    spent = time.between_many(seconds, added)

    singles = [time.add(start, amount) for start, amount in zip(starts, amounts, strict=True)]
    assert added.tolist() == [single.timestamp() for single in singles]
    assert [timedelta(seconds=each) for each in spent.tolist()] == amounts


@given(st.lists(st.integers(1900, 2499), min_size=1, max_size=4))
@example([2025, 1999, 2031])
@settings(max_examples=40)
def test_answers_do_not_depend_on_the_order_of_the_questions(years: list[int]) -> None:
    spec = CalendarSpec("America/New_York", tuple(WeeklyWindow(day, 0, 1440) for day in range(6)))
    grown = BusinessTime(spec)

    for year in years:
        start, end = datetime(year, 6, 1, 5, tzinfo=UTC), datetime(year, 12, 31, 23, 59, tzinfo=UTC)
        assert grown.between(start, end) == BusinessTime(spec).between(start, end)
        assert grown.is_open(end) == BusinessTime(spec).is_open(end)
