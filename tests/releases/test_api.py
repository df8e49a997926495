"""Releases over REST: every operation asked by everybody, and what each does."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from changes.enums import State as ChangeState
from people import matrix
from people.enums import Role
from records import operations as record_operations
from records.models import Link
from releases.enums import State
from releases.models import ChecklistItem
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.api.test_matrix import operations_of_schema

from .conftest import MONDAY_10, THURSDAY_20, THURSDAY_22

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
    if each.values[1].split("/")[3] in ("releases", "release-checklist") and "/clocks/" not in each.values[1]
]
LINE = {"text": "The legal department agrees", "role": "service_manager"}
BODIES = {
    "post_releases": {"title": "x"},
    "change_releases_reference": {"title": "x"},
    "put_releases_reference_scope": {"services": []},
    "put_releases_reference_window": {"planned_from": None, "planned_to": None},
    "post_releases_reference_contents": {"change": "OTHER"},
    "post_releases_reference_criteria": {"text": "x"},
    "post_releases_reference_criteria_number_judgment": {"is_met": True},
    "post_releases_reference_criteria_number_waiver": {"reason": "x"},
    "post_releases_reference_checklist_number_withdrawal": {"reason": "x"},
    "post_releases_reference_deployments": {"name": "x"},
    "post_releases_reference_deployments_number_end": {"result": "failed", "verification": "x"},
    "post_releases_reference_priority": {"priority": 2, "reason": "x"},
    "post_releases_reference_levels": {"impact": 2, "urgency": 2},
    "post_releases_reference_rework": {"reason": "x"},
    "post_releases_reference_no-go": {"reason": "x"},
    "post_releases_reference_roll-back": {"reason": "x"},
    "post_releases_reference_cancellation": {"reason": "x"},
    "post_releases_reference_comments": {"visibility": "internal", "text": "x"},
    "post_releases_reference_links": {"kind": "related_to", "to": "OTHER"},
    "post_releases_reference_tasks": {"title": "x"},
    "post_releases_reference_tasks_number_omission": {"reason": "x"},
    "post_release-checklist": LINE,
    "put_release-checklist_number": LINE,
}
# No second link, somebody who follows it already, not the owner, or a role that one does not have.
HAS_NO_EFFECT = {"post_releases_reference_links", "post_releases_reference_watchers"}
ASKS_FOR_A_ROLE = ("/signature/", "/withdrawal/")


@pytest.fixture
def world(house, plan_release, in_state, auditor):  # noqa: F811 - the fixture
    house.anna = auditor
    other = in_state(title="Other")
    release = plan_release()
    said = {"record": release, "by": house.aisha, "at": MONDAY_10}
    task = record_operations.add_task(title="Check", **said)
    link = record_operations.link(to=other, kind="related_to", **said)
    attachment = record_operations.attach(upload=SimpleUploadedFile("a.txt", b"x"), is_public=True, **said)
    record_operations.add_watcher(user=house.tom, **said)
    numbers = {
        "contents": Link.objects.get(to_record=release.pk, kind="released_in").pk,
        "criteria": release.criteria.get().pk,
        "checklist": release.checklist.filter(role=Role.TECHNICIAN)[0].pk,
        "deployments": release.deployments.get().pk,
        "release-checklist": ChecklistItem.objects.first().pk,
        "tasks": task.pk,
        "links": link.pk,
        "attachments": attachment.pk,
        "watchers": house.tom.pk,
    }
    return SimpleNamespace(release=release, other=other, numbers=numbers, house=house)


def ask(world, caller, method, path, said, reference=None):
    kind = next((part for part in reversed(path.split("/")) if part in world.numbers), "")
    address = path.replace("{reference}", reference or world.release.reference)
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
            good |= {403} if any(each in path for each in ASKS_FOR_A_ROLE) and person == "ines" else set()
            good |= {403} if is_on_record and Role.REQUESTER in matrix.rule(said["x-operation"]).roles else set()
            # A move says what is in its way at the field that it is about.
            good |= {422} if method == "POST" and path.count("/") == 6 else set()
        if status not in good:
            wrong[person] = (status, good)
    assert wrong == {}
    assert ask(world, as_(None), method, path, said) == 401
    if "{reference}" in path:
        otto = as_(world.house.otto)
        foreign, unknown = (ask(world, otto, method, path, said, reference) for reference in (None, "REL-999999"))
        assert foreign == unknown
        assert foreign in (403, 404)


def test_every_operation_answers_everybody_as_the_matrix_says(world, as_, subtests):  # noqa: F811
    for each in OURS:
        with subtests.test(each.id):
            assert_the_matrix_is_kept(world, as_, *each.values)


def test_a_release_goes_its_way_over_rest(house, as_, plan_release, in_state, time_machine):  # noqa: F811
    plan_release(changes=[])
    time_machine.move_to(MONDAY_10, tick=False)
    aisha, tom, ines = as_(house.aisha), as_(house.tom), as_(house.ines)
    change = in_state(ChangeState.AUTHORIZING)
    made = aisha.post(
        "releases/",
        {"title": "Gateway 4.2", "version_name": "4.2", "changes": [change.reference], "assignee": "tom",
         "owner": "ines", "build_reference": "817", "deployment_plan": "x", "back_out_plan": "x",
         "communication_plan": "x", "release_notes": "x"},
    ).json()  # fmt: skip
    base = f"releases/{made['reference']}"
    window = {"planned_from": THURSDAY_20.isoformat(), "planned_to": THURSDAY_22.isoformat()}
    aisha.call("PUT", f"/api/v1/{base}/window/", window)
    criterion = aisha.post(f"{base}/criteria/", {"text": "Twenty sessions"}).json()
    wave = aisha.post(f"{base}/deployments/", {"name": "Both"}).json()
    states = [aisha.post(f"{base}/{noun}/", {}).json()["state"] for noun in ("building", "testing")]
    failed = tom.post(f"{base}/criteria/{criterion['id']}/judgment/", {"is_met": False, "note": "Drops."}).json()
    waived = ines.post(f"{base}/criteria/{criterion['id']}/waiver/", {"reason": "Fixed by 4.3."}).json()
    states.append(aisha.post(f"{base}/clearance/", {}).json()["state"])
    for line in aisha.get(f"{base}/checklist/").json()["items"]:
        signer = {"technician": tom, "team_lead": aisha}.get(line["role"], ines)
        assert signer.post(f"{base}/checklist/{line['id']}/signature/", {}).status_code == 200
    time_machine.move_to(THURSDAY_20, tick=False)
    refused = tom.post(f"{base}/deployment/", {}).json()

    assert [each["name"] for each in made["services"]] == ["VPN"]
    assert (failed["verdict"], failed["failures"], waived["verdict"]) == ("failed", 1, "waived")
    assert states == [State.BUILDING, State.TESTING, State.READY]
    assert f"{change.reference} is authorizing" in refused["detail"]
    inside = tom.get(f"{base}/contents/").json()
    assert [(each["reference"], each["is_authorized"]) for each in inside["items"]] == [(change.reference, False)]
    assert wave["environment"] == "production"
    moves = {each["name"]: each for each in tom.get(f"{base}/").json()["allowed_moves"]}
    assert moves["deploy"]["is_possible"] is False


def test_early_life_is_told_over_rest(house, as_, bring_to, log_incident, time_machine):  # noqa: F811
    release = bring_to("early_life")
    incident = log_incident(at=THURSDAY_22)
    time_machine.move_to(THURSDAY_22, tick=False)

    told = as_(house.tom).get(f"releases/{release.reference}/early-life/").json()

    assert [(each["name"], each["is_met"]) for each in told["criteria"]] == [("window", False), ("quiet", False)]
    assert (told["caused"], told["caused_count"], told["candidates"]) == ([], 0, [incident.reference])


def test_the_checklist_is_read_and_set_over_rest(house, as_):  # noqa: F811
    ines = as_(house.ines)
    made = ines.post("release-checklist/", LINE | {"types": ["major"]}).json()
    wrong = ines.post("release-checklist/", LINE | {"role": "auditor"})
    changed = ines.call("PUT", f"/api/v1/release-checklist/{made['id']}/", LINE | {"is_active": False}).json()

    assert wrong.status_code == 422
    assert (changed["types"], changed["is_active"], changed["version"]) == ([], False, 2)
    listed = as_(house.tom).get("release-checklist/").json()["items"]
    assert len(listed) == ChecklistItem.objects.count()


def test_a_title_alone_makes_a_release(house, as_):  # noqa: F811
    made = as_(house.aisha).post("releases/", {"title": "Gateway 4.3"})

    assert made.status_code == 201
    assert (made.json()["type"], made.json()["state"]) == ("minor", "planning")
