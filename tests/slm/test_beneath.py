"""Clocks beneath the promise to the customer: the team's from the assignment, the supplier's while it has it."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import operations
from people.models import Organization
from records import operations as record_operations
from records.models import Record
from services.models import ConfigurationItem, Service, ServiceDependency
from slm import matching
from slm.enums import AgreementType
from slm.models import Clock
from slm.queries import clocks_of
from slm.sweep import sweep
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")


@pytest.fixture
def agreed(house, standard, make_agreement, around_the_clock):
    """Networks solves within four office hours, pausing for the requester; a carrier within two, around the clock."""
    make_agreement("Networks", type=AgreementType.TEAM, team=house.networks, pause_reasons=["requester"],
                   targets={("resolution", 4): 240, ("resolution", 3): 120})  # fmt: skip
    make_agreement("Carrier", type=AgreementType.SUPPLIER, supplier_name="Carrier", calendar=around_the_clock,
                   targets={("resolution", 4): 120})  # fmt: skip


def assign(ticket, house, at, team=None, assignee=None):
    ticket.refresh_from_db()
    return operations.assign(
        incident=ticket, by=house.tom, at=moment(at), team=team or house.networks, assignee=assignee
    )


def beneath(ticket, kind="team"):
    return list(
        Clock.objects.filter(record_id=ticket.pk, kind=kind)
        .order_by("id")
        .values_list("state", "agreement__name", "started_at", "due_at", "stopped_at")
    )


def test_it_begins_with_the_assignment_and_goes_on_while_the_team_stays(agreed, house, log_incident):
    ticket = log_incident(at=NINE)
    assert beneath(ticket) == []

    ticket = assign(ticket, house, "2026-03-02 10:00")
    assign(ticket, house, "2026-03-02 11:00", assignee=house.aisha)

    assert beneath(ticket) == [("running", "Networks", moment("2026-03-02 10:00"), moment("2026-03-02 14:00"), None)]


def test_it_ends_when_the_team_changes_and_begins_anew_when_it_comes_back(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")
    ticket = assign(ticket, house, "2026-03-02 12:00", team=house.first_line)
    ticket = assign(ticket, house, "2026-03-02 13:00")
    assign(ticket, house, "2026-03-02 17:30", team=house.first_line)

    assert [(state, stopped) for state, _name, _start, _due, stopped in beneath(ticket)] == [
        ("met", moment("2026-03-02 12:00")),
        ("missed", moment("2026-03-02 17:30")),
    ]


def test_it_pauses_by_its_own_agreement_and_stops_with_the_resolution(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00", assignee=house.aisha)
    ticket = operations.start(incident=ticket, by=house.aisha, at=moment("2026-03-02 10:00"))
    held = operations.hold(
        incident=ticket, by=house.aisha, at=moment("2026-03-02 11:00"), hold_for="requester", question="Which?"
    )
    assert beneath(ticket)[0][0] == "paused"
    running = operations.resume(incident=held, by=house.aisha, at=moment("2026-03-02 13:00"))
    assert beneath(ticket)[0][3] == moment("2026-03-02 16:00")

    operations.resolve(incident=running, by=house.aisha, at=moment("2026-03-02 15:00"), code="fixed", text="Done.")
    assert beneath(ticket)[0][0] == "met"

    operations.reopen(incident=running, by=house.tom, at=moment("2026-03-03 09:00"), reason="Again.")
    assert beneath(ticket) == [
        ("running", "Networks", moment("2026-03-02 10:00"), moment("2026-03-03 10:00"), None),
    ]


def test_a_supplier_has_its_clock_from_the_hand_over_to_the_return(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00", assignee=house.aisha)
    ticket = operations.start(incident=ticket, by=house.aisha, at=moment("2026-03-02 10:00"))
    held = operations.hold(
        incident=ticket, by=house.aisha, at=moment("2026-03-02 17:00"), hold_for="supplier", supplier_reference="S-1"
    )
    assert beneath(ticket, "supplier") == [
        ("running", "Carrier", moment("2026-03-02 17:00"), moment("2026-03-02 19:00"), None)
    ]

    operations.resume(incident=held, by=house.aisha, at=moment("2026-03-02 19:30"))

    assert beneath(ticket, "supplier")[0][0] == "missed"


def test_it_is_no_due_moment_of_the_ticket_and_a_miss_does_not_mark_it(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")

    sweep(moment("2026-03-02 15:00"))

    record = Record.objects.get(pk=ticket.pk)
    assert Clock.objects.get(record_id=ticket.pk, kind="team").breached_at == moment("2026-03-02 14:00")
    assert (record.due_at, record.is_breached) == (moment("2026-03-02 17:00"), False)
    assert {each.clock.kind for each in clocks_of(record, house.tom)} == {"response", "resolution", "team"}


def test_a_new_priority_retargets_it_by_its_own_agreement(agreed, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")

    record_operations.override_priority(
        record=ticket, by=house.tom, at=moment("2026-03-02 10:30"), priority=3, reason="Urgent."
    )

    assert beneath(ticket)[0][1:4:2] == ("Networks", moment("2026-03-02 12:00"))


def test_a_team_without_an_agreement_has_no_clock_and_another_kind_of_act_costs_nothing(standard, house, log_incident):
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")
    assert beneath(ticket) == []

    with CaptureQueriesContext(connection) as asked:
        record_operations.add_note(record=ticket, by=house.tom, at=moment("2026-03-02 10:30"), text="DNS?")

    assert [each["sql"] for each in asked if "slm_" in each["sql"]] == []


def take_to_supplier(log_incident, house, **said):
    ticket = assign(log_incident(at=NINE, **said), house, "2026-03-02 09:00")
    said = {"by": house.aisha, "at": moment("2026-03-02 10:00"), "hold_for": "supplier", "supplier_reference": "S-1"}
    return operations.hold(incident=ticket, **said)


def test_a_contract_is_found_through_the_services_that_the_ticket_s_service_needs(
    house, vpn, log_incident, standard, make_agreement
):
    lines, carrier, other = (Service.objects.create(name=name, slug=name) for name in ("lines", "carrier", "other"))
    for service, needs in ((vpn, lines), (lines, carrier), (carrier, vpn)):  # in a circle, too
        ServiceDependency.objects.create(service=service, needs=needs)
    for name, service in (("Far", carrier), ("Elsewhere", other), ("Anything", None)):
        make_agreement(
            name, type=AgreementType.SUPPLIER, supplier_name=name, service=service, targets={("resolution", 4): 120}
        )
    assert [name for _state, name, *_rest in beneath(take_to_supplier(log_incident, house), "supplier")] == ["Far"]
    make_agreement(
        "Near", type=AgreementType.SUPPLIER, supplier_name="N", service=lines, targets={("resolution", 4): 120}
    )

    ticket = take_to_supplier(log_incident, house)

    (clock,) = Clock.objects.filter(record_id=ticket.pk, kind="supplier").select_related("agreement")
    assert clock.agreement.name == "Near"
    assert matching.reasons(clock.match) == [
        "It is the contract with a supplier.",
        "It names a service that this one needs, and no other match is more specific.",
    ]
    assert [(each.name, each.outcome) for each in matching.candidates(clock.match)] == [
        ("Near", "chosen"),
        ("Far", "matches too, but less specifically"),
        ("Anything", "matches too, but less specifically"),
        ("Elsewhere", "is for another service"),
    ]


def test_the_team_takes_a_ticket_up_by_its_target_for_response_once_in_a_row(house, log_incident, make_agreement):
    make_agreement("Networks", type=AgreementType.TEAM, team=house.networks, targets={("response", 4): 60})
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 09:00")
    ticket = assign(ticket, house, "2026-03-02 09:30", assignee=house.aisha)
    ticket = operations.start(incident=ticket, by=house.aisha, at=moment("2026-03-02 10:30"))
    ticket = assign(ticket, house, "2026-03-02 11:00")  # the same team: it was taken up already
    assign(ticket, house, "2026-03-02 12:00", team=house.first_line)
    assign(ticket, house, "2026-03-02 13:00")

    assert [(state, start) for state, _name, start, *_rest in beneath(ticket, "team_response")] == [
        ("missed", NINE),
        ("running", moment("2026-03-02 13:00")),
    ]


def test_what_another_team_ended_stays_ended_when_the_ticket_goes_on(agreed, house, log_incident):
    """A ticket that had left the team is reopened, and judged anew, in another one."""
    ticket = assign(log_incident(at=NINE), house, "2026-03-02 10:00")
    ticket = assign(ticket, house, "2026-03-02 11:00", team=house.first_line)
    record_operations.override_priority(
        record=ticket, by=house.tom, at=moment("2026-03-02 11:30"), priority=3, reason="Worse."
    )
    ticket = operations.start(incident=assign(ticket, house, "2026-03-02 11:40", team=house.first_line),
                              by=house.tom, at=moment("2026-03-02 11:45"))  # fmt: skip
    ticket = operations.resolve(
        incident=ticket, by=house.tom, at=moment("2026-03-02 12:00"), code="fixed", text="Restarted."
    )
    operations.reopen(incident=ticket, by=house.tom, at=moment("2026-03-02 13:00"), reason="Again.")

    assert [(state, stopped) for state, _name, _start, _due, stopped in beneath(ticket)] == [
        ("met", moment("2026-03-02 11:00"))
    ]


@pytest.fixture
def suppliers(vpn, make_agreement):
    """A carrier supplies the service, a maker its gateway; the contract with each is the same but for its target."""
    carrier, maker = (Organization.objects.create(name=name, slug=name.lower()) for name in ("Carrier", "Maker"))
    Service.objects.filter(pk=vpn.pk).update(supplier=carrier)
    for supplier, minutes in ((carrier, 120), (maker, 60)):
        make_agreement(f"With {supplier}", type=AgreementType.SUPPLIER, supplier=supplier,
                       targets={("resolution", 4): minutes})  # fmt: skip
    return SimpleNamespace(
        carrier=carrier,
        maker=maker,
        gateway=ConfigurationItem.objects.create(name="vpn-gw-1", service=vpn, supplier=maker),
        cable=ConfigurationItem.objects.create(name="cable-1", service=vpn),
    )


def test_the_supplier_of_the_item_outweighs_that_of_the_service(suppliers, standard, house, log_incident):
    told = []
    for item in (suppliers.gateway, suppliers.cable):
        ticket = take_to_supplier(log_incident, house, item=item)
        (clock,) = Clock.objects.filter(record_id=ticket.pk, kind="supplier").select_related("agreement")
        told.append((clock.agreement.name, matching.reasons(clock.match)[0]))

    assert told == [
        ("With Maker", "It is the contract with the supplier of the configuration item."),
        ("With Carrier", "It is the contract with the supplier of the service."),
    ]


def test_a_supplier_without_a_contract_has_no_clock_and_another_item_brings_another_contract(
    suppliers, standard, house, log_incident
):
    nobody = Organization.objects.create(name="Nobody", slug="nobody")
    ConfigurationItem.objects.filter(pk=suppliers.cable.pk).update(supplier=nobody)
    assert beneath(take_to_supplier(log_incident, house, item=suppliers.cable), "supplier") == []
    ticket = take_to_supplier(log_incident, house)
    assert beneath(ticket, "supplier")[0][1::2] == ("With Carrier", moment("2026-03-02 12:00"))

    for item, at in ((suppliers.gateway, "10:30"), (suppliers.cable, "10:40")):
        ticket.refresh_from_db()
        about = {"incident": ticket, "by": house.aisha, "at": moment(f"2026-03-02 {at}")}
        operations.edit(values={"item": item}, **about)
        if item is suppliers.gateway:
            assert beneath(ticket, "supplier")[0][:4:3] == ("running", moment("2026-03-02 11:00"))
            assert beneath(ticket, "supplier")[0][1] == "With Maker"

    assert [state for state, *_rest in beneath(ticket, "supplier")] == ["cancelled"]


def test_which_agreements_beneath_would_hold_is_told_for_a_ticket_and_for_one_that_nobody_logged(
    agreed,
    house,
    log_incident,
    vpn,
    make_agreement,
    client,
    as_,  # noqa: F811
):
    """The item's supplier comes before the service's; both lose to nobody. Otto's people may ask for neither."""
    fiber, other = (Organization.objects.create(name=name, slug=name.lower()) for name in ("Fiber", "Other"))
    Service.objects.filter(pk=vpn.pk).update(supplier=other)
    item = ConfigurationItem.objects.create(name="gw-<b>1</b>", service=vpn, supplier=fiber)
    for name, supplier in (("Fiber lines", fiber), ("Other lines", other)):
        make_agreement(name, type=AgreementType.SUPPLIER, supplier=supplier, targets={("resolution", 4): 60})
    real = assign(log_incident(at=NINE, service=vpn, item=item), house, "2026-03-02 10:00")
    said = {"kind": "incident", "service": vpn.pk, "priority": 4, "requester": house.maria.pk}

    def chosen(**query):
        client.force_login(house.ines)
        return {
            each["type"]: (str(each["chosen"]), each["reasons"][0] if each["reasons"] else "")
            for each in client.get("/agreements/", query).context["matches"]
        }

    by_item = {
        "customer": ("Standard", "It is the agreement for everybody, and no more specific one matches."),
        "team": ("Networks", "It is the agreement with the team that has it."),
        "supplier": ("Fiber lines", "It is the contract with the supplier of the configuration item."),
    }
    assert chosen(reference=real.reference) == by_item
    assert chosen(**said, team=house.networks.pk, item=item.pk) == by_item
    assert chosen(**said, team=house.networks.pk, item_text=item.name) == by_item
    by_service = ("Other lines", "It is the contract with the supplier of the service.")
    assert chosen(**said) == {"customer": by_item["customer"], "supplier": by_service}
    assert chosen(**said, team=house.first_line.pk)["team"] == ("None", "")
    page = client.get("/agreements/", said | {"team": house.first_line.pk}).content.decode()
    assert "No agreement with the team that has it covers it" in page
    assert "<bdi>Networks</bdi>: is with another team" in page
    told = as_(house.ines).post("agreement-choices/", {"service": "vpn", "team": house.networks.slug, "item": item.pk})
    assert {key: (told.json()[key] or {})["agreement"]["name"] for key in ("team", "supplier")} == {
        "team": "Networks", "supplier": "Fiber lines",
    }  # fmt: skip
    assert as_(house.ines).post("agreement-choices/", {"service": "vpn"}).json()["team"] is None
    assert as_(house.tom).post("agreement-choices/", {"item": 999_999}).status_code == 422
