"""Replies with their undo time, notes, drafts, presence: nothing is lost and nothing goes out twice."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from audit.models import Entry
from common.refusals import Refused
from incidents import operations as incident_operations
from incidents.models import Incident
from people.models import RoleGrant
from records import operations
from records.models import Attachment, Comment, Draft, Presence
from records.tasks import release_held
from tests.conftest import moment

TEN = moment("2026-03-02 10:00")


@pytest.fixture
def incident(log_incident: Any) -> Incident:
    return log_incident()


@pytest.fixture
def as_tom(client: Any, house: Any) -> Any:
    client.force_login(house.tom)
    return client


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def test_a_reply_of_staff_is_held_for_ten_seconds(as_tom, incident):
    as_tom.post(f"/r/{incident.pk}/replies/", {"text": "We are on it."})

    held = Draft.objects.get()
    assert held.send_at - held.written_at == timedelta(seconds=10)
    assert not Comment.objects.exists()
    assert fresh(incident).responded_at is None


def test_a_held_reply_goes_out_as_of_its_key_press(house, incident):
    operations.hold_reply(record=incident, by=house.tom, at=TEN, text="We are on it.")

    assert operations.release_held(at=TEN + timedelta(seconds=9)) == 0
    assert operations.release_held(at=TEN + timedelta(seconds=10)) == 1

    assert Comment.objects.get().at == TEN
    assert fresh(incident).responded_at == TEN
    assert not Draft.objects.exists()


def test_a_release_that_runs_twice_sends_once(house, incident):
    operations.hold_reply(record=incident, by=house.tom, at=TEN, text="We are on it.")

    release_held()
    release_held()

    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_held_reply_once(house, incident):
    operations.hold_reply(record=incident, by=house.tom, at=TEN, text="We are on it.")
    start = threading.Barrier(2)
    sent: list[int] = []

    def work() -> None:
        start.wait()
        try:
            sent.append(operations.release_held(at=TEN + timedelta(minutes=1)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sent) == [0, 1]
    assert Comment.objects.count() == 1


def test_undo_send_brings_the_text_back_before_what_was_typed_since(as_tom, incident):
    as_tom.post(f"/r/{incident.pk}/replies/", {"text": "We are on it."})
    as_tom.post(f"/r/{incident.pk}/drafts/reply/", {"text": "And:"})

    as_tom.post(f"/r/{incident.pk}/replies/taking-back/")

    draft = Draft.objects.get()
    assert (draft.composer, draft.content["text"], draft.send_at) == ("reply", "We are on it.\n\nAnd:", None)
    assert operations.release_held(at=moment("2099-01-01 00:00")) == 0


def test_undo_comes_too_late_when_it_is_out(house, incident):
    operations.hold_reply(record=incident, by=house.tom, at=TEN, text="We are on it.")
    operations.release_held(at=TEN + timedelta(seconds=10))

    with pytest.raises(Refused, match="gone out already"):
        operations.take_back(record=incident, by=house.tom, at=TEN + timedelta(seconds=11))


def test_a_second_reply_lets_the_first_go_out_before_it(house, incident):
    operations.hold_reply(record=incident, by=house.tom, at=TEN, text="First.")
    operations.hold_reply(record=incident, by=house.tom, at=TEN + timedelta(seconds=3), text="Second.")
    operations.release_held(at=TEN + timedelta(seconds=13))

    assert list(Comment.objects.values_list("text", flat=True)) == ["First.", "Second."]


def test_without_script_a_reply_goes_out_at_once(as_tom, incident):
    as_tom.post(f"/r/{incident.pk}/replies/", {"text": "We are on it.", "at_once": "1"})

    assert Comment.objects.get().text == "We are on it."


def test_send_and_wait_holds_the_ticket_in_the_same_act(house, incident):
    incident_operations.take(incident=incident, by=house.tom, at=moment("2026-03-02 09:30"))

    operations.hold_reply(record=fresh(incident), by=house.tom, at=TEN, text="Which network?", send="wait")
    operations.release_held(at=TEN + timedelta(seconds=10))

    assert (fresh(incident).state, fresh(incident).state_reason) == ("on_hold", "requester")
    assert Comment.objects.count() == 1


def test_send_and_resolve_says_what_was_done_with_the_reply(house, incident):
    incident_operations.take(incident=incident, by=house.tom, at=moment("2026-03-02 09:30"))

    operations.hold_reply(record=fresh(incident), by=house.tom, at=TEN, text="New firmware.", send="fixed")
    operations.release_held(at=TEN + timedelta(seconds=10))

    resolved = fresh(incident)
    assert (resolved.state, resolved.resolution_code, resolved.resolution_text) == (
        "resolved",
        "fixed",
        "New firmware.",
    )
    assert resolved.resolved_at == TEN


def test_a_move_that_is_refused_gives_the_reply_back_with_the_reason(house, incident):
    operations.hold_reply(record=incident, by=house.tom, at=TEN, text="New firmware.", send="fixed")

    operations.release_held(at=TEN + timedelta(seconds=10))

    draft = Draft.objects.get()
    assert (draft.composer, draft.content["text"]) == ("reply", "New firmware.")
    assert draft.error.startswith("The reply was not sent. ")
    assert not Comment.objects.exists()
    assert fresh(incident).responded_at is None


def test_a_right_lost_in_the_meantime_keeps_the_reply_in(house, incident):
    operations.hold_reply(record=incident, by=house.tom, at=TEN, text="We are on it.")
    RoleGrant.objects.filter(user=house.tom).delete()

    operations.release_held(at=TEN + timedelta(seconds=10))

    assert not Comment.objects.exists()
    assert Draft.objects.get().error


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask @aisha about it.", "@aisha"),
        ("It is the same as INC-1001.", "INC-1001"),
        ("Dear {{ name }}, it works.", "{{ name }}"),
    ],
)
def test_what_is_for_us_only_stops_a_public_reply(as_tom, incident, text, found):
    as_tom.post(f"/r/{incident.pk}/replies/", {"text": text})

    draft = Draft.objects.get()
    assert f"The requester would read {found}." in draft.error
    assert draft.send_at is None
    page = as_tom.get(incident.get_absolute_url()).content.decode()
    assert 'name="confirmed"' in page

    as_tom.post(f"/r/{incident.pk}/replies/", {"text": text, "confirmed": "1"})
    assert Draft.objects.get().send_at is not None


def test_an_encoding_is_no_reference_of_ours(as_tom, incident):
    as_tom.post(f"/r/{incident.pk}/replies/", {"text": "Save the file as UTF-8."})

    assert Draft.objects.get().send_at is not None


def test_a_reply_that_was_overtaken_waits(as_tom, house, incident):
    first = operations.reply(record=incident, by=house.maria, at=TEN, text="It drops.")
    operations.reply(record=incident, by=house.maria, at=TEN, text="It works again!")

    as_tom.post(f"/r/{incident.pk}/replies/", {"text": "Restart it.", "seen": first.pk})

    assert "Maria Rossi replied while you were writing." in Draft.objects.get().error
    assert Comment.objects.count() == 2


def test_a_note_tells_no_requester(as_tom, house, incident):
    as_tom.post(f"/r/{incident.pk}/notes/", {"text": "CANARY-note"})

    assert Comment.objects.get().is_public is False
    assert fresh(incident).responded_at is None
    as_tom.force_login(house.maria)
    assert "CANARY-note" not in as_tom.get(f"/portal/requests/{incident.reference}/").content.decode()


def test_maria_writes_no_notes(client, house, incident):
    client.force_login(house.maria)

    assert client.post(f"/r/{incident.pk}/notes/", {"text": "hello"}).status_code == 403
    assert not Comment.objects.exists()


def test_an_empty_reply_is_no_reply(as_tom, incident):
    as_tom.post(f"/r/{incident.pk}/replies/", {"text": " \n "})

    assert not Draft.objects.exists()
    assert "There is no text yet." in as_tom.get(incident.get_absolute_url()).content.decode()


def test_files_of_a_held_reply_go_out_with_it(as_tom, incident):
    upload = SimpleUploadedFile("../../trace.log", b"line", content_type="text/plain")
    as_tom.post(f"/r/{incident.pk}/replies/", {"text": "See the trace.", "files": [upload]})
    assert not Attachment.objects.exists()

    operations.release_held(at=moment("2099-01-01 00:00"))

    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.is_public) == ("trace.log", True)
    assert attachment.comment == Comment.objects.get()


def test_a_draft_survives_signing_out_and_shows_in_another_browser(client, as_tom, house, incident):
    as_tom.post(f"/r/{incident.pk}/drafts/note/", {"text": "Half a thought"})
    as_tom.post("/accounts/logout/")

    second = type(client)()
    second.force_login(house.tom)

    assert "Half a thought" in second.get(incident.get_absolute_url()).content.decode()
    second.force_login(house.aisha)
    assert "Half a thought" not in second.get(incident.get_absolute_url()).content.decode()


def test_emptying_a_composer_drops_its_draft(as_tom, incident):
    as_tom.post(f"/r/{incident.pk}/drafts/note/", {"text": "Half a thought"})
    as_tom.post(f"/r/{incident.pk}/drafts/note/", {"text": ""})

    assert not Draft.objects.exists()


def test_saving_a_note_drops_its_draft(as_tom, incident):
    as_tom.post(f"/r/{incident.pk}/drafts/note/", {"text": "A thought"})
    as_tom.post(f"/r/{incident.pk}/notes/", {"text": "A thought"})

    assert not Draft.objects.exists()


def test_an_unknown_composer_is_not_there(as_tom, incident):
    assert as_tom.post(f"/r/{incident.pk}/drafts/held/", {"text": "x"}).status_code == 404


def test_presence_names_the_others_and_who_writes(as_tom, client, house, incident):
    other = type(client)()
    other.force_login(house.aisha)
    other.post(f"/r/{incident.pk}/presence/", {"state": "replying"})

    seen = as_tom.post(f"/r/{incident.pk}/presence/", {"state": "viewing"}).content.decode()

    assert "Aisha Khan is replying" in seen
    assert "Tom Beck" not in seen


def test_presence_is_gone_after_45_seconds(house, incident, as_tom, time_machine):
    operations.beat(record=incident, by=house.aisha, at=TEN, is_replying=False)

    time_machine.move_to(TEN + timedelta(seconds=44), tick=False)
    assert "Aisha Khan is looking" in as_tom.post(f"/r/{incident.pk}/presence/").content.decode()
    time_machine.move_to(TEN + timedelta(seconds=45), tick=False)
    assert "Aisha Khan" not in as_tom.post(f"/r/{incident.pk}/presence/").content.decode()


def test_requesters_leave_no_trace_of_their_reading(client, house, incident):
    client.force_login(house.maria)

    assert client.post(f"/r/{incident.pk}/presence/").status_code == 403
    assert not Presence.objects.exists()


def test_reading_the_page_writes_nothing(as_tom, incident, django_assert_num_queries):
    before = (Entry.objects.count(), Draft.objects.count(), Presence.objects.count())

    as_tom.get(incident.get_absolute_url())

    assert (Entry.objects.count(), Draft.objects.count(), Presence.objects.count()) == before


def test_a_follower_of_another_organization_reads_the_public_side_only(client, house, incident):
    operations.add_watcher(record=incident, user=house.otto, by=house.tom, at=TEN)
    operations.add_note(record=incident, by=house.tom, at=TEN, text="CANARY-note")
    operations.reply(record=incident, by=house.tom, at=TEN, text="We are on it.")

    assert list(Comment.objects.visible_to(house.otto).values_list("text", flat=True)) == ["We are on it."]
    client.force_login(house.otto)
    assert client.get(incident.get_absolute_url())["Location"].startswith("/portal/")
    page = client.get(f"/portal/requests/{incident.reference}/").content.decode()
    assert "We are on it." in page
    assert "CANARY-note" not in page
