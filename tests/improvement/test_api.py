"""Improvements over REST: every operation asked by everybody, and what each does."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from improvement import operations
from improvement.enums import State
from improvement.models import Improvement, Scale
from people import matrix
from people.enums import Role
from records import operations as record_operations
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.api.test_matrix import operations_of_schema

from .conftest import JUNE, MONDAY_9

ROLES = {
    "tom": {Role.TECHNICIAN},
    "aisha": {Role.TECHNICIAN, Role.TEAM_LEAD},
    "ines": {Role.SERVICE_MANAGER, Role.CHANGE_MANAGER},
    "anna": {Role.AUDITOR},
    "ada": {Role.ADMINISTRATOR},
    "maria": set(),
}
OURS = [
    each
    for each in operations_of_schema()
    if each.values[1].split("/")[3] in ("improvements", "goals", "improvement-scales", "suggestions")
    and "/clocks/" not in each.values[1]
]
SCORE = {"value": 3, "effort": 2, "risk": 1}
BODIES = {
    "post_improvements": {"title": "x"},
    "change_improvements_reference": {"title": "x"},
    "put_improvements_reference_steps_number": {"texts": {"vision": "x"}},
    "post_improvements_reference_pointer": {"step": 3, "reason": "x"},
    "post_improvements_reference_skips": {"step": 2, "reason": "x"},
    "put_improvements_reference_score": SCORE,
    "put_improvements_reference_effect": {"acted_on": "2026-03-03"},
    "post_improvements_reference_ways": SCORE | {"text": "x"},
    "post_improvements_reference_observations": {"text": "x"},
    "post_improvements_reference_baselines": {
        "kpi": "inc-volume",
        "baseline_from": "2026-01-01",
        "baseline_to": "2026-02-01",
    },
    "put_improvements_reference_measures_number_target": {"target": 1, "target_date": "2099-01-01"},
    "put_improvements_reference_measures_number_expectation": {"text": "x", "target_date": "2099-01-01"},
    "post_improvements_reference_measures_number_judgment": {"word": "reached", "note": "x"},
    "post_improvements_reference_acceptance": {"reply": "x"},
    "post_improvements_reference_declination": {"reply": "x"},
    "post_improvements_reference_hold": {"reason": "x", "until": "2099-01-01T00:00:00Z"},
    "post_improvements_reference_failure": {"reason": "x"},
    "post_improvements_reference_new-loop": {"reason": "x"},
    "post_improvements_reference_withdrawal": {"reason": "x"},
    "post_improvements_reference_priority": {"priority": 2, "reason": "x"},
    "post_improvements_reference_levels": {"impact": 2, "urgency": 2},
    "post_improvements_reference_comments": {"visibility": "internal", "text": "x"},
    "post_improvements_reference_links": {"kind": "related_to", "to": "OTHER"},
    "post_improvements_reference_tasks": {"title": "x"},
    "post_improvements_reference_tasks_number_omission": {"reason": "x"},
    "post_goals": {"title": "x"},
    "put_goals_number": {"title": "x"},
    "put_improvement-scales_number": {"weight": 10, "texts": ["a", "b", "c", "d", "e"]},
    "post_suggestions": {"title": "x"},
    "post_suggestions_reference_withdrawal": {"reason": "x"},
}
HAS_NO_EFFECT = {
    "post_improvements_reference_links", "post_improvements_reference_watchers",
    "put_improvements_reference_steps_number",
}  # fmt: skip


@pytest.fixture
def world(house, bring_to, goal, auditor, log_incident):  # noqa: F811 - the fixture
    house.anna = auditor
    other, improvement = log_incident(), bring_to("judged")
    said = {"record": improvement, "by": house.aisha, "at": MONDAY_9}
    task = record_operations.add_task(title="Check", **said)
    link = record_operations.link(to=other, kind="related_to", **said)
    attachment = record_operations.attach(upload=SimpleUploadedFile("a.txt", b"x"), is_public=True, **said)
    record_operations.add_watcher(user=house.tom, **said)
    way = operations.add_option(improvement=improvement, by=house.aisha, at=MONDAY_9, text="One go", **SCORE)
    numbers = {
        "steps": 1,
        "ways": way.pk,
        "measures": improvement.measures.get().pk,
        "goals": goal.pk,
        "improvement-scales": Scale.objects.first().pk,
        "tasks": task.pk,
        "links": link.pk,
        "attachments": attachment.pk,
        "watchers": house.tom.pk,
    }
    return SimpleNamespace(improvement=improvement, other=other, numbers=numbers, house=house)


def ask(world, caller, method, path, said, reference=None):
    kind = next((part for part in reversed(path.split("/")) if part in world.numbers), "")
    address = path.replace("{reference}", reference or world.improvement.reference)
    address = address.replace("{number}", str(world.numbers.get(kind, 1)))
    with transaction.atomic():
        if "attachments" in path and method == "POST":
            upload = {"file": SimpleUploadedFile("b.txt", b"x"), "visibility": "public"}
            response = caller.upload(address.removeprefix("/api/v1/"), upload)
        elif method in ("GET", "DELETE"):
            response = caller.call(method, address)
        else:
            body = BODIES.get(said["operationId"], {})
            body = {name: world.other.reference if value == "OTHER" else value for name, value in body.items()}
            response = caller.call(method, address, body, if_match="*")
        transaction.set_rollback(True)
    return response.status_code


def may(person, operation):
    roles = set(matrix.rule(operation).roles)
    return Role.REQUESTER in roles or bool(ROLES[person] & roles)


def test_every_operation_answers_everybody_as_the_matrix_says(world, as_, subtests):  # noqa: F811
    for each in OURS:
        with subtests.test(each.id):
            assert_the_matrix_is_kept(world, as_, *each.values)


def assert_the_matrix_is_kept(world, as_, method, path, said):  # noqa: F811
    wrong = {}
    for person, roles in ROLES.items():
        status = ask(world, as_(getattr(world.house, person)), method, path, said)
        is_on_record = "{reference}" in path
        if not may(person, said["x-operation"]):
            good = {403, 404} if is_on_record else {403}
        elif not roles and is_on_record:
            good = {403, 404}
        else:
            good = {200, 201, 204, 409}
            good |= {422} if said["operationId"] in HAS_NO_EFFECT else set()
            good |= {403} if is_on_record and Role.REQUESTER in matrix.rule(said["x-operation"]).roles else set()
            # An act says what is in its way at the field that it is about.
            good |= {422} if method in ("POST", "PUT") and path.count("/") >= 6 else set()
        if status not in good:
            wrong[person] = (status, good)
    assert wrong == {}
    assert ask(world, as_(None), method, path, said) == 401
    if "{reference}" in path:
        otto = as_(world.house.otto)
        foreign, unknown = (ask(world, otto, method, path, said, reference) for reference in (None, "IMP-999999"))
        assert foreign == unknown
        assert foreign in (403, 404)


def test_an_improvement_goes_its_way_over_rest(house, as_, goal, suggest, time_machine, log_incident):  # noqa: F811
    suggest()
    time_machine.move_to(JUNE, tick=False)
    aisha, ines = as_(house.aisha), as_(house.ines)
    incident = log_incident()
    made = aisha.post(
        "improvements/",
        {"title": "Fewer drops", "raised_from": incident.reference, "owner": "ines", "goal": goal.title},
    ).json()
    base = f"improvements/{made['reference']}"
    put = lambda path, body: aisha.call("PUT", f"/api/v1/{base}/{path}/", body).json()  # noqa: E731 - short
    states = [ines.post(f"{base}/acceptance/", {"reply": "Yes."}).json()["state"]]
    refused = ines.post(f"{base}/start/", {}).json()
    scored = put("score", {"value": 5, "effort": 1, "risk": 1})
    states.append(ines.post(f"{base}/start/", {}).json()["state"])
    put("steps/1", {"texts": {"vision": "Undisturbed"}})
    measure = aisha.post(f"{base}/observations/", {"text": "They complain"}).json()
    put(f"measures/{measure['id']}/expectation", {"text": "Nobody does", "target_date": "2026-12-01"})
    put("effect", {"acted_on": "2026-05-01"})
    judged = ines.post(f"{base}/measures/{measure['id']}/judgment/", {"word": "reached", "note": "Not one"}).json()
    put("steps/6", {"texts": {"statement": "It helped"}})
    wheel = aisha.get(f"{base}/steps/").json()
    states.append(ines.post(f"{base}/realization/", {}).json()["state"])

    assert (made["origin"], made["goal"]["name"]) == ("incident", goal.title)
    assert "It is not scored yet" in str(refused)
    assert (scored["score"], judged["word"]) == (100, "reached")
    assert [each["step"] for each in wheel["steps"] if each["is_complete"]] == [1, 2, 3, 5, 6]
    assert states == [State.ACCEPTED, State.ACTIVE, State.REALIZED]


def test_everybody_suggests_and_votes_over_rest(house, as_, suggest):  # noqa: F811
    suggest()
    maria = as_(house.maria)
    made = maria.post("suggestions/", {"title": "A page for passwords"}).json()
    operations.share(improvement=Improvement.objects.get(title__contains="page"), by=house.ines, at=MONDAY_9)
    address = f"/api/v1/suggestions/{made['reference']}/vote/"

    votes = [as_(getattr(house, name)).call("PUT", address, {}).status_code for name in ("maria", "max", "tom", "otto")]
    twice = maria.call("PUT", address, {}).status_code
    told = maria.get("suggestions/").json()["items"]

    assert (votes, twice) == ([200, 200, 200, 404], 409)
    assert [(each["votes"], each["is_mine"], each["has_my_vote"]) for each in told] == [(3, True, True)]
    assert as_(house.otto).get("suggestions/").json()["items"] == []
