"""Where things stand on the calendar: periods, hours of the wall clock, nights, lanes and pages."""

from datetime import date

import pytest
from django.http import QueryDict

from changes.models import CalendarWindow
from changes.views import calendar_places
from changes.views.calendar_asked import Asked
from services.models import Service

THIS_WEEK = "/changes/calendar/?from=2026-03-02"


def asked(text, today="2026-03-02"):
    return Asked.of(QueryDict(text), today=date.fromisoformat(today))


@pytest.mark.parametrize(
    ("query", "first", "end"),
    [
        ("view=week&from=2026-03-08", "2026-03-02", "2026-03-09"),
        ("view=month&from=2026-02-14", "2026-01-26", "2026-03-02"),
        ("view=month&from=2027-02-14", "2027-02-01", "2027-03-01"),
        ("view=agenda&from=2026-12-31&days=1", "2026-12-31", "2027-01-01"),
        ("view=agenda&days=100000", "2026-03-02", "2026-06-02"),
        ("view=nonsense", "2026-03-02", "2026-03-09"),
    ],
)
def test_periods_hold_whole_weeks(query, first, end):
    found = asked(query)

    assert (found.first, found.end) == (date.fromisoformat(first), date.fromisoformat(end))


def test_an_address_says_what_was_asked_and_nothing_else():
    found = asked("view=lanes&from=2026-03-10&lane=team&service=3&state=draft&x=y&team=-1")

    assert found.url == "/changes/calendar/?view=lanes&from=2026-03-10&lane=team&service=3&state=draft"
    assert asked("view=month&from=2026-01-31").neighbor(1) == date(2026, 2, 2)
    assert asked("view=month&from=2026-01-31").neighbor(-1) == date(2025, 12, 1)


def places_of(client, user, query):
    client.force_login(user)
    days = client.get(f"/changes/calendar/?{query}").context["days"]
    return {
        day.date.isoformat(): [(each.at, each.length, each.nth, each.of) for each in day.placed]
        for day in days
        if day.placed
    }


def test_a_night_stands_on_both_of_its_days(client, house, write_change, at_monday):
    write_change(window=("2026-03-05 22:00", "2026-03-06 02:00"))

    assert places_of(client, house.tom, "from=2026-03-02") == {
        "2026-03-05": [(44, 4, 0, 1)],
        "2026-03-06": [(0, 4, 0, 1)],
    }


def test_what_ends_at_midnight_stands_on_one_day(client, house, write_change, at_monday):
    write_change(window=("2026-03-05 22:00", "2026-03-06 00:00"))

    assert places_of(client, house.tom, "from=2026-03-02") == {"2026-03-05": [(44, 4, 0, 1)]}


def test_short_ones_can_be_read_up_to_midnight(client, house, write_change, at_monday):
    write_change(window=("2026-03-05 23:50", "2026-03-06 00:00"))

    assert places_of(client, house.tom, "from=2026-03-02") == {"2026-03-05": [(46, 2, 0, 1)]}


@pytest.mark.parametrize(
    ("window", "place"),
    [
        # The clocks go back at 01:00 UTC: 02:00 to 03:00 happens twice in Oslo.
        (("2026-10-25 00:30", "2026-10-25 01:30"), (5, 2, 0, 1)),
        (("2026-10-25 00:00", "2026-10-25 02:00"), (4, 2, 0, 1)),
        # The clocks go forward at 01:00 UTC: 02:00 to 03:00 does not happen.
        (("2026-03-29 00:30", "2026-03-29 01:30"), (3, 4, 0, 1)),
    ],
)
def test_hours_are_those_of_the_wall_clock(client, house, write_change, at_monday, window, place):
    house.tom.time_zone = "Europe/Oslo"
    house.tom.save()
    write_change(window=window)

    found = places_of(client, house.tom, f"from={window[0][:10]}")

    assert found == {window[0][:10]: [place]}


