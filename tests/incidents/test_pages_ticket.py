"""The ticket page: what it shows to whom, what it costs, and every act by its button."""

import gzip
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Entry
from incidents import operations
from incidents.models import Incident
from records import operations as record_operations
from records.models import Comment, Draft, Link, Task, Watcher
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")
TEN = moment("2026-03-02 10:00")


@pytest.fixture
def incident(log_incident: Any) -> Incident:
    return log_incident(description="The client says **timeout**.")


@pytest.fixture
def as_tom(client: Any, house: Any) -> Any:
    client.force_login(house.tom)
    return client


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def test_the_page_shows_both_streams_in_one_order(as_tom, house, incident):
    record_operations.add_note(record=incident, by=house.tom, at=moment("2026-03-02 09:10"), text="Gateway 2 drops.")
    record_operations.reply(record=incident, by=house.tom, at=moment("2026-03-02 09:20"), text="We are on it.")

    page = as_tom.get(incident.get_absolute_url()).content.decode()

    assert "<strong>timeout</strong>" in page
    assert page.index("logged this") < page.index("Gateway 2 drops.") < page.index("We are on it.")
    assert "work note, team only" in page


@pytest.mark.parametrize(
    ("show", "seen", "unseen"),
    [
        ("conversation", "We are on it.", "Gateway 2 drops."),
        ("notes", "Gateway 2 drops.", "We are on it."),
        ("history", "logged this", "Gateway 2 drops."),
    ],
)
def test_a_filter_shows_one_stream(as_tom, house, incident, show, seen, unseen):
    record_operations.add_note(record=incident, by=house.tom, at=TEN, text="Gateway 2 drops.")
    record_operations.reply(record=incident, by=house.tom, at=TEN, text="We are on it.")

    page = as_tom.get(incident.get_absolute_url(), {"show": show}).content.decode()

    assert seen in page
    assert unseen not in page


def test_any_reference_leads_to_the_page(as_tom, incident):
    for address in (f"/r/{incident.pk}/", f"/r/REQ-{incident.pk}/"):
        assert as_tom.get(address)["Location"] == incident.get_absolute_url()
    assert as_tom.get(f"/incidents/{incident.pk}/")["Location"] == incident.get_absolute_url()


def test_otto_and_nobody_get_the_same_page_for_what_they_may_not_know(client, house, incident):
    client.force_login(house.otto)
    addresses = [
        f"/incidents/{incident.reference}/",
        f"/r/{incident.reference}/",
        f"/portal/requests/{incident.reference}/",
        f"/incidents/{incident.reference}/news/?after=0",
        f"/incidents/{incident.reference}/similar/",
        f"/incidents/{incident.reference}/resolution/",
        f"/incidents/{incident.reference}/fields/title/",
        f"/incidents/{incident.reference}/priority/",
    ]

    for address in addresses:
        foreign = client.get(address)
        unknown = client.get(address.replace(incident.reference, "INC-999999"))
        assert (foreign.status_code, unknown.status_code) == (404, 404), address
        assert incident.title not in foreign.content.decode()


ACTS = (
    "/r/{}/replies/",
    "/r/{}/notes/",
    "/r/{}/files/",
    "/r/{}/links/",
    "/r/{}/watching/",
    "/r/{}/watchers/",
    "/r/{}/tasks/",
    "/r/{}/presence/",
    "/r/{}/drafts/reply/",
    "/incidents/{}/resolution/",
    "/incidents/{}/taking/",
    "/incidents/{}/priority/",
    "/incidents/{}/fields/title/",
    "/portal/requests/{}/confirmation/",
    "/portal/requests/{}/reopening/",
)


def test_otto_can_do_nothing_to_it(client, house, incident):
    client.force_login(house.otto)
    for path in ACTS:
        said = {"text": "hello", "title": "mine now", "reason": "because"}
        answer = client.post(path.format(incident.reference), said)

        assert answer.status_code == 404, path
        assert Entry.objects.filter(subject_id=incident.pk).count() == 1, path
    assert not Comment.objects.exists()


