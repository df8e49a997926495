"""Moving a scheduled change by the calendar: half hours and days, what is in the way, undo."""

from urllib.parse import quote

import pytest

from changes import operations
from changes.enums import State
from changes.models import Booking, Change
from tests.changes.conftest import MONDAY_10
from tests.conftest import moment

BACK = "/changes/calendar/?view=week&from=2026-03-05"


def address(change, what="move/"):
    return f"/changes/calendar/{change.reference}/{what}"


def move(client, change, **said):
    values = {"shift": 30, "version": change.version, "reason": "The lift is late.", "back": BACK}
    return client.post(address(change), values | said)


def windows(change):
    change.refresh_from_db()
    return change.planned_from, change.planned_to


def test_half_an_hour_later_keeps_the_votes_and_can_be_taken_back(client, house, booked, at_monday):
    change = booked()
    client.force_login(house.ines)

    moved = move(client, change)
    message = str(next(iter(client.get(BACK).context["messages"])))

    assert (moved.status_code, moved.url) == (303, f"{BACK}#e{change.pk}")
    assert message == f"{change.reference} was moved."
    assert windows(change) == (moment("2026-03-05 20:30"), moment("2026-03-05 22:30"))
    assert change.state == State.SCHEDULED
    assert Booking.objects.get(change=change).period.lower == moment("2026-03-05 20:30")

    undone = client.post(f"{address(change, 'move/undo/')}?shift=-30&version={change.version}&back={quote(BACK)}")

    assert (undone.status_code, undone.url) == (303, f"{BACK}#e{change.pk}")
    assert windows(change) == (moment("2026-03-05 20:00"), moment("2026-03-05 22:00"))


def test_the_way_back_is_offered_while_the_votes_stand_only(client, house, booked, at_monday):
    change = booked()
    client.force_login(house.ines)

    before = client.get(f"{address(change)}?shift=150").content.decode()
    move(client, change, shift=150)
    (message,) = client.get(BACK).context["messages"]

    assert "the votes lapse, and it is decided anew" in before
    assert "The votes have lapsed" in str(message)
    assert message.extra_tags == ""
    change.refresh_from_db()
    assert change.state == State.AUTHORIZING


def test_undo_is_refused_when_something_else_has_happened(client, house, booked, at_monday):
    change = booked()
    client.force_login(house.ines)
    move(client, change)
    change.refresh_from_db()
    version = change.version
    operations.edit(change=change, by=house.ines, at=MONDAY_10, values={"title": "Patch gateway 2 and 3"})

    undone = client.post(f"{address(change, 'move/undo/')}?shift=-30&version={version}", headers={"HX-Request": "true"})

    assert undone.status_code == 204
    assert "was changed by somebody else" in undone["HX-Trigger"]
    assert windows(change)[0] == moment("2026-03-05 20:30")


def test_looking_moves_nothing(client, house, booked, at_monday):
    change = booked()
    client.force_login(house.ines)

    page = client.get(f"{address(change)}?shift=-30")

    assert "Thu 5 Mar 19:30 – 21:30" in page.content.decode()
    assert "Nothing is in the way." in page.content.decode()
    assert windows(change)[0] == moment("2026-03-05 20:00")


def test_what_is_in_the_way_is_said_before_and_refused_after(client, house, booked, at_monday):
    booked()
    second = booked(title="Later", window=("2026-03-05 22:00", "2026-03-05 23:00"))
    client.force_login(house.ines)

    before = client.get(f"{address(second)}?shift=-30").content.decode()
    refused = move(client, second, shift=-30)

    assert "on the same item: vpn-gw-2." in before
    assert refused.status_code == 409
    assert "on the same item: vpn-gw-2." in refused.content.decode()
    assert 'value="The lift is late."' in refused.content.decode()
    assert windows(second)[0] == moment("2026-03-05 22:00")


def test_a_freeze_is_in_the_way(client, house, booked, freeze, at_monday):
    change = booked(window=("2026-03-06 00:00", "2026-03-06 02:00"))
    client.force_login(house.ines)

    assert "falls into the freeze “Quarter end”" in client.get(f"{address(change)}?shift=-30").content.decode()
    assert move(client, change, shift=-30).status_code == 409
    assert move(client, change, shift=30).status_code == 303


def test_a_move_needs_a_reason_and_a_distance(client, house, booked, at_monday):
    change = booked()
    client.force_login(house.ines)

    silent = move(client, change, reason=" ")
    nowhere = move(client, change, shift=0)
    far = move(client, change, shift=10**9)

    assert "Say why it is moved." in silent.content.decode()
    assert "It would stay where it is." in nowhere.content.decode()
    assert (silent.status_code, nowhere.status_code, far.status_code) == (422, 422, 422)
    assert windows(change)[0] == moment("2026-03-05 20:00")


