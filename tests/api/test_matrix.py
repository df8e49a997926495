"""Every operation of the schema, asked by everybody: the answers are those of the permission matrix."""

from datetime import date, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from approvals import operations as approval_operations
from approvals.terms import StepSpec, Terms, asks
from incidents import operations
from measurement import declarations, filters
from measurement.catalog import operations as success_factors
from measurement.dashboards import operations as dashboards
from measurement.explorer import operations as exports
from measurement.following import operations as following
from measurement.notes import operations as measure_notes
from measurement.own import operations as own_measures
from measurement.pivots import operations as pivots
from measurement.schedules import operations as schedules
from people import matrix
from people.enums import Relation, Role
from procedures import operations as procedure_operations
from procedures.models import ActivationRule, Duty, Procedure, ProcedureStep
from records import operations as record_operations
from services import importing
from services.models import ConfigurationItem, RelationType
from services.models import Relation as ItemRelation
from services.specifications import operations as specifications
from slm.availability import operations as availability
from slm.breaches import recording
from slm.breaches.models import Breach, Cause, Clause
from slm.operations import ensure_default_agreement
from slm.simulator.operations import try_hours
from slm.sweep import sweep
from slm.walls import operations as walls
from tests.api.bodies import BODIES, QUERIES, UPLOADS
from tests.conftest import moment

AT = moment("2026-03-02 09:10")
FAR = date(2126, 1, 5)
STAFF = {
    "tom": {Role.TECHNICIAN},
    "aisha": {Role.TECHNICIAN, Role.TEAM_LEAD},
    "ines": {Role.SERVICE_MANAGER},
    "anna": {Role.AUDITOR},
    "ada": {Role.ADMINISTRATOR},
}
PEOPLE = [*STAFF, "maria", "max", "otto", "nobody"]

# Below these stand no records of a requester: their own tests ask everybody (tests/knowledge/test_api.py).
ELSEWHERE = frozenset(
    {
        "kb", "failed-searches", "changes", "change-models", "clusters", "bursts", "problems", "known-errors",
        "deployments", "differences", "environments", "risk-questions", "cab-meetings", "releases", "release-checklist",
        "change-windows", "improvements", "goals", "improvement-scales", "suggestions",
        "reports", "own-reports", "report-plans", "processes",
        "framework-packs", "framework-certificates", "practice-map", "practice-gaps", "practice-signals",
    }
)  # fmt: skip


@cache
def document_of_schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def paths_of_schema():
    return document_of_schema()["paths"]


