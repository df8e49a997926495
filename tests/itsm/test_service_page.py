"""The page of a service: every number opens as many rows; health in words; the wall."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from improvement import operations as improvements
from incidents import operations as incidents
from itsm.service_page.health import health_of
from services.models import Service
from slm.availability import operations as outages
from tests.conftest import moment

AT = moment("2026-03-02 12:00")


@pytest.fixture
def as_():
    def client(person):
        made = Client()
        made.force_login(person)
        return made

    return client


def outage(**said):
    return SimpleNamespace(**({"is_planned": False, "weight": 1} | said))


def standing(**said):
    return SimpleNamespace(**({"is_held": True, "budget_tone": "ok", "target": 1} | said))


@pytest.mark.parametrize(
    ("said", "tone", "words"),
    [
        ({"outage": outage()}, "bad", "Down"),
        ({"outage": outage(weight=0.5)}, "bad", "Degraded"),
        ({"outage": outage(is_planned=True)}, "risk", "Planned downtime goes on"),
        ({"standing": standing(is_held=False)}, "bad", "Works; this month's availability is missed"),
        ({"standing": standing(budget_tone="bad")}, "risk", "Works; this month's error budget is used up"),
        ({"overdue": 1}, "risk", "Works; 1 open ticket is past its target"),
        ({"overdue": 3}, "risk", "Works; 3 open tickets are past their targets"),
        ({"is_fast": True}, "risk", "Works; the error budget goes fast"),
        ({"standing": standing(target=None)}, "ok", "Works; no availability is promised"),
        ({}, "ok", "Works as promised"),
    ],
)
def test_health_says_the_worst_first(said, tone, words):
    found = health_of(**({"outage": None, "standing": standing(), "is_fast": False, "overdue": 0} | said))

    assert (found.tone, found.text) == (tone, words)


@pytest.mark.django_db
def test_every_count_is_the_length_of_the_queue_it_opens(house, vpn, log_incident, as_):
    other = Service.objects.create(name="Mail", slug="mail")
    log_incident(title="<script>alert(1)</script>")
    incidents.assign(incident=log_incident(), by=house.tom, at=AT, team=house.networks)
    log_incident(service=other)
    client = as_(house.ines)

    page = client.get("/services/vpn/").content.decode()

    table = page[page.index('id="work-title"') : page.index('id="ahead-title"')]
    links = re.findall(r'<a href="(/queue/\?[^"]+)">(\d+)</a>', table)
    assert [int(count) for _url, count in links] == [2, 0, 0, 2]
    for url, count in links:
        listed = client.get(url.replace("&amp;", "&")).content.decode()
        assert len(set(re.findall(r'id="ticket-(\d+)"|data-record="(\d+)"', listed))) in (int(count), 0)
    assert "<script>alert" not in page


@pytest.mark.django_db
def test_the_page_takes_as_many_statements_for_three_as_for_one(
    house, vpn, log_incident, as_, django_assert_num_queries
):
    log_incident()
    client = as_(house.ines)
    client.get("/services/vpn/")
    with django_assert_num_queries(16):
        client.get("/services/vpn/")
    for _number in range(2):
        log_incident()
    with django_assert_num_queries(16):
        client.get("/services/vpn/")


@pytest.mark.django_db
def test_a_service_that_is_down_says_so_and_customers_see_no_page(house, vpn, as_):
    outages.record(by=house.tom, at=AT, service=vpn, started_at=moment("2026-03-02 11:00"))

    assert "<strong>Down</strong>" in as_(house.tom).get("/services/vpn/").content.decode()
    assert as_(house.maria).get("/services/vpn/").status_code == 403
    assert as_(house.max).get("/services/vpn/").status_code == 403
    assert as_(house.ines).get("/services/nothing/").status_code == 404


@pytest.mark.django_db
def test_somebody_of_another_organization_counts_nothing_of_others(house, vpn, log_incident, as_):
    log_incident()

    page = as_(house.otto).get("/services/vpn/").content.decode()

    assert "Nothing is open." in page
    assert "INC-" not in page


@pytest.mark.django_db
def test_the_wall_has_no_menus_and_refreshes_its_numbers_alone(house, vpn, log_incident, as_):
    log_incident(title="<b>Late</b>")
    client = as_(house.ines)

    whole = client.get("/sla/wall/?service=vpn").content.decode()
    part = client.get("/sla/wall/?service=vpn", headers={"HX-Request": "true"}).content.decode()

    assert 'hx-trigger="every 30s"' in whole
    assert "<nav" not in whole
    assert "<html" not in part
    assert "As of" in part
    assert "<b>Late" not in whole
    assert as_(house.maria).get("/sla/wall/").status_code == 403


@pytest.mark.django_db
def test_open_improvements_of_the_service_stand_on_its_page_and_others_do_not(house, vpn, as_):
    mail = Service.objects.create(name="Mail", slug="mail")
    improvements.suggest(by=house.tom, at=AT, title="<b>Fewer drops</b>", service=vpn)
    improvements.suggest(by=house.tom, at=AT, title="Smaller mailboxes", service=mail)
    withdrawn = improvements.suggest(by=house.tom, at=AT, title="Pigeons", service=vpn)
    improvements.withdraw(improvement=withdrawn, by=house.tom, at=AT, reason="They got lost.")

    page = as_(house.ines).get("/services/vpn/").content.decode()

    told = page[page.index('id="better-title"') : page.index('id="outages-title"')]
    assert "&lt;b&gt;Fewer drops&lt;/b&gt;" in told
    assert "Smaller mailboxes" not in told
    assert "Pigeons" not in told
    assert "Fewer drops" not in as_(house.otto).get("/services/vpn/").content.decode()