def test_maria_is_led_to_her_copy(client, house, incident):
    client.force_login(house.maria)

    answer = client.get(incident.get_absolute_url())

    assert answer["Location"] == f"/portal/requests/{incident.reference}/"


def fill(incident: Incident, house: Any, count: int) -> None:
    """`count` entries of each kind, with a task, link, follower and file."""
    for number in range(count):
        at = moment("2026-03-02 09:30")
        record_operations.reply(record=incident, by=house.tom, at=at, text=f"Reply {number} to you.")
        record_operations.add_note(record=incident, by=house.aisha, at=at, text=f"Note {number} for us.")
        record_operations.add_task(record=incident, by=house.tom, at=at, title=f"Step {number}")
        other = Incident.objects.create(
            kind="incident", title="Other", requester=house.maria, organization=house.acme, created_at=at,
            opened_at=at, updated_at=at, state="new",
        )  # fmt: skip
        record_operations.link(record=incident, to=other, kind="related_to", by=house.tom, at=at)
        record_operations.attach(
            record=incident, by=house.tom, at=at, upload=SimpleUploadedFile(f"{number}.txt", b"text"), is_public=True
        )


@pytest.mark.parametrize("entries", [1, 3, 50])
def test_the_page_costs_the_same_for_any_number_of_entries(as_tom, house, incident, entries, django_assert_num_queries):
    fill(incident, house, entries)
    operations.assign(incident=incident, by=house.tom, at=TEN, team=house.networks, assignee=house.aisha)
    record_operations.add_watcher(record=incident, user=house.max, by=house.tom, at=TEN)
    as_tom.get(incident.get_absolute_url())

    with django_assert_num_queries(10):
        answer = as_tom.get(incident.get_absolute_url())

    assert answer.content.decode().count("to you.") == entries


def test_fifty_entries_stay_within_25_kb(as_tom, house, incident):
    for number in range(25):
        text = f"Entry {number}: the gateway lost {number * 7} of {number * 31} packets, then it recovered by itself."
        record_operations.reply(record=incident, by=house.tom, at=TEN, text=text)
        record_operations.add_note(record=incident, by=house.aisha, at=TEN, text=text)

    page = as_tom.get(incident.get_absolute_url()).content

    assert len(gzip.compress(page)) <= 25_000


def test_i_take_it(as_tom, house, incident):
    as_tom.post(f"{incident.get_absolute_url()}taking/")

    taken = fresh(incident)
    assert (taken.state, taken.assignee, taken.team) == ("in_progress", house.tom, house.first_line)


def test_every_move_by_its_form(as_tom, house, incident):
    address = incident.get_absolute_url()

    as_tom.post(f"{address}assignment/", {"team": house.networks.pk, "assignee": house.aisha.pk})
    assert fresh(incident).assignee == house.aisha
    as_tom.post(f"{address}work/", {})
    assert fresh(incident).state == "in_progress"
    as_tom.post(f"{address}hold/", {"hold_for": "requester", "question": "Which network?"})
    assert (fresh(incident).state, fresh(incident).state_reason) == ("on_hold", "requester")
    as_tom.post(f"{address}resumption/", {})
    assert fresh(incident).state == "in_progress"
    as_tom.post(f"{address}resolution/", {"code": "fixed", "text": "New firmware."})
    assert (fresh(incident).state, fresh(incident).resolution_text) == ("resolved", "New firmware.")
    as_tom.post(f"{address}reopening/", {"reason": "It is back."})
    assert fresh(incident).reopen_count == 1
    as_tom.post(f"{address}resolution/", {"code": "fixed", "text": "Once more."})
    as_tom.post(f"{address}closure/", {"confirmed_by_requester": "on"})
    assert fresh(incident).state == "closed"


def test_cancelling_as_a_duplicate_links_the_original(as_tom, log_incident, incident):
    original = log_incident(title="The first report")

    as_tom.post(
        f"{incident.get_absolute_url()}cancellation/",
        {"is_duplicate": "on", "original": original.reference, "reason": "The same call."},
    )

    assert fresh(incident).state == "cancelled"
    assert Link.objects.get().to_record_id == original.pk


