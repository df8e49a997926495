"""Months of services as the pages tell them: the nasty moments, what is agreed, who looks."""

from datetime import date
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars.business_time import WeeklyWindow
from common.months import Month
from services.models import Offering, Service
from slm.availability.book import Book
from slm.availability.months import edges as edges_of
from slm.availability.months import month
from slm.availability.queries import outages_of, side_of
from slm.availability.spans import HOUR, SECOND
from slm.availability.standing import Board
from slm.models import AgreementVersion
from tests.conftest import moment

from .conftest import NOW

MARCH, APRIL = month(date(2026, 3, 1)), month(date(2026, 4, 1))
LATER = moment("2026-06-15 12:00")


def standing(service: Service, month: Month = MARCH, *, at: Any = LATER, organization_id: int | None = None) -> Any:
    return Board([service], at=at, month=month, organization_id=organization_id).standing(service)


def test_a_month_around_the_clock(vpn, promise, outage):
    promise()
    outage("2026-03-10 08:00", "2026-03-10 08:44:38")

    march = standing(vpn)

    assert march.so_far.agreed == 744 * HOUR
    assert march.budget == F("44.64") * 60 * SECOND
    assert march.is_held
    assert march.availability == "99.90%"


def test_a_share_is_never_written_up_to_its_target(vpn, promise, outage):
    promise()
    outage("2026-03-10 08:00", "2026-03-10 08:44:39")

    march = standing(vpn)

    assert march.is_held is False
    assert march.availability == "99.899%"


def test_an_outage_that_goes_on_lasts_until_now(vpn, promise, outage):
    promise()
    outage("2026-03-20 10:00")

    assert standing(vpn, at=NOW).so_far.lost == 2 * HOUR
    assert standing(vpn, at=moment("2026-03-20 13:00")).so_far.lost == 3 * HOUR


def test_an_outage_over_midnight_and_the_end_of_the_month_is_split(vpn, promise, outage):
    promise()
    outage("2026-03-31 23:00", "2026-04-01 02:00", at=LATER)

    march, april = standing(vpn), standing(vpn, APRIL)

    assert (march.so_far.lost, april.so_far.lost) == (HOUR, 2 * HOUR)
    assert (march.so_far.failures, april.so_far.failures) == (1, 0)


def test_an_outage_that_ends_with_the_month_touches_the_next_one_not(vpn, promise, outage):
    promise()
    outage("2026-03-31 23:00", "2026-04-01 00:00", at=LATER)

    assert standing(vpn, APRIL).so_far.lost == 0


@pytest.mark.parametrize(
    ("first", "hours"),
    [(date(2026, 3, 1), 743), (date(2026, 10, 1), 745), (date(2024, 2, 1), 696)],
)
def test_the_hour_that_is_missing_and_the_one_that_comes_twice(settings, vpn, promise, hours_of, first, hours):
    settings.TIME_ZONE = "Europe/Oslo"
    promise(hours=hours_of("Oslo always", zone="Europe/Oslo", is_always_open=True))

    assert standing(vpn, month(first), at=moment("2027-01-01 00:00")).so_far.agreed == hours * HOUR


def test_downtime_in_the_hour_that_comes_twice_counts_twice(settings, vpn, promise, hours_of, outage):
    settings.TIME_ZONE = "Europe/Oslo"
    night = hours_of("Oslo night", zone="Europe/Oslo", windows=[WeeklyWindow(6, 120, 180)])  # Sunday 02:00-03:00
    promise(hours=night)
    outage("2026-10-25 00:00", "2026-10-25 02:00", at=moment("2026-11-01 00:00"))

    october = standing(vpn, month(date(2026, 10, 1)), at=moment("2026-11-01 00:00"))

    # Sundays 4, 11, 18: an hour each; the 25th: two.
    assert (october.so_far.agreed, october.so_far.lost) == (5 * HOUR, 2 * HOUR)


def test_the_skipped_hour_is_no_service_time(settings, vpn, promise, hours_of, outage):
    settings.TIME_ZONE = "Europe/Oslo"
    night = hours_of("Oslo night", zone="Europe/Oslo", windows=[WeeklyWindow(6, 120, 180)])
    promise(hours=night)
    outage("2026-03-29 00:00", "2026-03-29 02:00", at=LATER)

    march = standing(vpn)

    assert (march.so_far.agreed, march.so_far.lost) == (4 * HOUR, 0)


