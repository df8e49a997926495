"""What was found, over REST: every operation asked by everybody, and the same acts as on the pages."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from people.enums import Role
from people.models import RoleGrant, User
from problems.finding import operations, runs
from problems.finding.models import Cluster
from problems.models import Problem
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.conftest import moment

from .conftest import NOW, VPN

READERS = {"tom", "aisha", "ines", "anna", "ada"}
DECIDE = {"tom", "aisha", "ines"}
PEOPLE = [*sorted(READERS), "maria", "max", "otto"]
ACTS = {"acceptance": {}, "dismissal": {"reason": "chance"}, "reconsideration": {}, "extension": {}}


@pytest.mark.parametrize("person", PEOPLE)
def test_who_reads_and_who_decides(found: Cluster, house: Any, as_: Any, auditor: Any, person: str) -> None:  # noqa: F811
    caller = as_(auditor if person == "anna" else getattr(house, person))
    one = f"clusters/{found.pk}/"

    for address in (one, f"{one}incidents/"):
        assert caller.get(address).status_code == (200 if person in READERS else 404 if person == "otto" else 403)
    for address in ("clusters/", "pareto/"):
        assert caller.get(address).status_code == (403 if person in ("maria", "max") else 200)
    for act, body in ACTS.items():
        with transaction.atomic():
            status = caller.post(f"{one}{act}/", body).status_code
            transaction.set_rollback(True)
        wanted = {404} if person == "otto" else {200, 201, 409} if person in DECIDE else {403}
        # A service level manager may decide, and may not link incidents.
        assert status in wanted | ({403} if person == "ines" and act == "acceptance" else set()), act


def test_nobody_signed_in_gets_nothing(found: Cluster, client: Any) -> None:
    assert client.get("/api/v1/clusters/").status_code == 401
    assert client.post(f"/api/v1/clusters/{found.pk}/acceptance/").status_code == 401


def test_a_group_is_told_with_its_figures_and_its_evidence(found: Cluster, house: Any, as_: Any) -> None:  # noqa: F811
    tom = as_(house.tom)

    told = tom.get("clusters/").json()["items"]
    members = tom.get(f"clusters/{found.pk}/incidents/?limit=2").json()

    assert [(each["subject"], each["incident_count"], each["service"]["name"]) for each in told] == [(VPN, 5, "VPN")]
    assert len(members["items"]) == 2
    assert members["next"]


def test_accepting_answers_with_the_problem(found: Cluster, house: Any, as_: Any) -> None:  # noqa: F811
    answer = as_(house.aisha).post(f"clusters/{found.pk}/acceptance/", {"title": "Gateway"})

    problem = Problem.objects.get()
    assert answer.status_code == 201
    assert (answer.json()["problem"], answer.json()["cluster"]["state"]) == (problem.reference, "accepted")
    again = as_(house.tom).post(f"clusters/{found.pk}/acceptance/", {})
    assert again.status_code == 409
    assert "Aisha Khan" in again.json()["detail"]


def test_dismissing_needs_its_reason(found: Cluster, house: Any, as_: Any) -> None:  # noqa: F811
    aisha = as_(house.aisha)

    assert aisha.post(f"clusters/{found.pk}/dismissal/", {}).status_code == 422
    assert aisha.post(f"clusters/{found.pk}/dismissal/", {"reason": "chance"}).json()["reason"] == "chance"
    assert aisha.get("clusters/?state=dismissed").json()["items"][0]["id"] == found.pk
    assert aisha.post(f"clusters/{found.pk}/reconsideration/", {}).json()["state"] == "proposed"


@pytest.mark.parametrize("query", ["by=color", "day_from=2026-03-02&day_to=2026-03-01", "day_from=2020-01-01", "x=1"])
def test_a_pareto_of_nonsense_is_refused(house: Any, as_: Any, query: str) -> None:  # noqa: F811
    assert as_(house.tom).get(f"pareto/?{query}").status_code == 422


def test_a_pareto_adds_up(similar: Any, house: Any, as_: Any) -> None:  # noqa: F811
    similar(3)

    told = as_(house.tom).get("pareto/?by=category&day_from=2026-03-01&day_to=2026-04-01").json()

    assert (told["incidents"], told["values"], told["few"]) == (3, 1, 1)
    assert [(bar["name"], bar["incidents"], bar["together"]) for bar in told["bars"]] == [("Network", 3, 100.0)]


def test_the_list_costs_as_many_statements_for_three_as_for_one(similar: Any, house: Any, as_: Any) -> None:  # noqa: F811
    counts = []
    for title in ("Mailbox full", "Projector shows nothing", "Badge does not open the door"):
        similar(5, title=title)
        runs.find(at=NOW)
        caller = as_(house.tom)
        with CaptureQueriesContext(connection) as said:
            caller.get("clusters/")
        counts.append(len(said))

    assert len(set(counts)) == 1
    assert counts[0] <= 8


def test_a_scope_is_needed_to_decide(found: Cluster, house: Any, as_: Any, token_of: Any) -> None:  # noqa: F811
    from tests.api.conftest import Caller

    reader = Caller(token_of(house.aisha, "records:read"))

    assert reader.get(f"clusters/{found.pk}/").status_code == 200
    assert reader.post(f"clusters/{found.pk}/dismissal/", {"reason": "x"}).status_code == 403
    operations.dismiss(cluster=found, by=house.aisha, at=NOW, reason="x")


@pytest.mark.parametrize("person", ["tom", "zoe", "otto"])
def test_what_comes_back_is_counted_as_its_lists_show_it(
    similar: Any,
    house: Any,
    as_: Any,  # noqa: F811
    monkeypatch: Any,
    person: str,
) -> None:
    monkeypatch.setattr("problems.finding.api.recurrence.now", lambda: NOW)
    similar(6)
    similar(3, requester=house.otto, title="Printer jams on floor 2", at=moment("2026-02-27 23:30"))
    runs.find(at=NOW)
    zoe = User.objects.create_user("zoe", "zoe@northwind.example", name="Zoe", organization=house.acme)
    RoleGrant.objects.create(user=zoe, role=Role.TECHNICIAN, organization=house.acme)
    caller = as_(zoe if person == "zoe" else getattr(house, person))

    months = [each for each in caller.get("recurrence/").json()["items"] if each["opened"]]
    listed = [
        {
            why: len(caller.get(f"recurrence/incidents/?month={each['month']}&why={why}").json()["items"])
            for why in ("closed", "known", "alike")
        }
        for each in months
    ]

    assert sum(each["opened"] for each in months) == {"tom": 9, "zoe": 6, "otto": 3}[person]
    assert listed == [{why: each[why] for why in ("closed", "known", "alike")} for each in months]
    assert sum(each["came_back"] for each in months) == {"tom": 5, "zoe": 5, "otto": 0}[person]