def test_a_move_that_lacks_something_says_so_and_keeps_what_was_typed(as_tom, house, incident):
    operations.take(incident=incident, by=house.tom, at=NINE)

    answer = as_tom.post(f"{incident.get_absolute_url()}resolution/", {"code": "", "text": "New firmware."})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Resolution code is missing. Fill it in." in page
    assert "New firmware." in page
    assert fresh(incident).state == "in_progress"


def test_somebody_absent_is_assigned_only_after_confirming(as_tom, house, incident):
    house.aisha.absent_until = moment("2099-01-01 00:00").date()
    house.aisha.save()
    form = {"team": house.networks.pk, "assignee": house.aisha.pk}

    refused = as_tom.post(f"{incident.get_absolute_url()}assignment/", form)
    assert 'name="confirm_absent"' in refused.content.decode()
    assert fresh(incident).assignee is None
    as_tom.post(f"{incident.get_absolute_url()}assignment/", form | {"confirm_absent": "on"})

    assert fresh(incident).assignee == house.aisha


def test_an_unmet_guard_stands_beside_its_button(as_tom, house, incident):
    operations.take(incident=incident, by=house.tom, at=NINE)
    record_operations.add_task(record=incident, by=house.tom, at=NINE, title="Call the site", is_mandatory=True)

    page = as_tom.get(incident.get_absolute_url()).content.decode()

    assert "Mandatory tasks are still open: 1." in page


