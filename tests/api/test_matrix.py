"""Every operation of the schema, asked by everybody: the answers are those of the permission matrix."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from incidents import operations
from people import matrix
from people.enums import Relation, Role
from records import operations as record_operations
from slm.operations import ensure_default_agreement
from tests.conftest import moment

AT = moment("2026-03-02 09:10")
STAFF = {
    "tom": {Role.TECHNICIAN},
    "aisha": {Role.TECHNICIAN, Role.TEAM_LEAD},
    "ines": {Role.SERVICE_MANAGER},
    "anna": {Role.AUDITOR},
    "ada": {Role.ADMINISTRATOR},
}
PEOPLE = [*STAFF, "maria", "max", "otto", "nobody"]

# What makes each operation with a body possible on the incident below; one that is missing here fails the test.
BODIES: dict[str, Any] = {
    "post_agreements": {"name": "Other", "calendar": "24x7", "targets": []},
    "change_agreements_number": {"pause_reasons": []},
    "put_agreements_number_targets": {"targets": [{"clock": "response", "priority": 1, "minutes": 5}]},
    "post_agreements_number_retirement": {},
    "post_agreements_number_reinstatement": {},
    "post_calendars_number_preview": {"start": "2026-03-02T09:00:00Z", "minutes": 10},
    "post_incidents": {"title": "x"},
    "change_incidents_reference": {"title": "x"},
    "post_incidents_reference_assignment": {"team": "networks"},
    "post_incidents_reference_cancellation": {"reason": "x"},
    "post_incidents_reference_closure": {},
    "post_incidents_reference_comments": {"visibility": "public", "text": "x"},
    "post_incidents_reference_hold": {"hold_for": "supplier", "supplier_reference": "x"},
    "post_incidents_reference_levels": {"impact": 2, "urgency": 2},
    "post_incidents_reference_links": {"kind": "related_to", "to": "OTHER"},
    "post_incidents_reference_taking": {},
    "post_incidents_reference_priority": {"priority": 2, "reason": "x"},
    "post_incidents_reference_reopening": {"reason": "x"},
    "post_incidents_reference_resolution": {"code": "fixed", "text": "x"},
    "post_incidents_reference_resumption": {},
    "post_incidents_reference_tasks": {"title": "x"},
    "post_incidents_reference_tasks_number_completion": {},
    "post_incidents_reference_tasks_number_omission": {"reason": "x"},
    "post_incidents_reference_tasks_number_reopening": {},
    "post_incidents_reference_watchers": {},
    "post_incidents_reference_work": {},
}
# Below these stand no records of a requester: their own tests ask everybody (tests/knowledge/test_api.py).
ELSEWHERE = frozenset({"kb", "failed-searches"})
UPLOADS = {"post_incidents_reference_attachments"}


def operations_of_schema(*, without=frozenset()):
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return [
        pytest.param(method.upper(), path, said, id=said["operationId"])
        for path, methods in paths.items()
        for method, said in methods.items()
        if method in ("get", "post", "put", "patch", "delete") and path.split("/")[3] not in without
    ]


def gives(operation: str, person: str, *, on_record: bool) -> bool:
    """What the matrix says, worked out here once more: staff cover all, Max his organization, Maria her own record."""
    for role, relation in matrix.rule(operation).roles.items():
        if person in STAFF and role in STAFF[person]:
            return True
        is_manager = role == Role.ORGANIZATION_MANAGER and person in ("max", "otto")
        if is_manager and relation == Relation.SCOPE and (not on_record or person == "max"):
            return True
        if role == Role.TECHNICIAN and person == "otto" and relation == Relation.SCOPE and not on_record:
            return True
        if role == Role.REQUESTER and relation != Relation.GLOBAL:
            is_in_reach = {Relation.OWN: person == "maria", Relation.SCOPE: person in ("maria", "max")}[relation]
            if not on_record or is_in_reach:
                return True
    return False


@pytest.fixture
def world(house, vpn, log_incident, auditor):
    """An incident of Maria in progress, with one of everything below it."""
    agreement = ensure_default_agreement(at=moment("2026-03-01 00:00"))
    other = log_incident()
    incident = operations.start(incident=log_incident(), by=house.aisha, at=AT)
    said = {"record": incident, "by": house.tom, "at": AT}
    task = record_operations.add_task(title="Check", **said)
    link = record_operations.link(to=other, kind="caused_by", **said)
    upload = SimpleUploadedFile("a.txt", b"x")
    attachment = record_operations.attach(upload=upload, is_public=True, **said)
    people = {name: getattr(house, name, None) for name in PEOPLE} | {"anna": auditor}
    record_operations.add_watcher(user=house.max, **said)
    return SimpleNamespace(
        incident=incident,
        other=other,
        people=people,
        house=house,
        numbers={
            "tasks": task.pk,
            "links": link.pk,
            "clocks": incident.clocks.first().pk,
            "attachments": attachment.pk,
            "watchers": house.max.pk,
            "agreements": agreement.pk,
            "calendars": agreement.calendar_id,
            "people": house.tom.pk,
            "teams": house.networks.pk,
            "organizations": house.acme.pk,
            "services": vpn.pk,
        },
    )


def send(world: Any, caller: Any, method: str, path: str, said: Any, reference: str | None = None) -> Any:
    """The request that the operation asks for, in a transaction that is taken back."""
    kind = next((part for part in reversed(path.split("/")) if part in world.numbers), "")
    address = path.replace("{reference}", reference or world.incident.reference)
    address = address.replace("{number}", str(world.numbers.get(kind, 0))).replace("{name}", "inc-volume")
    identity = said["operationId"]
    with transaction.atomic():
        if identity in UPLOADS:
            fields = {"file": SimpleUploadedFile("b.txt", b"x"), "visibility": "public"}
            response = caller.upload(address.removeprefix("/api/v1/"), fields)
        elif method in ("GET", "DELETE"):
            response = caller.call(method, address)
        else:
            body = BODIES[identity]
            if body.get("to") == "OTHER":
                body = body | {"to": world.other.reference}
            response = caller.call(method, address, body, if_match="*")
        transaction.set_rollback(True)
    return response


def expected(path: str, said: Any, person: str) -> set[int]:
    if person == "nobody":
        return {401}
    asked = said["x-operation"]
    if said["operationId"] == "remove_incidents_reference_watchers_number" and person not in ("max", "otto"):
        return {204} if gives("record.add_watcher", person, on_record=True) else {403}  # Max is who follows
    is_on_record = "{reference}" in path
    if not gives(asked, person, on_record=False):
        return {403}
    if not is_on_record:
        foreign = {"max": ("people", "teams"), "otto": ("people", "teams", "organizations")}.get(person, ())
        is_foreign = "{number}" in path and path.split("/")[3] in foreign
        return {404} if is_foreign else {200, 201, 409}
    if not gives("record.view", person, on_record=True):
        return {404}
    if not gives(asked, person, on_record=True):
        return {403, 404}
    return (
        {422}
        if said["operationId"] == "post_incidents_reference_watchers" and person == "max"
        else {200, 201, 204, 409}
    )


@pytest.mark.parametrize(("method", "path", "said"), operations_of_schema(without=ELSEWHERE))
def test_every_operation_answers_everybody_as_the_matrix_says(world, as_, method, path, said):
    wrong = {}
    for person in PEOPLE:
        response = send(world, as_(world.people[person]), method, path, said)
        if response.status_code not in expected(path, said, person):
            wrong[person] = (response.status_code, expected(path, said, person))

    assert wrong == {}


@pytest.mark.parametrize(
    ("method", "path", "said"), [p for p in operations_of_schema(without=ELSEWHERE) if "{reference}" in p.values[1]]
)
def test_a_record_of_others_and_one_that_is_not_there_answer_alike(world, as_, method, path, said):
    otto = as_(world.people["otto"])
    if not gives(said["x-operation"], "otto", on_record=False):
        pytest.skip("refused before the record is looked for")

    foreign, unknown = (send(world, otto, method, path, said, reference) for reference in (None, "INC-999999"))

    assert foreign.status_code == unknown.status_code == 404
    blank = {"instance": "", "request_id": ""}
    assert foreign.json() | blank == unknown.json() | blank


def test_every_operation_has_a_summary_answers_and_problems():
    for param in operations_of_schema():
        _method, path, said = param.values
        assert said["summary"], path
        assert {"401", "403", "429", "500"} <= set(said["responses"]), path
        assert all("application/problem+json" in said["responses"][s]["content"] for s in ("401", "403")), path
        assert said["x-operation"] in {rule.operation for rule in matrix.rules()}, path
        if said["operationId"] in ("post_incidents", "post_agreements", "post_incidents_reference_comments"):
            assert said["requestBody"]["content"]["application/json"]["examples"], path
