"""The pages of items: list, item, entering and changing, relations, retirement."""

import re

import pytest

from audit.models import Entry
from changes.differences.models import Verification
from people.models import Organization
from services.models import ConfigurationItem, Offering, Relation, Service
from tests.conftest import moment


def form(**said):
    return {"name": "dns-1", "type": "server", "status": "live", "criticality": "2", "description": ""} | said


def test_the_list_shows_items_with_their_open_work(signed_in, house, gateway, log_incident):
    log_incident(item=gateway)

    page = signed_in(house.tom).get("/cmdb/")

    assert [(each.name, count) for each, count, _url in page.context["rows"]] == [("esx-3", 0), ("vpn-gw-2", 1)]
    assert "2 items" in page.text
    url = page.context["rows"][1][2]
    assert url == "/queue/?q=is%3Aopen+ci%3A%22vpn-gw-2%22"
    assert "VPN drops every 20 minutes" in signed_in(house.tom).get(url).text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=GW", ["vpn-gw-2"]),
        ("q=nothing", []),
        ("type=server", ["esx-3"]),
        ("type=none", []),
        ("service=vpn", ["vpn-gw-2"]),
        ("service=secret", []),
        ("status=retired", ["old-gw"]),
        ("status=all", ["esx-3", "old-gw", "vpn-gw-2"]),
        ("status=%00", ["esx-3", "vpn-gw-2"]),
        ("q=%25", []),
        ("lacks=owner", ["esx-3", "vpn-gw-2"]),
        ("lacks=service", ["esx-3"]),
        ("lacks=way", []),
        ("lacks=way&status=all", ["old-gw"]),
        ("lacks=details", []),
        ("lacks=verification", ["esx-3", "vpn-gw-2"]),
        ("lacks=everything", []),
    ],
)
def test_the_list_is_narrowed(signed_in, house, gateway, item, query, names):
    item("old-gw", status="retired", is_active=False)

    page = signed_in(house.tom).get(f"/cmdb/?{query}")

    assert [each.name for each, *_rest in page.context["rows"]] == names


def test_the_list_goes_forth_and_back_by_name(signed_in, house, item, monkeypatch):
    monkeypatch.setattr("itsm.configuration.asking.ROWS_A_PAGE", 2)
    for name in ("a", "b", "c", "d", "e"):
        item(name)
    tom = signed_in(house.tom)

    def names(url):
        page = tom.get(f"/cmdb/{url}")
        shown = [each.name for each, *_rest in page.context["rows"]]
        return shown, page.context["newer_url"], page.context["older_url"]

    first, no_newer, older = names("")
    second, newer, older = names(older)
    third, _newer, no_older = names(older)
    again, *_rest = names(newer)

    assert (first, second, third, again) == (["a", "b"], ["c", "d"], ["e"], ["a", "b"])
    assert (no_newer, no_older) == ("", "")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(signed_in, house, vpn, item, rows, django_assert_num_queries):
    for number in range(rows):
        item(f"esx-{number}", service=vpn, owner=house.aisha, team=house.networks)
    tom = signed_in(house.tom)
    tom.get("/cmdb/")

    with django_assert_num_queries(7):
        tom.get("/cmdb/")


def test_otto_sees_items_of_services_that_are_his_and_no_others(signed_in, house, vpn, gateway, item):
    secret = Service.objects.create(name="Trading floor", slug="trading")
    Offering.objects.create(service=secret, name="Gold").organizations.add(house.acme)
    floor = item("floor-switch", service=secret)
    otto = signed_in(house.otto)

    page = otto.get("/cmdb/?status=all")

    assert [each.name for each, *_rest in page.context["rows"]] == ["vpn-gw-2"]
    assert "floor-switch" not in page.text
    assert [otto.get(f"/ci/{floor.pk}/{rest}").status_code for rest in ("", "impact/")] == [404, 404]
    assert otto.get("/ci/999999/").status_code == 404
    assert signed_in(house.maria).get("/cmdb/").status_code == 403


