"""What changes are measured by: literal cases, the hour that happens twice, and nothing at all."""

from datetime import timedelta
from itertools import product

import pytest

from changes import operations
from changes.models import Change
from measurement import declarations, queries, rebuild
from measurement.drill import COUNTED, MEASURED, MISSED, Drill
from measurement.periods import Range
from measurement.scope import scope_of
from records import operations as record_operations
from tests.conftest import moment
from tests.measurement.conftest import day

KPIS = (
    "chg-success", "chg-fail", "chg-incidents-caused", "chg-emergency", "chg-lead-time", "chg-standard-share",
    "chg-pir", "chg-window",
)  # fmt: skip
MARCH = ("2026-03-01", "2026-04-01")


def settle():
    """Count what acts have touched, and find the same as a full count would."""
    while rebuild.settle_marks():
        pass
    assert rebuild.compare(heal=False) == {}


def value(name, viewer, first="2026-03-01", after="2026-04-01", **filters):
    settle()
    [found] = queries.series(declarations.kpi(name), Range(day(first), day(after)), scope_of(viewer, **filters))
    return found.total


def share(name, viewer, **filters):
    found = value(name, viewer, **filters)
    return (found.numerator, found.denominator)


@pytest.fixture(autouse=True)
def _counted(db):
    rebuild.rebuild_all()


