"""Working through a list: served tickets, skipping, places in the whole list, what follows a reply, shared drafts."""

from types import SimpleNamespace

import pytest
import time_machine

from calendars import registry
from incidents import operations
from records import operations as record_operations
from records.models import AfterReply, Comment, Draft, Habit, Presence, Record, Skip
from tests.conftest import moment

NOW = "2026-03-02 11:00"


@pytest.fixture(autouse=True)
def _monday_eleven():
    registry.clear()
    with time_machine.travel(moment(NOW), tick=False) as travel:
        yield travel


@pytest.fixture
def three(house, log_incident):
    made = {name: log_incident(title=name) for name in ("First", "Second", "Third")}
    for hour, record in enumerate(made.values(), 12):
        Record.objects.filter(pk=record.pk).update(due_at=moment(f"2026-03-02 {hour}:00"), due_state="running")
    return SimpleNamespace(**{name.lower(): record for name, record in made.items()})


@pytest.fixture
def play(client, house):
    """Ask for the next ticket as somebody; answers where it leads."""

    def ask(viewer=None, path="/queue/play/?q=is:open", **said):
        client.force_login(viewer or house.tom)
        return client.post(path, said)["Location"]

    return ask


def test_the_most_urgent_ticket_is_served_first(play, three):
    assert play() == f"/incidents/INC-{three.first.pk}/"


def test_nobody_gets_what_a_colleague_has_open(play, three, house):
    assert play() == f"/incidents/INC-{three.first.pk}/"

    assert play(house.aisha) == f"/incidents/INC-{three.second.pk}/"


def test_a_colleague_who_left_45_seconds_ago_is_in_nobody_s_way(play, three, house, _monday_eleven):
    play()
    _monday_eleven.move_to(moment("2026-03-02 11:00:46"))

    assert play(house.aisha) == f"/incidents/INC-{three.first.pk}/"


def test_what_was_served_does_not_come_again(play, three):
    assert play(served=f"{three.first.pk},x,{three.second.pk}") == f"/incidents/INC-{three.third.pk}/"


def test_a_skipped_ticket_stays_away_and_says_why_to_the_others(play, client, three, house, _monday_eleven):
    assert play(skip=three.first.pk, reason="waits for\x00 the vendor") == f"/incidents/INC-{three.second.pk}/"

    assert Skip.objects.get().reason == "waits for the vendor"
    client.force_login(house.aisha)
    assert "Tom Beck passed it over: waits for the vendor" in client.get(
        f"/queue/tickets/{three.first.pk}/"
    ).content.decode().replace("<bdi>", "").replace("</bdi>", "")
    _monday_eleven.move_to(moment("2026-03-02 20:00"))
    assert play() == f"/incidents/INC-{three.first.pk}/"


def test_the_end_of_the_list_says_how_much_was_handled(play, client, three, house):
    operations.take(incident=three.first, by=house.tom, at=moment(NOW))
    record_operations.add_note(record=three.first, by=house.tom, at=moment(NOW), text="Looked at it")

    end = play(served=",".join(str(each.pk) for each in (three.first, three.second, three.third)))
    html = client.get(end).content.decode()

    assert end == "/queue/?q=is%3Aopen&part=clear"
    assert "Queue clear." in html
    assert "3 tickets are still in this list" in html


def test_a_view_is_played_in_its_own_order(play, three, house):
    assert play(path="/queue/open/play/?sort=-number") == f"/incidents/INC-{three.third.pk}/"


def test_otto_is_served_nothing_of_others_and_skips_nothing(play, client, three, house):
    assert play(house.otto) == "/queue/?q=is%3Aopen&part=clear"
    assert client.post("/queue/play/?q=is:open", {"skip": three.first.pk}).status_code == 404
    assert not Presence.objects.exists()
    assert not Skip.objects.exists()


def test_a_requester_plays_nothing(client, three, house):
    client.force_login(house.maria)

    assert client.post("/queue/play/").status_code == 403


def place(client, record, path="/queue/?q=is:open"):
    return client.get(f"{path}&part=place&at={record.pk}")


def test_the_place_is_that_in_the_whole_list(client, log_incident, house):
    made = [log_incident(title=f"T{number:02}") for number in range(60)]
    client.force_login(house.tom)

    found = place(client, made[54], "/queue/?q=is:open&sort=number").json()

    assert found == {
        "text": "55 of 60",
        "previous": f"/incidents/INC-{made[53].pk}/",
        "next": f"/incidents/INC-{made[55].pk}/",
    }


