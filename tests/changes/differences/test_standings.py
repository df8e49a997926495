"""Looks over all items: who lacks what, whose verification is overdue, and what the two measures make of it."""

import pytest

from changes.differences import operations
from changes.differences.looking import look
from changes.differences.models import Standing
from measurement import declarations
from measurement.drill import MISSED, Drill
from measurement.periods import Range
from measurement.rebuild import compare
from measurement.scope import scope_of
from people.models import Team
from services import operations as items
from services.models import ConfigurationItem, ItemType, Relation, RelationType
from tests.changes.pipelines.test_measures import _counted, value  # noqa: F401 - the fixture
from tests.conftest import moment
from tests.measurement.conftest import day
from tests.parallel import at_once

KPIS = ("cfg-completeness", "cfg-unverified")
ENTERED = moment("2026-01-01 09:00")


@pytest.fixture
def server(db):
    found = ItemType.objects.get(slug="server")
    ItemType.objects.filter(pk=found.pk).update(verify_days=60)  # up to 2 March
    return ItemType.objects.get(pk=found.pk)


@pytest.fixture
def enter(house, server):
    def make(name, **said):
        values = {"name": name, "type": server, "owner": house.aisha} | said
        return items.create_item(by=None, at=ENTERED, values=values)

    return make


def parts(house, on, **filters):
    """Numerator and denominator of both measures at the end of a day."""
    after = f"{on[:8]}{int(on[8:]) + 1:02d}"
    found = [value(name, house.tom, on, after, **filters) for name in KPIS]
    return [(each.numerator, each.denominator) for each in found]


def relate(source, slug, target):
    return Relation.objects.create(source=source, target=target, type=RelationType.objects.get(slug=slug))


def test_a_way_to_a_service_leads_over_relations_through_circles_and_not_through_what_is_retired(house, vpn, enter):
    web, host, twin = enter("web", service=vpn), enter("host"), enter("twin")
    relate(web, "runs_on", host)
    relate(host, "depends_on", twin)
    relate(twin, "depends_on", host)  # a circle
    relate(web, "backed_up_by", enter("tape"))  # a failure goes no further
    enter("nobodys", service=vpn, owner=None)
    look(at=moment("2026-02-01 10:00"))
    assert parts(house, "2026-02-01") == [(3, 5), (0, 5)]

    items.retire(item=host, by=house.aisha, at=moment("2026-02-02 10:00"), confirm=True)
    look(at=moment("2026-02-02 11:00"))

    assert parts(house, "2026-02-02") == [(1, 4), (0, 4)]
    assert parts(house, "2026-02-01") == [(3, 5), (0, 5)]
    third = Range(day("2026-02-02"), day("2026-02-03"))
    [behind] = Drill(declarations.kpi("cfg-completeness"), third, scope_of(house.tom)).rows(MISSED).values()
    assert sorted(map(str, behind)) == ["nobodys", "tape", "twin"]


def test_a_cycle_ends_with_its_last_day_in_the_reporting_zone(house, vpn, enter, settings):
    """Sixty days after New Year's Day is 2 March; at 22:30 of UTC it is past midnight in Lord Howe long since."""
    settings.TIME_ZONE = "Australia/Lord_Howe"
    host, planned = enter("host", service=vpn), enter("planned", service=vpn, status="planned")
    steps = [look(at=moment(at)) for at in ("2026-03-02 12:59", "2026-03-02 13:01", "2026-03-02 13:02")]
    assert steps == [2, 1, 0]
    assert [parts(house, on)[1] for on in ("2026-03-02", "2026-03-03")] == [(0, 1), (1, 1)]

    operations.verify_all(items=[host, planned], by=house.aisha, at=moment("2026-03-04 10:00"))
    look(at=moment("2026-03-04 11:00"))
    assert parts(house, "2026-03-04") == [(2, 2), (0, 1)]

    ItemType.objects.filter(slug="server").update(verify_days=None)
    assert look(at=moment("2099-01-01 00:00")) == 0


def test_what_changes_twice_a_day_counts_as_it_ends_and_stays_where_it_was(house, vpn, enter):
    host = enter("host", service=vpn, team=house.networks)
    for hour, owner in enumerate((None, house.tom, None, house.tom), start=8):
        ConfigurationItem.objects.update(owner=owner)
        look(at=moment(f"2026-02-03 {hour:02d}:00"))
    assert parts(house, "2026-02-03", team=house.networks.pk)[0] == (1, 1)

    elsewhere = Team.objects.exclude(pk=house.networks.pk).first()
    items.edit_item(item=host, by=None, at=moment("2026-02-04 08:00"), values={"team": elsewhere})
    look(at=moment("2026-02-04 09:00"))

    assert [parts(house, f"2026-02-0{on}", team=house.networks.pk)[0] for on in (3, 4)] == [(1, 1), (0, 0)]
    look(at=moment("2026-01-15 09:00"))  # a clock that was set back dates nothing before what is kept
    assert compare(heal=False) == {}


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_keep_each_item_once(house, vpn):
    items.create_item(by=None, at=ENTERED, values={"name": "host", "service": vpn})

    assert at_once(*[lambda: look(at=moment("2026-02-01 10:00"))] * 2) == [None, None]

    assert Standing.objects.count() == 1


def test_otto_sees_no_standing_of_an_item_that_carries_nothing_of_his(house, enter):
    enter("host")
    look(at=moment("2026-02-01 10:00"))

    assert not Standing.objects.visible_to(house.otto).exists()
