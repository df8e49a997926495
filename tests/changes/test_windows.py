"""Freezes and maintenance windows: the editor, what a freeze hits, versions, and who may do what."""

from datetime import UTC, date, timedelta

import pytest

from audit.models import Entry
from changes import operations
from changes.models import CalendarWindow
from changes.queries.freezing import effect_of
from changes.queries.windows import spans
from common.refusals import NotAllowed, Refused, Stale
from people.enums import Role
from people.models import RoleGrant
from services.models import Service
from tests.changes.conftest import MONDAY_10
from tests.conftest import moment

LIST, NEW = "/changes/calendar/windows/", "/changes/calendar/windows/new/"
TYPED = {
    "kind": "freeze", "name": "Year end", "zone": "Europe/Oslo", "starts_at": "2026-12-20T00:00",
    "ends_at": "2027-01-03T00:00", "repeats": "never", "until_date": "", "allows_emergencies": "on",
}  # fmt: skip


def page_of(window):
    return f"{LIST}{window.pk}/"


def test_a_freeze_is_written_by_the_clock_of_its_zone(client, house, vpn, at_monday):
    client.force_login(house.ines)

    made = client.post(NEW, TYPED | {"services": [vpn.pk]})

    window = CalendarWindow.objects.get()
    assert (made.status_code, made.url) == (303, page_of(window))
    assert (window.starts_at, window.ends_at) == (moment("2026-12-19 23:00"), moment("2027-01-02 23:00"))
    assert (list(window.services.all()), window.allows_emergencies, window.is_active) == ([vpn], True, True)
    assert Entry.objects.get(action="change_window.created").actor == house.ines


