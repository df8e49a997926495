"""Saving hours makes a version, refuses the impossible with a sentence, and tells who must know."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, InternalError, transaction

from calendars import changes, operations, registry
from calendars.business_time import CalendarSpec, DayException, WeeklyWindow
from calendars.models import Calendar, CalendarException, CalendarVersion, ExceptionKind
from calendars.models import WeeklyWindow as WeeklyWindowRow
from calendars.seeds import ensure_default_calendars
from calendars.tasks import extend_holidays
from common.refusals import Refused, Stale

from .conftest import EIGHT_TO_SIX, MONDAY

OSLO = ZoneInfo("Europe/Oslo")
LATER = MONDAY + timedelta(days=1)
pytestmark = pytest.mark.django_db


def sentences(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [str(refusal) for refusal in refused.value.refusals]


def test_a_new_calendar_has_its_first_version(oslo: Calendar) -> None:
    version = oslo.versions.get()

    assert (oslo.slug, oslo.version, version.number) == ("oslo", 1, 1)
    assert version.as_spec() == CalendarSpec("Europe/Oslo", EIGHT_TO_SIX) == oslo.as_spec()


def test_saving_hours_keeps_the_old_version_and_counts_with_the_new_one(oslo: Calendar, house: SimpleNamespace) -> None:
    operations.save_hours(
        calendar=oslo,
        windows=[WeeklyWindow(0, 540, 720)],
        exceptions=[DayException(date(2025, 12, 27), (), "Stocktaking")],
        by=house.ines,
        at=LATER,
    )

    oslo.refresh_from_db()
    latest = oslo.versions.first()
    assert oslo.version == 2
    assert (latest.number, latest.created_by, latest.created_at) == (2, house.ines, LATER)
    monday = datetime(2025, 5, 26, tzinfo=OSLO)
    tuesday = monday + timedelta(days=1)
    assert registry.business_time(oslo.pk).between(monday, tuesday) == timedelta(hours=3)
    assert registry.business_time(oslo.pk, 1).between(monday, tuesday) == timedelta(hours=10)


def test_saving_the_same_hours_again_is_refused(oslo: Calendar) -> None:
    with pytest.raises(Refused, match="in force already"):
        operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX, exceptions=[], by=None, at=LATER)

    assert CalendarVersion.objects.filter(calendar=oslo).count() == 1


def test_saving_over_somebody_elses_version_is_refused(oslo: Calendar) -> None:
    operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX[:4], exceptions=[], by=None, at=LATER)

    with pytest.raises(Stale, match="version 2 of this calendar while you edited version 1"):
        operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX[:3], exceptions=[], by=None, at=LATER, seen_version=1)

    assert Calendar.objects.get().windows.count() == 4


@pytest.mark.parametrize(
    ("windows", "exceptions", "expected"),
    [
        ([], [], "This calendar would never open. Add a span to at least one weekday."),
        (
            [WeeklyWindow(2, 480, 720), WeeklyWindow(2, 700, 1020)],
            [],
            "Wednesday: 08:00-12:00 and 11:40-17:00 overlap. Join them or move one.",
        ),
        (
            [WeeklyWindow(4, 1320, 360)],
            [],
            "Friday: 22:00-06:00 ends before it starts. For hours past midnight, end at 24:00 and start the next "
            "day at 00:00.",
        ),
        (
            [WeeklyWindow(6, 480, 480)],
            [],
            "Sunday: 08:00-08:00 is empty. Give an end after the start, or remove the span.",
        ),
        (
            [WeeklyWindow(0, 0, 1441)],
            [],
            "Monday: 00:00-24:01 does not lie between 00:00 and 24:00. Give times of that day.",
        ),
        (EIGHT_TO_SIX, [WeeklyWindow], "2025-12-24: 10:00-14:00 and 13:00-15:00 overlap. Join them or move one."),
    ],
)
def test_impossible_hours_are_refused_by_day_and_span(
    oslo: Calendar, windows: Any, exceptions: Any, expected: str
) -> None:
    if exceptions:
        exceptions = [DayException(date(2025, 12, 24), ((600, 840), (780, 900)), "Christmas Eve")]

    with pytest.raises(Refused) as refused:
        operations.save_hours(calendar=oslo, windows=windows, exceptions=exceptions, by=None, at=LATER)

    assert sentences(refused) == [expected]
    assert Calendar.objects.get().version == 1


def test_all_reasons_are_told_at_once(oslo: Calendar) -> None:
    with pytest.raises(Refused) as refused:
        operations.save_hours(
            calendar=oslo,
            zone="Europe/Olso",
            windows=[WeeklyWindow(0, 600, 540), WeeklyWindow(1, 600, 600)],
            exceptions=[DayException(date(2025, 1, 1)), DayException(date(2025, 1, 1), name="again")],
            by=None,
            at=LATER,
        )

    assert [(each.code, each.field) for each in refused.value.refusals] == [
        ("unknown_zone", "zone"),
        ("reversed_span", "windows.0"),
        ("empty_span", "windows.1"),
        ("date_twice", "exceptions.2025-01-01"),
    ]


def test_touching_spans_are_no_overlap(oslo: Calendar) -> None:
    operations.save_hours(
        calendar=oslo,
        windows=[WeeklyWindow(0, 0, 720), WeeklyWindow(0, 720, 1440)],
        exceptions=[],
        by=None,
        at=LATER,
    )

    assert Calendar.objects.get().version == 2


def test_around_the_clock_takes_no_windows(oslo: Calendar) -> None:
    with pytest.raises(Refused, match="no windows and no exceptions"):
        operations.save_hours(
            calendar=oslo, is_always_open=True, windows=EIGHT_TO_SIX, exceptions=[], by=None, at=LATER
        )


@pytest.mark.parametrize("name", ["Oslo", "  Oslo "])
def test_two_calendars_cannot_share_a_name(oslo: Calendar, name: str) -> None:
    with pytest.raises(Refused, match="named “Oslo” already"):
        operations.create_calendar(name=name, zone="UTC", windows=EIGHT_TO_SIX, by=None, at=MONDAY)


def test_names_that_slug_alike_get_addresses_of_their_own(oslo: Calendar) -> None:
    second = operations.create_calendar(name="Oslo!", zone="UTC", windows=EIGHT_TO_SIX, by=None, at=MONDAY)

    assert second.slug == "oslo-2"


def test_recorders_hear_in_the_transaction_and_listeners_after_the_commit(
    oslo: Calendar, heard: Any, house: SimpleNamespace, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX[:4], exceptions=[], by=house.ines, at=LATER)
        assert [change.action for change in heard("recorded")] == ["calendar.hours_changed"]
        assert heard("listened") == []

    (change,) = heard("listened")
    assert (change.calendar_id, change.version, change.by, change.at) == (oslo.pk, 2, house.ines, LATER)
    assert list(change.changes) == ["weekly"]


def test_a_listener_that_fails_keeps_the_news_from_nobody_else(
    oslo: Calendar, heard: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def fail(change: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(changes, "_listeners", [fail, *changes._listeners])
    with django_capture_on_commit_callbacks(execute=True):
        operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX[:4], exceptions=[], by=None, at=LATER)

    assert [change.version for change in heard("listened")] == [2]


def test_a_new_name_is_recorded_and_changes_no_hours(oslo: Calendar, heard: Any) -> None:
    operations.describe(calendar=oslo, name="Oslo desk", by=None, at=LATER)

    oslo.refresh_from_db()
    assert (oslo.name, oslo.slug, oslo.version) == ("Oslo desk", "oslo", 1)
    assert heard("recorded")[0].changes == {"name": ["Oslo", "Oslo desk"]}


def test_a_retired_calendar_is_not_offered_but_still_counts(oslo: Calendar) -> None:
    operations.retire(calendar=oslo, by=None, at=LATER)

    assert list(Calendar.objects.active()) == []
    assert registry.business_time(oslo.pk).is_open(datetime(2025, 5, 26, 9, tzinfo=OSLO))
    with pytest.raises(Refused, match="retired already"):
        operations.retire(calendar=oslo, by=None, at=LATER)


def test_validity_includes_its_first_day_and_excludes_its_last(oslo: Calendar) -> None:
    operations.describe(
        calendar=oslo,
        name="Oslo",
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 1, 1),
        by=None,
        at=LATER,
    )

    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [Calendar.objects.valid_on(day).count() for day in days] == [0, 1, 1, 0]


def test_holidays_are_copied_with_their_names(oslo: Calendar) -> None:
    result = operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2026), by=None, at=LATER)

    oslo.refresh_from_db()
    ascension = oslo.exceptions.get(date=date(2025, 5, 29))
    assert (ascension.name, ascension.kind, ascension.windows) == ("Ascension Day", ExceptionKind.HOLIDAY, [])
    assert (len(result.added), result.removed, oslo.version) == (12, (), 2)
    assert (oslo.holiday_country, oslo.holiday_from_year, oslo.holiday_to_year) == ("NO", 2025, 2025)
    due = registry.business_time(oslo.pk).add(datetime(2025, 5, 28, 17, tzinfo=OSLO), timedelta(hours=2))
    assert due == datetime(2025, 5, 30, 9, tzinfo=OSLO)


def test_holidays_copied_twice_make_one_version(oslo: Calendar) -> None:
    for _time in range(2):
        operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2026), by=None, at=LATER)

    assert Calendar.objects.get().version == 2


def test_own_exceptions_and_edited_holidays_outlive_a_refresh(oslo: Calendar) -> None:
    operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2027), by=None, at=LATER)
    exceptions = {each.date: each for each in oslo.as_spec().exceptions}
    exceptions[date(2025, 12, 26)] = DayException(date(2025, 12, 26), ((600, 720),), "Short service")
    exceptions[date(2025, 12, 29)] = DayException(date(2025, 12, 29), (), "Stocktaking")
    operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX, exceptions=exceptions.values(), by=None, at=LATER)

    result = operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2026), by=None, at=LATER)

    own = CalendarException.objects.filter(kind=ExceptionKind.OWN)
    assert [(each.date, each.name) for each in own] == [
        (date(2025, 12, 26), "Short service"),
        (date(2025, 12, 29), "Stocktaking"),
    ]
    assert result.kept_own == (date(2025, 12, 26),)
    assert CalendarException.objects.filter(date__year=2026, kind=ExceptionKind.HOLIDAY).count() == 12


def test_another_country_takes_the_holidays_of_the_old_one_away(oslo: Calendar) -> None:
    operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2027), by=None, at=LATER)

    operations.import_holidays(
        calendar=oslo, country="DE", subdivision="BE", years=range(2026, 2027), by=None, at=LATER
    )

    oslo.refresh_from_db()
    assert {each.date.year for each in oslo.exceptions.all()} == {2026}
    assert oslo.exceptions.filter(date=date(2026, 3, 8), name__icontains="women").exists()
    assert (oslo.holiday_subdivision, oslo.holiday_from_year, oslo.holiday_to_year) == ("BE", 2026, 2026)


@pytest.mark.parametrize(
    ("country", "subdivision", "years", "expected"),
    [
        ("XX", "", range(2025, 2026), "country “XX”"),
        ("DE", "ZZ", range(2025, 2026), "region “ZZ” of DE"),
        ("NO", "", range(2025, 2036), "at most 10 years"),
        ("NO", "", range(1800, 1801), "between 1990 and 2100"),
        ("NO", "", range(0), "at most 10 years"),
    ],
)
def test_holidays_that_nobody_knows_are_refused(
    oslo: Calendar, country: str, subdivision: str, years: range, expected: str
) -> None:
    with pytest.raises(Refused, match=expected):
        operations.import_holidays(
            calendar=oslo, country=country, subdivision=subdivision, years=years, by=None, at=LATER
        )


def test_the_database_refuses_overlapping_and_reversed_windows(oslo: Calendar) -> None:
    for start, end in [(600, 700), (1200, 1100), (1100, 1441)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            WeeklyWindowRow.objects.create(calendar=oslo, weekday=0, start_minute=start, end_minute=end)


def test_the_database_keeps_one_exception_a_date(oslo: Calendar) -> None:
    CalendarException.objects.create(calendar=oslo, date=date(2025, 1, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarException.objects.create(calendar=oslo, date=date(2025, 1, 1))


def test_the_database_does_not_let_a_version_change(oslo: Calendar) -> None:
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        CalendarVersion.objects.update(document={})

    assert oslo.versions.get().as_spec() == oslo.as_spec()


def test_the_shipped_calendars_are_made_once_and_then_left_alone() -> None:
    first = ensure_default_calendars(at=MONDAY)
    operations.save_hours(calendar=first["oslo"], windows=EIGHT_TO_SIX, exceptions=[], by=None, at=LATER)

    again = ensure_default_calendars(at=LATER)

    assert sorted(again) == ["24x7", "berlin", "new-york", "oslo"]
    assert Calendar.objects.count() == 4
    assert again["oslo"].as_spec() == CalendarSpec("Europe/Oslo", EIGHT_TO_SIX)
    assert registry.business_time(again["new-york"].pk).is_open(datetime(2025, 7, 4, 15, tzinfo=OSLO)) is False


def test_the_holidays_of_the_coming_year_arrive_before_it_does(oslo: Calendar) -> None:
    operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2026), by=None, at=LATER)
    oslo.refresh_from_db()

    extended = operations.extend_holidays_if_needed(calendar=oslo, by=None, at=LATER)
    oslo.refresh_from_db()
    again = operations.extend_holidays_if_needed(calendar=oslo, by=None, at=LATER)

    assert extended is not None
    assert {day.year for day in extended.added} == {2026}
    assert again is None
    assert (oslo.holiday_from_year, oslo.holiday_to_year, oslo.version) == (2025, 2026, 3)


def test_the_daily_task_extends_every_calendar_and_can_run_twice(oslo: Calendar, time_machine: Any) -> None:
    operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2026), by=None, at=LATER)
    time_machine.move_to(datetime(2025, 7, 1, tzinfo=OSLO))

    for _run in range(2):
        extend_holidays(something_new=True)

    oslo.refresh_from_db()
    assert (oslo.holiday_to_year, oslo.version) == (2026, 3)
