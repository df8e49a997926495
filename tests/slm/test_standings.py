"""How services, promises and contracts stand, by hand: none, half, one left out by its state, and Otto."""

from datetime import date

import pytest

from measurement import declarations, rebuild
from measurement.drill import HIT, MEASURED, MISSED, Drill
from measurement.periods import Range
from measurement.scope import scope_of
from services.models import Offering, Service, ServiceDependency
from slm import operations
from slm.models import Agreement
from slm.standings.looking import look
from slm.standings.models import Standing
from tests.changes.pipelines.test_measures import value
from tests.conftest import moment
from tests.parallel import at_once

KPIS = ("slm-coverage", "slm-backtoback", "sup-expiring")
MONDAY, TUESDAY = moment("2026-03-02 09:00"), moment("2026-03-03 09:00")
UP_TO = Range(date(2026, 3, 1), date(2026, 3, 3))


@pytest.fixture(autouse=True)
def _counted(db):
    rebuild.rebuild_all()


def told(name, viewer, after="2026-03-03"):
    found = value(name, viewer, "2026-03-01", after)
    return found.numerator, found.denominator


def behind(name, viewer, part):
    found = Drill(declarations.kpi(name), UP_TO, scope_of(viewer)).rows(part)
    return sorted((str(row), row.measured_note) for rows in found.values() for row in rows)


def test_where_there_is_nothing_no_figure_is_told(house, subtests):
    assert look(at=MONDAY) == 0
    for name in KPIS:
        with subtests.test(name):
            assert value(name, house.ines, "2026-03-01", "2026-03-03").text == "n/a"


def test_services_that_customers_use_are_covered_by_an_agreement_in_force_with_more_than_one_person(
    house, vpn, make_agreement
):
    """VPN is covered; mail only in a draft, print only for Maria; the network stands below, the archive is retired."""
    mail, printing, network, lines = (
        Service.objects.create(name=name, slug=name.lower()) for name in ("Mail", "Print", "Network", "Lines")
    )
    Service.objects.create(name="Archive", slug="archive", stage="retired")
    for needed in (network, lines):
        ServiceDependency.objects.create(service=vpn, needs=needed)
    Offering.objects.create(service=lines, name="Leased lines")
    make_agreement("VPN", service=vpn, organization=house.acme)
    make_agreement("Mail", service=mail, state="draft")
    make_agreement("Print", service=printing, requester=house.maria)
    look(at=MONDAY)

    assert told("slm-coverage", house.ines) == (1, 4)
    assert behind("slm-coverage", house.ines, HIT) == [("VPN", "covered")]
    assert [row for row, _note in behind("slm-coverage", house.ines, MISSED)] == ["Lines", "Mail", "Print"]
    assert value("slm-coverage", house.ines, "2026-03-01", "2026-03-03", team=house.networks.pk).number == 100
    assert told("slm-coverage", house.otto) == (0, 0) and behind("slm-coverage", house.otto, MEASURED) == []

    make_agreement("Everything")
    assert look(at=TUESDAY) == 6  # three end uncovered and begin covered
    assert [told("slm-coverage", house.ines, f"2026-03-0{on}") for on in (3, 4)] == [(1, 4), (4, 4)]
    assert look(at=TUESDAY) == 0
    Service.objects.filter(pk=mail.pk).update(is_sample=True)
    assert look(at=moment("2026-03-04 09:00"), is_sample=False) == 1
    assert told("slm-coverage", house.ines, "2026-03-05") == (3, 3)
    Agreement.objects.update(state="retired")
    assert look(at=MONDAY, is_sample=False) == 6  # by a clock that was set back: what holds ends when it began
    assert told("slm-coverage", house.ines, "2026-03-05") == (0, 3)


def test_promises_are_carried_as_far_as_those_underneath_promise_as_much(house, vpn, make_agreement):
    """Of four targets three depend on others: one carried, one too slow, one missing; the answer is ours alone."""
    sla = make_agreement(
        "Acme", {("resolution", 1): 60, ("resolution", 2): 120, ("resolution", 3): 480, ("response", 1): 15},
        organization=house.acme, service=vpn,
    )  # fmt: skip
    draft = make_agreement("Draft", {("resolution", 1): 60}, service=vpn, state="draft")
    look(at=MONDAY)
    assert told("slm-backtoback", house.ines) == (0, 0)  # nothing stands underneath at all

    ola = make_agreement("OLA", {("resolution", 1): 60, ("resolution", 2): 240}, type="team", team=house.networks)
    look(at=MONDAY)

    assert told("slm-backtoback", house.ines) == (1, 3)
    assert behind("slm-backtoback", house.ines, HIT) == [("Acme: Resolution, P1 critical", "carried")]
    assert told("slm-backtoback", house.max) == told("slm-backtoback", house.otto) == (0, 0)
    ola.targets.update(target_minutes=60)
    sla.availability_target = 99
    sla.save()
    ServiceDependency.objects.create(service=vpn, needs=Service.objects.create(name="Network", slug="network"))
    look(at=TUESDAY)

    assert told("slm-backtoback", house.ines, "2026-03-04") == (2, 4)
    assert str(Standing.objects.get(clock="availability")) == "Acme: Availability"
    assert not Standing.objects.filter(agreement=draft).exists()


def test_a_contract_waits_for_a_decision_from_thirty_days_before_its_notice(house, vpn, make_agreement):
    """Ninety days of notice and thirty before: a contract that ends on 1 July is to be decided from 3 March on."""
    said = {"type": "supplier", "service": vpn, "targets": {}}
    ending = make_agreement("Ending", supplier_name="Carrier", valid_to=date(2026, 7, 1), **said)
    make_agreement("Endless", supplier_name="Other", **said)
    make_agreement("Retired", supplier_name="Old", state="retired", valid_to=date(2026, 3, 9), **said)
    make_agreement("Noticed", supplier_name="Third", valid_to=date(2026, 3, 9), ends_date=date(2026, 3, 9), **said)

    steps = [look(at=moment(at)) for at in ("2026-03-02 23:59", "2026-03-03 00:01")]

    assert steps == [4, 2]
    found = [told("sup-expiring", house.ines, f"2026-03-0{on}") for on in (3, 4)]
    assert found == [(0, 3), (1, 3)]
    assert told("sup-expiring", house.otto, "2026-03-04") == (0, 0)
    operations.give_notice(agreement=ending, by=house.ines, at=TUESDAY, ends_date=date(2026, 7, 1), reason="Too dear")
    look(at=moment("2026-03-04 09:00"))
    assert told("sup-expiring", house.ines, "2026-03-05") == (0, 3)


def test_the_pages_show_the_figure_and_its_rows(house, vpn, make_agreement, client):
    make_agreement("Acme", {("resolution", 1): 60}, organization=house.acme, service=vpn)
    Agreement.objects.update(name="<b>Acme</b>")
    make_agreement("OLA", {("resolution", 1): 90}, type="team", team=house.networks)
    look(at=MONDAY)
    while rebuild.settle_marks():
        pass
    client.force_login(house.ines)

    for name in KPIS:
        assert client.get(f"/kpi/{name}/?from=2026-03-01&to=2026-03-02").status_code == 200
    page = client.get("/kpi/slm-backtoback/records/?part=missed&from=2026-03-01&to=2026-03-02").content.decode()

    assert "&lt;b&gt;Acme&lt;/b&gt;: Resolution, P1 critical" in page and "not carried" in page


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_keep_everything_once(house, vpn):
    assert at_once(*[lambda: look(at=MONDAY)] * 2) == [None, None]

    assert Standing.objects.count() == 1
