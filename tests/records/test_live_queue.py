"""An open list is kept fresh: what changed, what left, what waits, who is where; and nothing while nothing happens."""

import re
from types import SimpleNamespace

import pytest
import time_machine

from calendars import registry
from incidents import operations
from records.models import Draft, Presence, Record, Seen
from records.operations import seeing
from tests.conftest import moment

NOW = "2026-03-02 11:00"
LATER = "2026-03-02 11:05"


@pytest.fixture(autouse=True)
def _monday_eleven():
    registry.clear()
    with time_machine.travel(moment(NOW), tick=False) as travel:
        yield travel


@pytest.fixture
def three(house, log_incident):
    made = {name: log_incident(title=name) for name in ("First", "Second", "Third")}
    Record.objects.update(due_at=None, due_state="", due_calendar_id=None)
    return SimpleNamespace(**{name.lower(): record for name, record in made.items()})


@pytest.fixture
def watch(client, house):
    """Open a list as somebody; the answer asks for its news as the browser would, with what the page shows."""

    def open_list(path="/queue/open/", viewer=None):
        client.force_login(viewer or house.tom)
        html = client.get(path).content.decode()
        base = re.search(r'data-live-url="([^"]+)"', html)[1].replace("&amp;", "&")
        digest = re.search(r'data-live-marks="([^"]+)"', html)[1]
        rows = "_".join(f"{n}.{stamp}" for n, stamp in re.findall(r'id="row-(\d+)" data-row data-stamp="(\w+)"', html))

        def ask(**said):
            more = {"rows": rows, "m": digest} | said
            return client.get(base + "".join(f"&{name}={value}" for name, value in more.items()))

        return ask

    return open_list


def test_nothing_is_answered_while_nothing_happens(watch, three):
    ask = watch()

    answer = ask()

    assert answer.status_code == 204
    assert answer.content == b""


@pytest.mark.parametrize("count", [1, 3, 50])
def test_asking_costs_the_same_whatever_is_shown(watch, log_incident, django_assert_num_queries, count):
    for number in range(count):
        log_incident(title=f"T{number}")
    ask = watch()
    ask()

    with django_assert_num_queries(6):  # session, person, views, rows, new ones, marks
        assert ask().status_code == 204


def test_a_colleague_s_change_comes_as_the_row_alone(watch, three, house):
    ask = watch()
    operations.assign(incident=three.second, by=house.aisha, at=moment(NOW), team=house.networks, assignee=house.aisha)

    answer = ask().json()

    assert list(answer["rows"]) == [str(three.second.pk)]
    assert "Aisha Khan" in answer["rows"][str(three.second.pk)]
    assert (answer["gone"], answer["n"], answer["news"].strip()) == ([], 0, "")


def test_a_row_that_no_longer_matches_is_named_as_gone(watch, three, house):
    ask = watch("/queue/?q=is:unassigned")
    operations.take(incident=three.first, by=house.aisha, at=moment(NOW))

    answer = ask().json()

    assert answer["gone"] == [three.first.pk]
    assert list(answer["rows"]) == [str(three.first.pk)]


def test_new_tickets_wait_to_be_shown(watch, three, log_incident):
    ask = watch()
    log_incident(title="Fourth", at=moment(LATER))

    answer = ask()

    assert answer.json()["n"] == 1
    assert "1 new ticket. Show it" in answer.json()["news"]
    assert answer.json()["rows"] == {}
    assert ask(n=1).status_code == 204


def test_only_what_belongs_on_the_page_waits(watch, log_incident, house):
    for number in range(60):
        log_incident(title=f"T{number:02}")
    ask = watch("/queue/?q=is:open&sort=number")
    behind = Record.objects.get(title="T55")

    operations.take(incident=behind.specific, by=house.aisha, at=moment(LATER))

    assert ask().status_code == 204


def test_a_row_whose_clock_changes_shape_is_asked_for_by_its_number(watch, three):
    ask = watch()

    assert list(ask(stale=three.third.pk).json()["rows"]) == [str(three.third.pk)]


def test_who_comes_and_who_writes_is_told_once(watch, three, house):
    ask = watch()
    Presence.objects.create(record_id=three.first.pk, user=house.aisha, is_replying=True, seen_at=moment(NOW))

    answer = ask().json()

    assert "Aisha Khan is writing" in answer["marks"][str(three.first.pk)]
    assert answer["rows"] == {}
    assert ask(m=answer["m"]).status_code == 204


def test_a_draft_for_the_team_is_marked_for_the_others(watch, three, house):
    ask = watch()
    Draft.objects.create(
        user=house.aisha, record_id=three.first.pk, composer="reply", is_shared=True, written_at=moment(NOW)
    )
    Draft.objects.create(
        user=house.aisha, record_id=three.second.pk, composer="reply", is_shared=False, written_at=moment(NOW)
    )

    marks = ask().json()["marks"]

    assert "Aisha Khan left a draft for the team" in marks[str(three.first.pk)]
    assert marks[str(three.second.pk)] == ""


