"""Who is hit and what is needed: over relations and services, around circles, within bounds."""

import pytest

from people.models import User
from services.impact import Direction, edges_between, next_to, reach_of, walk
from services.models import Offering, Relation, RelationType, Service, ServiceDependency


@pytest.fixture
def chain(item, relate, vpn):
    """vpn ← vpn-gw-2 → esx-3 → san-1, with a fan in the server room."""
    gateway, host, storage = item("vpn-gw-2", service=vpn), item("esx-3"), item("san-1", "storage")
    relate(gateway, "runs_on", host)
    relate(host, "depends_on", storage)
    return gateway, host, storage


def test_a_failure_travels_up_to_services_and_those_that_need_them(chain, vpn):
    gateway, host, storage = chain
    finance = Service.objects.create(name="Finance", slug="finance")
    ServiceDependency.objects.create(service=finance, needs=vpn)

    found = walk([storage.pk], Direction.HIT, depth=5)

    assert found.depths == {storage.pk: 0, host.pk: 1, gateway.pk: 2, -vpn.pk: 3, -finance.pk: 4}
    assert (found.items, found.services) == ([storage.pk, host.pk, gateway.pk], [vpn.pk, finance.pk])
    assert not found.is_cut


def test_what_a_service_needs_is_the_way_back(chain, vpn):
    gateway, host, storage = chain

    found = walk([-vpn.pk], Direction.NEEDS, depth=5)

    assert found.depths == {-vpn.pk: 0, gateway.pk: 1, host.pk: 2, storage.pk: 3}


def test_the_walk_stops_at_the_depth_asked_for(chain):
    _gateway, host, storage = chain

    assert list(walk([storage.pk], Direction.HIT, depth=1)) == [storage.pk, host.pk]


def test_a_part_hits_the_whole_and_not_the_other_way(item, relate):
    blade, chassis = item("blade-1"), item("chassis-1")
    relate(blade, "part_of", chassis)

    assert walk([blade.pk], Direction.HIT).items == [blade.pk, chassis.pk]
    assert walk([chassis.pk], Direction.HIT).items == [chassis.pk]
    assert walk([chassis.pk], Direction.NEEDS).items == [chassis.pk, blade.pk]


def test_a_connection_passes_nothing_on_unless_its_type_says_so(item, relate):
    one, other = item("switch-a"), item("switch-b")
    relate(one, "connected_to", other)

    before = walk([one.pk], Direction.HIT).items
    RelationType.objects.filter(slug="connected_to").update(impact="both")

    assert before == [one.pk]
    assert walk([one.pk], Direction.HIT).items == [one.pk, other.pk]
    assert walk([other.pk], Direction.HIT).items == [other.pk, one.pk]


def test_a_circle_ends_where_it_meets_itself(item, relate):
    a, b, c = item("dns-1"), item("dhcp-1"), item("dns-2")
    for source, target in ((a, b), (b, c), (c, a)):
        relate(source, "depends_on", target)

    found = walk([a.pk], Direction.HIT, depth=10)

    assert found.depths == {a.pk: 0, c.pk: 1, b.pk: 2}


def test_what_is_retired_neither_is_hit_nor_passes_it_on(chain, vpn):
    gateway, host, storage = chain
    type(host).objects.filter(pk=host.pk).update(status="retired", is_active=False)

    assert list(walk([storage.pk], Direction.HIT, depth=5)) == [storage.pk]
    assert list(walk([-vpn.pk], Direction.NEEDS, depth=5)) == [-vpn.pk, gateway.pk]


def test_a_hub_is_cut_at_its_nearest_and_says_so(item, relate):
    hub = item("core-switch")
    for number in range(12):
        relate(item(f"desk-{number:02}"), "depends_on", hub)

    found = walk([hub.pk], Direction.HIT, depth=5, most=10)

    assert found.is_cut
    assert len(found) == 10
    assert set(found.depths.values()) == {0, 1}


def test_one_statement_walks_however_many_there_are(item, relate, django_assert_num_queries):
    hub = item("core-switch")
    for number in range(3):
        relate(item(f"desk-{number}"), "depends_on", hub)

    with django_assert_num_queries(2):  # the types of relations, and the walk
        walk([hub.pk], Direction.HIT)


def test_one_step_from_many_is_what_the_walks_find(chain, item, relate, vpn, django_assert_num_queries):
    gateway, host, storage = chain
    finance = Service.objects.create(name="Finance", slug="finance")
    ServiceDependency.objects.create(service=finance, needs=vpn)
    switch, gone = item("switch-a"), item("old-1", status="retired", is_active=False)
    relate(switch, "connected_to", host)
    relate(gone, "runs_on", storage)
    RelationType.objects.filter(slug="connected_to").update(impact="both")
    Service.objects.filter(pk=finance.pk).update(stage="retired")
    everything = [gateway.pk, host.pk, storage.pk, switch.pk, gone.pk, -vpn.pk, -finance.pk]

    with django_assert_num_queries(3):
        found = next_to(everything)

    for key in everything:
        for direction, near in ((Direction.HIT, found.hits), (Direction.NEEDS, found.needs)):
            assert near.get(key, set()) == set(walk([key], direction, depth=1)) - {key}, (key, direction)
    assert (found.is_cut, next_to([host.pk], most=1).is_cut) == (False, True)


def test_edges_say_what_connects_in_the_direction_of_the_walk(chain, vpn):
    gateway, host, storage = chain
    keys = walk([storage.pk], Direction.HIT, depth=5)

    up = [(edge.tail, edge.head, edge.label) for edge in edges_between(keys, Direction.HIT)]
    down = [(edge.tail, edge.head, edge.label) for edge in edges_between(keys, Direction.NEEDS)]

    assert sorted(up) == sorted(
        [
            (storage.pk, host.pk, "depends on"),
            (host.pk, gateway.pk, "runs on"),
            (gateway.pk, -vpn.pk, "is carried by"),
        ]
    )
    assert sorted(down) == sorted(
        [
            (host.pk, storage.pk, "is needed by"),
            (gateway.pk, host.pk, "carries"),
            (-vpn.pk, gateway.pk, "carries"),
        ]
    )


def test_a_service_for_everybody_reaches_every_organization(house, vpn):
    User.objects.filter(username="max").update(is_active=False)

    reach = reach_of([vpn.pk], house.tom)

    assert [(each.name, count) for each, count in reach.organizations] == [
        ("Northwind IT", 4),
        ("Acme", 1),
        ("Umbrella", 1),
    ]
    assert (reach.people, reach.unnamed) == (6, 0)


def test_an_organization_of_others_is_counted_and_not_named(house, vpn):
    Offering.objects.create(service=vpn, name="Gold").organizations.set([house.acme, house.umbrella])

    reach = reach_of([vpn.pk], house.otto)

    assert [each.name for each, _count in reach.organizations] == ["Umbrella"]
    assert (reach.people, reach.unnamed) == (1, 1)


def test_a_relation_to_itself_is_refused_by_the_database(item, relate):
    from django.db import IntegrityError

    one = item("esx-3")

    with pytest.raises(IntegrityError):
        Relation.objects.create(source=one, target=one, type=RelationType.objects.first())
