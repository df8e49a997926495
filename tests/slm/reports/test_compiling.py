"""What a report counts, and of which moments."""

from datetime import date, timedelta

import pytest

from common.months import Month
from common.refusals import NotAllowed, Refused
from slm.breaches import recording
from slm.breaches.models import Breach, Cause, Clause
from slm.models import ClockFact
from slm.reports import operations
from slm.reports.gathering.scope import Scope
from slm.reports.models import ServiceReport
from tests.conftest import moment
from tests.parallel import at_once

from .conftest import AFTER, FEBRUARY, MARCH

pytestmark = pytest.mark.django_db


def counts(report):
    """The totals of the only agreement, and the tickets."""
    agreement = report.document["attainment"]["agreements"][0]
    tickets = report.document["tickets"][0]
    return (
        {name: agreement[name]["count"] for name in ("met", "missed", "excused")},
        {name: tickets[name]["count"] for name in ("opened", "done", "open")},
    )


def test_a_report_counts_targets_tickets_and_downtime_of_its_month(compiled, promised, vpn):
    report = compiled()

    targets, tickets = counts(report)
    assert targets == {"met": 2, "missed": 2, "excused": 0}
    assert tickets == {"opened": 2, "done": 2, "open": 0}
    (uptime,) = report.document["availability"]
    assert uptime["name"] == "VPN"
    assert (uptime["agreed_seconds"], uptime["lost_hundredths"], uptime["failures"]) == (28 * 86_400, 360_000, 1)
    assert [each["cause"] for each in report.document["outages"]] == ["Power"]
    misses = report.document["attainment"]["misses"]
    assert {(each["title"], each["clock"], each["over_seconds"]) for each in misses} == {
        ("Late <b>one</b>", "resolution", 16 * 3600), ("Late <b>one</b>", "response", 16 * 3600),
    }  # fmt: skip


def test_a_month_ends_at_midnight_of_its_own_zone(plan, solved):
    in_time = solved("2026-02-27 09:00", "2026-02-28 22:59")
    next_month = solved("2026-02-28 20:00", "2026-02-28 23:00")  # midnight in Oslo

    report = operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)

    ids = report.evidence.get(key="tickets.incident.done").ids
    assert ids == [in_time.pk]
    assert report.evidence.get(key="tickets.incident.open").ids == [next_month.pk]


@pytest.mark.parametrize(
    ("zone", "month", "hours"),
    [
        ("Europe/Oslo", date(2026, 3, 1), 31 * 24 - 1),
        ("Europe/Oslo", date(2026, 10, 1), 31 * 24 + 1),
        ("Australia/Lord_Howe", date(2026, 4, 1), 30 * 24 + 0.5),
        ("Asia/Kathmandu", date(2026, 2, 1), 28 * 24),
        ("Pacific/Apia", date(2011, 12, 1), 30 * 24),
        ("America/Sao_Paulo", date(2017, 10, 1), 31 * 24 - 1),
        ("UTC", date(2028, 2, 1), 29 * 24),
    ],
)
def test_a_month_is_as_long_as_its_zone_makes_it(zone, month, hours):
    from zoneinfo import ZoneInfo

    found = Month(month, ZoneInfo(zone))

    assert found.ended_at - found.began_at == timedelta(hours=hours)
    assert found.moved(-1).ended_at == found.began_at


def test_the_hour_that_happens_twice_counts_twice_in_the_agreed_time(plan, outage, house):
    october = date(2026, 10, 1)
    outage_at = moment("2026-11-02 09:00")
    from services.models import Service
    from slm.availability import operations as outages

    outages.record(
        by=house.tom, at=outage_at, service=Service.objects.get(), started_at=moment("2026-10-25 00:00"),
        ended_at=moment("2026-10-25 02:00"),
    )  # fmt: skip

    report = operations.compile_report(plan=plan, first_day=october, by=None, at=outage_at)

    (uptime,) = report.document["availability"]
    assert uptime["agreed_seconds"] == (31 * 24 + 1) * 3600
    assert uptime["lost_hundredths"] == 2 * 360_000  # 02:00 to 03:00 in Oslo, twice


def test_a_month_that_goes_on_has_no_report(plan, house):
    with pytest.raises(Refused, match="not over"):
        operations.compile_report(plan=plan, first_day=MARCH, by=house.ines, at=moment("2026-03-31 21:59"))

    made = operations.compile_report(plan=plan, first_day=MARCH, by=house.ines, at=moment("2026-03-31 22:00"))
    assert made.month.slug == "2026-03"


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 1), date(9999, 12, 1)])
def test_months_far_away_are_refused(plan, house, day):
    with pytest.raises(Refused, match="too far away"):
        operations.compile_report(plan=plan, first_day=day, by=house.ines, at=AFTER)
    with pytest.raises(Refused, match="too far away"):
        operations.revise_plan(plan=plan, by=house.ines, at=AFTER, first_month=day)


