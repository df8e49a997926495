"""Procedures over REST; who may do what is asked by the matrix of the API."""

from typing import Any

import pytest
from django.utils.timezone import now

from incidents import operations as incidents
from procedures.models import ProcedureVersion
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures

from .conftest import MONDAY_9

pytestmark = pytest.mark.django_db


def test_a_program_writes_a_procedure_and_ticks_it(house: Any, log_incident: Any, as_: Any) -> None:  # noqa: F811
    aisha, ines, tom = (as_(getattr(house, name)) for name in ("aisha", "ines", "tom"))
    steps = [{"name": "Ask", "role": "technician"}, {"name": "Tell", "role": "team_lead"}]
    body = {"name": "VPN", "process": "recover", "step": "diagnose", "kinds": ["incident"], "services": ["vpn"]}

    refused = aisha.call("POST", "/api/v1/procedures/", body | {"steps": [{"name": "Ask", "role": "boss"}]})
    assert refused.status_code in (409, 422) and "choose who does it" in refused.content.decode()
    made = aisha.call("POST", "/api/v1/procedures/", body | {"steps": steps})
    assert made.status_code == 201 and made.json()["draft"]["steps"][1]["key"] == "vpn:tell"
    address = f"/api/v1/procedures/{made.json()['id']}/"
    kept = [steps[1] | {"slug": "tell", "name": "Tell all"}]
    assert aisha.call("PUT", f"{address}draft/", body_of(body, kept), if_match='"9"').status_code == 412
    changed = aisha.call("PUT", f"{address}draft/", body_of(body, kept), if_match=made.headers["ETag"])
    assert [step["key"] for step in changed.json()["draft"]["steps"]] == ["vpn:tell"]
    asked = aisha.call("POST", f"{address}draft/proposal/", {}).json()["draft"]
    assert (asked["way"], asked["state"], len(asked["approvals"])) == ("approval", "proposed", 1)
    assert ines.call("POST", f"{address}draft/activation/", {}).status_code == 409
    approval = f"/api/v1/approvals/{asked['approvals'][0]}/"
    assert aisha.call("POST", f"{approval}vote/", {"choice": "approve"}).status_code == 403
    listed = ines.call("GET", "/api/v1/approvals/?waiting_for_me=true").json()["items"]
    assert [(each["record"], each["title"], each["subject"]["url"]) for each in listed] == [
        (None, "VPN, version 1", "/procedures/vpn/versions/1/")
    ]
    assert ines.call("POST", f"{approval}vote/", {"choice": "approve"}).json()["state"] == "approved"
    assert ines.call("GET", address).json()["in_force"]["number"] == 1
    incident = incidents.start(incident=log_incident(), by=house.tom, at=MONDAY_9)
    place = f"/api/v1/records/{incident.reference}/procedure/"
    ticked = tom.call("POST", f"{place}ticks/", {"step": "vpn:tell"}).json()
    assert ticked["procedure"] == "vpn" and ticked["steps"][0]["tick"]["by"]["name"] == "Tom Beck"
    assert tom.call("POST", f"{place}ticks/", {"step": "vpn:ask"}).status_code == 404
    key = ticked["steps"][0]["tick"]["id"]
    undone = tom.call("POST", f"{place}ticks/{key}/undoing/", {"reason": "Not yet."}).json()

    assert undone["steps"][0]["tick"] is None
    assert ProcedureVersion.objects.get(procedure__slug="vpn").is_in_force
    recover = tom.call("GET", "/api/v1/processes/recover/").json()
    assert [(each["state"], each["count"]) for each in recover["running"]] == [("in_progress", 1)]
    assert as_(house.otto).call("GET", "/api/v1/processes/recover/").json()["running"] == []
    assert tom.call("GET", "/api/v1/processes/other/").status_code == 404


def test_a_program_reads_who_is_declared_and_who_acted_and_changes_a_duty_it_has_seen(
    house: Any,
    log_incident: Any,
    as_: Any,  # noqa: F811
) -> None:
    incidents.start(incident=log_incident(at=now()), by=house.tom, at=now())
    ines, tom = as_(house.ines), as_(house.tom)

    def row() -> dict[str, Any]:
        found = ines.call("GET", "/api/v1/accountability-findings/?process=recover").json()["items"]
        return next(each for each in found if each["step"] == "accept")

    before = row()
    assert [each["name"] for each in before["holders"]] == ["Aisha Khan"] and before["person"] is None
    assert [(each["person"]["name"], each["acts"]) for each in before["actors"]] == [("Tom Beck", 1)]
    address = f"/api/v1/accountabilities/{before['duty']}/"
    body = {"accountable": "auditor", "parts": {"technician": "responsible"}}
    seen = ines.call("GET", address).headers["ETag"]
    assert tom.call("PUT", address, body, if_match=seen).status_code == 403
    assert ines.call("PUT", address, body | {"person": "tom"}, if_match=seen).status_code in (409, 422)
    assert ines.call("PUT", address, body, if_match=seen).json()["version"] == 2
    assert ines.call("PUT", address, body, if_match=seen).status_code == 412

    assert [each["kind"] for each in row()["findings"]] == ["vacancy"] and row()["holders"] == []
    assert as_(house.otto).call("GET", "/api/v1/accountability-findings/").status_code == 403


def body_of(body: dict[str, Any], steps: list[Any]) -> dict[str, Any]:
    return {"kinds": body["kinds"], "services": body["services"], "steps": steps}
