"""Articles over REST: every operation asked by everybody, drafts guarded, readers served what is theirs."""

from types import SimpleNamespace

import pytest
from django.db import transaction

from knowledge import operations
from knowledge.models import Article, SearchTerm, Vote
from people import matrix
from people.enums import Role
from records import operations as record_operations
from tests.api.conftest import as_, auditor, token_of  # noqa: F401 - the fixtures
from tests.api.test_matrix import PEOPLE, operations_of_schema

from .conftest import AT, LATER, codes

ROLES = {
    "tom": {Role.TECHNICIAN},
    "aisha": {Role.TECHNICIAN, Role.TEAM_LEAD},
    "ines": {Role.SERVICE_MANAGER},
    "anna": {Role.AUDITOR},
    "ada": {Role.ADMINISTRATOR},
}
STAFF = ("tom", "aisha", "ines", "anna", "ada")
DESK = ("tom", "aisha")
WRITERS = ("tom", "aisha", "ines")
PUBLISHERS = ("aisha", "ines")
# Who may do what with an internal article that waits for its review; everybody else signed in gets 403 or 404.
MAY = {
    "list_kb": (*STAFF, "maria", "max", "otto"),
    "post_kb": (*WRITERS, "otto"),
    "get_kb_reference": STAFF,
    "change_kb_reference": WRITERS,
    "list_kb_reference_draft": STAFF,
    "change_kb_reference_draft": WRITERS,
    "remove_kb_reference_draft": WRITERS,
    "list_kb_reference_versions": STAFF,
    "put_kb_reference_audience": PUBLISHERS,
    "put_kb_reference_vote": STAFF,
    "list_kb_reference_uses": STAFF,
    "post_kb_reference_uses": DESK,
    "post_kb_reference_dismissals": DESK,
    "post_kb_reference_submission": WRITERS,
    "post_kb_reference_return": WRITERS,
    "post_kb_reference_publication": PUBLISHERS,
    "post_kb_reference_review": WRITERS,
    "post_kb_reference_confirmation": WRITERS,
    "post_kb_reference_retirement": PUBLISHERS,
    "list_kb_offers": (*DESK, "otto"),
    "list_failed-searches": (*WRITERS, "otto"),
    "post_failed-searches_number_removal": (*WRITERS, "otto"),
}
BODIES = {
    "post_kb": {"title": "x"},
    "change_kb_reference": {"tags": ["x"]},
    "change_kb_reference_draft": {"fix": "x"},
    "put_kb_reference_audience": {"audience": "public"},
    "put_kb_reference_vote": {"is_helpful": True},
    "post_kb_reference_uses": {"record": "INCIDENT", "way": "none"},
    "post_kb_reference_dismissals": {"record": "INCIDENT"},
    "post_kb_reference_submission": {},
    "post_kb_reference_return": {"reason": "x"},
    "post_kb_reference_publication": {"review_date": "2199-01-01"},
    "post_kb_reference_review": {"reason": "x"},
    "post_kb_reference_confirmation": {"review_date": "2199-01-01"},
    "post_kb_reference_retirement": {"reason": "x"},
    "post_kb_reference_comments": {"visibility": "internal", "text": "x"},
    "post_kb_reference_links": {"kind": "related_to", "to": "INCIDENT"},
    "post_kb_reference_watchers": {},
    "post_kb_reference_tasks": {"title": "x"},
    "post_kb_reference_tasks_number_completion": {},
    "post_kb_reference_tasks_number_omission": {"reason": "x"},
    "post_kb_reference_tasks_number_reopening": {},
    "post_failed-searches_number_removal": {},
}
OURS = [p for p in operations_of_schema() if p.values[1].split("/")[3] in ("kb", "failed-searches")]


@pytest.fixture
def world(house, publish, log_incident, auditor):  # noqa: F811
    """An internal article with a next version that waits for its review."""
    article = publish("internal", title="Gateway passwords")
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "Look in the other safe."})
    article = operations.submit(article=Article.objects.get(pk=article.pk), by=house.tom, at=LATER)
    term = SearchTerm.objects.create(text="badge", place="desk", search_count=1, first_at=AT, latest_at=AT)
    people = {name: getattr(house, name, None) for name in PEOPLE} | {"anna": auditor}
    return SimpleNamespace(article=article, incident=log_incident(), term=term, people=people)


def may(said):
    """Who may do it; for what every kind of record has, as the matrix of records says."""
    if said["operationId"] in MAY:
        return MAY[said["operationId"]]
    is_note = said["operationId"].endswith("_comments") and said["operationId"].startswith("post")
    roles = set(matrix.rule("record.note" if is_note else said["x-operation"]).roles)
    return {person for person in STAFF if ROLES[person] & roles}


def send(world, caller, method, path, identity, reference=None):
    address = path.replace("{reference}", reference or world.article.reference)
    address = address.replace("{number}", str(world.term.pk if "failed" in path else 999_999))
    if method == "POST" and identity.endswith("attachments"):
        return None
    with transaction.atomic():
        if method in ("GET", "DELETE"):
            answer = caller.call(method, address)
        else:
            body = {
                name: world.incident.reference if value == "INCIDENT" else value
                for name, value in BODIES[identity].items()
            }
            answer = caller.call(method, address, body, if_match="*")
        transaction.set_rollback(True)
    return answer


def assert_the_matrix_is_kept(world, as_, method, path, said):  # noqa: F811
    wrong = {}
    for person in PEOPLE:
        answer = send(world, as_(world.people[person]), method, path, said["operationId"])
        if answer is None:
            continue
        if person == "nobody":
            expected = {401}
        elif person in may(said):
            expected = {404} if "_number" in said["operationId"] and "kb" in path else {200, 201, 204, 409}
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

    answers = [send(world, otto, method, path, said["operationId"], reference) for reference in (None, "KB-999999")]

    if answers[0] is not None and answers[0].status_code != 403:
        blank = {"instance": "", "request_id": ""}
        assert {each.status_code for each in answers} == {404}
        assert answers[0].json() | blank == answers[1].json() | blank


