"""What pipelines and people say over REST: who may, twice with one key, two at once, and nonsense."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from changes.models import Change
from changes.pipelines import operations
from changes.pipelines.models import Deployment, Environment
from people import matrix
from people.enums import Role
from people.models import ApiToken
from tests.api.conftest import Caller
from tests.api.test_matrix import operations_of_schema
from tests.approvals.test_parallel import at_once

ROLES = {
    "tom": {Role.TECHNICIAN},
    "aisha": {Role.TECHNICIAN, Role.TEAM_LEAD},
    "ines": {Role.SERVICE_MANAGER, Role.CHANGE_MANAGER},
    "anna": {Role.AUDITOR},
    "ada": {Role.ADMINISTRATOR},
    "maria": set(),
    "max": set(),
    "otto": {Role.TECHNICIAN},
}
OURS = [each for each in operations_of_schema() if each.values[1].split("/")[3] in ("deployments", "environments")]
QUESTION: dict[str, Any] = {
    "service": "vpn", "environment": "production", "version": "1.0", "planned_minutes": 30,
    "model": "deploy-the-vpn-portal",
    "commits": [{"sha": "9f2c1e7", "committed_at": "2026-03-02T08:15:00+01:00"}],
}  # fmt: skip
BODIES = {
    "post_deployments": QUESTION,
    "post_deployments_number_result": {"result": "succeeded"},
    "post_environments": {"name": "Pilot"},
    "change_environments_number": {"needs_change": True},
}


@pytest.fixture
def world(house: Any, ask: Any, auditor: Any) -> SimpleNamespace:
    house.anna = auditor
    return SimpleNamespace(
        house=house, deployment=ask(), environment=Environment.objects.get(slug="staging")
    )  # fmt: skip


def send(world: Any, caller: Any, method: str, path: str, said: Any, number: Any = None) -> int:
    own = world.deployment if "deployments" in path else world.environment
    with transaction.atomic():
        body = None if method == "GET" else BODIES[said["operationId"]]
        response = caller.call(method, path.replace("{number}", str(number or own.pk)), body, if_match="*")
        transaction.set_rollback(True)
    return response.status_code


def assert_the_matrix_is_kept(world, as_, method, path, said):
    wrong = {}
    for person, roles in ROLES.items():
        status = send(world, as_(getattr(world.house, person)), method, path, said)
        may = bool(roles & set(matrix.rule(said["x-operation"]).roles))
        good = {200, 201} if may else {403}
        if may and person == "otto" and "deployments/{number}" in path:
            good = {404}
        if status not in good:
            wrong[person] = (status, good)

    assert wrong == {}
    assert send(world, as_(None), method, path, said) == 401
    if "{number}" in path:
        assert send(world, as_(world.house.otto), method, path, said, number=999_999) in (403, 404)


def test_every_operation_answers_everybody_as_the_matrix_says(world, as_, subtests):
    for each in OURS:
        with subtests.test(each.id):
            assert_the_matrix_is_kept(world, as_, *each.values)


def test_a_pipeline_asks_and_reports_with_its_own_scope_alone(house, deploy_model, token_of):
    pipeline = Caller(token_of(house.tom, "deployments:write"))

    asked = pipeline.post("deployments/", QUESTION)
    number = asked.json()["id"]
    done = pipeline.post(f"deployments/{number}/result/", {"result": "succeeded"})

    assert (asked.status_code, asked.json()["is_allowed"], asked.json()["reasons"]) == (201, True, [])
    assert (done.status_code, done.json()["state"], done.json()["change"]) == (200, "succeeded", asked.json()["change"])
    assert Change.objects.get().state == "closed"
    for address in ("deployments/", f"deployments/{number}/", "changes/", "environments/"):
        assert pipeline.get(address).status_code == 403
    assert pipeline.post("changes/", {"title": "x"}).status_code == 403
    assert pipeline.post("environments/", {"name": "x"}).status_code == 403
    assert (
        Caller(token_of(house.tom, "changes:write", "records:write")).post("deployments/", QUESTION).status_code == 403
    )


def test_its_scope_gives_no_role(house, deploy_model, token_of):
    assert Caller(token_of(house.maria, "deployments:write")).post("deployments/", QUESTION).status_code == 403
    assert not Deployment.objects.exists()


def test_one_key_asks_once(house, deploy_model, as_):
    tom = as_(house.tom)

    first = tom.post("deployments/", QUESTION, idempotency_key="run-812-1")
    again = tom.post("deployments/", QUESTION, idempotency_key="run-812-1")
    other = tom.post("deployments/", QUESTION | {"version": "1.1"}, idempotency_key="run-812-1")

    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "1"
    assert other.status_code == 422
    assert Deployment.objects.count() == Change.objects.count() == 1


def test_a_no_is_an_answer_with_reasons(house, deploy_model, as_):
    answer = as_(house.tom).post("deployments/", QUESTION | {"environment": "moon", "service": "nope"})

    assert (answer.status_code, answer.json()["is_allowed"], answer.json()["state"]) == (201, False, "refused")
    assert [each["code"] for each in answer.json()["reasons"]] == ["service_unknown", "environment_unknown"]
    assert answer["Location"] == f"/api/v1/deployments/{answer.json()['id']}/"


def test_a_contradiction_is_told_in_a_sentence(house, ask, as_):
    tom, number = as_(house.tom), ask().pk

    first = tom.post(f"deployments/{number}/result/", {"result": "succeeded"})
    same = tom.post(f"deployments/{number}/result/", {"result": "succeeded"})
    other = tom.post(f"deployments/{number}/result/", {"result": "failed"})

    assert same.json() == first.json()
    assert other.status_code == 409
    assert "reported before, as succeeded" in other.json()["detail"]


def test_only_incidents_that_one_may_see_are_named(house, ask, as_, log_incident):
    incident = log_incident()
    tom, number = as_(house.tom), ask()
    change = number.change.reference
    address = f"deployments/{number.pk}/result/"

    assert tom.post(address, {"result": "failed", "incident": change}).status_code == 422
    assert tom.post(address, {"result": "failed", "incident": "INC-999999"}).status_code == 422
    told = tom.post(address, {"result": "failed", "incident": incident.reference}).json()

    assert told["incident"] == incident.reference


def test_environments_are_set_with_the_version_one_has_seen(house, deploy_model, as_):
    ines = as_(house.ines)
    made = ines.post("environments/", {"name": "Pilot", "is_production": True, "needs_change": True})
    address = f"environments/{made.json()['id']}/"

    changed = ines.patch(address, {"needs_change": False}, if_match='"1"')
    stale = ines.patch(address, {"needs_change": True}, if_match='"1"')
    taken = ines.post("environments/", {"name": "pilot "})

    assert (made.json()["slug"], changed.json()["needs_change"], stale.status_code) == ("pilot", False, 412)
    assert taken.status_code in (409, 422)
    assert Entry.objects.filter(action__startswith="environment.").count() == 2


def test_the_list_narrows_and_goes_on(house, deploy, ask, as_):
    done = deploy(version="1.0")
    waiting = ask(version="2.0", sha="abcdef")
    tom = as_(house.tom)

    def numbers(query):
        return [each["id"] for each in tom.get(f"deployments/?{query}").json()["items"]]

    assert numbers("") == [waiting.pk, done.pk]
    assert numbers("state=running") == numbers("q=abc") == numbers("q=2.0") == [waiting.pk]
    assert numbers("q=bcd") == numbers(f"service={done.service_id + 1}") == []
    assert numbers(f"service={done.service_id}&environment=production&state=succeeded") == [done.pk]
    first = tom.get("deployments/?limit=1").json()
    assert [each["id"] for each in tom.get(first["next"]).json()["items"]] == [done.pk]
    assert tom.get("deployments/?state=nope").status_code == 422
    assert as_(house.otto).get("deployments/").json()["items"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_as_much_for_three_as_for_one(house, deploy, as_, count):
    for number in range(count):
        deploy(version=f"1.{number}", at=Deployment._meta.get_field("asked_at").to_python(f"2026-03-02T1{number}:00Z"))
    tom = as_(house.tom)

    with CaptureQueriesContext(connection) as said:
        tom.get("deployments/")

    assert len([each for each in said if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_pipelines_that_ask_at_once_one_hears_yes(house, deploy_model, ask):
    raised = at_once(lambda: ask(version="1.0"), lambda: ask(version="1.1", by=house.aisha))

    assert raised == [None, None]
    assert sorted(Deployment.objects.values_list("state", flat=True)) == ["refused", "running"]
    assert Deployment.objects.get(state="refused").reasons[0]["code"] == "running"
    assert Change.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_finish_it_once(house, ask, vpn):
    asked = ask()
    said = {"deployment": asked, "by": house.tom, "at": asked.due_at}

    raised = at_once(
        lambda: operations.report(**said, result="succeeded"), lambda: operations.report(**said, result="failed")
    )

    assert sorted(type(each).__name__ for each in raised) == ["NoneType", "Refused"]
    assert Entry.objects.filter(action__in=["deployment.succeeded", "deployment.failed"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_note_lateness_once(house, ask, vpn):
    asked = ask()

    at_once(*(lambda: operations.note_overdue(at=asked.due_at) for _each in range(2)))

    assert Entry.objects.filter(action="deployment.overdue").count() == 1


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("9" * 300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(
    spoiled=st.dictionaries(
        st.sampled_from([*QUESTION, "change", "items", "run_url", "notice_was_sent"]), ANYTHING, min_size=1, max_size=3
    )
)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_nonsense_is_never_a_server_error(house, deploy_model, as_, spoiled):
    ApiToken.objects.all().delete()
    tom = as_(house.tom)

    with transaction.atomic():
        status = tom.post("deployments/", QUESTION | spoiled).status_code
        transaction.set_rollback(True)

    assert status in (201, 400, 409, 422)


@given(
    spoiled=st.dictionaries(
        st.sampled_from(["result", "finished_at", "note", "is_unplanned_repair", "incident"]), ANYTHING, min_size=1
    )
)
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_a_nonsensical_report_is_never_a_server_error(house, ask, as_, spoiled):
    ApiToken.objects.all().delete()
    tom = as_(house.tom)
    running = Deployment.objects.filter(state="running").first() or ask()

    with transaction.atomic():
        status = tom.post(f"deployments/{running.pk}/result/", {"result": "succeeded"} | spoiled).status_code
        transaction.set_rollback(True)

    assert status in (200, 400, 409, 422)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"run_url": "javascript:alert(1)"}, "address"),
        ({"commits": []}, "1"),
        ({"commits": [{"sha": "a b", "committed_at": "2026-03-02T08:15:00Z"}]}, "letters"),
        ({"commits": [{"sha": "ab", "committed_at": "2026-03-02T08:15:00"}]}, "offset"),
        ({"planned_minutes": 0}, "smallest"),
        ({"version": ""}, "empty"),
        ({"change": "CHG-1"}, "not both"),
    ],
)
def test_what_does_not_fit_is_told_in_words(house, deploy_model, as_, said, word):
    refused = as_(house.tom).post("deployments/", QUESTION | said)

    assert refused.status_code == 422
    assert word in refused.content.decode()
    assert not Deployment.objects.exists()
