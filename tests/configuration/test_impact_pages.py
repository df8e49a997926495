"""Impact on pages: the tree, circles, groups, bounds, and what one may not see."""

import pytest

from itsm.configuration.graph import draw
from itsm.configuration.tree import in_order, tree_of
from services.impact import Edge
from services.models import Offering, Service


def edges(*pairs):
    return [Edge(tail, head, "runs on") for tail, head in pairs]


def test_each_node_stands_once_below_what_reached_it_first():
    tree = tree_of({1: 0, 2: 1, 3: 1, 4: 2}, edges((1, 2), (1, 3), (2, 4), (3, 4)))

    assert [(branch.key, branch.parent) for branch in in_order(tree)] == [(1, None), (2, 1), (4, 2), (3, 1)]
    assert tree[4].also == [3]
    assert all(not branch.loops for branch in tree.values())


def test_a_circle_is_marked_where_it_closes():
    tree = tree_of({1: 0, 2: 1, 3: 2}, edges((1, 2), (2, 3), (3, 1)))

    assert tree[3].loops == [1]
    assert (tree[1].parent, tree[1].also) == (None, [])


def test_an_edge_between_neighbors_is_no_circle_unless_there_is_a_way_back():
    plain = tree_of({1: 0, 2: 1, 3: 1}, edges((1, 2), (1, 3), (2, 3)))
    both = tree_of({1: 0, 2: 1, 3: 1}, edges((1, 2), (1, 3), (2, 3), (3, 2)))

    assert (plain[3].also, plain[2].loops) == ([2], [])
    assert (both[2].loops, both[3].loops) == ([3], [2])


def test_a_node_whose_way_is_hidden_stands_by_itself():
    tree = tree_of({1: 0, 5: 2}, [])

    assert [branch.key for branch in in_order(tree)] == [1, 5]


def test_more_than_five_of_a_type_are_drawn_as_one_until_opened():
    tree = tree_of({1: 0} | dict.fromkeys(range(2, 9), 1), edges(*((1, key) for key in range(2, 9))))

    grouped = draw(tree, type_of=lambda key: "laptop")
    opened = draw(tree, type_of=lambda key: "laptop", opened={"1.laptop"})

    assert [(box.name, len(box.keys)) for box in grouped.boxes] == [("1", 1), ("1.laptop", 7)]
    assert len(opened.boxes) == 8
    assert len(opened.lines) == 7


def test_at_most_sixty_nodes_are_drawn_and_the_rest_is_counted():
    keys = range(2, 102)
    tree = tree_of({1: 0} | dict.fromkeys(keys, 1), edges(*((1, key) for key in keys)))

    drawing = draw(tree, type_of=lambda key: f"type-{key}")

    assert len(drawing.boxes) == 60
    assert drawing.left_out == 41
    assert len({(box.x, box.y) for box in drawing.boxes}) == 60


@pytest.fixture
def floor(house, item, relate, gateway):
    """A switch that carries a service for Acme alone, on the same host as the gateway for all."""
    secret = Service.objects.create(name="Trading floor", slug="trading", criticality=1)
    Offering.objects.create(service=secret, name="Gold").organizations.add(house.acme)
    switch = item("floor-switch", "network-device", service=secret)
    host = gateway.relations_out.get().target
    relate(switch, "runs_on", host)
    return host


def test_impact_names_services_people_agreements_and_open_work(signed_in, house, floor, gateway, log_incident):
    incident = log_incident(item=gateway)

    page = signed_in(house.tom).get(f"/ci/{floor.pk}/impact/")

    rows = [(row["node"].name, row["branch"].depth, row["open_work"]) for row in page.context["rows"]]
    assert sorted(rows) == [
        ("Trading floor", 2, 0),
        ("VPN", 2, 0),
        ("esx-3", 0, 0),
        ("floor-switch", 1, 0),
        ("vpn-gw-2", 1, 1),
    ]
    assert page.context["counts"] == {"items": 2, "services": 2}
    assert page.context["hit"].reach.people == 7
    assert incident.reference in page.text
    assert page.context["hit"].hidden == 0


def test_what_otto_may_not_see_is_counted_and_not_named(signed_in, house, floor, gateway):
    from services.models import ConfigurationItem

    # The host carries the VPN too, so that Otto may look at it.
    ConfigurationItem.objects.filter(pk=floor.pk).update(service=gateway.service)

    page = signed_in(house.otto).get(f"/ci/{floor.pk}/impact/")

    assert sorted(row["node"].name for row in page.context["rows"]) == ["VPN", "esx-3", "vpn-gw-2"]
    assert page.context["hit"].hidden == 2
    assert "2 more that you may not see are found." in page.text
    assert "floor-switch" not in page.text
    assert "Trading" not in page.text
    assert "Acme" not in page.text


def test_the_drawing_is_bold_towards_the_most_critical_service(signed_in, house, floor):
    page = signed_in(house.tom).get(f"/ci/{floor.pk}/impact/?view=graph")

    lines = page.context["drawing"]["drawing"].lines
    assert len(lines) == 4
    assert sum(line.is_critical for line in lines) == 2
    assert page.text.count('class="impact-graph__node') == 5


def test_the_other_direction_tells_what_a_service_needs(signed_in, house, floor, gateway):
    page = signed_in(house.tom).get("/cmdb/services/vpn/impact/?direction=needs")

    assert [(row["node"].name, row["branch"].label) for row in page.context["rows"]] == [
        ("VPN", ""),
        ("vpn-gw-2", "carries"),
        ("esx-3", "carries"),
    ]


def test_a_circle_is_told_and_drawn_once(signed_in, house, item, relate):
    dns, dhcp = item("dns-1"), item("dhcp-1")
    relate(dns, "depends_on", dhcp)
    relate(dhcp, "depends_on", dns)
    tom = signed_in(house.tom)

    listed, drawn = (tom.get(f"/ci/{dns.pk}/impact/?depth=10{view}") for view in ("", "&view=graph"))

    assert len(listed.context["rows"]) == 2
    assert "leads back to" in listed.text
    assert [line.is_loop for line in drawn.context["drawing"]["drawing"].lines] == [False, True]


def test_impact_asks_as_often_for_many_as_for_few(signed_in, house, item, relate, django_assert_num_queries):
    hub = item("core-switch")
    relate(item("desk-0"), "depends_on", hub)
    tom = signed_in(house.tom)
    tom.get(f"/ci/{hub.pk}/impact/")
    with django_assert_num_queries(12):
        tom.get(f"/ci/{hub.pk}/impact/")
    for number in range(1, 4):
        relate(item(f"desk-{number}"), "depends_on", hub)

    with django_assert_num_queries(12):
        tom.get(f"/ci/{hub.pk}/impact/")


@pytest.mark.parametrize(
    "query", ["depth=0", "depth=x", "depth=99", "direction=sideways", "view=x", "open=%00", "all=1"]
)
def test_senseless_parameters_get_the_usual_page(signed_in, house, gateway, query):
    assert signed_in(house.tom).get(f"/ci/{gateway.pk}/impact/?{query}").status_code == 200
