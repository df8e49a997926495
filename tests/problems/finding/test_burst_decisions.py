"""What people make of incidents that came at once: a problem, nothing, or something after all."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from people.enums import Role
from people.models import RoleGrant, User
from problems import operations as problem_operations
from problems.finding import operations, together
from problems.finding.models import DecidedBurst
from problems.models import Problem
from records.enums import LinkKind
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - callers of the API
from tests.conftest import moment

from .conftest import NOW
from .test_bursts import outage  # noqa: F401 - the fixture

FIRST = moment("2026-03-20 08:00")
LISTED = 5


def proposed(person: Any) -> list[together.Shown]:
    return together.look(person, at=NOW).shown


def asked(person: Any) -> together.Asked:
    return together.read(proposed(person)[0].address)


@pytest.fixture
def dismissed(house: Any, outage: list[Any]) -> DecidedBurst:  # noqa: F811
    return operations.dismiss_burst(asked=asked(house.tom), by=house.tom, at=NOW, reason="A  drill\nof ours")


@pytest.fixture
def more(log_incident: Any, network: Any) -> Any:
    def log(count: int, **said: Any) -> list[Any]:
        """Incidents of the same category and hours."""
        return [
            log_incident(title=f"Late {number}", at=FIRST + timedelta(minutes=70 + number), category=network, **said)
            for number in range(count)
        ]

    return log


def test_what_was_dismissed_is_not_proposed_again_to_anybody(house: Any, dismissed: DecidedBurst) -> None:
    assert [proposed(person) for person in (house.tom, house.aisha, house.ada)] == [[], [], []]
    assert (dismissed.reason, dismissed.count, dismissed.decided_by) == ("A drill of ours", 10, house.tom)
    assert Problem.objects.count() == 0
    logged = Entry.objects.get(action="burst.dismissed")
    assert (logged.subject_id, logged.actor_id, logged.reason) == (dismissed.pk, house.tom.pk, "A drill of ours")


@pytest.mark.parametrize(("joined", "is_proposed"), [(9, False), (10, True)])
def test_it_returns_when_it_has_doubled(
    house: Any, dismissed: DecidedBurst, more: Any, joined: int, is_proposed: bool
) -> None:
    more(joined, service=None)

    assert bool(proposed(house.tom)) == is_proposed


def test_another_burst_of_the_same_category_is_something_else(house: Any, dismissed: DecidedBurst, more: Any) -> None:
    more(6, service=None)
    assert proposed(house.tom) == []

    dismissed.record_ids = dismissed.record_ids[:1] + list(range(10**9, 10**9 + 20))
    dismissed.save()

    assert [each.count for each in proposed(house.tom)] == [16]


def test_a_dismissal_is_taken_back_once(house: Any, dismissed: DecidedBurst) -> None:
    operations.reconsider_burst(decided=dismissed, by=house.aisha, at=NOW)

    assert len(proposed(house.tom)) == 1
    with pytest.raises(Refused):
        operations.reconsider_burst(decided=dismissed, by=house.aisha, at=NOW)
    assert Entry.objects.filter(action="burst.reconsidered").count() == 1


def test_the_second_of_two_is_told_who_decided(house: Any, outage: list[Any], client: Any) -> None:  # noqa: F811
    said = proposed(house.aisha)[0].address | {"reason": "A drill"}
    client.force_login(house.aisha)
    client.post("/problems/together/dismissal/", said)

    again = client.post("/problems/together/dismissal/", said)
    opened = client.post("/problems/together/acceptance/", said)

    assert (again.status_code, opened.status_code) == (409, 409)
    assert "Aisha" in again.content.decode()
    assert (DecidedBurst.objects.count(), Problem.objects.count()) == (1, 0)


@pytest.mark.parametrize("reason", ["", " \x00 ", "x" * 301])
def test_a_reason_is_needed_and_nothing_is_lost(
    house: Any,
    outage: list[Any],  # noqa: F811
    client: Any,
    reason: str,
) -> None:
    client.force_login(house.tom)

    answer = client.post("/problems/together/dismissal/", {**proposed(house.tom)[0].address, "reason": reason})

    assert answer.status_code == 422
    assert answer.context["reason"] == reason
    assert DecidedBurst.objects.count() == 0


def test_it_is_linked_with_a_problem_that_is_known_already(
    house: Any,
    outage: list[Any],  # noqa: F811
    log_problem: Any,
    client: Any,
) -> None:
    known = log_problem()
    client.force_login(house.tom)
    said = proposed(house.tom)[0].address

    unknown = client.post("/problems/together/acceptance/", {**said, "problem": "PRB-999999"})
    empty = client.post("/problems/together/acceptance/", {**said, "problem": ""})
    done = client.post("/problems/together/acceptance/", {**said, "problem": known.reference})

    assert (unknown.status_code, empty.status_code, done.status_code) == (422, 422, 302)
    assert Problem.objects.count() == 1
    assert known.links_in.filter(kind=LinkKind.CAUSED_BY).count() == 10
    assert DecidedBurst.objects.get().problem_id == known.pk


def test_a_problem_that_is_over_takes_nothing_in(house: Any, outage: list[Any], log_problem: Any) -> None:  # noqa: F811
    over = problem_operations.cancel(problem=log_problem(), by=house.ines, at=NOW, reason="No problem.")

    for wrong in (over, outage[0]):
        with pytest.raises(Refused):
            operations.accept_burst(asked=asked(house.tom), by=house.tom, at=NOW, problem=wrong)
    assert DecidedBurst.objects.count() == 0


def test_hours_in_which_nothing_stands_out_are_no_burst(house: Any, outage: list[Any]) -> None:  # noqa: F811
    here = asked(house.tom)
    elsewhere = together.Asked(here.dimension, here.key, moment("2026-03-01 00:00"), moment("2026-03-02 00:00"))

    with pytest.raises(Refused) as error:
        operations.dismiss_burst(asked=elsewhere, by=house.tom, at=NOW, reason="x")
    assert error.value.refusals[0].code == "gone"


def test_who_works_for_one_customer_decides_about_their_part_alone(
    house: Any,
    outage: list[Any],  # noqa: F811
    more: Any,
) -> None:
    more(6, service=None, requester=house.otto)
    zoe = User.objects.create_user("zoe", "zoe@northwind.example", name="Zoe", organization=house.maria.organization)
    RoleGrant.objects.create(user=zoe, role=Role.TECHNICIAN, organization=house.maria.organization)
    whole, part = proposed(house.tom)[0].count, proposed(zoe)[0].count

    made = operations.dismiss_burst(asked=asked(zoe), by=zoe, at=NOW, reason="Known")

    assert (whole, part, made.count) == (16, 10, 10)
    assert made.organization_ids == [house.maria.organization_id]
    # Six more are not twice as many: what was said about ten of sixteen holds.
    assert proposed(house.tom) == []


def test_a_decision_about_others_is_hidden_and_holds(house: Any, outage: list[Any], more: Any, client: Any) -> None:  # noqa: F811
    more(6, service=None, requester=house.otto)
    made = operations.dismiss_burst(asked=asked(house.tom), by=house.tom, at=NOW, reason="x")
    zoe = User.objects.create_user("zoe", "zoe@northwind.example", name="Zoe", organization=house.maria.organization)
    RoleGrant.objects.create(user=zoe, role=Role.TECHNICIAN, organization=house.maria.organization)

    assert proposed(zoe) == []
    client.force_login(zoe)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.post(f"{made.get_absolute_url()}reconsideration/").status_code == 404
    with pytest.raises(Refused):
        operations.reconsider_burst(decided=made, by=zoe, at=NOW)


def test_otto_and_requesters_decide_nothing(house: Any, dismissed: DecidedBurst, client: Any) -> None:
    client.force_login(house.otto)
    assert client.get(dismissed.get_absolute_url()).status_code == 404
    assert "drill" not in client.get("/problems/together/?state=dismissed").content.decode()
    client.force_login(house.maria)
    assert client.get(dismissed.get_absolute_url()).status_code == 403
    for person in (house.maria, house.ada):
        with pytest.raises(NotAllowed):
            operations.reconsider_burst(decided=dismissed, by=person, at=NOW)


def test_pages_of_decisions_show_html_as_text_and_cost_the_same_for_three(
    house: Any, dismissed: DecidedBurst, client: Any, django_assert_num_queries: Any
) -> None:
    DecidedBurst.objects.update(reason="<b>drill</b>")
    client.force_login(house.tom)
    client.get("/problems/together/?state=dismissed")

    with django_assert_num_queries(LISTED):
        one = client.get("/problems/together/?state=dismissed").content.decode()
    dismissed.refresh_from_db()
    for _copy in range(2):
        dismissed.pk = None
        dismissed.save()
    with django_assert_num_queries(LISTED):
        three = client.get("/problems/together/?state=dismissed").content.decode()

    assert (one.count("&lt;b&gt;drill"), three.count("&lt;b&gt;drill"), three.count("<b>drill")) == (1, 3, 0)
    page = client.get(dismissed.get_absolute_url())
    assert "&lt;b&gt;drill" in page.content.decode()
    assert len(page.context["page"].object_list) == 10


PEOPLE = {"tom": 201, "aisha": 201, "ines": 201, "ada": 403, "anna": 403, "maria": 403, "otto": 409}


@pytest.mark.parametrize(("person", "status"), PEOPLE.items())
def test_rest_makes_the_same_acts(
    house: Any,
    outage: list[Any],  # noqa: F811
    as_: Any,  # noqa: F811
    auditor: Any,  # noqa: F811
    monkeypatch: Any,
    person: str,
    status: int,
) -> None:
    monkeypatch.setattr("problems.finding.api.bursts.now", lambda: NOW)
    told = as_(house.tom).get("bursts/").json()["items"][0]
    said = {name: told[name] for name in ("by", "key", "first_at", "latest_at")}
    caller = as_(auditor if person == "anna" else getattr(house, person))

    made = caller.post("bursts/acceptance/", said)

    assert made.status_code == status
    assert DecidedBurst.objects.count() == Problem.objects.count() == (1 if status == 201 else 0)
    if status == 201:
        assert made.json()["problem"] == Problem.objects.get().reference
        assert caller.get("bursts/decisions/?state=accepted").json()["items"] == [made.json()]


def test_rest_dismisses_and_takes_back(house: Any, outage: list[Any], as_: Any, monkeypatch: Any) -> None:  # noqa: F811
    monkeypatch.setattr("problems.finding.api.bursts.now", lambda: NOW)
    tom = as_(house.tom)
    told = tom.get("bursts/").json()["items"][0]
    said = {name: told[name] for name in ("by", "key", "first_at", "latest_at")}

    refused = tom.post("bursts/dismissal/", said)
    wrong = tom.post("bursts/dismissal/", said | {"key": "many", "reason": "x"})
    made = tom.post("bursts/dismissal/", said | {"reason": "A drill"})
    again = tom.post("bursts/dismissal/", said | {"reason": "A drill"})
    back = tom.post(f"bursts/decisions/{made.json()['id']}/reconsideration/", {})

    assert [each.status_code for each in (refused, wrong, made, again, back)] == [422, 422, 201, 409, 200]
    assert (made.json()["reason"], back.json()["state"]) == ("A drill", "proposed")
    assert len(tom.get("bursts/").json()["items"]) == 1
