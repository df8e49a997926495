"""What came in at once: far more than usual that share a field, whatever their subjects."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents import operations as incident_operations
from problems import operations
from problems.finding import bursts, together
from problems.finding.bursts import Came
from problems.finding.models import DecidedBurst
from problems.models import Problem
from records.models import Category
from tests.api.conftest import as_, token_of  # noqa: F401 - callers of the API
from tests.conftest import moment

from .conftest import NOW

MONDAY = moment("2026-03-02 00:00")


def quiet(days: int = 20, a_day: int = 12) -> list[Came]:
    """Every two hours an incident, of four teams in turn."""
    return [
        Came(number, MONDAY + timedelta(hours=24 * number / a_day), {"team": number % 4})
        for number in range(days * a_day)
    ]


def burst_at(start: datetime, count: int, minutes: float = 10, **shares: Any) -> list[Came]:
    return [Came(10_000 + number, start + timedelta(minutes=minutes * number), shares) for number in range(count)]


def test_a_steady_flow_has_none() -> None:
    assert bursts.bursts(quiet()) == []


def test_nothing_has_none() -> None:
    assert bursts.bursts([]) == []


def test_what_came_at_once_is_found_with_what_it_shares_and_what_is_usual() -> None:
    found = bursts.bursts(quiet() + burst_at(moment("2026-03-10 09:03"), 24, team=2))

    assert [(each.name, each.value) for each in found] == [("team", 2)]
    assert set(range(10_000, 10_024)) <= set(found[0].keys)
    assert 5 < found[0].expected < 8


@pytest.mark.parametrize(("count", "is_found"), [(4, False), (9, True)])
def test_four_are_chance(count: int, is_found: bool) -> None:
    found = bursts.bursts(quiet() + burst_at(moment("2026-03-10 09:03"), count, category="Outage"))

    assert bool(found) == is_found


def test_four_hours_belong_together_and_a_minute_more_does_not() -> None:
    exactly = burst_at(moment("2026-03-10 09:00"), 9, minutes=30, category="Outage")
    late = [Came(20_000, moment("2026-03-10 13:01"), {"category": "Outage"})]

    found = bursts.bursts(quiet() + exactly + late)

    assert found[0].keys == [each.key for each in exactly]


def test_a_busy_hour_of_everything_is_no_burst() -> None:
    everything = [
        Came(10_000 + number, moment("2026-03-10 09:00") + timedelta(minutes=number), {"team": number % 4})
        for number in range(120)
    ]

    assert bursts.bursts(quiet() + everything) == []


def test_the_same_incidents_stand_once_with_the_other_fields_beside() -> None:
    found = bursts.bursts(quiet() + burst_at(moment("2026-03-10 09:03"), 12, category="Mail", item=7))

    assert len(found) == 1
    assert {found[0].name, *found[0].also} == {"category", "item"}


def test_two_bursts_of_one_field_are_two() -> None:
    days = [moment("2026-03-05 09:00"), moment("2026-03-12 23:30")]
    both = [
        Came(10_000 + 100 * at + each.key, each.at, each.shares)
        for at, day in enumerate(days)
        for each in burst_at(day, 9, category="Mail")
    ]

    assert len(bursts.bursts(quiet() + both)) == 2


@pytest.mark.parametrize(("count", "expected", "odds"), [(5, 5.0, 0.0), (0, 0.2, 0.0), (10, 1.0, 6.1)])
def test_the_odds_grow_with_what_is_too_much(count: int, expected: float, odds: float) -> None:
    assert round(bursts.surprise(count, expected), 1) == odds


SUBJECTS = ("Mail is late", "Can't print", "Portal shows an error", "No phone", "Payroll file missing", "Slow laptop",
            "Screen is dark", "Calendar is empty", "Nothing loads", "Login takes ages")  # fmt: skip


@pytest.fixture
def outage(house: Any, log_incident: Any, network: Any) -> list[Any]:
    """Ten tickets of one morning under ten subjects and of one category, and others on other days."""
    for day in range(12):
        log_incident(title=f"Question {day}", at=moment("2026-03-01 09:00") + timedelta(days=day), service=None)
    first = moment("2026-03-20 08:00")
    return [
        log_incident(title=title, at=first + timedelta(minutes=7 * number), category=network, service=None)
        for number, title in enumerate(SUBJECTS)
    ]


def address_of(house: Any) -> dict[str, str]:
    """What names the outage in forms."""
    return together.look(house.aisha, at=NOW).shown[0].address


def test_an_outage_under_many_names_is_seen_and_opened_as_a_problem(house: Any, outage: list[Any], client: Any) -> None:
    client.force_login(house.aisha)
    found = together.look(house.aisha, at=NOW)
    assert [(each.label, each.value, each.count) for each in found.shown] == [("Category", "Network", 10)]

    listed = client.get(found.shown[0].url)
    opened = client.post("/problems/together/acceptance/", {**found.shown[0].address, "title": "Outage"})

    problem = Problem.objects.get()
    assert [listed.content.decode().count(f">{each.reference}<") for each in outage] == [1] * 10
    assert (opened.status_code, opened["Location"]) == (302, problem.get_absolute_url())
    assert (problem.title, problem.origin, problem.category.name) == ("Outage", "trend", "Network")
    assert problem.links_in.count() == 10
    assert together.look(house.aisha, at=NOW).shown == []


def test_otto_sees_nothing_of_it(house: Any, outage: list[Any], client: Any) -> None:
    url = together.look(house.aisha, at=NOW).shown[0].url
    client.force_login(house.otto)

    assert together.look(house.otto, at=NOW).incident_count == 0
    listed = client.get(url).content.decode()
    assert [each.reference for each in outage if each.reference in listed] == []


def test_requesters_have_no_such_page(house: Any, outage: list[Any], client: Any) -> None:
    client.force_login(house.maria)

    assert client.get("/problems/together/").status_code == 403
    assert client.get("/problems/together/incidents/").status_code == 403


def test_cancelled_and_explained_ones_do_not_count(house: Any, outage: list[Any]) -> None:
    for each in outage[:3]:
        incident_operations.cancel(incident=each, by=house.tom, at=NOW, reason="A test.")
    operations.create(by=house.tom, at=NOW, title="Outage", incidents=outage[3:6])

    assert together.look(house.aisha, at=NOW).shown == []


def test_an_auditor_reads_and_decides_nothing(house: Any, outage: list[Any], client: Any) -> None:
    address = together.look(house.aisha, at=NOW).shown[0]
    client.force_login(house.ada)

    page = client.get(address.url).content.decode()
    answers = [client.post(f"/problems/together/{act}/", {**address.address, "reason": "x"}).status_code for act in
               ("acceptance", "dismissal")]  # fmt: skip

    assert ('name="reason"' in page, 'name="title"' in page) == (False, False)
    assert answers == [403, 403]
    assert DecidedBurst.objects.count() == 0


def test_rest_says_the_same(house: Any, outage: list[Any], as_: Any, monkeypatch: Any) -> None:  # noqa: F811
    monkeypatch.setattr("problems.finding.api.bursts.now", lambda: NOW)

    told = as_(house.tom).get("bursts/").json()

    assert told["incidents"] == 22
    assert [(each["by"], each["value"], each["incidents"]) for each in told["items"]] == [
        ("category", "Network", [each.reference for each in outage])
    ]


@pytest.mark.parametrize(
    "query",
    ["", "by=title&value=x", "by=category&value=x&from=2026-03-20T08:00:00Z&to=2026-03-20T09:00:00Z", "by=team&value=1",
     "by=team&value=1&from=yesterday&to=now", "by=team&value=1&from=2026-03-20T08:00:00&to=2026-03-20T09:00:00",
     "by=team&value=1&from=2026-13-20T08:00:00Z&to=2026-03-20T09:00:00Z"],
)  # fmt: skip
def test_an_address_that_names_no_burst_is_not_found(house: Any, client: Any, query: str) -> None:
    client.force_login(house.tom)

    assert client.get(f"/problems/together/incidents/?{query}").status_code == 404


def test_ten_bursts_cost_as_many_statements_as_one(
    house: Any, outage: list[Any], log_incident: Any, django_assert_num_queries: Any
) -> None:
    together.look(house.aisha, at=NOW)  # what she may see is looked up once

    with django_assert_num_queries(12):
        together.look(house.aisha, at=NOW)
    for day, name in ((3, "Mail"), (9, "Printing")):
        category = Category.objects.create(name=name)
        for number in range(6):
            at = moment("2026-03-01 08:00") + timedelta(days=day, minutes=number)
            log_incident(title="Other", at=at, category=category, service=None)

    with django_assert_num_queries(12):
        assert len(together.look(house.aisha, at=NOW).shown) == 3
