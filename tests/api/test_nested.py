"""What hangs on a record: comments, files, links, watchers, tasks, history."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from records.models import Attachment, Comment, Link, Task, Watcher
from records.operations import add_note, attach
from tests.conftest import moment

CANARY = "canary-7f3a"


@pytest.fixture
def incident(log_incident):
    return log_incident()


@pytest.fixture
def at(incident):
    return f"incidents/{incident.reference}/"


def test_a_reply_and_a_note_are_two_streams(house, incident, at, as_):
    tom = as_(house.tom)
    reply = tom.post(f"{at}comments/", {"visibility": "public", "text": "We are on it."})
    note = tom.post(f"{at}comments/", {"visibility": "internal", "text": CANARY})

    assert (reply.status_code, note.status_code) == (201, 201)
    assert [each["visibility"] for each in tom.get(f"{at}comments/").json()["items"]] == ["public", "internal"]
    for_maria = as_(house.maria).get(f"{at}comments/")
    assert [each["text"] for each in for_maria.json()["items"]] == ["We are on it."]


def test_maria_may_reply_and_not_write_notes(house, incident, at, as_):
    maria = as_(house.maria)

    reply = maria.post(f"{at}comments/", {"visibility": "public", "text": "Thank you."})
    note = maria.post(f"{at}comments/", {"visibility": "internal", "text": "Sneaky."})

    assert reply.json()["is_from_requester_side"] is True
    assert note.status_code == 403
    assert list(Comment.objects.values_list("text", flat=True)) == ["Thank you."]


def test_comments_come_in_pages(house, incident, at, as_):
    tom = as_(house.tom)
    for number in range(3):
        tom.post(f"{at}comments/", {"visibility": "internal", "text": f"{number}"})

    first = tom.get(f"{at}comments/?limit=2").json()
    second = tom.get(first["next"]).json()

    assert [each["text"] for each in first["items"] + second["items"]] == ["0", "1", "2"]
    assert second["next"] is None


def test_a_file_goes_up_and_comes_down_as_it_was(house, incident, at, as_):
    content = b"%PDF-1.7 \x00\xff"
    tom = as_(house.tom)

    made = tom.upload(
        f"{at}attachments/", {"file": SimpleUploadedFile("a ü.pdf", content, "application/pdf"), "visibility": "public"}
    )
    down = as_(house.maria).get(made.json()["href"])

    assert made.status_code == 201
    assert made.json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert b"".join(down.streaming_content) == content
    assert down["Content-Disposition"] == "attachment; filename*=UTF-8''a%20%C3%BC.pdf"
    assert down["Content-Type"] == "application/octet-stream"
    assert down["X-Content-Type-Options"] == "nosniff"
    assert down["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_file_of_the_work_notes_does_not_exist_for_maria(house, incident, at, as_):
    inner = attach(
        record=incident,
        by=house.tom,
        at=moment("2026-03-02 09:10"),
        upload=SimpleUploadedFile(f"{CANARY}.txt", b"x"),
        is_public=False,
    )
    maria = as_(house.maria)

    listed, fetched = maria.get(f"{at}attachments/"), maria.get(f"{at}attachments/{inner.pk}/")

    assert listed.json()["items"] == []
    assert fetched.status_code == 404
    assert as_(house.tom).get(f"{at}attachments/{inner.pk}/").status_code == 200


def test_an_empty_file_is_refused(house, incident, at, as_):
    refused = as_(house.tom).upload(
        f"{at}attachments/", {"file": SimpleUploadedFile("a.txt", b""), "visibility": "public"}
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "file"
    assert not Attachment.objects.exists()


def test_a_file_over_the_limit_is_refused_before_it_is_read(house, incident, at, as_, settings):
    settings.ATTACHMENT_MAX_BYTES = 1000

    refused = as_(house.tom).upload(
        f"{at}attachments/", {"file": SimpleUploadedFile("a.bin", b"x" * 100_000), "visibility": "public"}
    )

    assert refused.status_code == 413
    assert not Attachment.objects.exists()


def test_links_are_made_read_from_both_ends_and_removed(house, incident, at, log_incident, as_):
    parent = log_incident(title="Gateway down")
    tom = as_(house.tom)

    made = tom.post(f"{at}links/", {"kind": "child_of", "to": parent.reference})
    seen = tom.get(f"incidents/{parent.pk}/links/").json()["items"]
    removed = tom.delete(f"{at}links/{made.json()['id']}/")

    assert (made.json()["direction"], made.json()["other"]["reference"]) == ("out", parent.reference)
    assert (seen[0]["direction"], seen[0]["other"]["reference"]) == ("in", incident.reference)
    assert removed.status_code == 204
    assert not Link.objects.exists()


def test_a_link_to_a_record_of_others_is_not_shown_and_cannot_be_made(house, incident, at, log_incident, as_):
    hidden = log_incident(title=CANARY, requester=house.max)
    as_(house.tom).post(f"{at}links/", {"kind": "related_to", "to": hidden.pk})

    for_maria = as_(house.maria).get(f"{at}links/")
    refused = as_(house.tom).post(f"{at}links/", {"kind": "related_to", "to": "INC-999999"})

    assert for_maria.json() == {"items": []}
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "to"


def test_a_circle_of_links_is_refused(house, incident, at, log_incident, as_):
    parent = log_incident()
    tom = as_(house.tom)
    tom.post(f"{at}links/", {"kind": "child_of", "to": parent.pk})

    refused = tom.post(f"incidents/{parent.pk}/links/", {"kind": "child_of", "to": incident.pk})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "circle"


def test_people_follow_and_stop(house, incident, at, as_):
    tom = as_(house.tom)
    tom.post(f"{at}watchers/")
    tom.post(f"{at}watchers/", {"person": "max"})

    listed = tom.get(f"{at}watchers/").json()["items"]
    stopped = as_(house.max).delete(f"{at}watchers/{house.max.pk}/")

    assert [each["person"]["name"] for each in listed] == ["Tom Beck", "Max Stone"]
    assert stopped.status_code == 204
    assert list(Watcher.objects.values_list("user__username", flat=True)) == ["tom"]


def test_maria_lets_nobody_else_follow(house, incident, at, as_):
    refused = as_(house.maria).post(f"{at}watchers/", {"person": "maria"})
    unknown = as_(house.maria).post(f"{at}watchers/", {"person": "tom"})

    assert refused.status_code == 201
    assert unknown.status_code == 422
    assert list(Watcher.objects.values_list("user__username", flat=True)) == ["maria"]


def test_tasks_are_completed_skipped_with_a_reason_and_reopened(house, incident, at, as_):
    tom = as_(house.tom)
    first = tom.post(f"{at}tasks/", {"title": "Check the line", "is_mandatory": True}).json()["id"]
    second = tom.post(f"{at}tasks/", {"title": "Call the supplier", "assignee": "aisha"}).json()["id"]

    tom.post(f"{at}tasks/{first}/completion/")
    twice = tom.post(f"{at}tasks/{first}/completion/")
    tom.post(f"{at}tasks/{second}/omission/", {"reason": "Not theirs."})
    tom.post(f"{at}tasks/{first}/reopening/")

    assert twice.status_code == 409
    assert list(Task.objects.order_by("pk").values_list("state", "skip_reason")) == [
        ("open", ""),
        ("skipped", "Not theirs."),
    ]
    assert as_(house.maria).get(f"{at}tasks/").status_code == 403


def test_maria_reads_what_happened_and_not_why(house, incident, at, as_):
    tom = as_(house.tom)
    add_note(record=incident, by=house.tom, at=moment("2026-03-02 09:20"), text=CANARY)
    tom.post(f"{at}assignment/", {"team": "networks", "reason": CANARY})
    tom.post(f"{at}priority/", {"priority": 1, "reason": CANARY})

    for_tom, for_maria = tom.get(f"{at}history/"), as_(house.maria).get(f"{at}history/")

    assert CANARY.encode() in for_tom.content
    assert CANARY.encode() not in for_maria.content
    assert [each["action"] for each in for_maria.json()["items"]] == ["incident.created", "incident.assigned"]
    assert for_maria.json()["items"][1]["changes"] == {"state": ["new", "assigned"]}


def test_otto_finds_nothing_of_it(house, incident, at, as_):
    otto = as_(house.otto)

    statuses = {
        tail: otto.get(f"{at}{tail}").status_code
        for tail in ("", "comments/", "attachments/", "links/", "watchers/", "tasks/", "history/", "attachments/1/")
    }
    unknown = otto.get("incidents/INC-999999/")
    known = otto.get(at)

    assert set(statuses.values()) == {404}
    assert known.json() | {"instance": "", "request_id": ""} == unknown.json() | {"instance": "", "request_id": ""}
