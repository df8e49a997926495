"""What deployments are measured by: literal cases, the hour that happens twice, and nothing at all."""

from datetime import timedelta
from itertools import product

import pytest

from changes.pipelines import operations
from changes.pipelines.models import Deployment
from incidents import operations as incidents
from measurement import declarations, queries, rebuild
from measurement.drill import COUNTED, MEASURED, MISSED, Drill
from measurement.models import Grain
from measurement.periods import Range
from measurement.scope import scope_of
from measurement.spreads import spreads
from tests.conftest import moment
from tests.measurement.conftest import day

from .conftest import MONDAY_10

MINUTE = timedelta(minutes=1)
KPIS = ("dora-df", "dora-lt", "dora-cfr", "dora-fdrt", "dora-rework")


def value(name, viewer, first="2026-03-02", after="2026-03-09", **filters):
    settle()
    return counted(name, viewer, first, after, **filters)


def counted(name, viewer, first="2026-03-02", after="2026-03-09", **filters):
    """The value as it stands, for tests that ask for many after they have settled once."""
    [found] = queries.series(declarations.kpi(name), Range(day(first), day(after)), scope_of(viewer, **filters))
    return found.total


def settle():
    """Count what acts have touched, and find the same as a full count would."""
    while rebuild.settle_marks():
        pass
    assert rebuild.compare(heal=False) == {}


@pytest.fixture(autouse=True)
def _counted(db):
    rebuild.rebuild_all()


@pytest.fixture
def week(deploy, log_incident):
    """Four deployments: one well, one rolled back, one that looked well and needed the fourth, a repair."""
    deploy(sha="a", committed_at=MONDAY_10 - 2 * 60 * MINUTE)
    deploy("rolled_back", at=MONDAY_10 + 60 * MINUTE, version="1.1", sha="b", minutes=30)
    deploy(at=MONDAY_10 + 24 * 60 * MINUTE, version="1.2", sha="b", committed_at=MONDAY_10)
    incident = log_incident(at=MONDAY_10 + 25 * 60 * MINUTE)
    deploy(
        at=MONDAY_10 + 26 * 60 * MINUTE, version="1.3", sha="c", committed_at=MONDAY_10 + 26 * 60 * MINUTE, repair=True,
        incident=incident,
    )  # fmt: skip


def test_without_any_deployment_there_is_no_value(house, subtests):
    for name in KPIS:
        with subtests.test(name):
            found = value(name, house.tom)

            assert (found.number, found.text) == (None, "n/a")


def test_frequency_is_what_succeeded_by_the_days_of_the_period(house, week):
    found = value("dora-df", house.tom)

    assert (found.numerator, found.days, found.text) == (3, 7, "0.43 a day")
    assert value("dora-df", house.tom, "2026-03-02", "2026-03-03").number == 1
    assert value("dora-df", house.tom, "2026-03-05", "2026-03-06").number is None


def test_lead_time_is_that_of_each_commit_that_came_in(house, week):
    found = value("dora-lt", house.tom)
    span = Range(day("2026-03-02"), day("2026-03-09"))
    spread = spreads(declarations.kpi("dora-lt"), span, scope_of(house.tom))[()]

    # a: 2 h 10 min; b came in with 1.2, a day and 10 minutes after it was written; c: 10 min.
    assert (found.numerator, found.denominator) == ((130 + 24 * 60 + 10 + 10) * 60, 3)
    assert round(spread.median, 4) == round(130 / 60, 4)


def test_a_rollback_and_what_needed_a_repair_have_failed(house, week):
    found = value("dora-cfr", house.tom)

    assert (found.numerator, found.denominator, found.number) == (2, 4, 50)


def test_recovery_counts_from_the_failure_to_the_repair(house, week):
    found = value("dora-fdrt", house.tom)

    # The rollback: 30 minutes. The broken one: from its incident at 11:00 to the end of the repair at 12:10.
    assert (found.numerator, found.denominator) == ((30 + 70) * 60, 2)


def test_rework_is_the_share_of_repairs(house, week):
    found = value("dora-rework", house.tom)

    assert (found.numerator, found.denominator, found.number) == (1, 4, 25)


def test_only_production_counts_and_what_was_refused_or_runs_does_not(house, ask):
    staging = ask(environment="staging", model="")
    operations.report(deployment=staging, by=house.tom, at=MONDAY_10 + MINUTE, result="failed")
    ask()
    ask(version="1.1", at=MONDAY_10 + MINUTE)

    assert [value(name, house.tom).number for name in KPIS] == [None] * 5


def test_a_policy_of_today_does_not_rewrite_history(house, week):
    from changes.pipelines.models import Environment

    before = value("dora-cfr", house.tom)
    production = Environment.objects.get(slug="production")
    operations.change_environment(
        environment=production, by=house.ines, at=MONDAY_10, values={"is_production": False}
    )  # fmt: skip

    assert value("dora-cfr", house.tom) == before


