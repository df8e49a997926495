"""Targets that are points in time: the next business day at five, with a cut-off, over holidays and odd nights."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calendars import operations as calendar_operations
from calendars import registry
from calendars.business_time import BusinessTime, DayException, WeeklyWindow
from calendars.spec import CalendarSpec
from incidents import operations
from records import operations as record_operations
from slm import operations as agreements
from slm import replanning
from slm.explain import explanation
from slm.models import Agreement, Clock
from slm.points import Point
from tests.calendars.oracle import Oracle
from tests.conftest import moment

FIVE = "next day 17:00"
EIGHT_TO_SIX = tuple(WeeklyWindow(day, 480, 1080) for day in range(5))
_numbers = count()


def spec(zone, windows=EIGHT_TO_SIX, exceptions=(), **said):
    return CalendarSpec(zone=zone, weekly=tuple(windows), exceptions=tuple(exceptions), **said)


def due(text, start, calendar):
    point = Point.parse(text)
    assert point is not None
    return point.moment(moment(start), BusinessTime(calendar))


@pytest.mark.parametrize(
    ("typed", "code", "shown"),
    [
        ("next day 17:00", "1@1020", "next day 17:00"),
        ("Next business day, 17:00 if by 14:00", "1@1020<840", "next day 17:00 if by 14:00"),
        ("same day 24:00", "0@1440", "same day 24:00"),
        ("3rd business day 9:05", "3@545", "3 day 09:05"),
    ],
)
def test_what_is_typed_is_read_and_shown_again(typed, code, shown):
    point = Point.parse(typed)

    assert (point.code, str(point)) == (code, shown)
    assert Point.parse(str(point)) == point == Point.from_code(code)


@pytest.mark.parametrize("text", ["4 h", "17:00", "next week 17:00", "next day", ""])
def test_what_is_no_point_is_left_to_others(text):
    assert Point.parse(text) is None


@pytest.mark.parametrize("text", ["next day 25:00", "31 day 12:00", "same day 12:61", "next day 12:00 if by 24:01"])
def test_a_point_that_cannot_be_is_refused(text):
    with pytest.raises(ValueError):
        Point.parse(text)


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        (FIVE, "2026-03-02 09:00", "2026-03-03 17:00"),  # Monday to Tuesday
        (FIVE, "2026-03-06 09:00", "2026-03-09 17:00"),  # Friday to Monday
        (FIVE, "2026-03-07 09:00", "2026-03-10 17:00"),  # Saturday counts as Monday
        (FIVE, "2026-03-02 18:00", "2026-03-03 17:00"),  # the last moment of the hours is still Monday
        (FIVE, "2026-03-02 18:01", "2026-03-04 17:00"),  # later counts as Tuesday
        (f"{FIVE} if by 14:00", "2026-03-02 14:00", "2026-03-03 17:00"),
        (f"{FIVE} if by 14:00", "2026-03-02 14:01", "2026-03-04 17:00"),
        (f"{FIVE} if by 14:00", "2026-03-06 14:01", "2026-03-10 17:00"),
        ("same day 17:00", "2026-03-02 07:00", "2026-03-02 17:00"),
        ("same day 17:00", "2026-03-02 17:00", "2026-03-03 17:00"),  # too late for today
        ("3 day 12:00", "2026-03-02 09:00", "2026-03-05 12:00"),
        ("next day 24:00", "2026-03-02 09:00", "2026-03-04 00:00"),
        (FIVE, "2028-02-28 09:00", "2028-02-29 17:00"),  # a leap day
    ],
)
def test_the_day_of_receipt_and_the_days_after_it(text, start, expected):
    assert due(text, start, spec("UTC")) == moment(expected)


def test_a_holiday_is_no_business_day():
    good_friday = DayException(date(2026, 4, 3), (), "Good Friday")

    assert due(FIVE, "2026-04-02 08:00", spec("UTC", exceptions=[good_friday])) == moment("2026-04-06 17:00")


def test_the_wall_clock_of_the_calendar_rules_in_both_nights():
    oslo = spec("Europe/Oslo", [WeeklyWindow(day, 0, 1440) for day in range(7)])

    assert due(FIVE, "2026-03-28 10:00", oslo) == moment("2026-03-29 15:00")
    assert due("next day 02:30", "2026-03-28 10:00", oslo) == moment("2026-03-29 01:30")  # skipped: as if 3:30
    assert due("next day 02:30", "2026-10-24 10:00", oslo) == moment("2026-10-25 00:30")  # twice: the first


def test_samoa_left_a_friday_out():
    apia = spec("Pacific/Apia", [WeeklyWindow(day, 480, 1080) for day in range(7)])

    # Thursday 29 December 2011, 10:00 at UTC-10; the next day there was Saturday 31, at UTC+14.
    assert due(FIVE, "2011-12-29 20:00", apia) == moment("2011-12-31 03:00")


def test_a_calendar_that_never_opens_again_has_no_point():
    assert due(FIVE, "2026-03-02 09:00", spec("UTC", [])) is None


PLACES = {
    "Lord Howe": spec("Australia/Lord_Howe", [WeeklyWindow(day, 60, 600) for day in range(5)]),
    "Kathmandu": spec("Asia/Kathmandu", [WeeklyWindow(day, 540, 1020) for day in (6, 0, 1, 2, 3, 4)]),
    "Casablanca": spec("Africa/Casablanca", [WeeklyWindow(day, 120, 900) for day in range(6)]),
    "Apia": spec("Pacific/Apia", [WeeklyWindow(day, 480, 720) for day in range(7)]),
    "Dublin": spec(
        "Europe/Dublin",
        [*(WeeklyWindow(day, 0, 360) for day in range(7)), *(WeeklyWindow(day, 1320, 1440) for day in range(7))],
    ),
}
BEGINNINGS = {
    "Lord Howe": "2026-04-01 00:00", "Kathmandu": "2026-03-01 00:00", "Casablanca": "2026-02-10 00:00",
    "Apia": "2011-12-24 00:00", "Dublin": "2026-03-24 00:00",
}  # fmt: skip


def business_dates(place):
    """Local dates with an open quarter of an hour in the five weeks from the beginning on, by walking them."""
    hours, zone = Oracle(PLACES[place]), ZoneInfo(PLACES[place].zone)
    begin = moment(BEGINNINGS[place]) - timedelta(days=1)
    quarters = (begin + number * timedelta(minutes=15) for number in range(36 * 96))
    return sorted({each.astimezone(zone).date() for each in quarters if hours.is_open(each)})


DATES = {place: business_dates(place) for place in PLACES}


@settings(max_examples=150)
@given(
    place=st.sampled_from(sorted(PLACES)),
    minutes=st.integers(0, 12 * 1440),
    days=st.integers(0, 5),
    minute=st.integers(0, 1440),
    cutoff=st.none() | st.integers(0, 1440),
)
@example(place="Apia", minutes=5 * 1440 + 1200, days=1, minute=1020, cutoff=None)
@example(place="Lord Howe", minutes=3 * 1440, days=1, minute=110, cutoff=None)
def test_it_falls_where_counting_days_on_a_wall_calendar_puts_it(place, minutes, days, minute, cutoff):
    hours, zone = BusinessTime(PLACES[place]), ZoneInfo(PLACES[place].zone)
    start = moment(BEGINNINGS[place]) + timedelta(minutes=minutes)

    due_at = Point(days, minute, cutoff).moment(start, hours)

    dates = DATES[place]
    local = start.astimezone(zone)
    said = local.hour * 60 + local.minute
    ends = [end for _start, end in PLACES[place].spans_on(local.date())]
    last = cutoff if cutoff is not None else max(ends, default=0)
    received = next(each for each in dates if each > local.date() or (each == local.date() and said <= last))
    wanted = dates[dates.index(received) + days :]
    found = (
        (due_at - timedelta(minutes=1)).astimezone(zone).date() if minute == 1440 else due_at.astimezone(zone).date()
    )
    assert found in wanted
    # A day later than counted only where the counted day left no working time.
    for skipped in wanted[: wanted.index(found)]:
        passed = datetime.combine(skipped, datetime.min.time()) + timedelta(minutes=minute)
        assert hours.between(start, max(start, passed.replace(tzinfo=zone).astimezone(UTC))) == timedelta(0)


@pytest.fixture
def promised(house, log_incident, office):
    """Log a ticket that is to be solved by the next business day at five, received by two in the afternoon."""

    def log(at, **said):
        made = agreements.create_agreement(
            by=None, at=moment("2026-01-01 00:00"), name=f"Points {next(_numbers)}", calendar=office,
            targets={("resolution", 4): Point.parse(f"{FIVE} if by 14:00"), ("resolution", 3): 240},
            pause_reasons=["requester"], **said,
        )  # fmt: skip
        assert Agreement.objects.get(pk=made.pk).targets.get(priority=4).target_minutes == 1200
        return operations.start(incident=log_incident(at=moment(at)), by=house.tom, at=moment(at))

    return log


def test_a_clock_is_due_at_the_point_and_a_pause_moves_it_by_working_time(promised, house, clock_of):
    ticket = promised("2026-03-02 15:00")
    clock = clock_of(ticket)
    assert (clock.due_at, clock.target, clock.point) == (
        moment("2026-03-04 17:00"), timedelta(hours=3 + 10 + 9), "1@1020<840",
    )  # fmt: skip

    held = operations.hold(
        incident=ticket, by=house.tom, at=moment("2026-03-03 17:00"), hold_for="requester", question="Which?"
    )
    operations.resume(incident=held, by=house.tom, at=moment("2026-03-04 09:00"))

    assert clock_of(ticket).due_at == moment("2026-03-05 09:00")


def test_a_priority_there_and_back_comes_to_the_same_point(promised, house, clock_of):
    ticket = promised("2026-03-02 15:00")
    for at, priority in (("15:10", 3), ("15:20", 4)):
        ticket.refresh_from_db()
        record_operations.override_priority(
            record=ticket, by=house.tom, at=moment(f"2026-03-02 {at}"), priority=priority, reason="Judged again."
        )

    assert clock_of(ticket).due_at == moment("2026-03-04 17:00")


def test_from_the_change_the_point_counts_from_there(promised, house, clock_of):
    ticket = promised("2026-03-02 09:00", retarget_policy="from_change")
    for at, priority in (("2026-03-03 15:00", 3), ("2026-03-04 15:00", 4)):
        ticket.refresh_from_db()
        record_operations.override_priority(
            record=ticket, by=house.tom, at=moment(at), priority=priority, reason="Judged again."
        )

    assert clock_of(ticket).due_at == moment("2026-03-06 17:00")


@pytest.mark.parametrize("is_paused", [False, True])
def test_a_holiday_entered_later_moves_the_point_to_the_next_business_day(promised, house, office, clock_of, is_paused):
    ticket = promised("2026-03-02 09:00")
    if is_paused:
        ticket = operations.hold(
            incident=ticket, by=house.tom, at=moment("2026-03-02 10:00"), hold_for="requester", question="Which?"
        )
    calendar_operations.save_hours(
        calendar=office, windows=EIGHT_TO_SIX, exceptions=[DayException(date(2026, 3, 3), (), "Spring day")],
        by=None, at=moment("2026-03-02 11:00"), is_always_open=False,
    )  # fmt: skip
    replanning.replan(office.pk, at=moment("2026-03-02 11:00"))
    if is_paused:
        operations.resume(incident=ticket, by=house.tom, at=moment("2026-03-02 12:00"))

    # Held for two hours, it is due two working hours after five: on Thursday at nine.
    assert clock_of(ticket).due_at == moment("2026-03-05 09:00" if is_paused else "2026-03-04 17:00")


def test_the_explanation_says_the_point_in_words(promised, clock_of):
    ticket = promised("2026-03-02 15:00")
    registry.clear()

    explained = explanation(Clock.objects.get(pk=clock_of(ticket).pk), moment("2026-03-02 16:00"))

    assert explained.arithmetic[0] == (
        "Promised: by 17:00 on the next business day; what comes after 14:00 counts as received on the next one. "
        "Counted from Mon 2 Mar 2026, 15:00 that is 22:00 working."
    )


def test_the_screen_reads_points_and_shows_them_again(client, house, standard):
    client.force_login(house.ines)
    page = {"name": standard.name, "type": "customer", "calendar": standard.calendar_id, "reopen_policy": "resume",
            "retarget_policy": "from_start", "attainment_target": "95", "seen_version": 1}  # fmt: skip

    refused = client.post(f"/agreements/{standard.slug}/text/", page | {"resolution_4": "tomorrow at five"})
    assert "“tomorrow at five” is no target" in refused.content.decode()

    client.post(f"/agreements/{standard.slug}/text/", page | {"resolution_4": "next day 17:00 if by 14:00"})

    assert standard.versions.get(number=2).document["points"] == [["resolution", 4, "1@1020<840"]]
    assert 'value="next day 17:00 if by 14:00"' in client.get(f"/agreements/{standard.slug}/text/").content.decode()
