"""Windows that are suggested for a change: reasons in words, what was passed over, and taking one."""

from datetime import timedelta

import pytest

from calendars import operations as calendar_operations
from calendars import registry
from calendars.business_time import WeeklyWindow
from changes import operations
from changes.models import Change
from changes.queries.conflicts import conflicts
from changes.queries.sayings import said_of
from changes.queries.slots import length_of, propose
from changes.ranking import Allowance, Slot, Use
from common.refusals import Refused
from people.models import Membership
from records import operations as record_operations
from records.enums import LinkKind
from services.models import Service
from slm.availability import operations as outages
from slm.models import Agreement
from tests.api.conftest import as_, token_of  # noqa: F401 - the fixtures
from tests.changes.test_pages import authorized
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")
THURSDAY_20 = moment("2026-03-05 20:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def office(db):
    """Monday to Friday, 08:00-16:00 in Oslo: 07:00-15:00 UTC in winter, an hour earlier from 29 March on."""
    registry.clear()
    yield calendar_operations.create_calendar(
        name="Office",
        zone="Europe/Oslo",
        windows=[WeeklyWindow(day, 480, 960) for day in range(5)],
        by=None,
        at=moment("2026-01-01 00:00"),
    )
    registry.clear()


@pytest.fixture
def freeze(house):
    def make(start, end, **said):
        return operations.save_window(
            by=house.ines, at=MONDAY_10, kind=said.pop("kind", "freeze"), name=said.pop("name", "Quarter end"),
            starts_at=moment(start), ends_at=moment(end), zone="UTC", **said,
        )  # fmt: skip

    return make


def reasons(proposal):
    return [saying.text for saying in proposal.sayings]


def test_three_windows_are_suggested_from_tomorrow_on_with_what_is_not_known(house, write_change):
    found = propose(write_change(), viewer=house.aisha, at=MONDAY_10)

    assert found.minutes == 120
    assert [each.starts_at for each in found.found] == [
        moment("2026-03-03 10:00"), moment("2026-03-03 22:00"), moment("2026-03-04 10:00"),
    ]  # fmt: skip
    assert reasons(found.found[0]) == ["No freeze and no open conflict."]
    assert found.notes == (
        "No working hours are known for its services; no day was held to be busy.",
        "No hours of work are known for Tom Beck.",
        "No maintenance window falls into these days.",
        "0 incidents in 13 weeks are too few to tell busy hours.",
        "No agreement states how long these services may be down; no allowance was counted.",
    )


def test_the_reasons_name_maintenance_hours_shift_and_busy_times(
    house, vpn, write_change, freeze, office, log_incident
):
    Agreement.objects.create(name="Standard", slug="standard", calendar=office, state="active")
    house.first_line.calendar = office
    house.first_line.save()
    freeze("2026-03-08 02:00", "2026-03-08 06:00", kind="maintenance", name="Sunday", repeats="weekly")
    for week in range(1, 11):
        for minute in (0, 20):
            at = moment("2026-03-02 09:00") - timedelta(weeks=week, minutes=-minute)
            log_incident(at=at, title=f"Drop {week} {minute}")

    found = propose(write_change(), viewer=house.aisha, at=MONDAY_10)

    assert found.found[0].starts_at == moment("2026-03-08 02:00")
    assert reasons(found.found[0]) == [
        "No freeze and no open conflict.",
        "Inside a maintenance window.",
        "Outside the working hours of its services.",
        "Tom Beck is not on shift.",
        "Quiet: no incidents at this time in 13 weeks, 1.5 an hour in the busiest one.",
    ]
    assert [saying.is_for for saying in found.found[0].sayings] == [True, True, True, False, True]


def test_what_the_agreement_allows_is_counted_in_its_hours_and_the_outages_so_far(house, vpn, write_change, office):
    # March 2026 has 22 days of 8 hours in Oslo: 176 hours, of which 0.5 % are 52.8 minutes.
    Agreement.objects.create(
        name="Standard",
        slug="standard",
        calendar=office,
        availability_target=99.5,
        state="active",
        valid_from=MONDAY_10.date(),
    )
    outages.record(
        service=vpn,
        by=house.ines,
        at=MONDAY_10,
        started_at=MONDAY_10 - HOUR,
        ended_at=MONDAY_10 - timedelta(minutes=30),
    )
    change = write_change(outage_minutes=30)

    by_day = propose(change, viewer=house.aisha, at=MONDAY_10, minutes=60)
    night = reasons(by_day.found[0])

    assert night == ["No freeze and no open conflict.", "Outside the working hours of its services."]
    assert "No agreement states" not in " ".join(by_day.notes)
    without = propose(write_change(), viewer=house.aisha, at=MONDAY_10)
    assert "No outage is planned, so that nothing is taken from what the agreements allow." in without.notes


@pytest.mark.parametrize(
    ("left", "is_for", "text"),
    [
        (95, True, "Leaves 1 h 5 min of the downtime that the agreement allows for VPN in March 2026."),
        (30, True, "Leaves 0 min of the downtime that the agreement allows for VPN in March 2026."),
        (10, False, "Its outage is 20 min more than the agreement allows for VPN in March 2026."),
    ],
)
def test_what_a_window_takes_from_the_allowance_is_said(left, is_for, text):
    month = (moment("2026-03-01 00:00"), moment("2026-04-01 00:00"))
    allowance = Allowance("VPN", "March 2026", *month, timedelta(minutes=left), ())
    slot = Slot(MONDAY_10, MONDAY_10 + HOUR, 0.0, None, None, None, None, Use(allowance, timedelta(minutes=30)))

    said = said_of(slot, peaks=None, shift=None)[-1]

    assert (said.is_for, said.text) == (is_for, text)


def test_freezes_and_conflicts_are_passed_over_and_said(house, write_change, freeze):
    freeze("2026-03-03 00:00", "2026-03-04 00:00")
    booked = authorized(write_change(window=("2026-03-04 00:00", "2026-03-04 04:00")), house)

    found = propose(write_change(title="Second", window=None), viewer=house.aisha, at=MONDAY_10, minutes=60)

    assert found.found[0].starts_at == moment("2026-03-04 04:00")
    assert [(each.starts_at, each.sentence) for each in found.passed] == [
        (moment("2026-03-03 10:00"), "It falls into the freeze “Quarter end”, Tue 3 Mar 00:00 – Wed 4 Mar 00:00."),
        (
            moment("2026-03-04 00:00"),
            f"It overlaps {booked.reference}, Wed 4 Mar 00:00 – 04:00, on the same item: vpn-gw-2.",
        ),
    ]


def test_a_year_that_is_frozen_leaves_none_and_says_until_when(house, write_change):
    operations.save_window(
        by=house.ines, at=MONDAY_10, kind="freeze", name="Move", zone="Australia/Lord_Howe",
        starts_at=MONDAY_10, ends_at=moment("2027-03-02 10:00"),
    )  # fmt: skip

    found = propose(write_change(window=None), viewer=house.aisha, at=MONDAY_10, minutes=60)

    assert found.found == ()
    told = "It falls into the freeze “Move”, Mon 2 Mar 2026 10:00 – Tue 2 Mar 2027 10:00."
    assert [each.sentence for each in found.passed] == [told]


def test_what_has_to_come_first_pushes_the_windows_behind_it(house, write_change):
    first = authorized(write_change(), house)
    change = write_change(title="Second", window=None, items=[], services=[])
    record_operations.link(record=change, to=first, kind=LinkKind.NEEDS, by=house.aisha, at=MONDAY_10)

    found = propose(change, viewer=house.aisha, at=MONDAY_10, minutes=60)

    assert found.found[0].starts_at == moment("2026-03-05 22:00")
    assert [each.sentence for each in found.passed] == [
        f"{first.reference} has to be done first, and is scheduled.",
        f"It overlaps {first.reference}, Thu 5 Mar 20:00 – 22:00, with the same implementer.",
    ]


def test_what_has_to_come_first_and_has_no_window_leaves_none(house, write_change):
    first, change = write_change(window=None), write_change(title="Second", window=None)
    record_operations.link(record=change, to=first, kind=LinkKind.NEEDS, by=house.aisha, at=MONDAY_10)

    found = propose(change, viewer=house.aisha, at=MONDAY_10)

    assert found.found == ()
    assert [each.sentence for each in found.passed] == [f"{first.reference} has to be done first, and is draft."]


def test_days_on_which_the_implementer_is_away_are_off_shift(house, write_change, office):
    house.first_line.calendar = office
    house.first_line.save()
    house.tom.absent_until = moment("2026-03-06 00:00").date()
    house.tom.save()

    found = propose(write_change(), viewer=house.aisha, at=MONDAY_10)

    # Monday the 9th, 08:00 in Oslo.
    assert found.found[0].starts_at == moment("2026-03-09 07:00")
    assert reasons(found.found[0])[-1] == "Tom Beck is on shift."


def test_an_emergency_may_use_a_freeze_and_comes_soon(house, write_change, freeze):
    freeze("2026-03-01 00:00", "2026-03-31 00:00")
    change = write_change(type="emergency", harm="It stops on Tuesday.", window=None)

    assert propose(change, viewer=house.aisha, at=MONDAY_10).found[0].starts_at == moment("2026-03-02 11:00")
    assert propose(write_change(), viewer=house.aisha, at=MONDAY_10).found[0].starts_at == moment("2026-03-31 00:00")


@pytest.mark.parametrize("minutes", [0, 4, 2881])
def test_a_length_out_of_range_is_refused(house, write_change, minutes):
    with pytest.raises(Refused, match="5 minutes to 2 days"):
        propose(write_change(), viewer=house.aisha, at=MONDAY_10, minutes=minutes)


def test_the_length_is_that_of_the_window_then_the_outage_then_an_hour(write_change):
    assert length_of(write_change()) == 120
    assert length_of(write_change(window=None, outage_minutes=90)) == 90
    assert length_of(write_change(window=None)) == 60


@pytest.mark.parametrize("count", [1, 3])
def test_suggesting_costs_the_same_for_one_change_in_the_way_and_three(
    house, write_change, freeze, office, count, django_assert_num_queries
):
    Agreement.objects.create(name="Standard", slug="standard", calendar=office, state="active")
    for number in range(count):
        freeze(f"2026-03-1{number} 00:00", f"2026-03-1{number} 12:00", name=f"Freeze {number}")
        authorized(write_change(window=(f"2026-03-0{4 + number} 20:00", f"2026-03-0{4 + number} 22:00")), house)
    change = Change.objects.get(pk=write_change(title="Second", window=None).pk)
    propose(change, viewer=house.aisha, at=MONDAY_10)
    change = Change.objects.get(pk=change.pk)

    with django_assert_num_queries(24):
        found = propose(change, viewer=house.aisha, at=MONDAY_10)

    assert len(found.passed) == {1: 2, 3: 5}[count]


# Taking one.


# What may not be seen is counted, and not named.


def test_a_service_of_its_own_is_no_reason_to_wait(house, write_change):
    other = Service.objects.create(name="Mail", slug="mail")
    Membership.objects.filter(user=house.aisha).delete()
    authorized(write_change(), house)
    change = write_change(title="Mail", services=[other], items=[], assignee=house.aisha)

    assert conflicts(change, THURSDAY_20, THURSDAY_20 + HOUR, viewer=house.ines) == []
