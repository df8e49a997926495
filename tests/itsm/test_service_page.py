"""The page of a service: every number opens as many rows; health in words; the wall."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from improvement import operations as improvements
from incidents import operations as incidents
from itsm.service_page.health import health_of
from measurement import rebuild
from problems.models import KnownError
from records import operations as record_operations
from services.models import Service
from slm.availability import operations as outages
from slm.models import Agreement, BackToBackCheck
from slm.operations import ensure_default_agreement
from slm.reports.models import CreditTerms
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures
from tests.conftest import moment
from tests.problems.conftest import accepted, declared, investigating, log_problem  # noqa: F401 - fixtures

AT = moment("2026-03-02 12:00")
STATEMENTS = 22


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
    with django_assert_num_queries(STATEMENTS):
        client.get("/services/vpn/")
    for _number in range(2):
        log_incident()
    with django_assert_num_queries(STATEMENTS):
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


@pytest.fixture
def story(house, vpn, log_incident, write_change, declared, time_machine):  # noqa: F811 - fixtures
    """A reopened incident, one that a change caused, a change of high risk, a known error, and a fee with a credit."""
    time_machine.move_to(moment("2026-03-10 12:00"), tick=False)
    own = ensure_default_agreement()
    own = Agreement.objects.create(
        name="VPN <b>gold</b>", slug="vpn-gold", type="customer", state="active", service=vpn, organization=house.acme,
        calendar=own.calendar, valid_from=own.valid_from,
    )  # fmt: skip
    BackToBackCheck.objects.create(agreement=own, findings=[{"code": "x"}, {"code": "y"}], checked_at=AT)
    CreditTerms.objects.create(agreement=own, monthly_fee="1200.50", currency="EUR", cap_percent=20)
    change = write_change(points=4)
    caused = log_incident(at=moment("2026-03-03 09:00"))
    record_operations.link(record=caused, to=change, kind="caused_by", by=house.tom, at=AT)
    for number in range(2):
        solved = incidents.take(incident=log_incident(), by=house.tom, at=AT)
        solved = incidents.resolve(incident=solved, by=house.tom, at=AT, code="fixed", text="Done.")
        if number:
            solved = incidents.reopen(incident=solved, by=house.tom, at=AT, reason="Again")
            incidents.resolve(incident=solved, by=house.tom, at=moment("2026-03-03 12:00"), code="fixed", text="Done.")
    KnownError.objects.filter(pk=declared.pk).update(has_workaround=False, workaround="")
    rebuild.rebuild_all()
    return own


@pytest.mark.django_db
def test_each_card_opens_as_much_as_it_says_and_money_is_for_those_who_see_reports(house, story, as_):
    client = as_(house.ines)

    answer = client.get("/services/vpn/")

    cards = {card.key: card for card in answer.context["cards"]}
    page = answer.content.decode()
    assert list(cards) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert re.findall(r'data-key="(\d)"', page) == [str(key) for key, card in cards.items() if card.fact]
    assert (cards[5].fact, cards[8].fact) == ("1,200.50 EUR", "50.0%")
    assert "nothing given back for February 2026" in cards[5].lines[0][0]
    assert page.count("<li data-risk>") == int(cards[6].fact) == 3
    assert (cards[6].tone, cards[6].lines[0][0]) == ("bad", "1 high")
    assert "2 promises that the agreements underneath don&#x27;t carry" in page
    assert "<b>gold" not in page
    links = [(card.url, card.fact) for key, card in cards.items() if key in (3, 4, 7)]
    links += [
        (url, text.split()[0])
        for card in cards.values()
        for text, url in card.lines
        if "?" in url and text[0].isdigit()
    ]
    links += [(cards[8].lines[0][1], "2"), (cards[8].url, "1")]
    assert len(links) >= 6
    for url, count in links:
        assert str(client.get(url).context["total"]) == count, url
    assert [card.key for card in as_(house.tom).get("/services/vpn/").context["cards"]] == [1, 2, 3, 4, 6, 7, 8]
    others = as_(house.otto).get("/services/vpn/")
    assert [card.fact for card in others.context["cards"] if card.key in (3, 4, 7)] == ["0", "0", "0"]
    assert "CHG-" not in others.content.decode()