def test_an_item_shows_facts_relations_work_and_whom_it_hits(signed_in, house, gateway, log_incident):
    incident = log_incident(item=gateway)

    page = signed_in(house.tom).get(f"/ci/{gateway.pk}/")

    assert [(each["label"], each["other"].name) for each in page.context["relations"]] == [("runs on", "esx-3")]
    assert incident.reference in page.text
    assert list(page.context["hit"].services.values()) == [gateway.service]
    assert page.context["hit"].reach.people == 7
    assert "Retire this item" not in page.text


def test_an_item_is_entered_with_the_attributes_of_its_type(signed_in, house, vpn):
    said = form(service=vpn.pk, attribute_memory_gb="16", attribute_environment="test")

    answer = signed_in(house.aisha).post("/cmdb/new/", said)

    made = ConfigurationItem.objects.get()
    assert answer.url == f"/ci/{made.pk}/"
    assert (made.name, made.type.slug, made.service, made.criticality) == ("dns-1", "server", vpn, 2)
    assert made.attributes == {"memory_gb": 16, "environment": "test"}
    entry = Entry.objects.get(subject_kind="item")
    assert (entry.action, entry.subject_id, entry.actor) == ("item.created", made.pk, house.aisha)


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"name": " "}, "name", "This field is required."),
        ({"name": "vpn-gw-2"}, "name", "Another item has this name. Choose one of its own."),
        ({"attribute_memory_gb": "much"}, "attribute_memory_gb", "is a number such as 16 or 2.5, not “much”."),
        ({"attribute_memory_gb": "NaN"}, "attribute_memory_gb", "not “NaN”"),
        ({"attribute_environment": "moon"}, "attribute_environment", "moon"),
        ({"type": "spaceship"}, "type", "Select a valid choice"),
        ({"status": "retired"}, "status", "retired"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_field(signed_in, house, gateway, said, field, sentence):
    answer = signed_in(house.aisha).post("/cmdb/new/", form(**said))

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert ConfigurationItem.objects.count() == 2
    assert not Entry.objects.filter(subject_kind="item").exists()


def test_hostile_names_are_shown_as_text(signed_in, house):
    name = '"><script>alert(1)</script>'
    aisha = signed_in(house.aisha)
    aisha.post("/cmdb/new/", form(name=name))
    made = ConfigurationItem.objects.get()

    pages = [aisha.get(url).text for url in ("/cmdb/", f"/ci/{made.pk}/", f"/ci/{made.pk}/impact/?view=graph")]

    assert all("<script>alert" not in page for page in pages)
    assert all("&lt;script&gt;alert" in page for page in pages)


def test_a_change_is_logged_with_before_and_after_in_words(signed_in, house, gateway):
    aisha = signed_in(house.aisha)
    said = form(
        name="vpn-gw-2", type="network-device", service=gateway.service_id, owner=house.aisha.pk, seen_version=1
    )

    aisha.post(f"/ci/{gateway.pk}/edit/", said | {"attribute_model": "ASR 1001"})

    gateway.refresh_from_db()
    assert (gateway.owner, gateway.version, gateway.attributes) == (house.aisha, 2, {"model": "ASR 1001"})
    line = aisha.get(f"/ci/{gateway.pk}/").context["history"][0]
    assert [(str(what), before, after) for what, before, after in line.changes] == [
        ("owner", "–", "Aisha Khan"),
        ("criticality", "useful", "important"),
        ("Model", "–", "ASR 1001"),
    ]


def test_a_change_over_a_newer_version_is_stopped_once(signed_in, house, gateway):
    ConfigurationItem.objects.filter(pk=gateway.pk).update(version=5, description="theirs")
    said = form(name="vpn-gw-2b", type="network-device", seen_version=4)
    aisha = signed_in(house.aisha)

    stopped = aisha.post(f"/ci/{gateway.pk}/edit/", said)
    shown = re.search(r'name="seen_version" value="(\d+)"', stopped.text)[1]
    aisha.post(f"/ci/{gateway.pk}/edit/", said | {"seen_version": shown})

    assert (stopped.status_code, shown) == (412, "5")
    assert "Somebody else changed this item" in stopped.text
    assert ConfigurationItem.objects.get(pk=gateway.pk).name == "vpn-gw-2b"


def test_people_without_the_right_change_nothing(signed_in, house, gateway):
    tom = signed_in(house.tom)
    relation = Relation.objects.get()

    refused = [
        tom.post("/cmdb/new/", form()),
        tom.post(f"/ci/{gateway.pk}/edit/", form()),
        tom.post(f"/ci/{gateway.pk}/retirement/", {"confirm": "on"}),
        tom.post(f"/ci/{gateway.pk}/use/"),
        tom.post(f"/ci/{gateway.pk}/relations/", {"type": "runs_on", "other_text": "esx-3"}),
        tom.post(f"/ci/{gateway.pk}/relations/{relation.pk}/removal/"),
    ]

    assert [answer.status_code for answer in refused] == [403] * 6
    assert ConfigurationItem.objects.filter(is_active=True).count() == 2
    assert Relation.objects.count() == 1


def test_relations_are_added_in_either_direction_and_removed(signed_in, house, gateway, item):
    rack = item("rack-1", "facility")
    aisha = signed_in(house.aisha)

    aisha.post(f"/ci/{gateway.pk}/relations/", {"type": "part_of", "other": rack.pk})
    aisha.post(f"/ci/{gateway.pk}/relations/", {"type": "-depends_on", "other_text": "RACK-1"})
    added = {
        (each.source_id, each.type.slug, each.target_id) for each in Relation.objects.filter(target__name="rack-1")
    }
    back = Relation.objects.get(source=rack)
    aisha.post(f"/ci/{gateway.pk}/relations/{back.pk}/removal/")

    assert added == {(gateway.pk, "part_of", rack.pk)}
    assert (back.type.slug, back.target_id) == ("depends_on", gateway.pk)
    assert not Relation.objects.filter(pk=back.pk).exists()
    told = Entry.objects.filter(subject_kind="item", subject_id=rack.pk).order_by("id")
    assert [entry.action for entry in told] == ["item.related", "item.related", "item.unrelated"]
    assert aisha.get(f"/ci/{rack.pk}/").context["history"][0].detail == "rack-1 depends on vpn-gw-2"


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ("vpn-gw-2", "related to itself. Choose another one."),
        ("esx-3", "This relation is there already."),
        ("nowhere", "There is no item with this name."),
        ("", "There is no item with this name."),
    ],
)
def test_a_relation_that_can_not_be_is_refused_with_the_reason(signed_in, house, gateway, other, sentence):
    answer = signed_in(house.aisha).post(f"/ci/{gateway.pk}/relations/", {"type": "runs_on", "other_text": other})

    assert answer.status_code == 422
    assert sentence in str(answer.context["relating"].errors["other_text"])
    assert Relation.objects.count() == 1


