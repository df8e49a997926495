"""The calendar pages: who may see and change them, what a preview counts, and how refusals come back."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from calendars import operations
from calendars.business_time import DayException, WeeklyWindow
from calendars.models import Calendar

from .conftest import EIGHT_TO_SIX, MONDAY

NOON = MONDAY + timedelta(hours=3)


def signed_in(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def ines(client: Client, house: SimpleNamespace) -> Client:
    """Ines manages services and may change calendars."""
    return signed_in(client, house.ines)


def typed(oslo: Calendar, **said: str) -> dict[str, str]:
    """The form as the page sends it when nobody changed anything, and what was typed over it."""
    form = {
        "zone": "Europe/Oslo",
        "seen_version": str(oslo.version),
        **{f"day_{number}": "08:00-18:00" for number in range(5)},
        "day_5": "",
        "day_6": "",
        "own-TOTAL_FORMS": "2",
        "own-INITIAL_FORMS": "0",
        "start": "2025-05-23T15:00",
        "amount": "8 h",
    }
    return form | said


def plain(html: bytes) -> str:
    """The text of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


@pytest.mark.parametrize("path", ["", "oslo/", "new/"])
def test_strangers_and_requesters_are_kept_out(
    client: Client, house: SimpleNamespace, oslo: Calendar, path: str
) -> None:
    anonymous = client.get(f"/admin/calendars/{path}")
    as_maria = signed_in(client, house.maria).get(f"/admin/calendars/{path}")
    as_otto = signed_in(client, house.otto).get(f"/admin/calendars/{path}")

    assert (anonymous.status_code, as_maria.status_code, as_otto.status_code) == (302, 403, 403)
    assert "Oslo" not in plain(as_maria.content) + plain(as_otto.content)


def test_the_list_says_when_each_calendar_is_open(ines: Client, oslo: Calendar, time_machine: Any) -> None:
    time_machine.move_to(NOON, tick=False)

    text = plain(ines.get("/admin/calendars/").content)

    assert "Oslo Mon–Fri 08:00-18:00 Europe/Oslo open until Mon 26 May 18:00 – 1" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    ines: Client, oslo: Calendar, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, rows):
        operations.create_calendar(name=f"Desk {number}", zone="UTC", windows=EIGHT_TO_SIX, by=None, at=MONDAY)
    ines.get("/admin/calendars/")

    with django_assert_num_queries(3):
        page = ines.get("/admin/calendars/")

    assert page.content.count(b'class="table__link"') == rows


def test_the_page_of_a_calendar_previews_four_hours_from_now(ines: Client, oslo: Calendar, time_machine: Any) -> None:
    time_machine.move_to(NOON, tick=False)

    page = ines.get("/admin/calendars/oslo/")

    assert page.status_code == 200
    text = plain(page.content)
    assert "After 4:00 of working time it is Monday 26 May 2025, 18:00 Europe/Oslo" in text
    assert "Sun 26 Oct 2025: 03:00 becomes 02:00. The day has 25:00 hours and is closed." in text
    assert 'style="' not in page.content.decode()


def test_the_preview_counts_hours_that_are_not_saved(ines: Client, oslo: Calendar) -> None:
    answer = ines.post(
        "/admin/calendars/oslo/preview/",
        typed(oslo, day_5="10:00-14:00"),
        headers={"HX-Request": "true"},
    )

    text = plain(answer.content)
    assert "After 8:00 of working time it is Monday 26 May 2025, 09:00 Europe/Oslo" in text
    assert "Fri 23 May 2025 +3:00 = 3:00 15:00-18:00 = 3:00" in text
    assert "Sat 24 May 2025 +4:00 = 7:00 10:00-14:00 = 4:00" in text
    assert "<html" not in answer.content.decode()
    assert Calendar.objects.get().version == 1