def test_five_at_once_stand_four_beside_each_other_and_the_fifth_is_counted(client, house, write_change, at_monday):
    for number in range(5):
        write_change(title=f"No {number}")

    found = places_of(client, house.tom, "from=2026-03-02")
    day = client.get("/changes/calendar/?from=2026-03-02").context["days"][3]

    assert found == {"2026-03-05": [(40, 4, 0, 4), (40, 4, 1, 4), (40, 4, 2, 4), (40, 4, 3, 4)]}
    assert (day.more, day.url) == (1, "/changes/calendar/?view=agenda&from=2026-03-05&days=1")


def test_a_day_of_the_month_shows_four_windows_and_counts_the_others(client, house, freeze, at_monday):
    again = (CalendarWindow(kind="freeze", name=f"No {n}", zone="UTC", starts_at=freeze.starts_at,
                            ends_at=freeze.ends_at) for n in range(398))  # fmt: skip
    CalendarWindow.objects.bulk_create(again)
    client.force_login(house.tom)

    page = client.get("/changes/calendar/?view=month&from=2026-03-05")
    days = {day.date.isoformat(): day for week in page.context["weeks"] for day in week}

    assert [(len(days[each].windows), days[each].more) for each in ("2026-03-04", "2026-03-05")] == [(0, 0), (4, 395)]
    assert (
        '<a href="/changes/calendar/?view=agenda&amp;from=2026-03-05&amp;days=1">395 more</a>' in page.content.decode()
    )


def test_a_day_or_more_stands_above_the_hours(client, house, write_change, at_monday):
    write_change(window=("2026-03-05 20:00", "2026-03-06 20:00"))
    client.force_login(house.tom)

    days = client.get("/changes/calendar/?from=2026-03-02").context["days"]

    assert [day.date.day for day in days if day.long] == [5, 6]
    assert [day for day in days if day.placed] == []


def test_lanes_by_service_repeat_what_touches_two_and_by_team_do_not(client, house, vpn, write_change, at_monday):
    mail = Service.objects.create(name="Mail", slug="mail")
    write_change(services=[vpn, mail])
    client.force_login(house.ines)

    by_service = client.get(f"{THIS_WEEK}&view=lanes").context["lanes"]
    by_team = client.get(f"{THIS_WEEK}&view=lanes&lane=team").context["lanes"]

    assert [(lane.name, lane.count) for lane in by_service] == [("Mail", 1), ("VPN", 1)]
    assert [(lane.name, lane.count) for lane in by_team] == [("Networks", 1)]


def test_too_many_collapse_into_counts_that_open_their_list(client, house, vpn, write_change, at_monday, monkeypatch):
    monkeypatch.setattr(calendar_places, "COLLAPSES_OVER", 2)
    for number in range(3):
        write_change(title=f"No {number}")
    client.force_login(house.tom)

    page = client.get(f"{THIS_WEEK}&view=lanes")
    address = f"/changes/calendar/?view=agenda&amp;from=2026-03-05&amp;service={vpn.pk}&amp;days=1"

    assert f'href="{address}" data-entry>3</a>' in page.content.decode()
    listed = client.get(address.replace("&amp;", "&")).context["agenda"].days
    assert [card.title for day in listed for card in day.cards] == ["No 0", "No 1", "No 2"]


def test_a_long_list_has_pages_without_gap_or_repetition(client, house, write_change, at_monday, monkeypatch):
    monkeypatch.setattr(calendar_places.agenda_of, "__kwdefaults__", {"after": "", "most": 2})
    for number in range(5):
        write_change(title=f"No {number}")
    client.force_login(house.tom)
    titles, url = [], f"{THIS_WEEK}&view=agenda"

    while url:
        context = client.get(url).context
        titles.append([card.title for day in context["agenda"].days for card in day.cards])
        url = context.get("following_url")

    assert titles == [["No 0", "No 1"], ["No 2", "No 3"], ["No 4"]]
