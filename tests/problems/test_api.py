"""Problems and known errors over REST: every operation asked by everybody, and what each does."""

from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.db import transaction

from people import matrix
from people.enums import Role
from problems import operations
from problems.models import Cause, KnownErrorUse, Problem, RecurrenceMatch
from records import operations as record_operations
from records.models import Comment, Link
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.api.test_matrix import PEOPLE, operations_of_schema
from tests.conftest import moment

AT = moment("2026-03-03 10:00")
LATER = "2199-01-01T00:00:00Z"
ROLES = {
    "tom": {Role.TECHNICIAN},
    "aisha": {Role.TECHNICIAN, Role.TEAM_LEAD},
    "ines": {Role.SERVICE_MANAGER},
    "anna": {Role.AUDITOR},
    "ada": {Role.ADMINISTRATOR},
}
# What anybody signed in gets to ask, and finds nothing.
LISTS = {"list_problems"}
# Otto holds the role for Umbrella: he may log its problems, and finds none of ours.
NEW = {"post_problems", "list_known-errors", "list_known-errors_matches"}
BODIES = {
    "post_problems": {"title": "x"},
    "change_problems_reference": {"title": "x"},
    "post_problems_reference_priority": {"priority": 2, "reason": "x"},
    "post_problems_reference_levels": {"impact": 2, "urgency": 2},
    "post_problems_reference_causes": {"text": "x"},
    "change_problems_reference_causes_number": {"text": "x"},
    "post_problems_reference_causes_number_place": {"direction": "down"},
    "put_problems_reference_causes_number_root": {},
    "put_problems_reference_causes_number_disproof": {"reason": "x"},
    "post_problems_reference_causes_number_evidence": {"record": "INCIDENT"},
    "post_problems_reference_causes_number_actions": {
        "title": "x",
        "assignee": "tom",
        "due_at": "2199-01-01T00:00:00Z",
    },
    "post_problems_reference_comparisons": {"dimension": "what", "is_text": "x"},
    "change_problems_reference_comparisons_number": {"change": "x"},
    "post_problems_reference_events": {"happened_at": "2026-03-01T00:00:00Z", "text": "x"},
    "post_problems_reference_matches_number_explanation": {"explanation": "x"},
    "post_problems_reference_acceptance": {"owner": "tom", "service": "vpn", "impact_statement": "x"},
    "post_problems_reference_investigation": {"approach": "five_whys", "investigator": "tom"},
    "post_problems_reference_declaration": {"symptom": "x", "cause": "x", "workaround": "none"},
    "post_problems_reference_fix": {"change": "INCIDENT"},
    "post_problems_reference_verification": {"watch_until_date": "2199-01-01"},
    "post_problems_reference_closure": {"lessons": "x"},
    "post_problems_reference_regression": {"reason": "x"},
    "post_problems_reference_risk-acceptance": {"review_date": "2199-01-01", "reason": "x"},
    "post_problems_reference_reopening": {"reason": "x"},
    "post_problems_reference_cancellation": {"reason": "x"},
    "post_problems_reference_comments": {"visibility": "internal", "text": "x"},
    "post_problems_reference_links": {"kind": "related_to", "to": "INCIDENT"},
    "post_problems_reference_watchers": {},
    "post_problems_reference_tasks": {"title": "x"},
    "post_problems_reference_tasks_number_completion": {},
    "post_problems_reference_tasks_number_omission": {"reason": "x"},
    "post_problems_reference_tasks_number_reopening": {},
    "change_known-errors_reference": {"title": "x"},
    "post_known-errors_reference_sending": {"records": ["INCIDENT"]},
    "post_known-errors_reference_uses": {"record": "INCIDENT", "use": "inserted"},
    "put_known-errors_reference_uses_number_outcome": {"worked": True},
}
OURS = [p for p in operations_of_schema() if p.values[1].split("/")[3] in ("problems", "known-errors")]
OURS = [p for p in OURS if not p.values[1].split("/")[4].isalpha()]