def test_the_preview_works_without_script(ines: Client, oslo: Calendar) -> None:
    page = ines.post("/admin/calendars/oslo/preview/", typed(oslo)).content.decode()

    assert "<html" in page
    assert "After 8:00 of working time it is Monday 26 May 2025, 13:00 Europe/Oslo" in plain(page.encode())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"day_0": "12:00-08:00"}, "Monday: 12:00-08:00 ends before it starts."),
        ({"day_0": "8-13, 12-17"}, "Monday: 08:00-13:00 and 12:00-17:00 overlap."),
        ({"day_0": "morning"}, "“morning” is no span of hours."),
        ({"amount": "soon"}, "Give an amount of time such as 4 h, 1:30 or 90 min."),
        ({"start": "2025-02-30T10:00"}, "Give a date and a time, such as 2026-05-22 16:30."),
        ({"start": "9999-01-01T10:00"}, "Give a year between 1990 and 2150."),
        ({"amount": "99999 h"}, "Give an amount of at most 10,000 hours."),
    ],
)
def test_a_preview_of_nonsense_says_what_is_wrong(
    ines: Client, oslo: Calendar, said: dict[str, str], expected: str
) -> None:
    answer = ines.post("/admin/calendars/oslo/preview/", typed(oslo, **said), headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert expected in plain(answer.content)
    assert "of working time it is" not in plain(answer.content)


def test_saving_makes_a_version_and_an_entry_in_the_log(ines: Client, house: SimpleNamespace, oslo: Calendar) -> None:
    said = {"own-0-date": "2025-12-27", "own-0-hours": "", "own-0-name": "Stocktaking", "day_4": "8-15"}

    answer = ines.post("/admin/calendars/oslo/hours/", typed(oslo, **said))

    assert (answer.status_code, answer["Location"]) == (302, "/admin/calendars/oslo/")
    spec = Calendar.objects.get().as_spec()
    assert spec.exceptions == (DayException(date(2025, 12, 27), (), "Stocktaking"),)
    assert WeeklyWindow(4, 480, 900) in spec.weekly
    entry = Entry.objects.get(action="calendar.hours_changed")
    assert (entry.actor, entry.subject_label, sorted(entry.changes)) == (
        house.ines,
        "Oslo",
        ["exceptions", "weekly"],
    )
    text = plain(ines.get("/admin/calendars/oslo/").content)
    assert "Version 2 in force" in text
    assert "weekly hours, 1 date added · Ines Duarte" in text


def test_refused_hours_come_back_with_everything_typed(ines: Client, oslo: Calendar) -> None:
    answer = ines.post("/admin/calendars/oslo/hours/", typed(oslo, day_2="9-12, 11-17", day_6="10-11"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Wednesday: 09:00-12:00 and 11:00-17:00 overlap. Join them or move one." in plain(answer.content)
    assert 'value="9-12, 11-17"' in page
    assert 'value="10-11"' in page
    assert "<title>Error: Oslo" in page
    assert Calendar.objects.get().version == 1


def test_an_exception_that_is_written_twice_is_told_at_its_row(ines: Client, oslo: Calendar) -> None:
    said = {"own-0-date": "2025-12-27", "own-1-date": "2025-12-27", "own-1-hours": "10-12"}

    answer = ines.post("/admin/calendars/oslo/hours/", typed(oslo, **said))

    assert answer.status_code == 422
    assert "2025-12-27 appears twice. Keep one exception for each date." in plain(answer.content)


def test_an_own_exception_takes_the_place_of_a_holiday_and_gives_it_back(ines: Client, oslo: Calendar) -> None:
    operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2026), by=None, at=MONDAY)
    oslo.refresh_from_db()
    said = {"own-0-date": "2025-05-29", "own-0-hours": "10-12", "own-0-name": "Short"}
    ines.post("/admin/calendars/oslo/hours/", typed(oslo, **said))

    oslo.refresh_from_db()
    ascension = oslo.exceptions.get(date=date(2025, 5, 29))
    assert (ascension.kind, ascension.spans, oslo.exceptions.count()) == ("own", ((600, 720),), 12)

    said |= {"own-INITIAL_FORMS": "1", "own-TOTAL_FORMS": "3", "own-0-DELETE": "on"}
    ines.post("/admin/calendars/oslo/hours/", typed(oslo, **said))

    oslo.refresh_from_db()
    ascension = oslo.exceptions.get(date=date(2025, 5, 29))
    assert (oslo.version, ascension.kind, ascension.spans) == (4, "holiday", ())
    assert ascension.name == "Ascension Day"


def test_saving_over_somebody_else_shows_theirs_and_keeps_mine(ines: Client, oslo: Calendar) -> None:
    mine = typed(oslo, day_0="9-10")
    operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX[:2], exceptions=[], by=None, at=MONDAY)

    answer = ines.post("/admin/calendars/oslo/hours/", mine)

    assert answer.status_code == 412
    text = plain(answer.content)
    assert "Somebody saved version 2 of this calendar while you edited version 1." in text
    assert "In force now: Mon–Tue 08:00-18:00." in text
    assert 'value="9-10"' in answer.content.decode()
    again = ines.post("/admin/calendars/oslo/hours/", mine | {"seen_version": "2"})
    assert (again.status_code, Calendar.objects.get().version) == (302, 3)


def test_tom_may_look_and_try_but_not_change(client: Client, house: SimpleNamespace, oslo: Calendar) -> None:
    tom = signed_in(client, house.tom)

    page = plain(tom.get("/admin/calendars/oslo/").content)
    tried = tom.post("/admin/calendars/oslo/preview/", typed(oslo, day_0=""), headers={"HX-Request": "true"})
    saved = tom.post("/admin/calendars/oslo/hours/", typed(oslo, day_0=""))

    assert "You may look and try." in page
    assert "Save as a new version" not in page
    assert "it is Monday 26 May 2025, 13:00" in plain(tried.content)
    assert (saved.status_code, Calendar.objects.get().version) == (403, 1)


