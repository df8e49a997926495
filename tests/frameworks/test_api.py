"""The map and the packs over REST: who may, what is answered, stale versions, nonsense."""

from types import SimpleNamespace

import pytest
from django.db import transaction

from frameworks import operations
from frameworks.models import Certificate, Pack, Practice, Signal
from people import matrix
from people.enums import Role
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.api.test_matrix import operations_of_schema
from tests.conftest import moment

AT = moment("2026-03-02 09:10")
STAFF = {
    "tom": {Role.TECHNICIAN},
    "aisha": {Role.TECHNICIAN, Role.TEAM_LEAD},
    "ines": {Role.SERVICE_MANAGER, Role.CHANGE_MANAGER},
    "anna": {Role.AUDITOR},
    "ada": {Role.ADMINISTRATOR},
}
PARTS = ("framework-packs", "framework-certificates", "practice-map", "practice-gaps", "practice-signals")
pytestmark = pytest.mark.usefixtures("quick")
OURS = [each for each in operations_of_schema() if each.values[1].split("/")[3] in PARTS]


@pytest.fixture
def world(house, auditor, own):  # noqa: F811
    house.anna = auditor
    pack, certificate = operations.adopt(by=house.ada, at=AT, text=own())
    signal = Signal.objects.create(kpi="inc-reopen", first_day="2026-02-01", number=9, target=5, raised_at=AT)
    resting = Practice.objects.get(key="resting")
    return SimpleNamespace(house=house, pack=pack, certificate=certificate, signal=signal, resting=resting, own=own)


def send(world, caller, method, path, number=None):
    own = {"framework-packs": world.pack, "framework-certificates": world.certificate,
           "practice-gaps": world.resting, "practice-signals": world.signal}  # fmt: skip
    row = own.get(path.split("/")[3])
    body = None if method in ("GET", "DELETE") else {}
    if method == "POST" and path.endswith("framework-packs/"):
        body = {"text": world.own(id="calm", name="Calm")}
    if method == "PUT":
        body = {"text": world.own(edition=2)}
    if path.endswith("dismissal/"):
        body = {"reason": "Two tests were counted."}
    with transaction.atomic():
        if path.endswith("switching-on/"):
            Pack.objects.update(is_active=False)
        if path.endswith("reconsideration/"):
            Signal.objects.update(dismissed_at=AT, dismissed_number=9, reason="x")
        said = caller.call(method, path.replace("{number}", str(number or (row and row.pk))), body, if_match="*")
        transaction.set_rollback(True)
    return said.status_code


def test_every_operation_answers_everybody_as_the_matrix_says(world, as_, subtests):  # noqa: F811
    assert len(OURS) == 16
    for each in OURS:
        method, path, said = each.values
        roles = set(matrix.rule(said["x-operation"]).roles)
        with subtests.test(each.id):
            wrong = {}
            for person in [*STAFF, "maria", "max", "otto"]:
                status = send(world, as_(getattr(world.house, person)), method, path)
                may = bool(STAFF.get(person, set()) & roles)
                if status not in ({200, 201, 204} if may else {403}):
                    wrong[person] = status
            assert wrong == {}
            assert send(world, as_(None), method, path) == 401
            if "{number}" in path:
                assert send(world, as_(world.house.ada), method, path, number=999_999) in (403, 404)
                assert send(world, as_(world.house.tom), method, path, number=10**18) in (403, 404)


def test_a_pack_is_adopted_upgraded_and_removed(house, as_, own):  # noqa: F811
    ada = as_(house.ada)

    made = ada.post("framework-packs/", {"text": own()})
    wrong = ada.post("framework-packs/", {"text": own(id="b", name="B", edition=0)})
    number = made.json()["id"]
    nameless = ada.call("PUT", f"framework-packs/{number}/", {"text": own(edition=2)})
    stale = ada.call("PUT", f"framework-packs/{number}/", {"text": own(edition=2)}, if_match='"7"')
    later = ada.call("PUT", f"framework-packs/{number}/", {"text": own(edition=2)}, if_match=made["ETag"])
    gone = ada.delete(f"framework-packs/{number}/", if_match=later["ETag"])

    assert (made.status_code, made.json()["slug"], made.json()["edition"]) == (201, "care", 1)
    assert wrong.status_code in (409, 422)
    assert "edition, line 5" in wrong.content.decode()
    assert (nameless.status_code, stale.status_code) == (428, 412)
    assert (later.status_code, later.json()["edition"], gone.status_code) == (200, 2, 204)
    assert [each["act"] for each in ada.get("framework-certificates/").json()["items"]] == [
        "removed", "upgraded", "adopted",
    ]  # fmt: skip
    assert Certificate.objects.count() == 3


def test_the_map_says_where_things_are_done(world, as_, log_incident):  # noqa: F811
    log_incident()

    said = as_(world.house.tom).get("practice-map/").json()
    step = next(each for each in said["items"] if each["id"] == "incident-logging-and-classification")

    assert step["here"] == [
        {"name": "incidents: New", "url": "/queue/?q=kind%3Aincident+state%3Anew", "open_records": 1}
    ]
    assert [each["name"] for each in step["practices"]] == ["Listening"]
    assert said["figures"]["gaps"] == 1
    gap = as_(world.house.tom).get("practice-gaps/").json()["items"][0]
    assert (gap["practice"]["key"], gap["steps"], gap["is_taken"]) == ("resting", ["kaizen-event"], False)
    assert as_(world.house.otto).get("practice-map/").status_code == 403