def test_an_item_that_others_need_is_retired_only_when_confirmed(signed_in, house, gateway):
    aisha = signed_in(house.aisha)

    asked = aisha.post(f"/ci/{gateway.pk}/retirement/", {"reason": "replaced"})
    aisha.post(f"/ci/{gateway.pk}/retirement/", {"reason": "replaced", "confirm": "on"})
    gateway.refresh_from_db()
    retired = (gateway.status, gateway.is_active)
    aisha.post(f"/ci/{gateway.pk}/use/")
    gateway.refresh_from_db()

    assert asked.status_code == 409
    assert "1 item or service still needs it." in asked.text
    assert retired == ("retired", False)
    assert (gateway.status, gateway.is_active) == ("live", True)
    told = Entry.objects.filter(subject_kind="item").order_by("id")
    assert [(entry.action, entry.reason) for entry in told] == [("item.retired", "replaced"), ("item.put_live", "")]


def test_the_picker_finds_what_begins_so_first(signed_in, house, item):
    for name in ("san-1", "vpn-san", "esx-3"):
        item(name)
    item("san-old", status="retired", is_active=False)

    found = signed_in(house.tom).get("/cmdb/choices/?q=san").json()

    assert [each["label"] for each in found] == ["san-1", "vpn-san"]


def test_the_fields_follow_the_type(signed_in, house, db):
    fragment = signed_in(house.aisha).get("/cmdb/fields/?type=network-device&attribute_model=ASR").text

    assert 'name="attribute_serial_number"' in fragment
    assert 'value="ASR"' in fragment
    assert "memory" not in fragment