def test_other_customers_are_not_counted(compiled, house, log_incident):
    umbrella = log_incident(requester=house.otto, at=moment("2026-02-10 09:00"))

    report = compiled()

    assert counts(report)[1] == {"opened": 2, "done": 2, "open": 0}
    assert not any(umbrella.pk in each.ids for each in report.evidence.filter(kind="record"))


def test_a_customer_without_anything_gets_a_report_without_figures(plan):
    report = operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)

    assert report.document["attainment"] == {"agreements": [], "misses": [], "missed": 0}
    assert report.document["evidence"] == {}
    assert len(report.document["trend"]) == 12


def test_the_worker_makes_up_what_is_missing_and_nothing_twice(plan):
    at = moment("2026-05-02 09:00")

    assert operations.compile_due(at=at) == 3
    assert operations.compile_due(at=at) == 0
    months = list(ServiceReport.objects.order_by("first_day").values_list("first_day", flat=True))
    assert months == [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]


def test_an_inactive_plan_rests(plan, house):
    operations.revise_plan(plan=plan, by=house.ines, at=AFTER, is_active=False)

    assert operations.compile_due(at=AFTER) == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_compile_at_once_make_one_report(plan):
    def make():
        operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)

    raised = [each for each in at_once(make, make) if each is not None]

    assert [each.refusals[0].code for each in raised] == ["exists"]
    assert ServiceReport.objects.count() == 1


def test_compiling_again_counts_anew_and_the_review_lapses(compiled, solved, house):
    report = operations.review(report=compiled(), by=house.ines, at=AFTER)
    solved("2026-02-20 09:00", "2026-02-20 10:00")

    again = operations.compile_again(report=report, by=house.ines, at=AFTER)

    assert again.is_compiled
    assert again.reviewed_by is None
    assert counts(again)[1]["done"] == 3


def test_chapters_left_out_are_not_told(plan, house):
    operations.revise_plan(plan=plan, by=house.ines, at=AFTER, left_out=["problems", "changes_ahead"])

    report = operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)

    assert [each["name"] for each in report.document["chapters"]] == ["changes", "releases"]


def test_who_may_not_prepare_reports_compiles_none(plan, house):
    for person in (house.tom, house.maria, house.max, house.otto):
        with pytest.raises(NotAllowed):
            operations.compile_report(plan=plan, first_day=FEBRUARY, by=person, at=AFTER)
    assert not ServiceReport.objects.exists()


def test_receivers_belong_to_the_customer_or_may_see_its_reports(plan, house):
    with pytest.raises(Refused, match="Otto Weiss belongs to another organization"):
        operations.revise_plan(plan=plan, by=house.ines, at=AFTER, receivers=[house.maria, house.otto])

    assert [each.username for each in plan.receivers.all()] == ["maria"]


def test_counting_takes_as_many_statements_for_three_tickets_as_for_one(plan, solved, django_assert_num_queries, house):
    from slm.reports.gathering.compiling import compiled as count

    report = ServiceReport(plan=plan, organization=house.acme, first_day=FEBRUARY)
    solved("2026-02-10 09:00", "2026-02-11 12:00")
    with django_assert_num_queries(27):
        count(report, Scope(house.acme, plan.month(FEBRUARY), AFTER))
    solved("2026-02-11 09:00", "2026-02-12 12:00")
    solved("2026-02-12 09:00", "2026-02-13 12:00")
    with django_assert_num_queries(27):
        count(report, Scope(house.acme, plan.month(FEBRUARY), AFTER))


def test_excused_misses_stand_beside_the_raw_figure_with_their_cause(plan, solved, house):
    late = solved("2026-02-11 09:00", "2026-02-12 09:00")
    clock = late.clocks.get(kind="resolution")
    recording.make(ClockFact.objects.filter(clock__record=late, level="breached"))
    breach = Breach.objects.get(clock=clock)
    cause, clause = Cause.objects.create(name="Supplier"), Clause.objects.create(name="Force majeure")
    Breach.objects.filter(pk=breach.pk).update(
        state="excused", cause=cause, clause=clause, explained_at=AFTER, decided_at=AFTER, explanation="Between us"
    )

    report = operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)

    assert counts(report)[0] == {"met": 0, "missed": 2, "excused": 1}
    told = {each["clock"]: (each["is_excused"], each["said"]) for each in report.document["attainment"]["misses"]}
    assert told == {"resolution": (True, "Supplier; excused: Force majeure"), "response": (False, "")}
    assert "Between us" not in str(report.document)
