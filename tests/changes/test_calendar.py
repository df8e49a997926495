"""The change calendar: what stands on it for whom, what collides, where it stands."""

from datetime import timedelta

import pytest

from changes import operations
from changes.queries.collisions import collisions
from changes.queries.schedule import schedule
from records import calendar_entries
from records.calendar_entries import CalendarEntry
from services.models import Service
from tests.changes.conftest import MONDAY_10
from tests.conftest import moment

MONDAY, NEXT_MONDAY = moment("2026-03-02 00:00"), moment("2026-03-09 00:00")
THIS_WEEK = "/changes/calendar/?from=2026-03-02"
VIEWS = ("week", "month", "lanes", "agenda")


def found_by(user, start=MONDAY, end=NEXT_MONDAY, at=MONDAY_10):
    return collisions(schedule(user, start, end), user=user, at=at).collisions


def summary(found):
    other = getattr(found.other, "number", None) or getattr(found.other, "window_id", None)
    return found.one.number, found.reason, other


def test_a_change_stands_in_its_window_with_what_it_touches(house, vpn, write_change):
    change = write_change()

    (entry,) = schedule(house.tom, MONDAY, NEXT_MONDAY).entries

    assert (entry.reference, entry.title) == (change.reference, "Patch gateway 2")
    assert (entry.starts_at, entry.ends_at) == (moment("2026-03-05 20:00"), moment("2026-03-05 22:00"))
    assert (entry.service_ids, entry.person, entry.state_name) == ({vpn.pk}, "Tom Beck", "draft")


@pytest.mark.parametrize(
    ("start", "end", "is_there"),
    [
        ("2026-03-05 22:00", "2026-03-06 22:00", False),
        ("2026-03-05 21:59", "2026-03-06 22:00", True),
        ("2026-03-05 00:00", "2026-03-05 20:00", False),
        ("2026-03-05 00:00", "2026-03-05 20:01", True),
    ],
)
def test_ends_are_not_included(house, write_change, start, end, is_there):
    write_change()

    assert bool(schedule(house.tom, moment(start), moment(end)).entries) is is_there


def test_what_was_rejected_or_cancelled_stands_there_only_when_asked_for(house, write_change):
    change = write_change()
    operations.cancel(change=change, by=house.aisha, at=MONDAY_10, reason="Not needed.")

    assert schedule(house.tom, MONDAY, NEXT_MONDAY).entries == []
    (asked_for,) = schedule(house.tom, MONDAY, NEXT_MONDAY, states=("cancelled",)).entries
    assert asked_for.reference == change.reference


@pytest.mark.parametrize("view", VIEWS)
def test_what_somebody_may_not_see_but_blocks_is_busy_and_nothing_more(client, house, booked, at_monday, view):
    change = booked(title="Secret merger gateway")
    client.force_login(house.otto)

    page = client.get(f"{THIS_WEEK}&view={view}").content.decode()

    (entry,) = schedule(house.otto, MONDAY, NEXT_MONDAY).entries
    assert (entry.is_busy, entry.title, entry.reference, entry.url, entry.person) == (True, "", "", "", "")
    assert (entry.record_id, entry.team_id) == (None, None)
    assert "busy" in page
    for secret in ("Secret merger", change.reference, f"e{change.pk}", "Tom Beck"):
        assert secret not in page


def test_a_draft_that_somebody_may_not_see_blocks_nothing(house, write_change):
    write_change()

    assert schedule(house.otto, MONDAY, NEXT_MONDAY).entries == []


def test_requesters_have_no_change_calendar(client, house, write_change):
    write_change()
    client.force_login(house.maria)

    assert client.get("/changes/calendar/").status_code == 403


@pytest.mark.parametrize("view", VIEWS)
def test_text_of_people_is_no_markup(client, house, write_change, freeze, at_monday, view):
    write_change(title='<script>x</script>" onfocus="y')
    client.force_login(house.ines)

    page = client.get(f"{THIS_WEEK}&view={view}").content.decode()

    assert "<script>x" not in page
    assert '" onfocus="y' not in page
    assert "&lt;script&gt;x" in page


@pytest.mark.parametrize("view", VIEWS)
def test_a_calendar_costs_the_same_for_one_change_and_for_three(
    client, house, booked, at_monday, django_assert_num_queries, monkeypatch, view
):
    # What other practices read for it they count themselves.
    monkeypatch.setattr(calendar_entries, "_KINDS", {})
    operations.save_window(
        by=house.ines, at=MONDAY_10, kind="maintenance", name="Nights", zone="UTC", repeats="weekly",
        starts_at=moment("2026-03-01 20:00"), ends_at=moment("2026-03-01 22:00"),
    )  # fmt: skip
    booked()
    client.force_login(house.tom)
    client.get(f"{THIS_WEEK}&view={view}")
    with django_assert_num_queries(13):
        client.get(f"{THIS_WEEK}&view={view}")
    for day in ("06", "07"):
        booked(title="More", window=(f"2026-03-{day} 20:00", f"2026-03-{day} 22:00"))

    with django_assert_num_queries(13):
        client.get(f"{THIS_WEEK}&view={view}")