def test_a_move_on_an_old_page_asks_again(as_tom, house, incident):
    operations.take(incident=incident, by=house.tom, at=NINE)
    seen = fresh(incident).version
    record_operations.reply(record=incident, by=house.maria, at=TEN, text="It works again.")

    answer = as_tom.post(
        f"{incident.get_absolute_url()}resolution/", {"version": seen, "code": "fixed", "text": "New firmware."}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was changed by somebody else" in page
    assert f'name="version" value="{fresh(incident).version}"' in page
    assert fresh(incident).state == "in_progress"


@pytest.mark.parametrize("typed", ["²", "٣", "9" * 5_000])
def test_a_version_that_no_page_carried_is_taken_for_none(as_tom, incident, typed):
    as_tom.post(f"{incident.get_absolute_url()}taking/")
    said = {"version": typed, "code": "fixed", "text": "New firmware."}
    as_tom.post(f"{incident.get_absolute_url()}resolution/", said)
    assert fresh(incident).state == "resolved"


def test_a_closed_ticket_can_only_be_read(as_tom, house, incident):
    operations.cancel(incident=incident, by=house.tom, at=NINE, reason="Logged twice.")

    page = as_tom.get(incident.get_absolute_url()).content.decode()

    assert "can only be read" in page
    assert "/replies/" not in page
    assert "data-edit-url" not in page


def test_those_who_left_are_former_users(as_tom, house, incident):
    record_operations.reply(record=incident, by=house.maria, at=TEN, text="Still broken.")
    house.maria.is_active = False
    house.maria.save()

    page = as_tom.get(incident.get_absolute_url()).content.decode()

    assert "Former user" in page


def test_links_tasks_followers_by_their_forms(as_tom, house, log_incident, incident):
    other = log_incident(title="Wi-Fi slow")
    as_tom.post(f"/r/{incident.pk}/links/", {"to": other.reference.lower(), "kind": "child_of"})
    as_tom.post(f"/r/{incident.pk}/tasks/", {"title": "Call the site"})
    as_tom.post(f"/r/{incident.pk}/watchers/", {"person": house.max.pk})
    as_tom.post(f"/r/{incident.pk}/watching/", {"follow": "yes"})

    page = as_tom.get(incident.get_absolute_url()).content.decode()
    assert "Wi-Fi slow" in page
    assert "Call the site" in page
    assert set(Watcher.objects.values_list("user__username", flat=True)) == {"max", "tom"}

    as_tom.post(f"/r/{incident.pk}/links/{Link.objects.get().pk}/removal/")
    as_tom.post(f"/r/{incident.pk}/tasks/{Task.objects.get().pk}/", {"act": "skip", "reason": "Nobody there."})
    as_tom.post(f"/r/{incident.pk}/watchers/", {"person": house.max.pk, "remove": "1"})
    as_tom.post(f"/r/{incident.pk}/watching/", {"follow": "no"})
    assert not Link.objects.exists()
    assert (Task.objects.get().state, Task.objects.get().skip_reason) == ("skipped", "Nobody there.")
    assert not Watcher.objects.exists()


def test_a_link_to_what_one_may_not_see_is_a_link_to_nothing(client, house, vpn, log_incident, incident):
    theirs = log_incident(by=house.otto, requester=house.otto, title="Umbrella secret", service=None)
    client.force_login(house.otto)

    client.post(f"/r/{theirs.pk}/links/", {"to": incident.reference, "kind": "related_to"})

    page = client.get(theirs.get_absolute_url()).content.decode()
    assert f"There is no record “{incident.reference}”." in page
    assert not Link.objects.exists()


def test_similar_tickets_show_how_they_were_solved(as_tom, house, log_incident, incident):
    solved = log_incident(title="VPN drops every 30 minutes")
    operations.take(incident=solved, by=house.tom, at=NINE)
    operations.resolve(incident=fresh(solved), by=house.tom, at=TEN, code="fixed", text="Restart the gateway.")

    fragment = as_tom.get(f"{incident.get_absolute_url()}similar/").content.decode()

    assert solved.reference in fragment
    assert "Restart the gateway." in fragment


def test_news_come_only_when_there_are_some(as_tom, house, incident):
    latest = Entry.objects.latest("pk").pk
    address = f"{incident.get_absolute_url()}news/"

    assert as_tom.get(address, {"after": latest}).status_code == 204
    record_operations.reply(record=incident, by=house.maria, at=TEN, text="It happens on the train too.")

    answer = as_tom.get(address, {"after": latest})
    assert "on the train too" in answer.content.decode()
    assert answer["X-Poll-Url"] == f"{address}?after={Entry.objects.latest('pk').pk}&show=all"


def test_the_page_works_with_drafts_of_every_kind(as_tom, house, incident):
    for composer in ("reply", "note"):
        as_tom.post(f"/r/{incident.pk}/drafts/{composer}/", {"text": f"my {composer}"})
    record_operations.hold_reply(record=incident, by=house.tom, at=TEN, text="A held one.")

    page = as_tom.get(incident.get_absolute_url()).content.decode()

    assert "my note" in page
    assert "Undo send" in page
    assert Draft.objects.count() == 2


def test_reopening_after_the_window_is_disabled_and_says_why(as_tom, house, incident):
    operations.take(incident=incident, by=house.tom, at=NINE)
    operations.resolve(incident=incident, by=house.tom, at=TEN, code="fixed", text="Restarted the gateway.")

    page = as_tom.get(incident.get_absolute_url()).content.decode()

    assert '<button class="button" type="button" disabled>Reopen</button>' in page
    assert page.count("days for reopening have passed. Open a new incident and link this one.") == 1
    assert f'hx-get="{incident.get_absolute_url()}reopening/"' not in page


def test_a_service_that_resolving_needs_is_not_called_optional(as_tom, house, log_incident):
    unsorted = log_incident(service=None)
    operations.take(incident=unsorted, by=house.tom, at=NINE)

    page = as_tom.get(f"{unsorted.get_absolute_url()}resolution/").content.decode()

    asked = page[page.index("id_service") :]
    assert "(optional)" not in page[page.index('for="id_service"') :][:200]
    assert '<option value="" selected>Choose</option>' in asked


def test_resolving_offers_the_latest_reply_as_what_was_done_but_never_a_question(as_tom, house, incident):
    address = f"{incident.get_absolute_url()}resolution/"
    record_operations.reply(record=incident, by=house.tom, at=NINE, text="Restarted the gateway.")
    assert "Restarted the gateway.</textarea>" in as_tom.get(address).content.decode()

    record_operations.reply(record=incident, by=house.tom, at=TEN, text="Does it work now?\n")

    page = as_tom.get(address).content.decode()
    assert "Does it work now?" not in page
    assert "Restarted the gateway." not in page