def test_an_article_of_others_and_one_that_is_not_there_answer_alike(world, as_, subtests):  # noqa: F811
    for each in [p for p in OURS if "{reference}" in p.values[1]]:
        with subtests.test(each.id):
            assert_answers_are_alike(world, as_, *each.values)


def test_a_reader_gets_the_published_words_and_nothing_of_the_workshop(house, as_, publish):  # noqa: F811
    article = publish(fix="The old way.")
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "The new way."})

    body = as_(house.maria).get(f"kb/{article.reference}/").json()

    assert body["texts"]["fix"] == "The old way."
    assert {"draft", "allowed_moves", "audience", "organizations", "owner", "author", "tags"} & set(body) == set()
    assert as_(house.tom).get(f"kb/{article.reference}/").json()["draft"]["fix"] == "The new way."


def test_lists_and_searches_hold_what_the_caller_may_read(house, as_, publish, draft):  # noqa: F811
    publish(title="Reset the VPN")
    publish("internal", title="Inner VPN")
    publish("customers", [house.acme], title="Acme VPN")
    draft(title="Draft VPN")

    def found(name, query=""):
        return {each["title"] for each in as_(getattr(house, name)).get(f"kb/{query}").json()["items"]}

    for query in ("", "?q=vpn"):
        assert found("tom", query) == {"Reset the VPN", "Inner VPN", "Acme VPN", "Draft VPN"}
        assert found("maria", query) == {"Reset the VPN", "Acme VPN"}
        assert found("otto", query) == {"Reset the VPN"}
    assert found("maria", "?audience=customers") == set()
    assert found("tom", "?state=draft") == {"Draft VPN"}


def test_an_article_lives_its_life_over_rest(house, as_, log_incident):  # noqa: F811
    tom, aisha = as_(house.tom), as_(house.aisha)
    incident = log_incident()
    made = tom.post("kb/", {"title": "Reset the VPN", "source": incident.reference})
    address = made["Location"]

    assert made.status_code == 201
    assert tom.patch(f"{address}draft/", {"symptom": "Drops.", "fix": "Reset.", "revision": 1}).status_code == 200
    assert tom.patch(f"{address}draft/", {"fix": "Late.", "revision": 1}).status_code == 412
    assert tom.call("PUT", f"{address}audience/", {"audience": "public"}).status_code == 200
    assert tom.post(f"{address}submission/").status_code == 200
    refused = aisha.post(f"{address}publication/", {"review_date": "2199-01-01"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "wider_than_source")
    past = aisha.post(f"{address}publication/", {"review_date": "2020-01-01", "confirm_nothing_of_customer": True})
    assert past.json()["errors"][0]["code"] == "past"
    said = {"review_date": "2199-01-01", "confirm_nothing_of_customer": True}
    assert aisha.post(f"{address}publication/", said).json()["state"] == "published"
    text = tom.post(f"{address}uses/", {"record": incident.reference, "way": "link"}).json()["text"]
    assert text.startswith("[Reset the VPN](http")
    assert [each["reference"] for each in tom.get(f"{address}uses/").json()["items"]] == [incident.reference]
    assert as_(house.maria).call("PUT", f"{address}vote/", {"is_helpful": True}).status_code == 204
    assert Vote.objects.get().user == house.maria


def test_what_the_requester_may_not_read_is_not_inserted(house, as_, publish, log_incident):  # noqa: F811
    inner = publish("internal")

    answer = as_(house.tom).post(f"kb/{inner.reference}/uses/", {"record": log_incident().reference, "way": "text"})

    assert answer.status_code in (409, 422)
    assert "Acme may not read" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("body", [{"sections": [{"heading": "x"}]}, {"title": 7}, {"titel": "x"}, {"title": " "}])
def test_a_draft_that_does_not_fit_is_refused(house, as_, draft, body):  # noqa: F811
    assert as_(house.tom).patch(f"kb/{draft().reference}/draft/", body).status_code == 422


def test_a_token_that_only_reads_does_not_write(house, as_, publish):  # noqa: F811
    article = publish()
    reader = as_(house.aisha, "knowledge:read")

    assert reader.get(f"kb/{article.reference}/").status_code == 200
    assert reader.patch(f"kb/{article.reference}/draft/", {"fix": "x"}).status_code == 403


def test_a_link_from_an_article_to_itself_is_refused(house, draft):
    article = draft()

    with pytest.raises(Exception) as refused:
        record_operations.link(record=article, to=article, kind="related_to", by=house.tom, at=LATER)

    assert codes(refused) == ["itself"]


def test_articles_beside_a_ticket_are_those_of_the_page(house, as_, publish, log_incident):  # noqa: F811
    article = publish("customers", [house.acme], title="VPN drops every 20 minutes")
    incident = log_incident(title="VPN drops every 20 minutes")
    tom = as_(house.tom)

    beside = tom.get(f"kb/offers/?record={incident.reference}").json()["items"]
    typed = tom.get("kb/offers/?title=VPN dropps every 20 minuts").json()["items"]

    assert [each["article"]["reference"] for each in (*beside, *typed)] == [article.reference] * 2
    assert beside[0]["link"].startswith("[VPN drops every 20 minutes](")
    assert typed[0]["link"] == ""
    assert as_(house.otto).get(f"kb/offers/?record={incident.reference}").status_code == 404
    assert as_(house.otto).get("kb/offers/?title=VPN drops every 20 minutes").json()["items"] == []
