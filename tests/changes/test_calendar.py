"""The change calendar: what stands on it for whom, what collides, where it stands."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from approvals import operations as approvals
from approvals import queries as approval_queries
from changes import operations
from changes.queries.collisions import collisions
from changes.queries.conflicts import Reason, conflicts
from changes.queries.facts import AUTHORIZE
from changes.queries.schedule import schedule
from changes.views import calendar_places
from changes.views.calendar_asked import Asked
from people.enums import Role
from people.models import RoleGrant
from records import calendar_entries
from records import operations as record_operations
from records.calendar_entries import CalendarEntry
from services.models import ConfigurationItem, Service, ServiceDependency
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


def test_conflicts_are_those_that_a_change_has_by_itself(house, vpn, booked, write_change, freeze):
    mail = Service.objects.create(name="Mail", slug="mail")
    ServiceDependency.objects.create(service=mail, needs=vpn)
    first = booked(window=("2026-03-04 20:00", "2026-03-04 22:00"))
    item = write_change(title="Same item", assignee=house.aisha, window=("2026-03-04 21:00", "2026-03-04 23:00"))
    service = write_change(
        title="Same service", items=[], assignee=house.aisha, window=("2026-03-04 21:00", "2026-03-04 23:00")
    )
    dependent = write_change(
        title="Depends", items=[], services=[mail], assignee=house.aisha,
        window=("2026-03-04 21:00", "2026-03-04 23:00"),
    )  # fmt: skip
    person = write_change(
        title="Same person", items=[], services=[Service.objects.create(name="Print", slug="print")],
        window=("2026-03-04 21:00", "2026-03-04 23:00"),
    )  # fmt: skip
    frozen = write_change(title="Frozen", window=("2026-03-05 20:00", "2026-03-05 22:00"))

    found = {summary(each) for each in found_by(house.ines)}

    assert found == {
        (item.pk, Reason.ITEM, first.pk),
        (service.pk, Reason.SERVICE, first.pk),
        (dependent.pk, Reason.DEPENDENCY, first.pk),
        (person.pk, Reason.IMPLEMENTER, first.pk),
        (frozen.pk, Reason.FREEZE, freeze.pk),
    }
    alone = {
        (change.pk, each.reason, each.other.pk)
        for change in (item, service, dependent, person, frozen)
        for each in conflicts(change, change.planned_from, change.planned_to, viewer=house.ines)
    }
    assert found == alone


def test_an_overlap_that_somebody_accepted_is_no_conflict_any_more(house, booked, write_change):
    booked()
    change = write_change(title="Second", assignee=house.aisha)
    (own,) = conflicts(change, change.planned_from, change.planned_to, viewer=house.aisha)
    assert len(found_by(house.ines)) == 1

    operations.accept_conflict(change=change, by=house.aisha, at=MONDAY_10, key=own.key, reason="Other side of it.")

    assert found_by(house.ines) == []


def test_two_scheduled_ones_are_one_conflict_of_the_later(house, booked, write_change):
    first = booked()
    second = write_change(title="Second", points=1, assignee=house.aisha)
    (own,) = conflicts(second, second.planned_from, second.planned_to, viewer=house.aisha)
    operations.accept_conflict(change=second, by=house.aisha, at=MONDAY_10, key=own.key, reason="Fine.")
    second = operations.submit(change=second, by=house.tom, at=MONDAY_10)
    second = operations.assess(change=second, by=house.ines, at=MONDAY_10)
    approval = approval_queries.open_one(second, AUTHORIZE)
    approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="approve")
    second.acknowledgments.all().delete()

    assert [summary(each) for each in found_by(house.ines)] == [(second.pk, Reason.ITEM, first.pk)]


def test_an_exemption_takes_the_freeze_out_of_the_way(house, write_change, freeze):
    change = write_change()
    assert [each.reason for each in found_by(house.ines)] == [Reason.FREEZE]

    operations.exempt(change=change, window=freeze, by=house.ines, at=MONDAY_10, reason="A leak.")

    assert found_by(house.ines) == []


def test_what_has_to_come_first_is_named(house, write_change):
    change = write_change()
    first = write_change(title="First", window=None)
    record_operations.link(record=change, to=first, kind="needs", by=house.aisha, at=MONDAY_10)

    (found,) = found_by(house.ines)

    assert (found.reason, found.other.reference, found.other.url) == (
        Reason.PREREQUISITE, first.reference, f"/changes/{first.reference}/",
    )  # fmt: skip


def test_conflicts_with_what_one_may_not_see_name_nothing_of_it(client, house, booked, write_change, at_monday):
    booked(title="Secret merger gateway")
    RoleGrant.objects.create(user=house.otto, role=Role.TEAM_LEAD, organization=house.umbrella)
    own = operations.create(
        by=house.otto, at=MONDAY_10, title="Ours", services=list(Service.objects.all()),
    )  # fmt: skip
    operations.plan_window(
        change=own, by=house.otto, at=MONDAY_10, planned_from=moment("2026-03-05 21:00"),
        planned_to=moment("2026-03-05 23:00"),
    )  # fmt: skip
    client.force_login(house.otto)

    page = client.get(f"{THIS_WEEK}&view=agenda").content.decode()

    assert "overlaps a change that you may not see, Thu 5 Mar 21:00–22:00, on the same service: VPN." in page
    assert "Secret merger" not in page


def test_conflicts_lie_ahead(house, booked, write_change):
    booked()
    write_change(title="Second", assignee=house.aisha)

    assert found_by(house.ines, at=moment("2026-03-05 22:00")) == []


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


def test_a_change_of_items_alone_is_busy_for_those_who_may_see_the_items(house, gateway, booked):
    hidden = ConfigurationItem.objects.create(name="spare")
    booked(services=[], items=[gateway])
    booked(title="Of nobody's service", services=[], items=[hidden], window=("2026-03-06 20:00", "2026-03-06 22:00"))

    seen = schedule(house.otto, MONDAY, NEXT_MONDAY).entries

    assert [(each.is_busy, each.starts_at) for each in seen] == [(True, moment("2026-03-05 20:00"))]
    assert len(schedule(house.tom, MONDAY, NEXT_MONDAY).entries) == 2
