"""Pages of processes, workflows, procedures, rules and accountability, as people use them."""

from typing import Any

import pytest
from django.test import Client

from approvals.models import Approval
from incidents import operations as incidents
from procedures.defaults import ensure_policies
from procedures.models import ActivationRule, Duty, DutyPart, Procedure, ProcedureVersion
from procedures.queries.acting import compare
from records import operations as record_operations
from records.enums import LinkKind
from records.processes import WORKFLOWS
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures
from tests.conftest import moment

from .conftest import MONDAY_9

pytestmark = pytest.mark.django_db
STEP = {
    "s0-slug": "",
    "s0-order": "1",
    "s0-name": "Ask <i>which</i>",
    "s0-role": "technician",
    "s0-guidance": "**How**",
}


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_process_shows_what_runs_in_it_to_those_who_may_see_it(
    client: Client,
    house: Any,
    log_incident: Any,
    write_change: Any,  # noqa: F811
) -> None:
    incident = incidents.start(incident=log_incident(), by=house.tom, at=MONDAY_9)
    log_incident()
    record_operations.link(record=incident, to=write_change(), kind=LinkKind.RELATED_TO, by=house.tom, at=MONDAY_9)

    client.force_login(house.tom)
    page = text_of(client, "/processes/recover/")
    assert "?q=kind%3Aincident+state%3Ain_progress" in page and "Workaround search" in page
    assert "1 open record goes this way" in text_of(client, "/processes/workflows/incident-change/")
    direct = text_of(client, "/processes/workflows/incident-direct/")
    assert "1 open record goes this way" in direct and incident.reference not in direct
    for flow in WORKFLOWS:
        text_of(client, f"/processes/workflows/{flow.slug}/")
    for name in ("agree", "change", "operate", "improve"):
        text_of(client, f"/processes/{name}/")
    text_of(client, "/processes/")
    assert client.get("/processes/manage/").status_code == client.get("/processes/workflows/other/").status_code == 404
    Duty.objects.update(person=house.aisha)
    client.force_login(house.otto)
    page = text_of(client, "/processes/recover/")
    assert not any(each in page for each in ("state%3Ain_progress", "Workaround search", "Aisha"))
    assert "0 open records go this way" in text_of(client, "/processes/workflows/incident-change/")
    assert client.get("/procedures/").status_code == client.get("/accountability/").status_code == 403
    client.force_login(house.maria)
    assert client.get("/processes/").status_code == 403


def test_a_procedure_is_written_handed_in_sent_back_and_activated_by_somebody_else(client: Client, house: Any) -> None:
    ensure_policies(at=MONDAY_9)
    client.force_login(house.aisha)
    head = {"name": "", "step": "recover:diagnose", "steps_count": "1", **STEP}
    answer = client.post("/procedures/new/", head)
    assert answer.status_code == 422 and "Ask &lt;i&gt;which" in answer.content.decode()
    more = client.post("/procedures/new/", head | {"more": "1"})
    assert more.status_code == 200 and 'name="s3-name"' in more.content.decode()
    answer = client.post("/procedures/new/", head | {"name": "Our <b>way</b>", "kinds": ["incident"]})
    assert answer.status_code == 303
    address = answer["Location"]
    procedure = Procedure.objects.get(name="Our <b>way</b>")
    shown = text_of(client, address)
    assert "those whom an approval policy names decide" in shown and 'href="/approval-policies/procedures/"' in shown
    draft = procedure.versions.get()
    saved = {"purpose": "Find it", "steps_count": "1", "revision": "1", "kinds": ["incident"], **STEP}
    saved["s0-slug"] = draft.steps.get().slug
    assert client.post(f"/procedures/{procedure.slug}/draft/", saved).status_code == 303
    stale = client.post(f"/procedures/{procedure.slug}/draft/", saved)
    assert stale.status_code == 412 and "Somebody else has changed" in stale.content.decode()
    assert client.post(f"{address}proposal/").status_code == 303
    assert client.post(f"{address}activation/").status_code == 403
    client.force_login(house.ines)
    client.post(f"{address}return/", {"reason": "Say how."})
    client.force_login(house.aisha)
    client.post(f"{address}proposal/")
    client.force_login(house.ines)
    client.post(f"{address}activation/")
    decision = Approval.objects.get(state="open").get_absolute_url()
    assert f'href="{decision}"' in text_of(client, address)
    client.post(f"{decision}votes/", {"choice": "approve"})

    version = ProcedureVersion.objects.get(procedure=procedure)
    assert version.is_in_force and version.activated_by == house.ines
    assert [step.slug for step in version.steps.all()] == ["ask-iwhichi"]
    page = text_of(client, procedure.get_absolute_url())
    assert "Our &lt;b&gt;way" in page and "<strong>How</strong>" in page
    assert client.post(f"/procedures/{procedure.slug}/drafts/").status_code == 303
    assert "Nothing." in text_of(client, f"/procedures/{procedure.slug}/versions/2/")
    client.post(f"/procedures/{procedure.slug}/versions/2/dropping/")
    client.post(f"/procedures/{procedure.slug}/retirement/", {"reason": "Nobody does it."})
    assert not procedure.versions.filter(state="in_force").exists()


