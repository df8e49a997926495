"""The pages of meetings: what each person gets, forms without script, as many queries for three items as for one."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from approvals.models import Approval, Vote
from changes.board import operations
from changes.board.models import BoardAction, Meeting
from changes.models import Change
from tests.conftest import moment

from .conftest import HELD, item_of

AFTER = moment("2026-03-04 10:00")


@pytest.fixture
def as_(client: Client) -> Callable[[Any], Client]:
    def signed_in(person: Any) -> Client:
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are looked at while the meeting is held."""
    for module in ("acts", "meeting", "landing", "minutes"):
        monkeypatch.setattr(f"changes.board.views.{module}.now", lambda: HELD)


def test_staff_read_meetings_and_others_get_nothing(
    as_: Any, house: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    waiting(title="Secret gateway")
    meeting = plan()

    for path in ("/cab/", meeting.get_absolute_url(), f"{meeting.get_absolute_url()}minutes/"):
        for name in ("ines", "tom", "ada"):
            assert as_(getattr(house, name)).get(path).status_code == 200, (path, name)
        for name in ("otto", "maria", "max"):
            answer = as_(getattr(house, name)).get(path)
            assert answer.status_code == 403, (path, name)
            assert "Secret gateway" not in answer.content.decode()
    assert as_(house.ines).get("/cab/2026-03-05/").status_code == 404


def test_only_those_who_plan_see_the_way_to_plan(
    as_: Any, house: SimpleNamespace, board: SimpleNamespace, plan: Callable[..., Meeting]
) -> None:
    assert "No meetings yet" in as_(house.tom).get("/cab/").content.decode()
    assert "/cab/new/" not in as_(house.tom).get("/cab/").content.decode()
    assert as_(house.tom).get("/cab/new/").status_code == 403
    assert "/cab/new/" in as_(board.ines).get("/cab/").content.decode()


def test_a_meeting_is_planned_on_a_form(as_: Any, board: SimpleNamespace) -> None:
    ines = as_(board.ines)
    said = {"board": board.board.pk, "starts_at": "2026-03-11T09:00", "chair": "", "place": "Oslo"}

    answer = ines.post("/cab/new/", said | {"secretary": "", "secretary_text": "dana"})

    assert (answer.status_code, answer["Location"]) == (302, "/cab/2026-03-11/")
    assert Meeting.objects.get().secretary == board.dana


def test_a_plan_that_does_not_fit_says_why_and_keeps_what_was_typed(as_: Any, board: SimpleNamespace) -> None:
    said = {"board": board.board.pk, "starts_at": "2026-03-01T09:00", "place": "Room <Oslo>", "secretary_text": "zoe"}

    answer = as_(board.ines).post("/cab/new/", said)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody you can choose is called" in page
    assert "Room &lt;Oslo&gt;" in page


def test_the_chair_decides_for_the_room_without_script(
    as_: Any, board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold()
    item = item_of(meeting, change)
    base = f"{meeting.get_absolute_url()}items/{item.pk}/"

    page = as_(board.ines).get(meeting.get_absolute_url()).content.decode()
    answer = as_(board.ines).post(f"{base}votes/", {"mode": "room", "choice": "approve", "conditions": "Tell Oslo"})

    assert "Writes down 5 votes:" in page
    assert (answer.status_code, answer["Location"]) == (303, f"{meeting.get_absolute_url()}?item={item.pk}#item")
    assert Vote.objects.filter(recorded_by=board.ines).count() == 2
    assert item_of(meeting, change).outcome == "approved"


def test_a_member_votes_for_themselves_on_the_same_page(
    as_: Any, board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold()
    item = item_of(meeting, change)

    page = as_(board.cleo).get(meeting.get_absolute_url()).content.decode()
    as_(board.cleo).post(
        f"{meeting.get_absolute_url()}items/{item.pk}/votes/", {"mode": "own", "choice": "reject", "reason": "Too soon"}
    )

    assert "Your vote" in page
    assert "Save attendance" not in page
    vote = Vote.objects.get()
    assert (vote.by, vote.recorded_by, vote.choice) == (board.cleo, None, "reject")


def test_a_refused_rejection_keeps_the_page_and_says_what_is_missing(
    as_: Any, board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold()
    item = item_of(meeting, change)

    answer = as_(board.ines).post(
        f"{meeting.get_absolute_url()}items/{item.pk}/votes/", {"mode": "room", "choice": "reject", "reason": ""}
    )

    assert answer.status_code == 422
    assert "Say what would have to change." in answer.content.decode()
    assert not Vote.objects.exists()


def test_no_quorum_is_said_with_its_figures(
    as_: Any, board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold(board.ines, board.ben)
    item = item_of(meeting, change)

    answer = as_(board.ines).post(
        f"{meeting.get_absolute_url()}items/{item.pk}/votes/", {"mode": "room", "choice": "approve"}
    )

    assert answer.status_code == 409
    assert "2 voting members are there; 3 are needed." in answer.content.decode()


def test_nobody_writes_down_votes_through_the_page_of_a_meeting_that_they_do_not_conduct(
    as_: Any, house: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold()
    base = f"{meeting.get_absolute_url()}items/{item_of(meeting, change).pk}/"

    for path, said in (
        (f"{base}votes/", {"mode": "room", "choice": "approve"}),
        (f"{base}deferral/", {"to": "2026-04-01", "reason": "x"}),
        (f"{base}text/", {"text": "x"}),
        (f"{meeting.get_absolute_url()}attendance/", {}),
        (f"{meeting.get_absolute_url()}closure/", {}),
    ):
        for person in (house.tom, house.maria, house.otto):
            # The operation of a vote is everybody's; they do not see the meeting.
            is_hidden = path.endswith("votes/") and person != house.tom
            assert as_(person).post(path, said).status_code == (404 if is_hidden else 403), path

    assert not Vote.objects.exists()


def test_what_two_write_at_once_is_not_lost(
    as_: Any, board: SimpleNamespace, waiting: Callable[..., Change], hold: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = hold(secretary=board.dana)
    address = f"{meeting.get_absolute_url()}items/{item_of(meeting, change).pk}/text/"
    as_(board.ines).post(address, {"text": "Ines writes.", "version": "1"})

    answer = as_(board.dana).post(address, {"text": "Dana <i>writes</i>.", "version": "1"})

    assert answer.status_code == 412
    assert "Dana &lt;i&gt;writes&lt;/i&gt;." in answer.content.decode()
    assert item_of(meeting, change).text == "Ines writes."


def test_items_are_moved_by_buttons(
    as_: Any, board: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    waiting()
    meeting = plan()
    topic = operations.add_topic(meeting=meeting, by=board.ines, at=HELD, title="Freeze")

    as_(board.ines).post(f"{meeting.get_absolute_url()}items/{topic.pk}/place/", {"to": "up"})

    assert list(meeting.items.order_by("position").values_list("kind", flat=True)) == ["topic", "decision"]


def test_closed_minutes_are_read_with_their_fingerprint_and_corrections(
    as_: Any, board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change],
    hold: Callable[..., Meeting],
) -> None:  # fmt: skip
    change = waiting()
    meeting = hold()
    operations.decide(item=item_of(meeting, change), by=board.ines, at=HELD, choice="approve")
    operations.write(item=item_of(meeting, change), by=board.ines, at=HELD, text="<script>alert(1)</script>")
    as_(board.ines).post(f"{meeting.get_absolute_url()}closure/", {})
    as_(board.ines).post(f"{meeting.get_absolute_url()}corrections/", {"text": "Eli <b>left</b> early."})

    page = as_(house.tom).get(meeting.get_absolute_url()).content.decode()

    meeting.refresh_from_db()
    assert meeting.fingerprint in page
    assert "written down by Ines Duarte" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Eli &lt;b&gt;left&lt;/b&gt; early." in page
    assert "do not fit their fingerprint" not in page
    assert "Add a correction" not in page


def test_actions_are_done_from_the_list(
    as_: Any, board: SimpleNamespace, house: SimpleNamespace, hold: Callable[..., Meeting]
) -> None:
    meeting = hold()
    as_(board.ines).post(
        f"{meeting.get_absolute_url()}actions/", {"text": "Tell the sites", "owner_text": "tom", "due_date": ""}
    )
    action = BoardAction.objects.get()

    page = as_(house.tom).get("/cab/").content.decode()
    answer = as_(house.tom).post(f"{meeting.get_absolute_url()}actions/{action.pk}/completion/", {"back": "list"})

    assert "Tell the sites" in page
    assert answer["Location"] == "/cab/"
    action.refresh_from_db()
    assert action.done_by == house.tom


def test_a_page_of_three_items_asks_no_more_than_one_of_one(
    as_: Any, board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change],
    hold: Callable[..., Meeting],
) -> None:  # fmt: skip
    waiting()
    meeting = hold()
    tom = as_(house.tom)
    counts = []
    for more in (0, 2):
        for number in range(more):
            start, end = f"2026-04-0{number + 1} 20:00", f"2026-04-0{number + 1} 22:00"
            waiting(title=f"More {number}", window=(start, end))
        operations.gather(meeting=meeting, by=board.ines, at=HELD)
        tom.get(meeting.get_absolute_url())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert tom.get(meeting.get_absolute_url()).status_code == 200
        counts.append(len(asked))

    assert meeting.items.count() == 3
    assert counts == [27, 27]
    assert Approval.objects.count() == 3


def test_a_list_of_three_meetings_asks_no_more_than_one_of_one(
    as_: Any, house: SimpleNamespace, plan: Callable[..., Meeting]
) -> None:
    tom, counts = as_(house.tom), []
    for day in ("2026-03-04", "2026-03-05", "2026-03-06"):
        plan(starts_at=moment(f"{day} 09:30"))
        tom.get("/cab/")
        with CaptureQueriesContext(connection) as asked:
            assert tom.get("/cab/").status_code == 200
        counts.append(len(asked))

    assert counts == [7, 7, 7]