def test_a_supplier_is_chosen_among_others_and_its_items_are_listed(signed_in, house, gateway):
    carrier = Organization.objects.create(name="<b>Carrier</b>", slug="carrier")
    gone = Organization.objects.create(name="Gone", slug="gone", is_active=False)
    page = signed_in(house.ines)
    at = f"/ci/{gateway.pk}/"

    offered = page.get(f"{at}edit/").context["form"].fields["supplier"].queryset
    page.post(f"{at}edit/", form(name="vpn-gw-2", supplier=carrier.pk, seen_version=gateway.version))
    shown = page.get(at).content.decode()

    assert carrier in offered
    assert not {house.provider, gone} & set(offered)
    assert "&lt;b&gt;Carrier&lt;/b&gt;" in shown
    assert "<b>Carrier" not in shown
    for who, names in ((house.ines, ["vpn-gw-2"]), (house.otto, [])):
        listed = signed_in(who).get("/cmdb/?supplier=carrier").context["rows"]
        assert [each.name for each, *_rest in listed] == names
    assert "Carrier" not in signed_in(house.otto).get(at).content.decode()


def test_ticked_items_are_verified_once_however_often_it_is_sent(signed_in, house, gateway):
    old = ConfigurationItem.objects.create(name="old-gw", status="retired", is_active=False)
    tom, aisha = signed_in(house.tom), signed_in(house.aisha)
    host = ConfigurationItem.objects.get(name="esx-3")
    said = {"item": [gateway.pk, host.pk, old.pk, "x", "9" * 30], "note": "Rack <4>", "token": "a" * 32}
    address = "/cmdb/verifications/?lacks=verification"

    assert tom.post(address, said).status_code == 403
    refused = aisha.post(address, {"token": "b" * 32})
    assert (refused.status_code, "None is selected" in refused.text) == (422, True)
    answers = [aisha.post(address, said) for _number in range(2)]

    assert [each.headers["Location"] for each in answers] == ["/cmdb/?lacks=verification"] * 2
    told = Verification.objects.order_by("item").values_list("item", "by", "note")
    assert list(told) == [(key, house.aisha.pk, "Rack <4>") for key in sorted((gateway.pk, host.pk))]
    assert Entry.objects.filter(action="item.verified").count() == 2
    page = aisha.get("/cmdb/?lacks=verification")
    assert (page.context["rows"], "2 items verified." in page.text) == ([], True)


def test_an_item_tells_what_it_lacks(signed_in, house, item):
    """The serial number became required after the printer was entered."""
    printer = item("printer-9", "printer", entered_at=moment("2020-02-29 23:30"))
    printer.type.attributes.filter(key="serial_number").update(is_required=True)

    page = signed_in(house.aisha).get(f"/ci/{printer.pk}/").text

    assert "required, not said yet" in page
    assert "No service that we know of is hit." in page
    assert "Was to be verified again by" in page
    assert signed_in(house.tom).get("/cmdb/?lacks=details").context["rows"][0][0] == printer
