"""Changes and models over REST: every operation asked by everybody, and what each does."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from changes import operations
from changes.enums import State
from changes.models import Change, ChangeModel, RiskFactor
from people import matrix
from people.enums import Role
from records import operations as record_operations
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.api.test_matrix import operations_of_schema
from tests.conftest import moment

AT = moment("2026-03-02 10:00")
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
    if each.values[1].split("/")[3] in ("changes", "change-models", "risk-questions", "change-windows")
    and "/clocks/" not in each.values[1]
]
MODEL = {"name": "Other", "implementation_plan": "x", "back_out_plan": "x"}
WINDOW = {
    "kind": "freeze", "name": "Year end", "starts_at": "2126-12-20T00:00:00Z", "ends_at": "2127-01-03T00:00:00Z",
    "zone": "Europe/Oslo",
}  # fmt: skip
BODIES = {
    "post_changes": {"title": "x"},
    "change_changes_reference": {"title": "x"},
    "put_changes_reference_scope": {"services": [], "items": []},
    "post_changes_reference_risk": {"answers": {"tests": 2}},
    "put_changes_reference_window": {"planned_from": None, "planned_to": None},
    "post_changes_reference_slots": {
        "planned_from": "2126-03-05T20:00:00Z", "planned_to": "2126-03-05T22:00:00Z", "reason": "x",
    },
    "post_changes_reference_acceptances": {"key": "x", "reason": "x"},
    "post_changes_reference_exemptions": {"window": 1, "reason": "x"},
    "post_changes_reference_exemptions_number_withdrawal": {"reason": "x"},
    "post_changes_reference_back-out": {"reason": "x"},
    "post_changes_reference_steps": {"title": "x"},
    "put_changes_reference_steps_number_place": {"position": 1},
    "post_changes_reference_steps_number_end": {"state": "done"},
    "post_changes_reference_priority": {"priority": 2, "reason": "x"},
    "post_changes_reference_levels": {"impact": 2, "urgency": 2},
    "post_changes_reference_schedule": {
        "planned_from": "2126-03-05T20:00:00Z", "planned_to": "2126-03-05T22:00:00Z", "reason": "x",
    },
    "post_changes_reference_completion": {"outcome": "successful"},
    "post_changes_reference_rejection": {"reason": "x"},
    "post_changes_reference_cancellation": {"reason": "x"},
    "post_changes_reference_comments": {"visibility": "internal", "text": "x"},
    "post_changes_reference_links": {"kind": "related_to", "to": "OTHER"},
    "post_changes_reference_tasks": {"title": "x"},
    "post_changes_reference_tasks_number_omission": {"reason": "x"},
    "post_risk-questions": {
        "question": "How dark is it?", "answers": [{"points": 0, "label": "light"}, {"points": 4, "label": "dark"}],
    },
    "change_risk-questions_number": {"weight": 7},
    "post_change-windows": WINDOW,
    "change_change-windows_number": {"name": "New name"},
    "post_change-models": MODEL,
    "change_change-models_number": {"name": "New name"},
    "post_change-models_number_approval": {"expires_date": "2126-01-01"},
    "post_change-models_number_suspension": {"reason": "x"},
    "post_change-models_number_retirement": {"reason": "x"},
}  # fmt: skip
# No such conflict, no second link, somebody who follows it already.
HAS_NO_EFFECT = {
    "post_changes_reference_acceptances", "post_changes_reference_links", "post_changes_reference_watchers",
}  # fmt: skip


@pytest.fixture
def world(house, write_change, freeze, auditor):  # noqa: F811 - the fixture
    house.anna = auditor
    change, other = write_change(), write_change(window=None)
    step = operations.add_step(change=change, by=house.aisha, at=AT, title="Fail over")
    said = {"record": change, "by": house.aisha, "at": AT}
    task = record_operations.add_task(title="Check", **said)
    link = record_operations.link(to=other, kind="related_to", **said)
    attachment = record_operations.attach(upload=SimpleUploadedFile("a.txt", b"x"), is_public=True, **said)
    record_operations.add_watcher(user=house.tom, **said)
    model = operations.propose_model(by=house.ines, at=AT, owner=house.aisha, **MODEL | {"name": "Restart"})
    numbers = {
        "steps": step.pk, "tasks": task.pk, "links": link.pk, "attachments": attachment.pk, "change-models": model.pk,
        "risk-questions": RiskFactor.objects.get(key="tests").pk,
        "change-windows": freeze.pk,
        "watchers": house.tom.pk,
    }  # fmt: skip
    return SimpleNamespace(change=change, other=other, numbers=numbers, house=house)


def ask(world, caller, method, path, said, reference=None):
    kind = next((part for part in reversed(path.split("/")) if part in world.numbers), "")
    address = path.replace("{reference}", reference or world.change.reference)
    address = address.replace("{number}", str(world.numbers.get(kind, 1)))
    with transaction.atomic():
        if path.endswith("/changes/schedule/"):
            address += "?from=2026-03-02T00:00:00Z&to=2026-03-09T00:00:00Z"
        if "attachments" in path and method == "POST":
            upload = {"file": SimpleUploadedFile("b.txt", b"x"), "visibility": "public"}
            response = caller.upload(address.removeprefix("/api/v1/"), upload)
        elif method in ("GET", "DELETE"):
            response = caller.call(method, address)
        else:
            body = BODIES.get(said["operationId"], {})
            if body.get("to") == "OTHER":
                body = body | {"to": world.other.reference}
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
            good = {200, 201, 204, 409} | ({404} if "exemptions" in path else set())
            good |= {403} if path.split("/")[3] in ("change-models", "change-windows") and not roles else set()
            good |= {422} if said["operationId"] in HAS_NO_EFFECT else set()
            good |= {403} if is_on_record and Role.REQUESTER in matrix.rule(said["x-operation"]).roles else set()
        if status not in good:
            wrong[person] = (status, good)
    assert wrong == {}
    assert ask(world, as_(None), method, path, said) == 401
    if "{reference}" in path:
        otto = as_(world.house.otto)
        foreign, unknown = (ask(world, otto, method, path, said, reference) for reference in (None, "CHG-999999"))
        assert foreign == unknown
        assert foreign in (403, 404)


def test_every_operation_answers_everybody_as_the_matrix_says(world, as_, subtests):  # noqa: F811
    for each in OURS:
        with subtests.test(each.id):
            assert_the_matrix_is_kept(world, as_, *each.values)


def test_a_change_goes_its_way_over_rest(house, as_, write_change, vpn, gateway):  # noqa: F811
    write_change()
    tom, ines = as_(house.tom), as_(house.ines)
    made = tom.post(
        "changes/",
        {"title": "Patch", "rationale": "Bugs", "services": [vpn.slug], "items": [gateway.name], "assignee": "tom"},
    ).json()
    base = f"changes/{made['reference']}"
    tom.call("PUT", f"/api/v1/{base}/window/",
             {"planned_from": "2126-03-05T20:00:00Z", "planned_to": "2126-03-05T22:00:00Z"})  # fmt: skip
    asked = tom.get(f"{base}/risk/").json()["questions"]
    risk = tom.post(f"{base}/risk/", {"answers": {each["key"]: 1 for each in asked}}).json()
    submitted = tom.post(f"{base}/submission/", {}).json()
    early = ines.post(f"{base}/assessment/", {})

    assert (made["type"], made["services"][0]["name"], made["items"][0]["name"]) == ("normal", vpn.name, gateway.name)
    assert (risk["score"], risk["band"]) == (25, "moderate")
    assert submitted["state"] == State.ASSESSING
    assert early.status_code == 422
    assert "Still missing" in early.json()["detail"]


def test_conflicts_are_listed_and_accepted(house, as_, write_change):  # noqa: F811
    first = operations.submit(change=write_change(), by=house.aisha, at=AT)
    Change.objects.filter(pk=first.pk).update(state=State.SCHEDULED)
    change = write_change(assignee=house.aisha)
    ines = as_(house.ines)
    found = ines.get(f"changes/{change.reference}/conflicts/").json()["items"]

    accepted = ines.post(
        f"changes/{change.reference}/acceptances/", {"key": found[0]["key"], "reason": "The other half of it."}
    )

    assert [(each["reason"], each["change"], each["is_open"]) for each in found] == [("item", first.reference, True)]
    assert accepted.status_code == 201
    again = ines.get(f"changes/{change.reference}/conflicts/").json()["items"]
    assert [(each["is_open"], each["accepted"]) for each in again] == [(False, "The other half of it.")]


def test_models_are_proposed_and_approved_by_another(house, as_):  # noqa: F811
    ines = as_(house.ines)
    own = ines.post("change-models/", MODEL).json()
    refused = ines.post(f"change-models/{own['id']}/approval/", {"expires_date": "2126-01-01"})
    other = ines.post("change-models/", MODEL | {"name": "Restart", "owner": "aisha"}).json()
    approved = ines.post(f"change-models/{other['id']}/approval/", {"expires_date": "2126-01-01"})

    assert (refused.status_code, approved.status_code) == (409, 200)
    assert approved.json()["state"] == "approved"
    assert ChangeModel.objects.get(pk=own["id"]).state == "proposed"


def test_the_schedule_of_a_period_with_its_conflicts(house, as_, vpn, booked, write_change, freeze, at_monday):  # noqa: F811
    first = booked(window=("2026-03-04 20:00", "2026-03-04 22:00"))
    second = write_change(assignee=house.aisha, window=("2026-03-04 21:00", "2026-03-04 23:00"))
    period = "changes/schedule/?from=2026-03-04T00:00:00Z&to=2026-03-06T00:00:00Z"

    found = as_(house.ines).get(period).json()
    of_otto = as_(house.otto).get(period).json()
    narrowed = as_(house.ines).get(f"{period}&state=scheduled&service={vpn.pk}").json()

    assert [(each["kind"], each["reference"], each["window"]) for each in found["items"]] == [
        ("change", first.reference, None), ("change", second.reference, None), ("freeze", None, freeze.pk),
    ]  # fmt: skip
    assert found["items"][0]["services"] == [{"id": vpn.pk, "name": "VPN"}]
    assert [(each["change"], each["reason"], each["other"]) for each in found["conflicts"]] == [
        (second.reference, "item", first.reference)
    ]
    seen = [(each["kind"], each["busy"], each["title"], each["reference"], each["url"]) for each in of_otto["items"]]
    assert seen == [("change", True, "", None, None), ("freeze", False, "Quarter end", None, None)]
    assert [each["reference"] for each in narrowed["items"]] == [first.reference]


@pytest.mark.parametrize(
    "query", ["", "from=2026-03-04T00:00:00Z", "from=2026-03-04T00:00:00Z&to=2026-03-04T00:00:00Z",
              "from=2026-03-04T00:00:00Z&to=2026-06-05T00:00:00Z", "from=2026-03-04&to=2026-03-05",
              "from=2026-03-04T00:00:00Z&to=2026-03-05T00:00:00Z&state=x",
              "from=2026-03-04T00:00:00Z&to=2026-03-05T00:00:00Z&lane=x"],
)  # fmt: skip
def test_a_schedule_without_a_sound_period_is_refused(house, as_, query):  # noqa: F811
    assert as_(house.ines).get(f"changes/schedule/?{query}").status_code == 422


def test_freezes_are_written_over_rest(house, as_, vpn):  # noqa: F811
    ines = as_(house.ines)
    made = ines.post("change-windows/", WINDOW | {"services": [vpn.slug], "repeats": "yearly"})
    number = made.json()["id"]
    blind = ines.call("PATCH", f"/api/v1/change-windows/{number}/", {"name": "New"})
    changed = ines.call("PATCH", f"/api/v1/change-windows/{number}/", {"name": "New"}, if_match=made["ETag"])
    stale = ines.call("PATCH", f"/api/v1/change-windows/{number}/", {"name": "Old"}, if_match=made["ETag"])
    wrong = ines.post("change-windows/", WINDOW | {"ends_at": WINDOW["starts_at"]})
    retired = ines.post(f"change-windows/{number}/retirement/", {}).json()
    twice = ines.post(f"change-windows/{number}/retirement/", {})
    back = ines.post(f"change-windows/{number}/reinstatement/", {}).json()

    assert (made.status_code, made["Location"]) == (201, f"/api/v1/change-windows/{number}/")
    assert [each["name"] for each in made.json()["services"]] == ["VPN"]
    assert (blind.status_code, changed.status_code, stale.status_code) == (428, 200, 412)
    assert (changed.json()["name"], changed.json()["repeats"], len(changed.json()["services"])) == ("New", "yearly", 1)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "ends_at")
    assert (retired["is_active"], twice.status_code, back["is_active"]) == (False, 409, True)
    assert [each["id"] for each in as_(house.tom).get("change-windows/").json()["items"]] == [number]