@pytest.fixture
def world(house, declared, log_incident, auditor):  # noqa: F811
    """A known error with one of everything below it."""
    about = {"problem": declared, "by": house.aisha, "at": AT}
    cause = operations.add_cause(text="Memory", **about)
    operations.add_cause(text="Sessions", **about)
    evidence = operations.add_evidence(cause=cause, by=house.aisha, at=AT, record=log_incident(title="Shows it"))
    row = operations.compare(dimension="where", values={"is_text": "Oslo"}, **about)
    event = operations.add_event(happened_at=AT, text="Firmware", **about)
    task = record_operations.add_task(record=declared, by=house.aisha, at=AT, title="Add memory")
    used = log_incident(title="Used here")
    use = operations.note_insertion(known_error=declared.known_error, record=used, by=house.tom, at=AT)
    match = RecurrenceMatch.objects.create(
        problem=declared, incident_id=used.pk, found_at=AT, score=0.4, evidence={"words": 0.6}
    )
    people = {name: getattr(house, name, None) for name in PEOPLE} | {"anna": auditor}
    return SimpleNamespace(
        problem=Problem.objects.get(pk=declared.pk),
        incident=log_incident(),
        people=people,
        numbers={
            "causes": cause.pk,
            "comparisons": row.pk,
            "events": event.pk,
            "matches": match.pk,
            "tasks": task.pk,
            "uses": use.pk,
            "evidence": evidence.pk,
        },
    )


def send(world, caller, method, path, identity, reference=None):
    """One call whose effects are taken back; None for uploads, which have their own tests."""
    if method == "POST" and identity.endswith("attachments"):
        return None
    prefix = "KE" if "known-errors" in path else "PRB"
    address = path.replace("{reference}", reference or f"{prefix}-{world.problem.pk}")
    part = address.split("{number}")[0].rstrip("/").split("/")[-1]
    address = address.replace("{number}", str(world.numbers.get(part, 999_999)))

    def said(value):
        if isinstance(value, list):
            return [said(each) for each in value]
        return world.incident.reference if value == "INCIDENT" else value

    with transaction.atomic():
        if method in ("GET", "DELETE"):
            answer = caller.call(method, address)
        else:
            body = {name: said(value) for name, value in BODIES[identity].items()}
            answer = caller.call(method, address, body, if_match="*")
        transaction.set_rollback(True)
    return answer


def may(person, said):
    identity = said["operationId"]
    if identity in LISTS:
        return True
    roles = set(matrix.rule(said["x-operation"]).roles)
    if identity.endswith("_comments") and identity.startswith("post"):
        roles = set(matrix.rule("record.note").roles)
    if identity.endswith("_causes_number_actions"):
        roles &= set(matrix.rule("record.task").roles)
    if person == "otto":
        return identity in NEW
    return person in ROLES and bool(ROLES[person] & roles)


def assert_the_matrix_is_kept(world, as_, method, path, said):  # noqa: F811
    wrong = {}
    has_row = "_number" not in said["operationId"] or any(f"/{name}/{{number}}" in path for name in world.numbers)
    for person in PEOPLE:
        answer = send(world, as_(world.people[person]), method, path, said["operationId"])
        if answer is None:
            continue
        if person == "nobody":
            expected = {401}
        elif may(person, said):
            expected = {200, 201, 204, 409, 422} if has_row else {404}
        else:
            expected = {403, 404}
        if answer.status_code not in expected:
            wrong[person] = (answer.status_code, expected)

    assert wrong == {}


def test_every_operation_answers_everybody_as_the_matrix_says(world, as_, subtests):  # noqa: F811
    for each in OURS:
        with subtests.test(each.id):
            assert_the_matrix_is_kept(world, as_, *each.values)


def assert_answers_are_alike(world, as_, method, path, said):  # noqa: F811
    otto = as_(world.people["otto"])

    answers = [send(world, otto, method, path, said["operationId"], reference) for reference in (None, "PRB-999999")]

    if answers[0] is not None and answers[0].status_code != 403:
        blank = {"instance": "", "request_id": ""}
        assert {each.status_code for each in answers} == {404}
        assert answers[0].json() | blank == answers[1].json() | blank