def test_what_stands_behind_a_number_is_as_long_as_the_number(house, week, vpn, subtests):
    settle()
    for name, filters in product(KPIS, ({}, {"service": vpn.pk}, {"team": house.networks.pk})):
        with subtests.test(f"{name} {filters}"):
            kpi, found = declarations.kpi(name), counted(name, house.tom, **filters)
            drill = Drill(kpi, Range(day("2026-03-02"), day("2026-03-09")), scope_of(house.tom, **filters))

            rows = {part: drill.rows(part).values() for part in (COUNTED, MEASURED, MISSED)}
            lengths = {part: sum(each.count() for each in each_of) for part, each_of in rows.items()}

            measured = found.numerator if found.denominator is None else found.denominator
            assert lengths[MEASURED] == measured > 0
            assert lengths[COUNTED] == (found.numerator if kpi.counted == kpi.numerator else measured)
            if kpi.unit == "percent":
                assert lengths[MISSED] == found.missed


def test_another_service_and_otto_have_none_of_it(house, week, subtests):
    settle()
    for name in KPIS:
        with subtests.test(name):
            assert counted(name, house.tom, service=0).number is None
            assert counted(name, house.otto).number is None


def test_a_report_of_last_week_counts_last_week(house, ask):
    asked = ask()
    settle()
    operations.report(
        deployment=asked, by=house.tom, at=MONDAY_10 + timedelta(days=9), result="succeeded",
        finished_at=MONDAY_10 + 10 * MINUTE,
    )  # fmt: skip

    assert value("dora-df", house.tom, "2026-03-02", "2026-03-03").numerator == 1
    assert value("dora-df", house.tom, "2026-03-11", "2026-03-12").numerator == 0


def test_a_recovery_that_was_taken_back_leaves_its_day(house, deploy, log_incident):
    from audit.outbox import dispatch_due

    incident = log_incident(at=MONDAY_10)
    deploy("failed", incident=incident)
    incident = incidents.start(incident=incident, by=house.tom, at=MONDAY_10 + 20 * MINUTE)
    solved_at = MONDAY_10 + timedelta(days=1)
    incident = incidents.resolve(incident=incident, by=house.tom, at=solved_at, code="fixed", text="Switched over.")
    dispatch_due(at=solved_at)
    assert value("dora-fdrt", house.tom).denominator == 1

    incidents.reopen(incident=incident, by=house.tom, at=solved_at + MINUTE, reason="Back again")
    dispatch_due(at=solved_at + MINUTE)

    assert value("dora-fdrt", house.tom).number is None


def test_the_night_on_which_clocks_are_set_back_counts_each_deployment_once_and_its_true_length(
    house, deploy, settings
):
    settings.TIME_ZONE = "Europe/Oslo"
    rebuild.rebuild_all()
    # 02:50 summer time and 02:10 winter time: twenty minutes, though the clock on the wall went back.
    deploy("failed", at=moment("2026-10-25 00:40"), sha="a", committed_at=moment("2026-10-24 23:50"))
    deploy(at=moment("2026-10-25 01:00"), version="1.1", sha="b", committed_at=moment("2026-10-25 00:10"))
    late = deploy(at=moment("2026-10-25 22:45"), version="1.2", sha="c", committed_at=moment("2026-10-25 22:55"))
    assert late.finished_at == moment("2026-10-25 22:55")

    one_day = ("2026-10-25", "2026-10-26")
    assert value("dora-fdrt", house.tom, *one_day).numerator == 20 * 60
    assert value("dora-lt", house.tom, *one_day).numerator == 60 * 60
    assert value("dora-cfr", house.tom, *one_day).denominator == 3
    assert value("dora-df", house.tom, *one_day).number == 2


def test_midnight_of_the_reporting_zone_parts_the_days(house, deploy, settings):
    settings.TIME_ZONE = "Europe/Oslo"
    rebuild.rebuild_all()
    deploy(at=moment("2026-03-02 22:49"))  # finishes 22:59 UTC, a minute before midnight in Oslo
    deploy(at=moment("2026-03-02 22:50"), version="1.1", minutes=10)

    assert value("dora-df", house.tom, "2026-03-02", "2026-03-03").numerator == 1
    assert value("dora-df", house.tom, "2026-03-03", "2026-03-04").numerator == 1


def test_months_add_up(house, deploy):
    deploy()
    deploy(at=moment("2026-04-01 10:00"), version="1.1")
    settle()

    [series] = queries.series(
        declarations.kpi("dora-df"), Range(day("2026-03-01"), day("2026-05-01")), scope_of(house.tom), grain=Grain.MONTH
    )

    assert [round(point.value.number, 4) for point in series.points] == [round(1 / 31, 4), round(1 / 30, 4)]
    assert round(series.total.number, 4) == round(2 / 61, 4)
    assert Deployment.objects.count() == 2