@pytest.fixture
def emergency(house, write_change):
    """An emergency of Thursday from 20:00 to 22:00 that went from submission to its end as told."""

    def make(*, outcome="successful", begin="2026-03-05 20:00", end="2026-03-05 21:00", close="2026-03-06 09:00"):
        start = moment(begin)
        window = (begin, (start + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M"))
        change = write_change(type="emergency", harm="Nobody can work.", window=window, items=[])
        change = operations.submit(change=change, by=house.aisha, at=moment("2026-03-02 09:10"))
        change = operations.authorize(change=change, by=house.ines, at=moment("2026-03-02 09:20"))
        change = operations.begin(change=change, by=house.tom, at=start, notice_was_sent=True, reason="now")
        change = operations.finish(change=change, by=house.tom, at=moment(end), outcome=outcome)
        if close:
            change = operations.close(
                change=change, by=house.ines, at=moment(close), review="Fine.", incidents_are_linked=True,
                items_are_updated=True, reason="Ines looked at it.",
            )  # fmt: skip
        return change

    return make


@pytest.fixture
def _nobody_to_ask(monkeypatch):
    """Emergencies in these tests are closed without the late approval, which other tests are about."""
    monkeypatch.setattr("changes.queries.facts.ChangeFacts.was_decided_late", True)


pytestmark = pytest.mark.usefixtures("_nobody_to_ask")


def test_without_any_change_there_is_no_value(house):
    assert [value(name, house.tom).number for name in KPIS] == [None] * len(KPIS)


def test_a_change_that_worked_in_its_window_is_a_success(house, emergency):
    emergency()

    assert share("chg-success", house.tom) == (1, 1)
    assert share("chg-fail", house.tom) == (0, 1)
    assert share("chg-window", house.tom) == (1, 1)
    assert share("chg-emergency", house.tom) == (1, 1)
    assert share("chg-standard-share", house.tom) == (0, 1)


def test_one_that_ended_after_its_window_is_no_success(house, emergency):
    emergency(end="2026-03-05 22:01")

    assert share("chg-success", house.tom) == (0, 1)
    assert share("chg-window", house.tom) == (0, 1)
    assert share("chg-fail", house.tom) == (0, 1)


def test_one_that_ended_with_the_last_minute_of_its_window_was_inside(house, emergency):
    emergency(end="2026-03-05 22:00")

    assert share("chg-window", house.tom) == (1, 1)


@pytest.mark.parametrize("outcome", ["failed", "backed_out"])
def test_failed_and_backed_out_are_failures_and_issues_are_neither(house, emergency, outcome):
    emergency(outcome=outcome)
    emergency(outcome="with_issues", begin="2026-03-12 20:00", end="2026-03-12 21:00", close="2026-03-13 09:00")

    assert share("chg-fail", house.tom) == (1, 2)
    assert share("chg-success", house.tom) == (0, 2)


def test_an_incident_linked_later_takes_the_success_back(house, emergency, log_incident):
    change = emergency()
    assert share("chg-success", house.tom) == (1, 1)
    incident = log_incident(at=moment("2026-03-06 08:00"))

    link = record_operations.link(
        record=incident, to=change, kind="caused_by", by=house.tom, at=moment("2026-03-09 09:00")
    )

    assert share("chg-success", house.tom) == (0, 1)
    assert share("chg-incidents-caused", house.tom) == (1, 1)

    record_operations.unlink(link=link, by=house.tom, at=moment("2026-03-10 09:00"))

    assert share("chg-success", house.tom) == (1, 1)
    assert value("chg-incidents-caused", house.tom).number == 0


def test_rejected_and_cancelled_changes_are_not_closed(house, write_change):
    change = operations.submit(change=write_change(), by=house.aisha, at=moment("2026-03-02 09:10"))
    operations.reject(change=change, by=house.ines, at=moment("2026-03-03 09:00"), reason="No")
    operations.cancel(change=write_change(), by=house.aisha, at=moment("2026-03-03 09:00"), reason="No")

    assert value("chg-success", house.tom).number is None
    assert value("chg-window", house.tom).number is None


def test_lead_time_is_from_the_latest_submission_to_the_end_of_the_work(house, emergency):
    emergency()

    found = value("chg-lead-time", house.tom)

    # Monday 09:10 to Thursday 21:00.
    assert (found.numerator, found.denominator) == ((3 * 24 * 60 + 11 * 60 + 50) * 60, 1)


def test_a_review_on_the_day_it_is_due_is_in_time_and_a_day_later_is_not(house, emergency):
    emergency(close="2026-03-10 22:59")
    emergency(begin="2026-03-12 20:00", end="2026-03-12 21:00", close="2026-03-18 00:00")

    dues = Change.objects.order_by("pk").values_list("review_due_date", flat=True)
    assert list(dues) == [day("2026-03-10"), day("2026-03-17")]
    assert share("chg-pir", house.tom) == (1, 2)


def test_a_change_under_review_is_implemented_and_not_closed(house, emergency):
    emergency(close="")

    assert share("chg-window", house.tom) == (1, 1)
    assert value("chg-success", house.tom).number is None


def test_the_night_on_which_clocks_are_set_back_counts_true_time(house, emergency, settings):
    settings.TIME_ZONE = "Europe/Oslo"
    rebuild.rebuild_all()
    # 02:30 summer time to 02:10 winter time, and inside the window; the wall clock went backwards.
    emergency(begin="2026-10-25 00:30", end="2026-10-25 01:10", close="2026-10-25 23:00")

    assert value("chg-window", house.tom, "2026-10-25", "2026-10-26").numerator == 1
    assert value("chg-success", house.tom, "2026-10-25", "2026-10-26").denominator == 0
    assert value("chg-success", house.tom, "2026-10-26", "2026-10-27").numerator == 1
    hours = value("chg-lead-time", house.tom, "2026-10-25", "2026-10-26").number
    assert hours == (moment("2026-10-25 01:10") - moment("2026-03-02 09:10")) / timedelta(hours=1)


def test_what_stands_behind_a_number_is_as_long_as_the_number(house, vpn, emergency, log_incident, subtests):
    emergency(outcome="failed")
    change = emergency(begin="2026-03-12 20:00", end="2026-03-12 21:00", close="2026-03-13 09:00")
    incident = log_incident(at=moment("2026-03-12 22:00"))
    record_operations.link(record=incident, to=change, kind="caused_by", by=house.tom, at=moment("2026-03-13 09:00"))
    for name, filters in product(KPIS, ({}, {"service": vpn.pk}, {"team": house.networks.pk})):
        with subtests.test(f"{name} {filters}"):
            kpi, found = declarations.kpi(name), value(name, house.tom, **filters)
            drill = Drill(kpi, Range(day(MARCH[0]), day(MARCH[1])), scope_of(house.tom, **filters))

            rows = {part: drill.rows(part).values() for part in (COUNTED, MEASURED, MISSED)}
            lengths = {part: sum(each.count() for each in counted) for part, counted in rows.items()}

            assert lengths[MEASURED] == found.denominator == 2
            assert lengths[COUNTED] == (found.numerator if kpi.counted == kpi.numerator else 2)
            if kpi.unit == "percent":
                assert lengths[MISSED] == found.missed


def test_otto_has_none_of_it(house, emergency):
    emergency()

    assert [value(name, house.otto).number for name in KPIS] == [None] * len(KPIS)