def test_the_page_shows_again_what_was_typed(client, house, vpn, at_monday):
    client.force_login(house.ines)
    client.post(NEW, TYPED | {"services": [vpn.pk], "repeats": "yearly", "until_date": "2030-01-01"})

    form = client.get(page_of(CalendarWindow.objects.get())).context["form"]

    assert form["starts_at"].value().isoformat() == "2026-12-20T00:00:00"
    assert (form["zone"].value(), form["repeats"].value()) == ("Europe/Oslo", "yearly")
    assert (form["until_date"].value(), form["services"].value()) == (date(2030, 1, 1), [vpn.pk])
    assert 'value="2026-12-20T00:00"' in client.get(page_of(CalendarWindow.objects.get())).content.decode()


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"name": "  "}, "name", "Give it a name."),
        ({"ends_at": "2026-12-20T00:00"}, "ends_at", "It ends before it begins."),
        ({"ends_at": "2028-12-21T00:00"}, "ends_at", "It lasts longer than a year."),
        ({"starts_at": "soon"}, "starts_at", "Give a date and a time"),
        ({"starts_at": "2026-12-20T00:00+01:00"}, "starts_at", "Give a date and a time"),
        ({"repeats": "weekly"}, "ends_at", "It would begin anew before it ends."),
        ({"until_date": "2026-12-20"}, "until_date", "It would end before its first time."),
        ({"zone": "Moon/Sea"}, "zone", "Moon/Sea"),
        ({"starts_at": "2026-03-29T02:30", "ends_at": "2026-03-29T04:00"}, "starts_at", "The clocks skip this time"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_kept(client, house, at_monday, said, field, words):
    client.force_login(house.ines)

    page = client.post(NEW, TYPED | said)

    assert page.status_code == 422
    assert words in " ".join(page.context["form"].errors[field])
    assert "Error:" in page.content.decode()
    assert not CalendarWindow.objects.exists()


@pytest.mark.parametrize(
    ("zone", "first", "night", "expected"),
    [
        # Lord Howe skips 02:00 to 02:30: nothing is left of a window inside it, half an hour of one that goes on.
        ("Australia/Lord_Howe", ("2026-09-26T15:30", "2026-09-26T16:00"), "2026-10-03", []),
        ("Australia/Lord_Howe", ("2026-09-26T15:30", "2026-09-26T16:30"), "2026-10-03", [("15:30", "16:00")]),
        # It goes back at 02:00 to 01:30: the window takes both half hours.
        ("Australia/Lord_Howe", ("2026-03-28T14:30", "2026-03-28T15:00"), "2026-04-04", [("14:30", "15:30")]),
        # Dublin, whose winter is the time that is set apart, skips 01:00 to 02:00 and has it twice in October.
        ("Europe/Dublin", ("2026-03-22T01:15", "2026-03-22T02:00"), "2026-03-29", []),
        ("Europe/Dublin", ("2026-03-22T00:30", "2026-03-22T02:30"), "2026-03-29", [("00:30", "01:30")]),
        ("Europe/Dublin", ("2026-10-18T00:30", "2026-10-18T02:30"), "2026-10-25", [("00:30", "03:30")]),
    ],
)
def test_a_weekly_window_has_the_part_of_it_that_the_clocks_show(house, zone, first, night, expected):
    starts_at, ends_at = (moment(each.replace("T", " ")) for each in first)
    window = operations.save_window(
        by=house.ines, at=MONDAY_10, kind="freeze", name="Night", zone=zone, repeats="weekly",
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip

    found = spans(window, moment(f"{night} 12:00") - timedelta(days=1), moment(f"{night} 12:00") + timedelta(hours=12))

    told = [(each.starts_at.astimezone(UTC), each.ends_at.astimezone(UTC)) for each in found]
    assert [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in told] == expected


def test_a_window_of_one_night_keeps_the_second_of_two_hours(house):
    """02:30 to 02:45 in Oslo, once the clocks were set back."""
    said = moment("2026-10-25 01:30"), moment("2026-10-25 01:45")
    window = operations.save_window(
        by=house.ines, at=MONDAY_10, kind="freeze", name="Late", zone="Europe/Oslo", starts_at=said[0], ends_at=said[1]
    )

    [found] = spans(window, moment("2026-10-25 00:00"), moment("2026-10-26 00:00"))

    assert (found.starts_at, found.ends_at) == said


def test_an_until_date_is_of_the_zone_of_the_window(house):
    said = {
        "by": house.ines, "at": MONDAY_10, "kind": "freeze", "name": "Nights", "zone": "Asia/Tokyo",
        "repeats": "weekly", "starts_at": moment("2026-03-05 20:00"), "ends_at": moment("2026-03-05 22:00"),
    }  # fmt: skip

    with pytest.raises(Refused, match="before its first time"):
        operations.save_window(**said, until_date=date(2026, 3, 6))
    saved = operations.save_window(**said, until_date=date(2026, 3, 7))

    assert len(list(spans(saved, MONDAY_10, moment("2027-03-02 00:00")))) == 1


def test_a_freeze_that_hits_changes_asks_before_it_is_saved(client, house, write_change, at_monday):
    change = write_change()
    client.force_login(house.ines)
    typed = TYPED | {"zone": "UTC", "starts_at": "2026-03-05T21:59", "ends_at": "2026-03-06T00:00"}

    asked = client.post(NEW, typed)

    assert asked.status_code == 409
    assert "Not saved yet: 1 change lies in it." in asked.content.decode()
    assert change.reference in asked.content.decode()
    assert not CalendarWindow.objects.exists()
    assert client.post(NEW, typed | {"confirmed": "1"}).status_code == 303


def test_a_preview_saves_nothing_and_names_times_and_changes(client, house, write_change, at_monday):
    change = write_change()
    client.force_login(house.ines)
    typed = TYPED | {"zone": "UTC", "starts_at": "2026-03-05T00:00", "ends_at": "2026-03-06T00:00", "act": "preview"}

    part = client.post(NEW, typed, headers={"HX-Request": "true"}).content.decode()
    unfinished = client.post(NEW, typed | {"ends_at": ""}, headers={"HX-Request": "true"})

    assert "Thu 5 Mar 00:00 – Fri 6 Mar 00:00" in part
    assert change.reference in part
    assert "<html" not in part
    assert unfinished.status_code == 200
    assert "Fill in when it begins and ends" in unfinished.content.decode()
    assert not CalendarWindow.objects.exists()


@pytest.mark.parametrize(
    ("window", "is_hit"),
    [
        (("2026-03-04 22:00", "2026-03-05 00:00"), False),
        (("2026-03-04 22:00", "2026-03-05 00:01"), True),
        (("2026-03-06 00:00", "2026-03-06 01:00"), False),
        (("2026-03-05 23:59", "2026-03-06 01:00"), True),
    ],
)
def test_ends_of_a_freeze_are_not_in_it(house, write_change, freeze, window, is_hit):
    write_change(window=window)

    assert effect_of(freeze, [], user=house.ines, at=MONDAY_10).total == int(is_hit)


def test_a_freeze_does_not_hit_what_it_is_not_about(house, vpn, write_change, freeze):
    mail = Service.objects.create(name="Mail", slug="mail")
    other = write_change(services=[mail], items=[])
    exempted, hit = write_change(title="Exempted"), write_change(title="Hit")
    emergency = write_change(title="Fire", type="emergency", harm="Smoke.")
    ended = write_change(title="Ended")
    operations.exempt(change=exempted, window=freeze, by=house.ines, at=MONDAY_10, reason="A leak.")
    operations.cancel(change=ended, by=house.aisha, at=MONDAY_10, reason="No.")

    of_vpn = effect_of(freeze, [vpn.pk], user=house.ines, at=MONDAY_10)
    of_all = effect_of(freeze, [], user=house.ines, at=MONDAY_10)
    freeze.allows_emergencies = False
    strict = effect_of(freeze, [vpn.pk], user=house.ines, at=MONDAY_10)
    freeze.kind = "maintenance"

    assert of_vpn.hit == [hit]
    assert set(of_all.hit) == {hit, other}
    assert set(strict.hit) == {hit, emergency}
    assert effect_of(freeze, [], user=house.ines, at=MONDAY_10).total == 0


def test_changes_that_one_may_not_see_are_counted_without_a_name(house, write_change, freeze):
    write_change()
    RoleGrant.objects.create(user=house.otto, role=Role.CHANGE_MANAGER, organization=house.umbrella)

    found = effect_of(freeze, [], user=house.otto, at=MONDAY_10)

    assert (found.hit, found.hidden, found.total) == ([], 1, 1)


def test_who_comes_second_sees_both_versions_and_loses_nothing(client, house, freeze, at_monday):
    client.force_login(house.ines)
    seen = client.get(page_of(freeze)).context["version"]
    typed = TYPED | {"zone": "UTC", "name": "Mine", "version": seen}
    operations.save_window(
        window=freeze, by=house.ines, at=MONDAY_10, kind="freeze", name="Theirs", zone="UTC",
        starts_at=freeze.starts_at, ends_at=freeze.ends_at,
    )  # fmt: skip

    second = client.post(page_of(freeze), typed)

    assert second.status_code == 409
    rows = {str(row["label"]): (row["theirs"], row["mine"]) for row in second.context["theirs"]}
    assert rows["Name"] == ("Theirs", "Mine")
    assert rows["Begins"] == ("Thu 5 Mar 2026, 00:00", "Sun 20 Dec 2026, 00:00")
    assert set(rows) == {"Name", "Begins", "Ends"}
    freeze.refresh_from_db()
    assert freeze.name == "Theirs"
    again = client.post(page_of(freeze), typed | {"version": second.context["version"]})
    assert again.status_code == 303
    freeze.refresh_from_db()
    assert freeze.name == "Mine"


def test_retiring_takes_it_off_the_calendar_and_back(client, house, write_change, freeze, at_monday):
    write_change()
    client.force_login(house.ines)
    week = "/changes/calendar/?from=2026-03-02"
    assert client.get(week).context["conflict_count"] == 1

    client.post(f"{page_of(freeze)}retirement/", {"version": freeze.version})
    assert client.get(week).context["conflict_count"] == 0
    assert "retired" in client.get(LIST).content.decode()

    client.post(f"{page_of(freeze)}reinstatement/")
    assert client.get(week).context["conflict_count"] == 1
    assert list(Entry.objects.filter(subject_kind="change_window").order_by("id").values_list("action", flat=True)) == [
        "change_window.created", "change_window.retired", "change_window.reinstated",
    ]  # fmt: skip


def test_saving_a_retired_one_leaves_it_retired(client, house, freeze, at_monday):
    operations.retire_window(window=freeze, by=house.ines, at=MONDAY_10)
    client.force_login(house.ines)

    client.post(page_of(freeze), TYPED | {"name": "Renamed"})

    freeze.refresh_from_db()
    assert (freeze.name, freeze.is_active) == ("Renamed", False)


def test_retiring_twice_and_with_an_old_version_is_refused(house, freeze):
    with pytest.raises(Stale):
        operations.retire_window(window=freeze, by=house.ines, at=MONDAY_10, version=freeze.version + 1)
    operations.retire_window(window=freeze, by=house.ines, at=MONDAY_10)
    with pytest.raises(Refused, match="retired already"):
        operations.retire_window(window=freeze, by=house.ines, at=MONDAY_10)
    with pytest.raises(NotAllowed):
        operations.reinstate_window(window=freeze, by=house.tom, at=MONDAY_10)


def test_exemptions_are_listed_with_who_and_why(client, house, write_change, freeze, at_monday):
    change = write_change()
    operations.exempt(change=change, window=freeze, by=house.ines, at=MONDAY_10, reason="A <b>leak</b>.")
    client.force_login(house.tom)

    page = client.get(page_of(freeze)).content.decode()
    client.force_login(house.otto)
    other = client.get(page_of(freeze)).content.decode()

    assert change.reference in page
    assert "Ines Duarte" in page
    assert "A &lt;b&gt;leak&lt;/b&gt;." in page
    assert change.reference not in other
    assert "leak" not in other
    assert "A change that you may not see" in other


@pytest.mark.parametrize(
    ("person", "status"), [("tom", 200), ("aisha", 200), ("ines", 200), ("otto", 200), ("maria", 403)]
)
def test_staff_reads_and_change_managers_write(client, house, freeze, at_monday, person, status):
    client.force_login(getattr(house, person))

    read = client.get(page_of(freeze))
    written = client.post(page_of(freeze), TYPED)
    retired = client.post(f"{page_of(freeze)}retirement/")

    assert read.status_code == status
    assert client.get(LIST).status_code == status
    if person == "ines":
        assert (written.status_code, retired.status_code) == (303, 303)
    else:
        assert (written.status_code, retired.status_code) == (403, 403)
        assert client.get(NEW).status_code == 403
        freeze.refresh_from_db()
        assert (freeze.name, freeze.is_active) == ("Quarter end", True)


def test_windows_of_services_that_one_may_not_see_are_not_there(client, house, vpn, freeze, at_monday):
    from services.models import Offering

    offering = Offering.objects.create(service=vpn, name="For Acme")
    offering.organizations.set([house.acme])
    freeze.services.set([vpn])
    client.force_login(house.otto)

    assert client.get(page_of(freeze)).status_code == 404
    assert "Quarter end" not in client.get(LIST).content.decode()
    assert "Quarter end" not in client.get("/changes/calendar/?from=2026-03-02").content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(
    client, house, vpn, freeze, at_monday, django_assert_num_queries
):  # fmt: skip
    freeze.services.set([vpn])
    client.force_login(house.tom)
    client.get(LIST)
    with django_assert_num_queries(4):
        client.get(LIST)
    for name in ("B", "C"):
        operations.save_window(
            by=house.ines, at=MONDAY_10, kind="freeze", name=name, zone="UTC", services=[vpn],
            starts_at=freeze.starts_at, ends_at=freeze.ends_at,
        )  # fmt: skip

    with django_assert_num_queries(4):
        client.get(LIST)


def test_no_windows_yet(client, house, at_monday):
    client.force_login(house.ines)
    assert "Add the month-end freeze first" in client.get(LIST).content.decode()
    client.force_login(house.tom)
    assert "A change manager can add the first one." in client.get(LIST).content.decode()
