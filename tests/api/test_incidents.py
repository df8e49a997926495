"""An integration does over REST what an agent does in the browser."""

from audit.models import Entry
from incidents.models import Incident


def test_an_integration_logs_assigns_holds_resolves_and_closes_an_incident(house, vpn, as_):
    tom, maria = as_(house.tom), as_(house.maria)

    made = tom.post("incidents/", {"title": "VPN drops", "requester": "maria", "service": "vpn", "urgency": 1})
    at = made["Location"]
    assigned = tom.post(f"{at}assignment/", {"team": "networks", "assignee": "aisha"})
    started = as_(house.aisha).post(f"{at}work/")
    held = tom.post(f"{at}hold/", {"hold_for": "requester", "question": "Does it still drop?"})
    resumed = tom.post(f"{at}resumption/")
    resolved = tom.post(f"{at}resolution/", {"code": "fixed", "text": "Restarted the gateway."})
    closed = maria.post(f"{at}closure/")

    assert made.status_code == 201
    assert made.json()["state"] == "new"
    assert made.json()["priority"] == 3
    assert made.json()["source"] == "api"
    assert [r.status_code for r in (assigned, started, held, resumed, resolved, closed)] == [200] * 6
    assert [r.json()["state"] for r in (assigned, started, held, resumed, resolved, closed)] == [
        "assigned",
        "in_progress",
        "on_hold",
        "in_progress",
        "resolved",
        "closed",
    ]
    assert {e.channel for e in Entry.objects.filter(subject_kind="record")} == {"api"}


def test_an_incident_is_found_by_reference_number_and_old_reference(house, log_incident, as_):
    incident = log_incident()

    names = (incident.reference, incident.pk, f"REQ-{incident.pk}")

    bodies = [as_(house.tom).get(f"incidents/{name}/").json() for name in names]

    assert [body["reference"] for body in bodies] == [incident.reference] * 3


def test_an_address_works_without_its_last_slash(house, log_incident, as_):
    incident = log_incident()

    got = as_(house.tom).get(f"incidents/{incident.reference}")
    made = as_(house.tom).post("incidents", {"title": "Printer jam"})

    assert got.json()["reference"] == incident.reference
    assert made.status_code == 201


def test_only_the_fields_sent_are_changed(house, log_incident, as_):
    incident = log_incident(description="Since this morning.")

    changed = as_(house.tom).patch(f"incidents/{incident.pk}/", {"urgency": 1, "tags": ["vpn", "VPN"]}, if_match='"1"')

    assert changed.status_code == 200
    assert changed["ETag"] == '"2"'
    fresh = Incident.objects.get(pk=incident.pk)
    assert (fresh.urgency, fresh.priority, fresh.tags, fresh.description) == (1, 3, ["vpn"], "Since this morning.")


def test_a_change_without_the_version_seen_is_not_taken(house, log_incident, as_):
    incident = log_incident()

    refused = as_(house.tom).patch(f"incidents/{incident.pk}/", {"title": "Mine"})

    assert refused.status_code == 428
    assert refused.json()["type"] == "urn:problem-type:steward:precondition-required"
    assert Incident.objects.get(pk=incident.pk).title == "VPN drops every 20 minutes"


def test_a_change_of_an_older_version_is_refused_and_shows_the_newer(house, log_incident, as_):
    incident = log_incident()
    as_(house.aisha).patch(f"incidents/{incident.pk}/", {"title": "Theirs"}, if_match='"1"')

    refused = as_(house.tom).patch(f"incidents/{incident.pk}/", {"title": "Mine"}, if_match='"1"')

    assert refused.status_code == 412
    assert refused["ETag"] == '"2"'
    assert refused.json()["current"]["title"] == "Theirs"
    assert Incident.objects.get(pk=incident.pk).title == "Theirs"


def test_a_move_with_an_older_version_is_refused(house, log_incident, as_):
    incident = log_incident()
    as_(house.aisha).patch(f"incidents/{incident.pk}/", {"title": "Theirs"}, if_match='"1"')

    refused = as_(house.tom).post(f"incidents/{incident.pk}/work/", {}, if_match='"1"')

    assert refused.status_code == 412
    assert Incident.objects.get(pk=incident.pk).state == "new"