def test_a_problem_of_others_and_one_that_is_not_there_answer_alike(world, as_, subtests):  # noqa: F811
    for each in [p for p in OURS if "{reference}" in p.values[1]]:
        with subtests.test(each.id):
            assert_answers_are_alike(world, as_, *each.values)


def test_a_problem_lives_its_life_over_rest(house, as_, log_incident):  # noqa: F811
    tom, ines, incident = as_(house.tom), as_(house.ines), log_incident(affected_count=40)
    made = tom.post("problems/", {"title": "VPN drops", "service": "vpn", "incidents": [incident.reference]})
    address = made["Location"]

    assert made.status_code == 201
    assert made.json()["impact_of_incidents"]["people"] == 40
    refused = ines.post(f"{address}acceptance/", {})
    assert {each["code"] for each in refused.json()["errors"]} == {"owner", "impact"}
    past = {"owner": "tom", "impact_statement": "Forty people.", "review_date": "2020-01-01"}
    assert ines.post(f"{address}acceptance/", past).json()["errors"][0]["code"] == "review_past"
    assert ines.post(f"{address}acceptance/", {"owner": "tom", "impact_statement": "x"}).json()["state"] == "accepted"
    said = {"approach": "five_whys", "investigator": "aisha"}
    assert tom.post(f"{address}investigation/", said).json()["assignee"]["name"] == "Aisha Khan"
    cause = tom.post(f"{address}causes/", {"text": "Memory", "group": "technology"})
    assert cause.status_code == 201
    below = tom.post(f"{address}causes/", {"text": "Sessions stay", "parent": cause.json()["id"]}).json()
    assert below["parent"] == cause.json()["id"]
    assert tom.call("PUT", f"{cause['Location']}root/", {}).json()["is_root"] is True
    declared = tom.post(f"{address}declaration/", {"symptom": "Drops.", "workaround": "Choose gateway 1."})
    assert declared.json()["state"] == "known_error"
    known = tom.get(f"known-errors/KE-{declared.json()['number']}/").json()
    assert known["cause"] == "Memory"
    sent = tom.post(f"known-errors/{known['reference']}/sending/", {"resolve": True}).json()
    assert (sent["sent"], sent["skipped"], sent["pending"]) == (1, 0, 0)
    assert Comment.objects.get().text == "Choose gateway 1."
    use = tom.get(f"known-errors/{known['reference']}/uses/").json()["items"][0]
    told = tom.call("PUT", f"known-errors/{known['reference']}/uses/{use['id']}/outcome/", {"worked": True})
    assert told.json()["worked"] is True
    assert tom.get("known-errors/?q=drops").json()["items"][0]["worked_count"] == 1


def test_lists_hold_what_the_caller_may_see(house, as_, declared):  # noqa: F811
    def found(name, address):
        return [each["reference"] for each in as_(getattr(house, name)).get(address).json()["items"]]

    assert found("tom", "problems/") == [f"PRB-{declared.pk}"]
    assert found("tom", "known-errors/") == [f"KE-{declared.pk}"]
    assert found("otto", "problems/") == []
    assert found("otto", "known-errors/") == []


def test_an_incident_of_others_can_not_be_named(house, as_, log_incident):  # noqa: F811
    answer = as_(house.otto).post("problems/", {"title": "x", "incidents": [log_incident().reference]})

    assert answer.status_code == 422
    assert not Problem.objects.exists()


def test_an_incident_named_twice_is_linked_once(house, as_, log_incident):  # noqa: F811
    reference = log_incident().reference

    answer = as_(house.tom).post("problems/", {"title": "x", "incidents": [reference, reference]})

    assert answer.status_code == 201
    assert Link.objects.count() == 1


def test_the_same_key_logs_one_problem(house, as_):  # noqa: F811
    tom = as_(house.tom)

    answers = [tom.call("POST", "problems/", {"title": "x"}, idempotency_key="k-1") for _twice in range(2)]

    assert {each.status_code for each in answers} == {201}
    assert Problem.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"text": 7},
        {"text": ""},
        {"text": "x", "group": "blame"},
        {"text": "x", "confidence": 4},
        {"text": "x", "parent": 999_999},
        {"text": "x", "parent": 2**63},
        {"texte": "x"},
    ],
)
def test_a_cause_that_does_not_fit_is_refused(house, as_, investigating, body):  # noqa: F811
    answer = as_(house.tom).post(f"problems/PRB-{investigating.pk}/causes/", body)

    assert answer.status_code in (404, 422)
    assert not Cause.objects.exists()