def operations_of_schema(*, without=frozenset()):
    return [
        pytest.param(method.upper(), path, said, id=said["operationId"])
        for path, methods in paths_of_schema().items()
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
def world(house, vpn, log_incident, auditor, fixes_are_approved, base_set):
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
    board = approval_operations.create_board(by=None, at=AT, name="Board")
    policy = approval_operations.create_policy(
        by=None,
        at=AT,
        name="Fixes",
        purpose=fixes_are_approved,
        terms=Terms(steps=(StepSpec("Lead", (asks("person", person=house.aisha.pk),)),)),
    )
    approval = approval_operations.start(subject=incident, purpose=fixes_are_approved, by=house.tom, at=AT)
    deputy = approval_operations.name_deputy(
        person=house.aisha, deputy=house.ines, by=house.aisha, at=AT, valid_from=FAR, valid_to=FAR + timedelta(days=3)
    )
    record_operations.add_watcher(user=house.max, **said)
    outage = availability.record(by=house.tom, at=AT, service=vpn, started_at=moment("2026-03-02 08:00"))
    sweep(moment("2026-04-01 00:00"))
    recording.make(recording.unanswered())
    breach = Breach.objects.filter(record_id=incident.pk).latest("pk")
    item, other_item = (ConfigurationItem.objects.create(name=name, service=vpn) for name in ("vpn-gw-2", "esx-3"))
    runs_on = RelationType.objects.get(slug="runs_on")
    relation = ItemRelation.objects.create(source=item, target=other_item, type=runs_on)
    simulation = try_hours(
        calendar=agreement.calendar, spec=agreement.calendar.as_spec(), by=house.ada, at=AT + timedelta(hours=1)
    )
    measure = declarations.kpi("inc-volume")
    export = exports.ask(kpi=measure, what="table", format="csv", query="", by=house.ada, at=AT)
    factor = success_factors.create_factor(by=house.ada, at=AT, name="All", measures=[("inc-volume", 1)])
    meaning = own_measures.Meaning("Old", "x", "incident.flow.opened * 2", "count", "lower")
    own_measure = own_measures.create(by=house.ada, at=AT, meaning=meaning)
    shown = dashboards.create(by=house.ada, at=AT, name="Ours")
    tile = dashboards.add_tile(dashboard=shown, by=house.ada, at=AT, kind="number", kpi="inc-volume")
    schedule = schedules.create(by=house.ada, at=AT, name="Weekly", dashboard=shown, zone="UTC", receivers=[house.ada])
    table = pivots.create(by=house.ada, at=AT, name="x", kpi="inc-volume", rows="team", columns="month")
    alert = following.alert(by=house.ada, at=AT, kpi="inc-volume", when="below", bound=1)
    pin = following.pin(by=house.ada, kpi="inc-volume")
    note = measure_notes.write(by=house.ada, at=AT, kpi="inc-volume", text="x", day_from=AT.date())
    wall, _token = walls.make_link(by=house.ada, at=AT, name="x", asked=filters.read({}, house.ada, at=AT))
    run = importing.begin(content=b"key,name\nk-1,dns-1\n", file_name="x.csv", by=house.ines, at=AT)
    importing.check(run=run, at=AT)
    procedure = Procedure.objects.get(slug="workaround-application")
    step = ProcedureStep.objects.filter(version__procedure=procedure).first()
    tick = procedure_operations.tick(step=step, **said)
    procedure_operations.begin_draft(procedure=procedure, by=house.ines, at=AT)
    specifications.begin_draft(service=vpn, by=house.ines, at=AT)
    return SimpleNamespace(
        incident=incident,
        other=other,
        people=people,
        house=house,
        numbers={
            "approvals": approval.pk,
            "approval-policies": policy.pk,
            "boards": board.pk,
            "deputies": deputy.pk,
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
            "availability": vpn.pk,
            "outages": outage.pk,
            "breaches": breach.pk,
            "breach-causes": Cause.objects.get(key="capacity").pk,
            "excuse-clauses": Clause.objects.get(key="customer").pk,
            "items": item.pk,
            "item-relations": relation.pk,
            "item-imports": run.pk,
            "simulations": simulation.pk,
            "kpi-exports": export.pk,
            "kpi-tables": table.pk,
            "kpi-alerts": alert.pk,
            "kpi-pins": pin.pk,
            "kpi-notes": note.pk,
            "success-factors": factor.pk,
            "own-measures": own_measure.pk,
            "dashboards": shown.pk,
            "dashboard-schedules": schedule.pk,
            "dashboard-tiles": tile.pk,
            "wall-links": wall.pk,
            "procedures": procedure.pk,
            "activation-rules": ActivationRule.objects.all()[0].pk,
            "accountabilities": Duty.objects.get(process="recover", step="diagnose").pk,
            "ticks": tick.pk,
        },
    )


def send(world: Any, caller: Any, method: str, path: str, said: Any, reference: str | None = None) -> Any:
    """The request that the operation asks for, in a transaction that is taken back."""
    kind = path.partition("/{number}")[0].rpartition("/")[2]
    address = path.replace("{reference}", reference or world.incident.reference)
    address = address.replace("{number}", str(world.numbers.get(kind, 0))).replace("{name}", "inc-volume")
    identity = said["operationId"]
    address += QUERIES.get(identity, "")
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


def of_approval(operation: str, person: str) -> set[int]:
    """Aisha has the seat, and the deputy whom team leads and administrators may end; Umbrella sees neither."""
    if operation == "remove_deputies_number":
        return {204} if person in ("aisha", "ada") else {404}
    if person == "otto":
        return {404}
    if operation == "get_approvals_number" or person == "aisha":
        return {200, 409}
    return {403, 422} if operation == "post_approvals_number_delegation" else {403}


def expected(path: str, said: Any, person: str) -> set[int]:
    if person == "nobody":
        return {401}
    asked = said["x-operation"]
    if said["operationId"] == "remove_incidents_reference_watchers_number" and person not in ("max", "otto"):
        return {204} if gives("record.add_watcher", person, on_record=True) else {403}  # Max is who follows
    if asked in ("specification.write", "specification.put_in_force"):  # Aisha owns the service; the two manage all
        return {200, 204, 409} if person in ("aisha", "ines", "ada") else {403}
    is_on_record = "{reference}" in path
    if not gives(asked, person, on_record=False):
        return {403}
    if said["operationId"] == "post_dashboard-schedules" and person == "otto":
        return {422}  # ada is nobody whom Otto sees
    if said["operationId"] == "post_deputies":
        return {201, 422}  # nobody is their own deputy, or that of somebody elsewhere
    if path.startswith("/api/v1/simulations/{number}/"):
        return {200, 204, 409} if person == "ada" else {404}  # one's own
    if path.endswith("/leaving/"):
        return {200} if person == "ada" else {404}  # who receives it
    if path.startswith("/api/v1/dashboard-schedules/{number}/"):
        if person == "ines":  # oversees
            owners = ("remove_dashboard-schedules_number", "put_dashboard-schedules_number")
            return {403} if said["operationId"] in owners else {200, 409}
        return {200, 204, 409} if person == "ada" else {404}
    own = ("dashboards", "dashboard-tiles", "kpi-tables", "kpi-alerts", "kpi-pins", "kpi-notes")
    if "{number}" in path and path.split("/")[3] in own:
        return {200, 201, 204} if person == "ada" else {404}  # one's own, shared with nobody
    if path.startswith("/api/v1/kpi-exports/{number}/"):
        return {200, 204, 404, 409} if person == "ada" else {404}  # one's own, and not ready yet
    if path.split("/")[3] in ("approvals", "deputies") and "{number}" in path:
        return of_approval(said["operationId"], person)
    if path.endswith("/excuse/deferral/") and person != "otto":
        return {403, 409}  # who is asked to decide, and here nobody is
    if not is_on_record:
        foreign = {"max": ("people", "teams"), "otto": ("people", "teams", "organizations", "breaches")}.get(person, ())
        is_foreign = "{number}" in path and path.split("/")[3] in foreign
        return {404} if is_foreign else {200, 201, 204, 409}
    if not gives("record.view", person, on_record=True):
        return {404}
    if not gives(asked, person, on_record=True):
        return {403, 404}
    return (
        {422}
        if said["operationId"] == "post_incidents_reference_watchers" and person == "max"
        else {200, 201, 204, 409}
    )


def assert_the_matrix_is_kept(world, as_, method, path, said):
    wrong = {}
    for person in PEOPLE:
        response = send(world, as_(world.people[person]), method, path, said)
        if response.status_code not in expected(path, said, person):
            wrong[person] = (response.status_code, expected(path, said, person))

    assert wrong == {}


def test_every_operation_answers_everybody_as_the_matrix_says(world, as_, subtests):
    for each in operations_of_schema(without=ELSEWHERE):
        with subtests.test(each.id):
            assert_the_matrix_is_kept(world, as_, *each.values)


def assert_answers_are_alike(world, as_, method, path, said):
    otto = as_(world.people["otto"])
    if not gives(said["x-operation"], "otto", on_record=False):
        pytest.skip("refused before the record is looked for")

    foreign, unknown = (send(world, otto, method, path, said, reference) for reference in (None, "INC-999999"))

    assert foreign.status_code == unknown.status_code == 404
    blank = {"instance": "", "request_id": ""}
    assert foreign.json() | blank == unknown.json() | blank


def test_a_record_of_others_and_one_that_is_not_there_answer_alike(world, as_, subtests):
    for each in [p for p in operations_of_schema(without=ELSEWHERE) if "{reference}" in p.values[1]]:
        with subtests.test(each.id):
            assert_answers_are_alike(world, as_, *each.values)


def test_every_operation_has_a_summary_answers_and_problems():
    for param in operations_of_schema():
        _method, path, said = param.values
        assert said["summary"], path
        assert {"401", "403", "429", "500"} <= set(said["responses"]), path
        assert all("application/problem+json" in said["responses"][s]["content"] for s in ("401", "403")), path
        assert said["x-operation"] in {rule.operation for rule in matrix.rules()}, path
        if said["operationId"] in ("post_incidents", "post_agreements", "post_incidents_reference_comments"):
            assert said["requestBody"]["content"]["application/json"]["examples"], path
