"""Changes nobody authorized, records that are right, and drift: literal cases, and the same by a full count."""

from datetime import timedelta

import pytest

from changes.differences import operations
from changes.differences.models import Difference
from measurement import declarations
from measurement.drill import COUNTED, Drill
from measurement.periods import Range
from measurement.scope import scope_of
from services.models import ConfigurationItem
from tests.changes.pipelines.test_measures import _counted, value  # noqa: F401 - the fixture
from tests.conftest import moment
from tests.measurement.conftest import day

from .conftest import FRIDAY_9

KPIS = ("chg-unauthorised", "cfg-accuracy", "cfg-drift")


def parts(house, first="2026-03-02", after="2026-03-09", **filters):
    found = [value(name, house.tom, first, after, **filters) for name in KPIS]
    return [(each.numerator, each.denominator) for each in found]


@pytest.fixture
def week(house, host, scan):
    """The scanner compares two hosts, one of which differs in two things; Aisha looks at both on Saturday."""
    other = ConfigurationItem.objects.create(name="esx-4", type=host.type, service=host.service, external_key="s-2")
    scan("key;memory GB;status\ns-1;64;planned\ns-2;;\n")
    saturday = FRIDAY_9 + timedelta(days=1)
    operations.verify(item=host, by=house.aisha, at=saturday, difference="The label is missing.")
    operations.verify(item=other, by=house.aisha, at=saturday)


def test_nothing_looked_at_is_nothing_found(house, host):
    assert parts(house) == [(0, None), (0, 0), (0, 0)]


def test_differences_count_each_and_verifications_once(house, week):
    assert parts(house) == [(3, None), (2, 4), (1, 2)]
    assert parts(house, service=0) == [(0, None), (0, 0), (0, 0)]


def test_what_is_explained_later_leaves_the_day_on_which_it_was_found(house, week):
    assert parts(house)[0] == (3, None)
    later = moment("2026-05-01 00:00")
    scanned = Difference.objects.exclude(field="")

    operations.explain(differences=scanned, by=house.ines, at=later, reason="The record was wrong.")

    # The record stays wrong as it was found, but nothing drifted by itself.
    assert parts(house) == [(1, None), (2, 4), (0, 2)]
    operations.reopen(difference=scanned.first(), by=house.ines, at=later, reason="It was right.")
    assert parts(house) == [(2, None), (2, 4), (1, 2)]


def test_what_stands_behind_a_number_is_as_long_as_the_number(house, week, client, time_machine):
    value("chg-unauthorised", house.tom)
    for name, count in (("chg-unauthorised", 3), ("cfg-accuracy", 2), ("cfg-drift", 1)):
        drill = Drill(declarations.kpi(name), Range(day("2026-03-02"), day("2026-03-09")), scope_of(house.tom))
        assert sum(each.count() for each in drill.rows(COUNTED).values()) == count

    time_machine.move_to(FRIDAY_9 + timedelta(days=2), tick=False)
    client.force_login(house.tom)
    for name in KPIS:
        page = client.get(f"/kpi/{name}/records/?days=7").content.decode()
        assert "esx-" in page


def test_the_night_on_which_clocks_are_set_back_is_one_day(house, host, scan, settings):
    settings.TIME_ZONE = "Europe/Oslo"
    for at in ("2026-10-24 22:30", "2026-10-25 01:30", "2026-10-25 22:59", "2026-10-25 23:00"):
        operations.verify(item=host, by=house.aisha, at=moment(at), difference="Off")

    assert parts(house, "2026-10-25", "2026-10-26")[:2] == [(3, None), (0, 3)]