def test_the_parent_of_another_problem_is_not_found(house, as_, investigating, log_problem):  # noqa: F811
    other = operations.add_cause(problem=log_problem(title="Other"), by=house.tom, at=AT, text="Theirs")

    answer = as_(house.tom).post(f"problems/PRB-{investigating.pk}/causes/", {"text": "x", "parent": other.pk})

    assert answer.status_code == 404


def test_a_stale_revision_is_refused(house, as_, declared):  # noqa: F811
    tom = as_(house.tom)

    answer = tom.call("PATCH", f"known-errors/KE-{declared.pk}/", {"title": "x"}, if_match='"1"')

    assert answer.status_code == 412


def test_a_token_that_only_reads_does_not_write(house, as_, declared):  # noqa: F811
    reader = as_(house.tom, "records:read")

    assert reader.get(f"known-errors/KE-{declared.pk}/").status_code == 200
    assert reader.post(f"problems/PRB-{declared.pk}/causes/", {"text": "x"}).status_code == 403


def test_sending_to_somebody_who_got_it_says_so(house, as_, declared, log_incident):  # noqa: F811
    tom, incident = as_(house.tom), log_incident()
    body = {"records": [incident.reference]}
    tom.post(f"known-errors/KE-{declared.pk}/sending/", body)

    again = tom.post(f"known-errors/KE-{declared.pk}/sending/", body).json()

    assert again["reasons"] == {"got it already": [incident.reference]}
    assert KnownErrorUse.objects.count() == 1


def test_known_errors_are_offered_for_a_subject_and_beside_a_ticket(house, declared, as_, log_incident):  # noqa: F811
    incident = log_incident(title="VPN client drops after 20 minutes")
    tom = as_(house.tom)

    typed = tom.get("known-errors/matches/?title=VPN dropps every 20 minuts").json()["items"]
    beside = tom.get(f"known-errors/matches/?record={incident.reference}").json()["items"]
    tom.post(f"known-errors/KE-{declared.pk}/uses/", {"record": incident.reference, "use": "dismissed"})

    assert [each["known_error"]["reference"] for each in (*typed, *beside)] == [f"KE-{declared.pk}"] * 2
    assert tom.get(f"known-errors/matches/?record={incident.reference}").json()["items"] == []
    otto = as_(house.otto)
    assert otto.get(f"known-errors/matches/?record={incident.reference}").status_code == 404
    assert otto.get("known-errors/matches/?title=VPN drops every 20 minutes").json()["items"] == []


HOSTILE = ("\"", "'", "%", "_", "\\", "a'b\"c:*&|!()<->", "\x00", "x" * 200,
           "\u05d0\u05d1\u05d2 \u202e abc", "\U0001f525\U0001f525", "the and or not",
           "-", "KE-99999999999999999999", "<script>alert(1)</script>")  # fmt: skip


def test_no_search_of_known_errors_breaks_and_typing_errors_are_forgiven(house, declared, as_, client):  # noqa: F811
    tom = as_(house.tom)
    client.force_login(house.tom)

    for text in HOSTILE:
        listed = tom.call("GET", f"/api/v1/known-errors/?{urlencode({'q': text})}")
        offered = tom.call("GET", f"/api/v1/known-errors/matches/?{urlencode({'title': text})}")
        page = client.get("/known-errors/", {"q": text})
        assert (page.status_code, "<script>alert" in page.content.decode()) == (200, False), text
        # A zero byte is no text, and the API says so.
        assert {listed.status_code, offered.status_code} == ({422} if "\x00" in text else {200}), text
    for typed in ("VPN drps evry 20 minutes", "clint drops after about 20 minuts", f"KE-{declared.pk}"):
        found = tom.call("GET", f"/api/v1/known-errors/?{urlencode({'q': typed})}").json()["items"]
        assert [each["reference"] for each in found] == [f"KE-{declared.pk}"], typed
