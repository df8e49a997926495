"""Single values: kept with the cells of their day, and sorted to the same medians that the records give."""

import numpy as np
import pytest
from django.db import connection

from incidents.models import Incident
from measurement import declarations, rebuild
from measurement.models import Reading
from measurement.periods import Range
from measurement.scope import scope_of
from measurement.singles import Singles, pack_values, unpack_values
from measurement.spreads import NOTHING, spreads
from tests.conftest import moment
from tests.measurement.conftest import day

KPI = "inc-mean-time-acknowledge"
MARCH = Range(day("2026-03-01"), day("2026-04-01"))


def test_values_of_every_width_come_out_as_they_went_in():
    runs = [[0, 255], [], [256], [65_535, 65_536], [2**32 - 1], [2**32, 2**39]]

    packed = memoryview(pack_values([np.array(each, np.int64) for each in runs]))

    assert [unpack_values(packed, number).tolist() for number in range(len(runs))] == runs
    assert (pack_values([]), pack_values([None, np.zeros(0, np.int64)])) == (b"", b"")
    assert unpack_values(b"", 3).tolist() == []


def test_a_sheet_has_its_values_in_the_order_of_its_cells():
    columns = ([4, 4, 4, 9, 4], [7, 2, 7, 7, 2], [30, 20, 10, 5, 0])
    singles = Singles(*(np.array(each) for each in columns))

    found = singles.by_sheet(singles.days, singles.places)

    assert {part: each.tolist() for part, each in found.items()} == {4: [0, 20, 10, 30], 9: [5]}


@pytest.fixture
def world(house, log_incident):
    """Sixty incidents of March at four places, answered after very unlike times; two that nobody answered."""
    draw = np.random.default_rng(7)
    for number in range(62):
        at = moment(f"2026-03-{1 + number % 30:02} {number % 24:02}:30")
        made = log_incident(at=at, impact=1 + number % 3, requester=house.maria)
        if number < 60:
            seconds = int(draw.choice([0, 1, 59, 3_600, 86_400, 9_000_000])) + number
            Incident.objects.filter(pk=made.pk).update(responded_at=at + np.timedelta64(seconds, "s").item())


def told_by_postgresql(days, more="true"):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY s / 60) FROM (SELECT r.*,"
            " extract(epoch FROM r.responded_at - r.opened_at) AS s FROM records_record r WHERE r.kind = 'incident'"
            f" AND (r.responded_at AT TIME ZONE 'UTC')::date BETWEEN %s AND %s AND {more}) counted",
            days,
        )
        return cursor.fetchone()


def test_medians_are_those_that_the_records_give(world, house, subtests):
    rebuild.rebuild_all()
    span = Range(day("2026-03-01"), day("2026-08-01"))

    found = spreads(declarations.kpi(KPI), span, scope_of(house.tom), grain="month", by=["priority"])

    whole = [day("2026-01-01"), day("2026-12-31")]
    march = [day("2026-03-01"), day("2026-03-31")]
    priorities = sorted({key for _first, key in found if key is not None})
    wanted = {(None, None): (whole,), (day("2026-03-01"), None): (march,)}
    wanted |= {(None, each): (whole, f"r.priority = {each}") for each in priorities}
    wanted |= {(day("2026-03-01"), each): (march, f"r.priority = {each}") for each in priorities}
    assert len(priorities) == 3
    for key, question in wanted.items():
        with subtests.test(str(key)):
            count, numbers = told_by_postgresql(*question)
            assert (found[key].count, found[key].median, found[key].p90) == (count, *map(pytest.approx, numbers))


def test_what_acts_change_is_sorted_anew_and_equals_a_full_count(world, house):
    rebuild.rebuild_all()
    kpi, scope = declarations.kpi(KPI), scope_of(house.tom)
    before = spreads(kpi, MARCH, scope)[()]
    for each in Incident.objects.filter(responded_at__lt=moment("2026-03-10 00:00"), responded_at__isnull=False):
        each.team = house.networks
        each.responded_at = each.opened_at
        each.save()
    rebuild.rebuild(day("2026-02-01"), day("2026-09-01"))

    after = spreads(kpi, MARCH, scope)[()]

    assert after != before
    assert rebuild.compare(heal=False) == {}
    Reading.objects.filter(family="incident.flow", cube="total").update(singles=b"")
    assert spreads(kpi, MARCH, scope).get((), NOTHING).count == 0
    assert set(rebuild.compare()) == {"incident.flow"}
    assert spreads(kpi, MARCH, scope)[()] == after


def test_filters_narrow_the_values_and_otto_gets_none_of_another_organization(world, house):
    rebuild.rebuild_all()
    kpi, scope = declarations.kpi(KPI), scope_of(house.tom)

    narrowed = spreads(kpi, MARCH, scope.narrowed(priority=4))
    apart = spreads(kpi, MARCH, scope, by=["priority"])

    assert narrowed[()] == apart[4,]
    assert 0 < narrowed[()].count < apart[None,].count
    assert spreads(kpi, MARCH, scope_of(house.otto)) == {}
    assert spreads(declarations.kpi("inc-fcr"), MARCH, scope) == {}