def test_a_move_from_the_wrong_state_is_refused_in_words(house, log_incident, as_):
    incident = log_incident()

    refused = as_(house.tom).post(f"incidents/{incident.pk}/resolution/", {"code": "fixed", "text": "Done."})

    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "urn:problem-type:steward:refused"
    assert problem["errors"][0]["code"] == "wrong_state"
    assert problem["request_id"] == refused["X-Request-Id"]


def test_a_missing_input_names_its_field(house, log_incident, as_):
    incident = log_incident()
    as_(house.tom).post(f"incidents/{incident.pk}/work/")

    refused = as_(house.tom).post(f"incidents/{incident.pk}/hold/", {"hold_for": "supplier"})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "supplier_reference"


def test_a_move_offered_says_what_is_in_its_way(house, log_incident, as_):
    incident = log_incident(service=None)
    as_(house.tom).post(f"incidents/{incident.pk}/work/")
    as_(house.tom).post(f"incidents/{incident.pk}/tasks/", {"title": "Check the line", "is_mandatory": True})

    moves = {move["name"]: move for move in as_(house.tom).get(f"incidents/{incident.pk}/").json()["allowed_moves"]}

    assert list(moves) == ["assign", "hold", "resolve"]
    assert moves["resolve"]["is_possible"] is False
    assert moves["resolve"]["unmet"][0]["code"] == "open_tasks"
    assert moves["resolve"]["href"] == f"/api/v1/incidents/{incident.reference}/resolution/"
    assert [each["name"] for each in moves["resolve"]["inputs"]] == ["code", "text", "service"]


def test_the_priority_is_overridden_with_a_reason_until_it_is_judged_anew(house, log_incident, as_):
    incident = log_incident()

    said = {"priority": 1, "reason": "The board meets."}

    overridden = as_(house.tom).post(f"incidents/{incident.pk}/priority/", said)
    judged = as_(house.tom).post(f"incidents/{incident.pk}/levels/", {"impact": 2, "urgency": 2})

    assert (overridden.json()["priority"], overridden.json()["priority_reason"]) == (1, "The board meets.")
    assert (judged.json()["priority"], judged.json()["priority_reason"]) == (3, "")


def test_taking_an_incident_assigns_it_and_starts_it(house, log_incident, as_):
    incident = log_incident()

    taken = as_(house.aisha).post(f"incidents/{incident.pk}/taking/")

    assert (taken.json()["state"], taken.json()["assignee"]["name"]) == ("in_progress", "Aisha Khan")
    assert taken.json()["team"]["name"] == "Networks"


def test_maria_sees_her_incident_without_the_inner_side(house, log_incident, as_):
    incident = log_incident()
    as_(house.tom).post(f"incidents/{incident.pk}/priority/", {"priority": 1, "reason": "canary-priority"})

    body = as_(house.maria).get(f"incidents/{incident.pk}/")

    assert b"canary" not in body.content
    assert not {"owner", "supplier_reference", "priority_reason", "cause_code", "due", "is_breached"} & set(body.json())
    assert body.json()["allowed_moves"] == []


def test_comments_come_with_the_incident_when_asked_for(house, log_incident, as_):
    incident = log_incident()
    tom = as_(house.tom)
    tom.post(f"incidents/{incident.pk}/comments/", {"visibility": "public", "text": "Looking."})
    tom.post(f"incidents/{incident.pk}/comments/", {"visibility": "internal", "text": "Odd."})

    for_tom = tom.get(f"incidents/{incident.pk}/?include=comments").json()["comments"]
    for_maria = as_(house.maria).get(f"incidents/{incident.pk}/?include=comments").json()["comments"]

    assert [each["text"] for each in for_tom] == ["Looking.", "Odd."]
    assert [each["text"] for each in for_maria] == ["Looking."]


def test_a_report_dated_back_needs_a_reason(house, as_):
    refused = as_(house.tom).post("incidents/", {"title": "Late", "opened_at": "2020-01-01T00:00:00Z"})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "opened_at"
    assert not Incident.objects.exists()
