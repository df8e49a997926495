"""Items, relations, impact and imports over REST."""

import pytest

from people.models import Organization
from services.models import ConfigurationItem, Offering, Relation, Service
from tests.api.conftest import as_, token_of  # noqa: F401 - callers of the API


@pytest.fixture
def ines(as_, house):  # noqa: F811 - the fixture of this name
    return as_(house.ines)


def test_an_item_is_entered_changed_retired_and_used_again(ines, vpn):
    made = ines.post(
        "items/", {"name": "gw-3", "type": "network-device", "service": "vpn", "attributes": {"model": "A"}}
    )
    at = made["Location"]
    changed = ines.patch(at, {"criticality": 1, "further_services": []}, if_match=made["ETag"])
    stale = ines.patch(at, {"criticality": 2}, if_match=made["ETag"])
    blocked = ines.post(f"{at}retirement/")
    retired = ines.post(f"{at}retirement/", {"confirm": True, "reason": "sold"})
    used = ines.post(f"{at}use/")

    codes = [each.status_code for each in (made, changed, stale, blocked, retired, used)]
    assert codes == [201, 200, 412, 422, 200, 200]
    assert made.json()["attributes"] == {"model": "A"}
    assert stale.json()["current"]["criticality"] == 1
    assert (retired.json()["status"], used.json()["is_active"]) == ("retired", True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x", "type": "spaceship"}, "type"),
        ({"name": "x", "attributes": {"model": "A"}}, "attributes"),
        ({"name": "x", "attributes": []}, "attributes"),
        ({"name": "x", "type": "server", "attributes": {"memory_gb": "much"}}, "attributes.memory_gb"),
        ({"name": "x", "type": "server", "attributes": {"memory_gb": [1]}}, "attributes.memory_gb"),
        ({"name": "x", "status": "retired"}, "status"),
        ({"name": "x", "color": "red"}, "color"),
    ],
)
def test_a_body_that_does_not_fit_names_its_field(ines, body, field):
    refused = ines.post("items/", body)

    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert not ConfigurationItem.objects.exists()


def test_relations_and_impact_over_rest(ines, gateway, vpn, item):
    host = gateway.relations_out.get().target
    rack = item("rack-1", "facility")

    made = ines.post(f"items/{host.pk}/relations/", {"type": "runs_on", "to": "rack-1"})
    impact = ines.get(f"items/{rack.pk}/impact/?depth=5").json()
    listed = ines.get(f"items/{host.pk}/relations/").json()["items"]
    removed = ines.delete(made["Location"])

    assert [(each["name"], each["steps"]) for each in impact["items"]] == [("esx-3", 1), ("vpn-gw-2", 2)]
    assert [each["name"] for each in impact["services"]] == ["VPN"]
    assert (impact["people"], impact["hidden"], impact["is_cut"]) == (7, 0, False)
    assert [(each["source"]["name"], each["label"], each["target"]["name"]) for each in listed] == [
        ("esx-3", "runs on", "rack-1"),
        ("vpn-gw-2", "runs on", "esx-3"),
    ]
    assert removed.status_code == 204
    assert Relation.objects.count() == 1


def test_otto_counts_what_he_may_not_see(as_, house, gateway, item, relate):  # noqa: F811 - the fixture of this name
    secret = Service.objects.create(name="Trading floor", slug="trading")
    Offering.objects.create(service=secret, name="Gold").organizations.add(house.acme)
    floor = item("floor-switch", service=secret)
    relate(floor, "runs_on", gateway)
    otto = as_(house.otto)

    impact = otto.get(f"items/{gateway.pk}/impact/").json()

    assert (impact["items"], impact["hidden"]) == ([], 2)
    assert [each["name"] for each in impact["services"]] == ["VPN"]
    assert otto.get(f"items/{floor.pk}/").status_code == 404
    assert otto.get("items/?q=floor").json()["items"] == []


def test_an_import_over_rest_is_checked_then_written(ines, vpn):
    items = [
        {"key": "s-1", "name": "esx-3", "type": "server", "attributes": {"memory_gb": 512}},
        {"key": "s-2", "name": "gw", "services": ["VPN"], "relations": [{"type": "runs_on", "to": "s-1"}]},
    ]

    checked = ines.post("item-imports/", {"items": items})
    before = ConfigurationItem.objects.count()
    written = ines.post(f"{checked['Location']}application/")
    again = ines.post("item-imports/", {"items": [{**items[0], "attributes": {"memory_gb": 768}}]}).json()

    assert (checked.status_code, checked.json()["stage"], before) == (201, "checked", 0)
    assert (written.json()["stage"], written.json()["counts"]["related"]) == ("applied", 1)
    assert again["lines"] == [
        {
            "line": 1,
            "outcome": "update",
            "key": "s-1",
            "name": "esx-3",
            "differences": [{"field": "Memory in GB", "ours": "512", "theirs": "768", "is_conflict": False}],
            "problems": [],
        }
    ]


def test_a_key_makes_an_item_once(ines):
    first, second = (ines.post("items/", {"name": "gw"}, idempotency_key="k-1") for _time in range(2))

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert ConfigurationItem.objects.count() == 1


def test_a_supplier_is_named_found_and_shown_only_to_those_who_may_see_it(as_, ines, house, vpn):  # noqa: F811
    carrier = Organization.objects.create(name="<b>Carrier</b>", slug="carrier")
    Service.objects.filter(pk=vpn.pk).update(supplier=carrier)
    made = ines.post("items/", {"name": "line-1", "service": "vpn", "supplier": "carrier"})
    refused = ines.post("items/", {"name": "line-2", "supplier": house.provider.slug})
    otto = as_(house.otto)

    assert made.json()["supplier"] == {"id": carrier.pk, "name": "<b>Carrier</b>"}
    assert [(refused.status_code, each["field"]) for each in refused.json()["errors"]] == [(422, "supplier")]
    assert [each["name"] for each in ines.get("items/?supplier=carrier").json()["items"]] == ["line-1"]
    assert ines.get(f"services/{vpn.pk}/").json()["supplier"]["id"] == carrier.pk
    assert otto.get("items/?supplier=carrier").json()["items"] == []
    assert otto.get(f"services/{vpn.pk}/").json()["supplier"] is None
    assert otto.get(made["Location"]).json()["supplier"] is None