def test_two_people_who_move_it_at_once_do_not_add_up(client, house, booked, at_monday):
    change = booked()
    client.force_login(house.ines)
    seen_version = change.version
    move(client, change)

    second = move(client, change, version=seen_version, reason="Mine.")

    assert second.status_code == 409
    assert "was changed by somebody else" in second.content.decode()
    assert 'value="Mine."' in second.content.decode()
    assert windows(change)[0] == moment("2026-03-05 20:30")
    assert move(client, change, version=second.context["form"]["version"].value()).status_code == 303


def test_into_the_past_is_refused(client, house, booked, at_monday):
    change = booked()
    client.force_login(house.ines)
    days = -4 * 24 * 60

    assert "The window begins in the past." in client.get(f"{address(change)}?shift={days}").content.decode()
    assert move(client, change, shift=days).status_code == 409


def test_only_scheduled_ones_are_moved_here(client, house, write_change, at_monday):
    draft, bare = write_change(), write_change(title="Without", window=None)
    client.force_login(house.ines)

    page = client.get(f"{address(draft)}?shift=30").content.decode()

    assert "It is draft. Only a scheduled change is moved here." in page
    assert move(client, draft).status_code == 409
    assert client.get(address(bare)).status_code == 404


@pytest.mark.parametrize(("person", "status"), [("tom", 403), ("maria", 403), ("otto", 403), ("aisha", 200)])
def test_leads_and_change_managers_move(client, house, booked, at_monday, person, status):
    change = booked()
    client.force_login(getattr(house, person))

    assert client.get(address(change)).status_code == status
    client.force_login(house.tom)
    assert "data-move" not in client.get(BACK).content.decode().replace("data-schedule-move", "")
    client.force_login(house.aisha)
    assert f'data-move="{address(change)}"' in client.get(BACK).content.decode()


def test_the_way_back_leads_to_the_calendar_only(client, house, booked, at_monday):
    change = booked()
    client.force_login(house.ines)

    for back in (
        "https://evil.example/",
        "//evil.example/changes/calendar/?",
        "/changes/calendar/?x#y",
        "javascript:1",
    ):
        page = client.get(f"{address(change)}?back={quote(back)}")
        assert page.context["back"] == "/changes/calendar/"


def test_a_move_is_written_down_with_its_reason(client, house, booked, at_monday):
    from audit.models import Entry

    change = booked()
    client.force_login(house.ines)

    move(client, change)

    entry = Entry.objects.filter(subject_kind="record", subject_id=change.pk, action="change.rescheduled").get()
    assert (entry.reason, entry.actor) == ("The lift is late.", house.ines)
    assert Change.objects.get(pk=change.pk).agreed_from == moment("2026-03-05 20:00")


@pytest.mark.parametrize(
    ("window", "shift", "begins", "minutes"),
    [
        # On 29 March Oslo has no hour from 02:00 to 03:00; on 25 October it has it twice.
        (("2026-03-28 20:00", "2026-03-28 22:00"), 24 * 60, "2026-03-29 19:00", 23 * 60),
        (("2026-03-28 01:30", "2026-03-28 02:30"), 24 * 60, "2026-03-29 01:30", 24 * 60),
        (("2026-03-29 00:30", "2026-03-29 02:30"), 3 * 60, "2026-03-29 02:30", 2 * 60),
        (("2026-10-24 20:00", "2026-10-24 22:00"), 24 * 60, "2026-10-25 21:00", 25 * 60),
        (("2026-10-25 01:00", "2026-10-25 02:00"), 30, "2026-10-25 01:30", 30),
    ],
)
def test_a_day_later_is_the_same_hour_also_when_the_clocks_change(
    client, house, booked, at_monday, window, shift, begins, minutes
):
    change = booked(window=window)
    house.ines.time_zone = "Europe/Oslo"
    house.ines.save(update_fields=["time_zone"])
    client.force_login(house.ines)
    before = windows(change)

    move(client, change, shift=shift)
    (message,) = client.get(BACK).context["messages"]
    after = windows(change)

    assert after == (moment(begins), moment(begins) + (before[1] - before[0]))
    if change.state == State.SCHEDULED:
        assert f"shift={-minutes}&" in message.extra_tags
        client.post(message.extra_tags)
        assert windows(change) == before