def test_outside_the_office_hours_nothing_is_lost(vpn, promise, hours_of, outage):
    promise(hours=hours_of("Office"))
    outage("2026-03-06 17:00", "2026-03-09 09:00")  # Friday evening to Monday morning

    march = standing(vpn)

    assert (march.so_far.agreed, march.so_far.lost, march.so_far.failures) == (22 * 10 * HOUR, 2 * HOUR, 1)


def test_the_hours_of_the_service_rule_before_those_of_support(vpn, promise, hours_of):
    promise(hours=hours_of("Office"), service_hours=hours_of("Always", is_always_open=True))

    assert standing(vpn).so_far.agreed == 744 * HOUR


def test_planned_downtime_counts_unless_the_agreement_says_otherwise(vpn, promise, outage):
    promise()
    outage("2026-03-08 02:00", "2026-03-08 04:00", is_planned=True)

    march = standing(vpn)

    assert (march.so_far.agreed, march.so_far.lost, march.so_far.failures) == (744 * HOUR, 2 * HOUR, 0)


def test_planned_downtime_is_taken_out_of_the_agreed_time(vpn, promise, outage):
    promise(maintenance="planned")
    outage("2026-03-08 02:00", "2026-03-08 04:00", is_planned=True)
    outage("2026-03-08 03:00", "2026-03-08 05:00", cause="went wrong")

    march = standing(vpn)

    assert (march.so_far.agreed, march.so_far.lost, march.so_far.failures) == (742 * HOUR, HOUR, 1)


def test_planned_downtime_outside_the_agreed_windows_counts(vpn, promise, hours_of, outage):
    sunday = hours_of("Maintenance", windows=[WeeklyWindow(6, 120, 240)])  # Sundays 02:00-04:00, five in March 2026
    promise(maintenance="windows", maintenance_windows=sunday)
    outage("2026-03-08 03:00", "2026-03-08 05:00", is_planned=True)

    march = standing(vpn)

    assert (march.so_far.agreed, march.so_far.lost) == ((744 - 10) * HOUR, HOUR)


def test_planned_and_unplanned_at_once_count_once(vpn, promise, outage):
    promise()
    outage("2026-03-08 02:00", "2026-03-08 04:00", is_planned=True, weight=Decimal("0.5"))
    outage("2026-03-08 03:00", "2026-03-08 05:00")

    march = standing(vpn)

    assert march.so_far.lost == F("2.5") * HOUR
    assert (march.so_far.failed, march.so_far.failures) == (2 * HOUR, 1)


def test_without_an_agreement_nothing_is_measured(vpn, outage):
    outage("2026-03-08 02:00", "2026-03-08 04:00")

    march = standing(vpn)

    assert (march.is_agreed, march.availability, march.is_held, march.budget) == (False, "n/a", None, None)


def test_before_an_agreement_was_in_force_nothing_is_measured(vpn, promise):
    promise(valid_from=date(2026, 3, 11))

    assert standing(vpn).so_far.agreed == 21 * 24 * HOUR


def test_an_agreement_without_a_first_day_is_in_force_since_it_was_made(vpn, promise):
    made = promise()
    AgreementVersion.objects.create(agreement=made, number=1, document={}, created_at=moment("2026-03-31 00:00"))

    assert standing(vpn).so_far.agreed == 24 * HOUR


def test_one_agreement_after_another(vpn, promise):
    promise("Old", target="99", valid_to=date(2026, 3, 16))
    promise("New", target="99.9", valid_from=date(2026, 3, 16))

    board = Board([vpn], at=LATER, month=MARCH)

    assert board.standing(vpn).so_far.agreed == 744 * HOUR
    assert board.standing(vpn).target == F("0.999")
    assert board.standing(vpn, MARCH.before).target == F("0.99")


def test_an_agreement_that_promises_availability_comes_before_a_more_specific_one_without(vpn, promise, hours_of):
    promise("Everybody")
    promise("Support of VPN", target=None, service=vpn, hours=hours_of("Office"))

    assert standing(vpn).pledge.name == "Everybody"
    promise("Gold", target="99.95", service=vpn)
    assert standing(vpn).pledge.name == "Gold"