def test_the_list_costs_the_same_for_many(client: Client, house: Any, django_assert_num_queries: Any) -> None:
    client.force_login(house.tom)
    client.get("/procedures/")

    for address, shown in (("/procedures/?q=major", "Major incident command"), ("/procedures/", "Any change")):
        with django_assert_num_queries(6):
            assert shown in text_of(client, address)
    assert "No procedure fits" in text_of(client, "/procedures/?process=recover&q=%00zzz")


def test_rules_and_accountability_are_set_by_those_who_may(client: Client, house: Any) -> None:
    duty = Duty.objects.get(process="recover", step="diagnose")
    address = "/accountability/recover/diagnose/"
    said = {"accountable": "team_lead", "person": house.tom.pk, "version": "1", "part_technician": "responsible"}
    client.force_login(house.aisha)
    assert client.get(address).status_code == client.get("/procedures/rules/new/").status_code == 403
    text_of(client, "/procedures/rules/")

    client.force_login(house.ines)
    wrong = client.post(address, said)
    assert wrong.status_code == 409 and "does not have the role" in wrong.content.decode()
    nobody = client.post(address, said | {"person": "", "part_technician": ""})
    assert nobody.status_code == 409 and "Nobody would do the work" in nobody.content.decode()
    assert client.post(address, said | {"person": house.aisha.pk}).status_code == 303
    assert client.post(address, said | {"person": house.aisha.pk}).status_code == 412
    rule = {"name": "Change first", "processes": ["change"], "way": "act", "position": "1"}
    both = client.post("/procedures/rules/new/", rule | {"raises": "normal"})
    assert both.status_code == 409 and "A change goes with votes" in both.content.decode()
    assert client.post("/procedures/rules/new/", rule).status_code == 303
    again = client.post("/procedures/rules/new/", rule)
    assert again.status_code == 409 and "There is a rule of this name" in again.content.decode()
    made = ActivationRule.objects.get(name="Change first")
    assert client.post(f"/procedures/rules/{made.pk}/", rule | {"way": "second", "version": "1"}).status_code == 303
    assert client.post(f"/procedures/rules/{made.pk}/removal/").status_code == 303

    duty.refresh_from_db()
    assert (duty.accountable, duty.person, duty.version) == ("team_lead", house.aisha, 2)
    assert ActivationRule.objects.count() == 2


def test_who_acted_stands_beside_who_is_accountable(client: Client, house: Any, log_incident: Any) -> None:
    incidents.start(incident=log_incident(), by=house.tom, at=MONDAY_9)
    incidents.start(incident=log_incident(at=moment("2026-03-03 09:00")), by=house.tom, at=moment("2026-03-03 09:00"))
    Duty.objects.filter(process="recover", step="accept").update(accountable="auditor")
    DutyPart.objects.filter(duty__process="recover", duty__step="accept").update(role="change_manager")
    client.force_login(house.ines)

    (row, *others) = compare(since=MONDAY_9, until=moment("2026-03-03 09:00"), process="recover")
    assert [(actor.person, actor.acts, actor.is_declared) for actor in row.actors] == [(house.tom, 1, False)]
    assert [finding.kind for finding in row.findings] == ["vacancy", "outsider"]
    assert all(not other.actors for other in others)
    assert "Nobody has the role “Auditor”." in text_of(client, "/accountability/?process=recover")
    lines = b"".join(client.get("/accountability/?format=csv").streaming_content).decode().splitlines()
    assert len(lines) == 42
    assert "No step differs that way" in text_of(client, "/accountability/?process=operate&finding=overload")
