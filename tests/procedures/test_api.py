"""Procedures over REST; who may do what is asked by the matrix of the API."""

from typing import Any

import pytest

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
    assert aisha.call("POST", f"{address}draft/proposal/", {}).json()["draft"]["way"] == "second"
    assert ines.call("POST", f"{address}draft/activation/", {}).json()["in_force"]["number"] == 1
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


def body_of(body: dict[str, Any], steps: list[Any]) -> dict[str, Any]:
    return {"kinds": body["kinds"], "services": body["services"], "steps": steps}
