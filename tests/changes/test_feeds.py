"""Calendar feeds: what stands in them, for whom, and until when."""

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from icalendar import Calendar

from audit.models import Entry
from changes import operations
from changes.models import Change, FeedToken
from common.refusals import NotAllowed, Refused
from people.enums import Role
from people.models import RoleGrant, Team
from services.models import Service
from tests.changes.test_pages import authorized
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")
THURSDAY_20 = moment("2026-03-05 20:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(MONDAY_10, tick=False)


@pytest.fixture
def read(client):
    """The answer under the address of a token."""

    def ask(token, **headers):
        return client.get(f"/changes/feeds/{token}.ics", headers=headers)

    return ask


def issue(user, about):
    return operations.issue_feed(by=user, at=MONDAY_10, about=about)[1]


def events(answer):
    """Entries by identifier without the host, as a strict reader sees them."""
    calendar = Calendar.from_ical(answer.content)
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    found = {str(each["uid"]).partition("@")[0]: each for each in calendar.walk("VEVENT")}
    for each in found.values():
        assert each.errors == []
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(each)
    return found


def test_an_entry_has_title_reference_window_state_and_address_and_nothing_else(house, write_change, read):
    change = authorized(write_change(description="Root password: hunter2"), house)

    answer = read(issue(house.tom, house.tom))

    entry = events(answer)[f"change-{change.pk}"]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert set(entry) == {
        "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "URL",
    }  # fmt: skip
    assert (entry["summary"], entry["description"]) == (f"{change.reference} Patch gateway 2", "State: scheduled")
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (THURSDAY_20, THURSDAY_20 + 2 * HOUR)
    assert entry["status"] == "CONFIRMED"
    assert str(entry["url"]).endswith(change.get_absolute_url())
    assert b"hunter2" not in answer.content


def test_lines_are_folded_at_75_octets_and_end_with_crlf(house, write_change, read):
    authorized(write_change(title="Ærlig talt, en lang tittel; med \\ tegn " * 4), house)

    body = read(issue(house.tom, house.tom)).content

    lines = body.split(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    assert next(iter(events(read(issue(house.tom, house.tom))).values()))["summary"].endswith("med \\ tegn")


def test_what_is_not_submitted_is_left_out_and_what_is_not_decided_is_tentative(house, write_change, read):
    write_change(title="Draft")
    assessing = operations.submit(change=write_change(), by=house.aisha, at=MONDAY_10)

    found = events(read(issue(house.tom, house.tom)))

    assert {key: str(each["status"]) for key, each in found.items()} == {f"change-{assessing.pk}": "TENTATIVE"}


def test_a_moved_change_keeps_its_identifier_and_grows_in_sequence(house, write_change, read):
    change, token = authorized(write_change(), house), issue(house.tom, house.tom)
    before = events(read(token))[f"change-{change.pk}"]

    operations.reschedule(
        change=change, by=house.ines, at=MONDAY_10, planned_from=THURSDAY_20 + HOUR,
        planned_to=THURSDAY_20 + 3 * HOUR, reason="Later.",
    )  # fmt: skip
    after = events(read(token))[f"change-{change.pk}"]

    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstart") == THURSDAY_20 + HOUR


def test_a_cancelled_change_is_cancelled_there_too(house, write_change, read):
    change, token = authorized(write_change(), house), issue(house.tom, house.tom)
    before = events(read(token))[f"change-{change.pk}"]

    operations.cancel(change=change, by=house.aisha, at=MONDAY_10, reason="No need.")
    after = events(read(token))[f"change-{change.pk}"]

    assert (str(before["status"]), str(after["status"])) == ("CONFIRMED", "CANCELLED")
    assert after["sequence"] > before["sequence"]


@pytest.mark.parametrize(
    ("window", "local"),
    [
        # 02:00 to 03:00 does not exist in Oslo on 29 March, and comes twice on 25 October.
        (("2026-03-29 00:30", "2026-03-29 01:30"), ["01:30", "03:30"]),
        (("2026-10-25 00:30", "2026-10-25 01:30"), ["02:30", "02:30"]),
    ],
)
def test_moments_are_utc_and_right_when_the_clocks_change(house, write_change, read, window, local):
    change = authorized(write_change(window=window), house)

    answer = read(issue(house.tom, house.tom))
    entry = events(answer)[f"change-{change.pk}"]

    oslo = zoneinfo.ZoneInfo("Europe/Oslo")
    start, end = entry.decoded("dtstart"), entry.decoded("dtend")
    assert (start, end) == tuple(moment(text) for text in window)
    assert [f"{each.astimezone(oslo):%H:%M}" for each in (start, end)] == local
    assert f"DTSTART:{start:%Y%m%dT%H%M%S}Z".encode() in answer.content


def test_freezes_and_maintenance_stand_in_it_by_the_local_day_through_the_change_of_clocks(house, vpn, read):
    zone = zoneinfo.ZoneInfo("Europe/Oslo")
    window = operations.save_window(
        by=house.ines, at=MONDAY_10, kind="maintenance", name="Sunday night", zone="Europe/Oslo", repeats="weekly",
        starts_at=datetime(2026, 3, 22, 5, tzinfo=zone), ends_at=datetime(2026, 3, 22, 6, tzinfo=zone),
        services=[vpn],
    )  # fmt: skip
    other = Service.objects.create(name="Mail", slug="mail")
    operations.save_window(
        by=house.ines, at=MONDAY_10, kind="freeze", name="Mail only", zone="UTC", services=[other],
        starts_at=moment("2026-03-10 00:00"), ends_at=moment("2026-03-11 00:00"),
    )  # fmt: skip
    token = issue(house.tom, vpn)

    found = events(read(token))

    winter, summer = (found[f"window-{window.pk}-{day}"] for day in ("20260322", "20260329"))
    assert winter.decoded("dtstart") == datetime(2026, 3, 22, 4, tzinfo=UTC)
    assert summer.decoded("dtstart") == datetime(2026, 3, 29, 3, tzinfo=UTC)
    assert (winter["summary"], winter["transp"]) == ("Maintenance window: Sunday night", "TRANSPARENT")
    assert "Mail only" not in str([str(each["summary"]) for each in found.values()])

    operations.save_window(
        window=window, by=house.ines, at=MONDAY_10, kind="maintenance", name="Sunday night", zone="Europe/Oslo",
        repeats="weekly", starts_at=window.starts_at, ends_at=window.ends_at, services=[vpn], is_active=False,
    )  # fmt: skip
    ended = events(read(token))[f"window-{window.pk}-20260322"]
    assert (str(ended["status"]), ended["sequence"]) == ("CANCELLED", winter["sequence"] + 1)


def test_feeds_of_a_person_a_team_and_a_service_differ(house, vpn, write_change, read):
    mail = Service.objects.create(name="Mail", slug="mail")
    toms = authorized(write_change(services=[mail], items=[], team=house.first_line), house)
    aishas = write_change(
        title="Other", assignee=house.ines, owner=house.aisha, window=("2026-03-06 20:00", "2026-03-06 21:00")
    )
    operations.submit(change=aishas, by=house.aisha, at=MONDAY_10)
    wanted = {"tom": house.tom, "aisha": house.aisha, "team": house.networks, "service": vpn, "mail": mail}

    found = {name: set(events(read(issue(house.ines, about)))) for name, about in wanted.items()}

    one, other = {f"change-{toms.pk}"}, {f"change-{aishas.pk}"}
    assert found == {"tom": one, "aisha": other, "team": other, "service": other, "mail": one}


def test_a_step_that_one_does_counts_as_ones_work(house, write_change, read):
    change = write_change(assignee=house.aisha)
    operations.add_step(change=change, by=house.aisha, at=MONDAY_10, title="Fail over", owner=house.tom)
    operations.submit(change=change, by=house.aisha, at=MONDAY_10)

    assert list(events(read(issue(house.tom, house.tom)))) == [f"change-{change.pk}"]


def test_a_reader_with_the_latest_copy_is_told_that_nothing_changed(house, write_change, read, time_machine):
    change, token = authorized(write_change(), house), issue(house.tom, house.tom)
    first = read(token)

    time_machine.move_to(MONDAY_10 + HOUR, tick=False)
    same = read(token, if_none_match=first["ETag"])
    weak = read(token, if_none_match=f'"x", W/{first["ETag"]}')
    operations.cancel(change=change, by=house.aisha, at=MONDAY_10, reason="No need.")
    moved = read(token, if_none_match=first["ETag"])

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert (weak.status_code, moved.status_code) == (304, 200)
    assert moved["ETag"] != first["ETag"]


def test_only_what_the_owner_may_see_when_it_is_read(house, vpn, write_change, read):
    RoleGrant.objects.create(user=house.max, role=Role.TECHNICIAN, organization=house.acme)
    secret, ours = write_change(title="Secret merger"), write_change(title="Ours", assignee=house.ines, items=[])
    operations.submit(change=secret, by=house.aisha, at=MONDAY_10)
    ours = operations.submit(change=ours, by=house.aisha, at=MONDAY_10)
    Change.objects.filter(pk=ours.pk).update(organization=house.acme)
    token = issue(house.max, vpn)

    seen = read(token)
    Change.objects.filter(pk=ours.pk).update(organization=house.umbrella)

    assert set(events(seen)) == {f"change-{ours.pk}"}
    assert b"Secret merger" not in seen.content
    assert events(read(token)) == {}


@pytest.mark.parametrize("end", ["revoked", "left", "no role", "unknown"])
def test_a_dead_token_finds_nothing_and_says_nothing(house, write_change, read, end):
    authorized(write_change(), house)
    feed, token = operations.issue_feed(by=house.tom, at=MONDAY_10, about=house.tom)
    assert read(token).status_code == 200
    if end == "revoked":
        operations.revoke_feed(feed=feed, by=house.tom, at=MONDAY_10)
    elif end == "left":
        house.tom.is_active = False
        house.tom.save()
    elif end == "no role":
        RoleGrant.objects.filter(user=house.tom).delete()
    else:
        token = "x" * 43

    answer = read(token)

    assert answer.status_code == 404
    assert b"Patch" not in answer.content


def test_a_team_that_ended_and_a_person_who_left_are_no_longer_shown(house, read):
    team, person = issue(house.ines, house.networks), issue(house.ines, house.tom)
    Team.objects.filter(pk=house.networks.pk).update(is_active=False)
    house.tom.is_active = False
    house.tom.save()

    assert (read(team).status_code, read(person).status_code) == (404, 404)


def test_too_many_requests_in_a_minute_are_told_when_to_come_back(house, read, settings):
    cache.clear()
    settings.API_REQUESTS_PER_MINUTE = 2
    token = issue(house.tom, house.tom)

    codes = [read(token).status_code for _each in range(3)]

    assert codes == [200, 200, 429]
    assert 0 < int(read(token)["Retry-After"]) <= 60
    cache.clear()


def test_only_the_hash_is_kept_and_the_log_does_not_know_it(house):
    feed, token = operations.issue_feed(by=house.tom, at=MONDAY_10, about=house.networks)
    operations.revoke_feed(feed=feed, by=house.tom, at=MONDAY_10)

    assert token not in str(list(FeedToken.objects.values()))
    assert token not in str(list(Entry.objects.values()))
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == ["feed.issued", "feed.revoked"]
    with pytest.raises(Refused, match="revoked before"):
        operations.revoke_feed(feed=feed, by=house.tom, at=MONDAY_10)


def test_nobody_makes_a_feed_of_what_they_may_not_see(house, vpn):
    with pytest.raises(NotAllowed):
        issue(house.maria, house.maria)
    with pytest.raises(Refused, match="that you may see"):
        issue(house.otto, house.tom)
    with pytest.raises(Refused, match="that you may see"):
        issue(house.otto, house.networks)
    with pytest.raises(NotAllowed):
        operations.revoke_feed(
            feed=operations.issue_feed(by=house.tom, at=MONDAY_10, about=vpn)[0], by=house.aisha, at=MONDAY_10
        )
    assert FeedToken.objects.count() == 1


def test_fifty_feeds_are_enough(house):
    FeedToken.objects.bulk_create(
        FeedToken(user=house.tom, person=house.tom, digest=bytes([number]) * 32, created_at=MONDAY_10)
        for number in range(50)
    )

    with pytest.raises(Refused, match="50 feeds"):
        issue(house.tom, house.tom)


@pytest.mark.parametrize("count", [1, 3])
def test_reading_costs_the_same_for_one_and_three(house, write_change, read, count, django_assert_num_queries):
    for number in range(count):
        authorized(write_change(window=(f"2026-03-0{3 + number} 20:00", f"2026-03-0{3 + number} 22:00")), house)
    token = issue(house.tom, house.tom)
    read(token)

    with django_assert_num_queries(10):
        answer = read(token)

    assert len(events(answer)) == count


def test_the_profile_makes_lists_and_revokes_them(client, house, vpn):
    client.force_login(house.tom)
    form = client.get("/me/")
    made = client.post("/me/feeds/", {"about": f"service:{vpn.pk}"})
    address = made.content.decode().split('id="new-feed">')[1].split("<")[0]
    path = address.partition("//")[2].partition("/")[2]
    again = client.get("/me/").content.decode()
    feed = FeedToken.objects.get()

    assert form.context["feed_form"]["about"].value() == f"person:{house.tom.pk}"
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert client.get(f"/{path}").status_code == 200
    assert address not in again
    assert 'Revoke<span class="visually-hidden">: VPN</span>' in again
    client.force_login(house.ada)
    assert client.post(f"/me/feeds/{feed.pk}/revocation/").status_code == 404
    client.force_login(house.tom)
    assert client.post(f"/me/feeds/{feed.pk}/revocation/").status_code == 303
    assert client.get(f"/{path}").status_code == 404


def test_a_choice_that_is_none_is_said_and_customers_have_no_feeds(client, house):
    client.force_login(house.tom)
    assert client.post("/me/feeds/", {"about": "service:99"}).status_code == 422
    client.force_login(house.maria)
    assert "Calendar feeds" not in client.get("/me/").content.decode()
    assert client.post("/me/feeds/", {"about": f"person:{house.maria.pk}"}).status_code == 403