def test_otto_learns_nothing_of_rows_he_may_not_see(watch, three, house):
    ask = watch("/queue/?q=is:open", viewer=house.otto)
    Presence.objects.create(record_id=three.first.pk, user=house.aisha, seen_at=moment(NOW))
    operations.take(incident=three.first, by=house.aisha, at=moment(LATER))

    answer = ask(rows=f"{three.first.pk}.abc").json()

    assert answer["rows"] == {}
    assert answer["gone"] == [three.first.pk]
    assert answer["marks"] == {str(three.first.pk): ""}
    assert answer["n"] == 0


@pytest.mark.parametrize(
    "said", [{"rows": "x.y_1.zz_99999999999999999999.a"}, {"since": "x"}, {"last": "@@"}, {"stale": "a_b"}, {"m": "é"}]
)
def test_nonsense_in_the_address_is_no_error(watch, three, said):
    ask = watch()

    assert ask(**said).status_code in {200, 204}


def unread(client, path="/queue/open/"):
    html = client.get(path).content.decode()
    return re.findall(r'data-unread data-preview-url.*?data-row-link dir="auto">([^<]*)<', html)


def test_what_is_mine_is_unread_until_i_open_it(client, three, house):
    operations.assign(incident=three.first, by=house.aisha, at=moment(NOW), team=house.first_line, assignee=house.tom)
    operations.assign(incident=three.second, by=house.tom, at=moment(NOW), team=house.networks, assignee=house.aisha)
    client.force_login(house.tom)
    assert unread(client) == ["First"]

    client.post(f"/r/{three.first.pk}/presence/", {"state": "viewing"})

    assert unread(client) == []


def test_what_a_colleague_changes_on_my_team_s_ticket_is_unread(client, three, house, _monday_eleven):
    operations.assign(incident=three.first, by=house.aisha, at=moment(NOW), team=house.first_line, assignee=None)
    client.force_login(house.tom)
    seeing.look(record=three.first, by=house.tom, at=moment(NOW))
    assert unread(client) == []

    operations.edit(incident=three.first, by=house.aisha, at=moment(LATER), values={"location": "Oslo"})

    assert unread(client) == ["First"]


def test_my_own_change_in_the_list_leaves_it_read(client, three, house, _monday_eleven):
    operations.take(incident=three.first, by=house.tom, at=moment(NOW))
    seeing.look(record=three.first, by=house.tom, at=moment(NOW))
    client.force_login(house.tom)
    _monday_eleven.move_to(moment(LATER))

    client.post(f"/queue/tickets/{three.first.pk}/tag/", {"tags": "vpn"}, headers={"HX-Request": "true"})

    assert Record.objects.get(pk=three.first.pk).tags == ["vpn"]
    assert unread(client) == []


def test_a_ticket_is_marked_unread_and_read_again(client, three, house):
    client.force_login(house.tom)
    path = f"/queue/tickets/{three.third.pk}/unread/"

    assert "data-unread" in client.post(path, {"unread": "1"}).content.decode()
    assert unread(client) == ["Third"]
    assert "data-unread" not in client.post(path, {"unread": ""}).content.decode()
    assert unread(client) == []


def test_otto_marks_nothing_that_he_may_not_see(client, three, house):
    client.force_login(house.otto)

    assert client.post(f"/queue/tickets/{three.third.pk}/unread/", {"unread": "1"}).status_code == 404
    assert not Seen.objects.exists()


def test_a_change_of_one_ticket_is_taken_back(client, three, house):
    client.force_login(house.tom)
    answer = client.post(
        f"/queue/tickets/{three.first.pk}/priority/", {"priority": "1", "reason": "Board"}, headers={"HX-Request": "1"}
    )
    undo = re.search(r'"undo_url": "([^"]+)"', answer["HX-Trigger"])[1]
    assert Record.objects.get(pk=three.first.pk).priority == 1

    client.post(undo, headers={"HX-Request": "true"})

    assert Record.objects.get(pk=three.first.pk).priority == three.first.priority


def test_a_refused_change_that_was_shown_already_says_why(client, three, house):
    operations.edit(incident=three.first, by=house.aisha, at=moment(NOW), values={"location": "Oslo"})
    client.force_login(house.tom)

    answer = client.post(
        f"/queue/tickets/{three.first.pk}/priority/",
        {"priority": "1", "reason": "Board", "version": "1"},
        headers={"HX-Request": "true", "X-Optimistic": "1"},
    )

    assert answer.status_code == 422
    assert answer["HX-Reswap"] == "none"
    assert "is unchanged" in answer["HX-Trigger"]
    assert Record.objects.get(pk=three.first.pk).priority != 1