def test_around_the_clock_needs_no_emptied_fields(ines: Client, oslo: Calendar) -> None:
    ines.post("/admin/calendars/oslo/hours/", typed(oslo, is_always_open="on"))

    spec = Calendar.objects.get().as_spec()
    assert (spec.always_open, spec.weekly, spec.exceptions) == (True, (), ())
    assert "Around the clock" in plain(ines.get("/admin/calendars/oslo/").content)


def test_holidays_are_shown_before_they_are_copied(ines: Client, oslo: Calendar) -> None:
    wanted = {"country": "DE", "subdivision": "BE", "from_year": "2025", "to_year": "2025"}

    shown = ines.get("/admin/calendars/oslo/holidays/", wanted, headers={"HX-Request": "true"})
    before = oslo.exceptions.count()
    copied = ines.post("/admin/calendars/oslo/holidays/", wanted | {"holidays_version": "1"})

    assert "Thu 29 May 2025 Ascension Day new" in plain(shown.content)
    assert (before, copied.status_code) == (0, 302)
    text = plain(ines.get("/admin/calendars/oslo/").content)
    assert "Germany, BE, 2025–2025" in text
    assert "2025: 11 holidays" in text


def test_holidays_of_another_place_say_what_goes_away(ines: Client, oslo: Calendar) -> None:
    operations.import_holidays(calendar=oslo, country="NO", years=range(2025, 2027), by=None, at=MONDAY)
    wanted = {"country": "DE", "subdivision": "BE", "from_year": "2025", "to_year": "2025"}

    shown = plain(ines.get("/admin/calendars/oslo/holidays/", wanted).content)

    assert "Thu 17 Apr 2025 Maundy Thursday goes away Fri 18 Apr 2025 Good Friday there already" in shown
    assert "Sun 17 May 2026 Constitution Day goes away" in shown


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"country": "XX", "from_year": "2025", "to_year": "2025"}, 422),
        ({"country": "NO", "subdivision": "BE", "from_year": "2025", "to_year": "2025"}, 422),
        ({"country": "NO", "from_year": "2027", "to_year": "2025"}, 422),
        ({"country": "NO", "from_year": "2000", "to_year": "2030"}, 409),
        ({"country": "NO", "from_year": "2025", "to_year": "2025", "holidays_version": "7"}, 412),
    ],
)
def test_impossible_holidays_are_refused(ines: Client, oslo: Calendar, wanted: dict[str, str], status: int) -> None:
    answer = ines.post("/admin/calendars/oslo/holidays/", wanted)

    assert answer.status_code == status
    assert b"There is a problem" in answer.content
    assert oslo.exceptions.count() == 0


def test_a_new_calendar_starts_with_office_hours_in_ones_own_zone(ines: Client, house: SimpleNamespace) -> None:
    page = ines.get("/admin/calendars/new/").content.decode()
    form = {f"day_{number}": "08:00-16:00" for number in range(5)}

    answer = ines.post("/admin/calendars/new/", form | {"name": "Bergen", "zone": "Europe/Oslo"})

    assert page.count('value="08:00-16:00"') == 5
    assert answer["Location"] == "/admin/calendars/bergen/"
    assert Calendar.objects.get(slug="bergen").versions.get().created_by == house.ines


def test_a_new_calendar_without_hours_is_refused(ines: Client) -> None:
    answer = ines.post("/admin/calendars/new/", {"name": "Bergen", "zone": "Europe/Oslo"})

    assert answer.status_code == 422
    assert "This calendar would never open." in plain(answer.content)
    assert not Calendar.objects.exists()


def test_name_and_validity_can_be_changed(ines: Client, oslo: Calendar) -> None:
    said = {"name": "Oslo desk", "description": "", "valid_from": "2025-01-01", "valid_to": ""}

    ines.post("/admin/calendars/oslo/description/", said)
    reversed_ = ines.post("/admin/calendars/oslo/description/", said | {"valid_to": "2024-01-01"})

    oslo.refresh_from_db()
    assert (oslo.name, oslo.valid_from, oslo.valid_to) == ("Oslo desk", date(2025, 1, 1), None)
    assert reversed_.status_code == 422
    assert "The validity ends before it begins." in plain(reversed_.content)


def test_retiring_and_offering_again(ines: Client, oslo: Calendar) -> None:
    ines.post("/admin/calendars/oslo/retirement/")
    retired = Calendar.objects.get().is_active
    ines.post("/admin/calendars/oslo/reinstatement/")

    assert (retired, Calendar.objects.get().is_active) == (False, True)
    assert list(Entry.objects.order_by("id").values_list("action", flat=True)) == [
        "calendar.created",
        "calendar.retired",
        "calendar.reinstated",
    ]