def test_entries_of_other_practices_stand_there(client, house, at_monday, monkeypatch):
    monkeypatch.setattr(calendar_entries, "_KINDS", {})
    begin = moment("2026-03-04 20:00")
    entry = CalendarEntry(
        kind="release", starts_at=begin, ends_at=begin + timedelta(hours=1), title="Spring", url="/releases/REL-7/",
        reference="REL-7", record_id=7, state="planned", state_name="planned", phase="open",
    )  # fmt: skip
    calendar_entries.declare("release", lambda access, start, end: [entry], label="release", icon="layers")
    client.force_login(house.tom)

    for view in VIEWS:
        page = client.get(f"{THIS_WEEK}&view={view}").content.decode()
        assert 'href="/releases/REL-7/"' in page


def test_filters_narrow_by_service_team_and_conflict(client, house, vpn, booked, write_change, at_monday):
    mail = Service.objects.create(name="Mail", slug="mail")
    booked()
    write_change(title="Collides", assignee=house.aisha)
    write_change(title="Alone", items=[], services=[mail], team=house.first_line,
                 window=("2026-03-03 20:00", "2026-03-03 22:00"))  # fmt: skip
    client.force_login(house.tom)

    def titles(query):
        days = client.get(f"{THIS_WEEK}&view=agenda&{query}").context["agenda"].days
        return [card.title for day in days for card in day.cards]

    assert titles("") == ["Alone", "Patch gateway 2", "Collides"]
    assert titles(f"service={mail.pk}") == ["Alone"]
    assert titles(f"team={house.networks.pk}") == ["Patch gateway 2", "Collides"]
    assert titles("only=conflicts") == ["Patch gateway 2", "Collides"]
    assert titles("state=scheduled") == ["Patch gateway 2"]
    assert titles("service=999") == []


def test_nothing_there_is_told_in_three_ways(client, house, freeze, at_monday):
    client.force_login(house.ines)

    filtered = client.get(f"{THIS_WEEK}&view=agenda&state=draft").content.decode()
    elsewhen = client.get("/changes/calendar/?from=2027-03-02&view=agenda").content.decode()
    operations.retire_window(window=freeze, by=house.ines, at=MONDAY_10)
    first = client.get(f"{THIS_WEEK}&view=agenda").content.decode()

    assert "Nothing in this period matches" in filtered
    assert "Nothing is planned in this period" in elsewhen
    assert "Add the month-end freeze first" in first


@pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30", "9999-12-31", "0001-01-01", "2026-3-2"])
def test_a_date_that_is_none_is_said_and_today_shown(client, house, at_monday, typed):
    client.force_login(house.tom)

    page = client.get(f"/changes/calendar/?from={typed}")

    assert "The date in the address could not be read." in page.content.decode()
    assert page.context["heading"] == "Week 10, 2 Mar – 8 Mar 2026"


def test_holidays_of_calendars_are_named(client, house, at_monday):
    from calendars import operations as calendar_operations
    from calendars.business_time import WeeklyWindow

    calendar = calendar_operations.create_calendar(
        name="Oslo", zone="Europe/Oslo", windows=[WeeklyWindow(0, 480, 960)], by=house.ines, at=MONDAY_10
    )
    calendar_operations.import_holidays(
        calendar=calendar, country="NO", years=range(2026, 2027), by=house.ines, at=MONDAY_10
    )
    client.force_login(house.tom)

    days = client.get("/changes/calendar/?view=month&from=2026-05-17").context["days"]

    assert [(day.date.day, day.holidays) for day in days if day.holidays][:2] == [
        (1, ["Labor Day (Oslo)"]), (14, ["Ascension Day (Oslo)"]),
    ]  # fmt: skip


def test_the_zone_of_the_service_is_told_on_hover(client, house, vpn, write_change, at_monday):
    from calendars.models import Calendar

    house.networks.calendar = Calendar.objects.create(name="Tokyo", slug="tokyo", zone="Asia/Tokyo")
    house.networks.save()
    write_change()
    client.force_login(house.tom)

    page = client.get(THIS_WEEK).content.decode()

    assert "Times in UTC" in page
    assert "VPN: Fri 6 Mar 05:00–07:00 Asia/Tokyo" in page
