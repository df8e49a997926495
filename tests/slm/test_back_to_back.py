"""Can what stands underneath carry the promise? The office is open Monday to Friday, 08:00-18:00 UTC."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from calendars import operations as calendar_operations
from calendars.business_time import BusinessTime, WeeklyWindow
from calendars.spec import CalendarSpec
from services.models import Service, ServiceDependency
from slm.backtoback import checking, walk
from slm.backtoback.sentences import told
from slm.backtoback.walk import Leg
from slm.models import Agreement, BackToBackCheck
from slm.points import Point
from tests.conftest import moment

MONDAY = moment("2026-03-02 09:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def mornings(db):
    """Monday to Friday, 08:00-12:00."""
    windows = [WeeklyWindow(day, 480, 720) for day in range(5)]
    return calendar_operations.create_calendar(
        name="Mornings", zone="UTC", windows=windows, by=None, at=moment("2026-01-01 00:00")
    )


def codes(agreement):
    return [each["code"] for each in checking.check_one(agreement, at=MONDAY)]


def ola(make_agreement, house, minutes, name="Networks OLA", **said):
    return make_agreement(name, {("resolution", 4): minutes}, type="team", team=house.networks, **said)


def contract(make_agreement, minutes, vpn, name="Carrier contract", **said):
    return make_agreement(
        name, {("resolution", 4): minutes}, type="supplier", supplier_name="Carrier", service=vpn, **said
    )


def test_a_team_that_takes_no_longer_carries_the_promise(house, vpn, make_agreement):
    sla = make_agreement("Acme", {("resolution", 4): 480}, organization=house.acme, service=vpn)
    ola(make_agreement, house, 480)

    assert codes(sla) == []


def test_fewer_minutes_on_shorter_hours_are_longer_and_the_sentence_says_when(house, vpn, make_agreement, mornings):
    sla = make_agreement("Acme", {("resolution", 4): 480}, organization=house.acme, service=vpn)
    ola(make_agreement, house, 300, calendar=mornings)

    (finding,) = checking.check_one(sla, at=MONDAY)

    # Five morning hours from just before noon end on the next day but one; eight office hours the next morning.
    assert (finding["code"], finding["mend"]) == ("too_slow", "networks-ola")
    (said,) = told([finding])
    assert "P4 low: promised in 8 h." in said.text
    assert "Networks may take 5 h of its own hours" in said.text
    assert said.advice.startswith("Agree on less time or longer hours in “Networks OLA”")
    assert said.url == "/agreements/networks-ola/"


def test_the_worst_case_is_found_to_the_minute():
    def hours(start, end):
        return BusinessTime(CalendarSpec("UTC", tuple(WeeklyWindow(day, start, end) for day in range(5))))

    office, late = hours(480, 1080), hours(540, 1020)

    case = walk.worst(Leg(office, 2 * HOUR), (Leg(late, 2 * HOUR),), since=MONDAY)

    assert case is not None
    # From 15:01 on the team goes home first: 119 min until 17:00, one minute on the next day, over a weekend.
    assert (case.start.weekday(), case.start.strftime("%H:%M"), case.promised.strftime("%H:%M")) == (
        4,
        "15:01",
        "17:01",
    )
    assert case.beneath == case.start.replace(hour=9, minute=1) + timedelta(days=3)
    assert walk.worst(Leg(office, 2 * HOUR), (Leg(office, 2 * HOUR),), since=MONDAY) is None


def test_team_and_supplier_after_each_other_take_longer_than_promised(house, vpn, make_agreement):
    sla = make_agreement("Acme", {("resolution", 4): 480}, organization=house.acme, service=vpn)
    ola(make_agreement, house, 300)
    supplier = contract(make_agreement, 240, vpn)

    (finding,) = checking.check_one(sla, at=MONDAY)

    assert (finding["code"], finding["mend"], finding["with"]) == ("sum_too_slow", supplier.slug, "Networks OLA")
    assert finding["beneath_minutes"] == [300, 240]
    supplier.targets.update(target_minutes=180)
    assert codes(sla) == []


def test_a_promise_that_is_missing_underneath_is_found(house, vpn, make_agreement):
    sla = make_agreement("Acme", {("resolution", 2): 480, ("response", 2): 60}, organization=house.acme, service=vpn)
    ola(make_agreement, house, 60)

    (finding,) = checking.check_one(sla, at=MONDAY)

    assert (finding["code"], finding["clock"], finding["priority"]) == ("missing", "resolution", 2)


@pytest.mark.parametrize(
    ("said", "expected"),
    [({"state": "draft"}, []), ({"valid_to": date(2026, 6, 1)}, ["ends"]), ({"ends_date": date(2026, 6, 1)}, ["ends"])],
)
def test_what_is_not_in_force_carries_nothing_and_what_ends_is_told(house, vpn, make_agreement, said, expected):
    sla = make_agreement("Acme", {("resolution", 4): 480}, organization=house.acme, service=vpn)
    ola(make_agreement, house, 480, **said)

    assert codes(sla) == expected


def test_availability_is_compared_with_contract_hours_and_the_chain(house, vpn, make_agreement, around_the_clock):
    carrier = Service.objects.create(name="Carrier line", slug="line")
    ServiceDependency.objects.create(service=vpn, needs=carrier)
    sla = make_agreement(
        "Acme", {}, organization=house.acme, service=vpn, availability_target=Decimal("99.9"), calendar=around_the_clock
    )
    contract(make_agreement, 60, vpn, availability_target=Decimal("99.5"))
    contract(make_agreement, 60, carrier, name="Line", availability_target=Decimal("99.8"), calendar=around_the_clock)

    findings = checking.check_one(sla, at=MONDAY)

    assert [each["code"] for each in findings] == ["hours", "availability", "chain", "nothing_beneath"]
    sentences = [each.text for each in told(findings)]
    assert sentences[0].endswith("for the first time on Mon 2 Mar 2026, 18:00.")
    assert sentences[1] == "Availability of 99.9% is promised; “Carrier contract” promises 99.5%."
    assert "what VPN needs (Carrier line) was promised with 99.80% = 99.80%" in sentences[2]


def test_a_draft_is_compared_before_anybody_signs_it(house, vpn, make_agreement):
    from slm import operations

    sla = make_agreement("Acme", {("resolution", 4): 480}, organization=house.acme, service=vpn)
    ola(make_agreement, house, 480)
    operations.set_targets(agreement=sla, by=house.ines, at=MONDAY, targets={("resolution", 4): 60})

    found = checking.check_one(Agreement.objects.get(pk=sla.pk), at=MONDAY)
    assert [(each["version"], each["code"]) for each in found] == [(2, "too_slow")]


def test_the_check_of_all_keeps_what_it_found_and_forgets_what_was_mended(house, vpn, make_agreement):
    sla = make_agreement("Acme", {("resolution", 4): 60}, organization=house.acme, service=vpn)
    team = ola(make_agreement, house, 480)

    assert checking.check(at=MONDAY) == 1
    assert [each["code"] for each in BackToBackCheck.objects.get(agreement=sla).findings] == ["too_slow"]
    team.targets.update(target_minutes=60)
    checking.check(at=MONDAY)
    assert BackToBackCheck.objects.get(agreement=sla).findings == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_check_reads_the_same_statements_for_one_and_three(
    house, vpn, make_agreement, count, django_assert_num_queries
):
    for number in range(count):
        make_agreement(f"Acme {number}", {("resolution", 4): 480}, organization=house.acme, service=vpn)
    ola(make_agreement, house, 480)
    checking.check(at=MONDAY)

    with django_assert_num_queries(11):
        checking.check(at=MONDAY)


def test_a_house_with_nothing_and_hours_that_never_open(house, vpn, make_agreement):
    shut = calendar_operations.create_calendar(
        name="Shut", zone="UTC", windows=[WeeklyWindow(0, 0, 1)], by=None, at=moment("2026-01-01 00:00")
    )
    assert checking.check(at=MONDAY) == 0
    sla = make_agreement("Acme", {("resolution", 4): 480}, organization=house.acme, service=vpn)
    assert codes(sla) == []
    ola(make_agreement, house, 525_600, calendar=shut)

    assert codes(sla) == ["never_open"]


def test_points_are_compared_by_their_moments_not_by_their_longest_time(house, vpn, make_agreement):
    """By 17:00 of the next day is carried by 16:00 of it, and by seven hours, but not by eight after 15:00."""
    sla = make_agreement("Acme", {("resolution", 4): 1_200}, organization=house.acme, service=vpn)
    sla.targets.update(point="1@1020<840")
    team = ola(make_agreement, house, 1_200)

    def with_team(point, minutes=1_200, **said):
        team.targets.update(point=point, target_minutes=minutes, **said)
        return checking.check_one(Agreement.objects.get(pk=sla.pk), at=MONDAY)

    assert with_team("1@960<840") == []
    assert with_team("", 420) == []
    (late,) = with_team("1@960<600")  # what comes between 10:00 and 14:00 is the team's of the next day
    assert (late["code"], late["over_minutes"]) == ("too_slow", (3 * 24 - 1) * 60)
    (said,) = told([late])
    assert "promised is next day 17:00 if by 14:00" in said.text
    assert "Networks promised next day 16:00 if by 10:00" in said.text
    (slow,) = with_team("", 1_201)
    assert slow["over_minutes"] > 0


def test_a_point_is_reached_as_its_clock_says_at_every_minute():
    """The walk against the point itself, over a night in which the clocks change, with a midday break."""
    windows = tuple(WeeklyWindow(day, *span) for day in range(5) for span in ((480, 720), (780, 1080)))
    hours = BusinessTime(CalendarSpec("Europe/Berlin", windows))
    starts = np.arange(int(moment("2026-03-27 05:00").timestamp()), int(moment("2026-04-01 05:00").timestamp()), 60)

    for point in (Point(0, 900), Point(1, 1_020, 840), Point(0, 745, 740), Point(2, 1_440)):
        found = walk._points(point, hours, starts)

        assert [int(each) for each in found] == [
            int(point.moment(datetime.fromtimestamp(int(start), tz=UTC), hours).timestamp()) for start in starts
        ]


def test_the_contract_of_a_service_that_is_needed_counts_too(vpn, make_agreement):
    lines = Service.objects.create(name="Lines", slug="lines")
    far = Service.objects.create(name="Fibers", slug="fibers")
    for service, needs in ((vpn, lines), (lines, far), (far, vpn)):
        ServiceDependency.objects.create(service=service, needs=needs)
    sla = make_agreement("Acme", {("resolution", 4): 480}, service=vpn)
    contract(make_agreement, 500, far, name="Far")

    def slow():
        return [each["name"] for each in checking.check_one(sla, at=MONDAY) if each["code"] == "too_slow"]

    assert slow() == ["Far"]

    contract(make_agreement, 480, lines, name="Near")

    assert slow() == []  # the same supplier's nearer contract is the one that tickets go by