def test_a_customer_is_measured_by_the_own_agreement_and_offerings(house, vpn, promise, outage):
    promise("Everybody", target="99")
    promise("Acme gold", target="99.9", organization=house.acme)
    silver = Offering.objects.create(service=vpn, name="Site network")
    silver.organizations.add(house.umbrella)
    outage("2026-03-08 02:00", "2026-03-08 04:00", offering=silver)

    everybody = standing(vpn)
    acme = standing(vpn, organization_id=house.acme.pk)
    umbrella = standing(vpn, organization_id=house.umbrella.pk)

    assert (everybody.target, acme.target, umbrella.target) == (F("0.99"), F("0.999"), F("0.99"))
    assert (everybody.so_far.lost, acme.so_far.lost, umbrella.so_far.lost) == (2 * HOUR, 0, 2 * HOUR)
    assert list(outages_of(side_of(house.maria), vpn, MARCH, at=LATER)) == []


def test_a_month_of_nothing_but_maintenance_has_no_agreed_time(vpn, promise, hours_of, outage):
    office = hours_of("Office")
    promise(hours=office, maintenance="windows", maintenance_windows=office)
    outage("2026-03-09 09:00", "2026-03-09 10:00")

    march = standing(vpn)

    assert (march.is_agreed, march.availability, march.more_hour) == (False, "n/a", None)


def test_one_more_hour(vpn, promise):
    promise(target="99")

    march = standing(vpn, at=NOW)

    assert march.more_hour == F(743, 744)
    assert march.budget == F("7.44") * HOUR


def test_a_target_of_everything_leaves_no_budget(vpn, promise, outage):
    promise(target="100")
    assert standing(vpn).budget == 0
    assert standing(vpn).budget_tone == "ok"

    outage("2026-03-08 02:00", "2026-03-08 02:01")
    assert (standing(vpn).budget_tone, standing(vpn).used) == ("bad", 1)


def test_burn_rates_of_several_windows(vpn, promise, outage):
    promise(target="99.9")
    outage("2026-03-20 11:30", "2026-03-20 11:45")

    windows = {each.label: each for each in Board([vpn], at=NOW).windows(vpn)}

    assert windows["latest hour"].rate == 250
    assert windows["latest day"].rate == F(15, 1440) * 1000
    assert windows["latest 30 days"].rate == F(15, 30 * 1440) * 1000


def test_planned_downtime_ahead_is_in_the_budget_and_not_in_the_month_so_far(vpn, promise, outage):
    promise()
    outage("2026-03-25 02:00", "2026-03-25 03:00", is_planned=True)

    march = standing(vpn, at=NOW)

    assert (march.so_far.lost, march.whole.lost) == (0, HOUR)
    assert march.left < 0


def test_twelve_months_of_many_services_take_as_many_statements_as_one(house, vpn, promise, outage):
    promise()
    services = [vpn, *(Service.objects.create(name=f"S{n}", slug=f"s{n}") for n in range(3))]
    for each in services:
        outage("2026-02-10 08:00", "2026-02-10 09:00", service=each)
    counts = []
    Board([vpn], at=NOW).year(vpn)  # calendars are compiled once a process

    for some in (services[:1], services[:3]):
        with CaptureQueriesContext(connection) as said:
            board = Board(some, at=NOW)
            assert [len(board.year(each)) for each in some] == [12] * len(some)
        counts.append(len(said))

    assert counts == [2, 2]


def test_a_scoped_technician_looks_from_the_own_organization(house):
    assert side_of(house.tom).is_inside
    assert side_of(house.otto).organization_id == house.umbrella.pk
    assert not side_of(house.otto).is_inside


def test_the_book_adds_up_over_any_edges(vpn, promise, outage):
    promise()
    outage("2026-03-08 02:00", "2026-03-12 04:00", weight=Decimal("0.25"))
    low, high = edges_of(MARCH)
    book = Book([vpn.pk], at_from=MARCH.began_at, at_to=MARCH.ended_at, at=LATER)
    edges = list(range(low, high + 1, 24 * HOUR))

    parts = book.by_period(vpn.pk, edges)

    assert sum(parts[1:], parts[0]) == book.figures(vpn.pk, low, high)