def test_a_ticket_that_left_the_list_keeps_its_neighbors(client, three, house):
    operations.take(incident=three.second, by=house.tom, at=moment(NOW))
    client.force_login(house.tom)

    found = place(client, three.second, "/queue/?q=is:unassigned&sort=number").json()

    assert found == {
        "text": "",
        "previous": f"/incidents/INC-{three.first.pk}/",
        "next": f"/incidents/INC-{three.third.pk}/",
    }


@pytest.mark.parametrize("count", [3, 60])
def test_a_place_costs_the_same_in_a_long_list(client, log_incident, house, django_assert_num_queries, count):
    made = [log_incident(title=f"T{number:02}") for number in range(count)]
    client.force_login(house.tom)
    place(client, made[0])

    with django_assert_num_queries(9):
        assert place(client, made[-1]).status_code == 200


def test_otto_learns_no_place_of_hidden_tickets(client, three, house):
    client.force_login(house.otto)

    assert place(client, three.first).status_code == 404


def reply(client, record, **said):
    return client.post(f"/r/{record.reference}/replies/", {"text": "We are on it", **said})["Location"]


@pytest.mark.parametrize(("where", "leads_to"), [("stay", "first"), ("next", "second"), ("list", None)])
def test_a_reply_leads_where_the_person_wants_and_remembers_it(client, three, house, where, leads_to):
    client.force_login(house.tom)

    url = reply(client, three.first, after=where, list="/queue/?q=is:open&sort=number")

    expected = "/queue/?q=is%3Aopen&sort=number" if leads_to is None else getattr(three, leads_to).get_absolute_url()
    assert url.removesuffix("#latest") == expected
    assert Habit.objects.get(user=house.tom).after_reply == where
    assert f'<option value="{where}" selected>' in client.get(three.first.get_absolute_url()).content.decode()


def test_a_reply_while_playing_serves_the_next_ticket(client, three, house):
    client.force_login(house.tom)
    Presence.objects.create(record_id=three.second.pk, user=house.aisha, seen_at=moment(NOW))

    url = reply(client, three.first, after="next", list="/queue/?q=is:open", playing="1", served=str(three.first.pk))

    assert url == three.third.get_absolute_url()


def test_a_reply_that_leads_away_can_be_taken_back_from_there(client, three, house):
    client.force_login(house.tom)

    html = client.get(reply(client, three.first, after="next", list="/queue/?q=is:open")).content.decode()

    assert f'data-undo-url="/r/{three.first.reference}/replies/taking-back/"' in html
    client.post(f"/r/{three.first.reference}/replies/taking-back/")
    assert not Comment.objects.exists()
    assert Draft.objects.get().content["text"] == "We are on it"


@pytest.mark.parametrize("address", ["//evil.example/queue/", "/incidents/", "/queue/nothing-there/", "x" * 9000, ""])
def test_no_address_leads_out_of_the_queue(client, three, house, address):
    client.force_login(house.tom)

    assert reply(client, three.first, after="list", list=address).startswith("/queue/")


def test_an_unknown_place_to_go_leaves_the_habit_alone(client, three, house):
    client.force_login(house.tom)

    assert reply(client, three.first, after="moon").endswith("#latest")
    assert not Habit.objects.filter(after_reply=AfterReply.NEXT).exists()


def test_a_draft_is_shared_with_the_team_and_gone_on_with(client, three, house):
    client.force_login(house.aisha)
    client.post(f"/r/{three.first.reference}/drafts/reply/", {"text": "Dear Maria,", "audience": "team"})
    draft = Draft.objects.get()
    client.force_login(house.tom)
    assert "Aisha Khan left a reply for the team" in client.get(three.first.get_absolute_url()).content.decode()

    client.post(f"/r/{three.first.reference}/drafts/{draft.pk}/adoption/")

    assert Draft.objects.get(user=house.tom).content["text"] == "Dear Maria,"
    assert not Draft.objects.get(user=house.tom).is_shared


def test_a_draft_for_oneself_is_nobody_else_s(client, three, house):
    client.force_login(house.aisha)
    client.post(f"/r/{three.first.reference}/drafts/reply/", {"text": "Secret thought", "audience": ""})
    draft = Draft.objects.get()
    client.force_login(house.tom)

    assert "Secret thought" not in client.get(three.first.get_absolute_url()).content.decode()
    client.post(f"/r/{three.first.reference}/drafts/{draft.pk}/adoption/")
    assert not Draft.objects.filter(user=house.tom).exists()


def test_a_requester_neither_shares_a_draft_nor_takes_one(client, three, house):
    client.force_login(house.maria)
    client.post(f"/r/{three.first.reference}/drafts/reply/", {"text": "Hello", "audience": "team"})

    assert not Draft.objects.get(user=house.maria).is_shared
    assert client.post(f"/r/{three.first.reference}/drafts/{Draft.objects.get().pk}/adoption/").status_code == 403
