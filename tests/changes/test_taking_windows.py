"""Taking a suggested window: in the operation, on the page and over REST."""

from datetime import timedelta

import pytest

from audit.models import Entry
from changes import operations
from changes.enums import State
from changes.operations.scheduling import UnableToSchedule
from common.refusals import NotAllowed, Stale
from records.transitions import TransitionRefused
from tests.api.conftest import as_, token_of  # noqa: F401 - the fixtures
from tests.changes.test_pages import authorized
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")
THURSDAY_20 = moment("2026-03-05 20:00")
HOUR = timedelta(hours=1)


def test_taking_a_window_plans_a_draft(house, write_change):
    change = write_change(window=None)

    taken = operations.take_window(
        change=change, by=house.aisha, at=MONDAY_10, planned_from=THURSDAY_20, planned_to=THURSDAY_20 + HOUR
    )

    assert (taken.state, taken.planned_from, taken.planned_to) == (State.DRAFT, THURSDAY_20, THURSDAY_20 + HOUR)


def test_taking_a_window_that_was_booked_meanwhile_is_refused_and_leaves_no_trace(house, write_change):
    change, other = write_change(window=None), write_change()
    booked = authorized(other, house)
    events = Entry.objects.filter(subject_kind="record", subject_id=change.pk).count()

    with pytest.raises(UnableToSchedule, match=f"It overlaps {booked.reference}"):
        operations.take_window(
            change=change, by=house.aisha, at=MONDAY_10, planned_from=THURSDAY_20, planned_to=THURSDAY_20 + HOUR
        )

    change.refresh_from_db()
    assert change.planned_from is None
    assert Entry.objects.filter(subject_kind="record", subject_id=change.pk).count() == events


def test_taking_a_window_that_has_begun_is_refused(house, write_change):
    with pytest.raises(UnableToSchedule, match="begun meanwhile"):
        operations.take_window(
            change=write_change(window=None), by=house.aisha, at=THURSDAY_20 + HOUR, planned_from=THURSDAY_20,
            planned_to=THURSDAY_20 + 2 * HOUR,
        )  # fmt: skip


def test_a_scheduled_change_is_moved_into_a_window_with_a_reason_only(house, write_change):
    change = authorized(write_change(), house)
    about = {
        "by": house.ines, "at": MONDAY_10, "planned_from": THURSDAY_20 + HOUR, "planned_to": THURSDAY_20 + 3 * HOUR,
    }  # fmt: skip

    with pytest.raises(TransitionRefused):
        operations.take_window(change=change, **about)
    moved = operations.take_window(change=change, **about, reason="Quieter.")

    assert (moved.state, moved.planned_from) == (State.SCHEDULED, THURSDAY_20 + HOUR)
    assert moved.bookings.get().period.lower == THURSDAY_20 + HOUR


def test_those_who_may_not_edit_take_none_and_stale_pages_are_told(house, write_change):
    change = write_change(window=None)
    about = {"at": MONDAY_10, "planned_from": THURSDAY_20, "planned_to": THURSDAY_20 + HOUR}

    with pytest.raises(NotAllowed):
        operations.take_window(change=change, by=house.maria, **about)
    with pytest.raises(Stale):
        operations.take_window(change=change, by=house.aisha, version=change.version - 1, **about)


def test_the_page_suggests_and_takes(client, house, write_change, time_machine):
    time_machine.move_to(MONDAY_10, tick=False)
    change = write_change(window=None)
    client.force_login(house.aisha)
    base = change.get_absolute_url()

    page = client.get(f"{base}slots/?minutes=90")
    first = page.context["slots"].found[0]
    said = {
        "from": first.starts_at.isoformat(),
        "to": first.ends_at.isoformat(),
        "version": page.context["record"].version,
    }
    taken = client.post(f"{base}slots/", said)

    assert page.status_code == 200
    assert page.content.decode().count("Take this window") == 3
    assert (taken.status_code, taken.url) == (303, f"{base}window/")
    change.refresh_from_db()
    assert (change.planned_from, change.planned_to) == (first.starts_at, first.starts_at + 1.5 * HOUR)


@pytest.mark.parametrize("typed", ["0", "abc", "99999999999"])
def test_the_page_keeps_a_length_that_does_not_fit(client, house, write_change, typed):
    client.force_login(house.aisha)

    page = client.get(f"{write_change().get_absolute_url()}slots/?minutes={typed}")

    assert page.status_code == 422
    assert f'value="{typed}"' in page.content.decode()


def test_moments_that_are_none_are_not_found_and_others_see_nothing(client, house, write_change):
    base = write_change().get_absolute_url()
    client.force_login(house.aisha)
    assert client.post(f"{base}slots/", {"from": "2026-13-01", "to": "x"}).status_code == 404
    assert client.post(f"{base}slots/", {"from": "2026-03-05T20:00", "to": "2026-03-05T21:00"}).status_code == 404

    client.force_login(house.otto)
    assert client.get(f"{base}slots/").status_code == 404
    client.force_login(house.maria)
    assert client.get(f"{base}slots/").status_code == 403


def test_rest_suggests_and_takes(house, as_, write_change, time_machine):  # noqa: F811 - the fixture
    time_machine.move_to(MONDAY_10, tick=False)
    change = write_change(window=None)
    api, base = as_(house.aisha), f"/api/v1/changes/{change.reference}/slots/"

    found = api.get(f"{base}?minutes=30").json()
    best = found["items"][0]
    taken = api.post(base, {"planned_from": best["planned_from"], "planned_to": best["planned_to"]})

    assert (found["minutes"], len(found["items"]), found["passed_over"]) == (30, 3, [])
    assert found["items"][0]["reasons"] == [{"is_for": True, "text": "No freeze and no open conflict."}]
    assert taken.status_code == 200
    assert taken.json()["planned_from"] == "2026-03-03T10:00:00Z"
    assert api.get(f"{base}?minutes=1").status_code == 422
    assert api.get(f"{base}?length=60").status_code == 422
