"""Notices about what is no record: grouped, put away, asleep and muted like others, and gone with the right to see."""

from typing import Any

import pytest

from approvals.models import Board
from audit.models import Entry
from changes.board.models import Meeting
from notifications import counts, preferences, queries, subjects
from notifications.models import Mute, Notice, NoticeKind
from notifications.subscriptions import tell as put
from people.models import User
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")
TEN = moment("2026-03-02 10:00")


@pytest.fixture
def meeting(house: Any) -> Meeting:
    board = Board.objects.create(name="<i>Board</i>", slug="board")
    return Meeting.objects.create(key="2026-03-09", board=board, chair=house.ines, starts_at=TEN, zone="UTC")


def tell(meeting: Meeting, *people: User, kind: str = NoticeKind.MEETING, about: str = "meeting") -> None:
    entry = Entry.objects.create(
        action="meeting.invited", subject_kind="meeting", subject_id=meeting.pk, at=NINE, channel="worker"
    )
    put(entry, subjects.About(about, meeting.pk, label=str(meeting)), kind, dict.fromkeys(people, "because"), "Come")


def test_it_stands_in_the_inbox_once_and_leads_to_its_page(client, house, meeting, django_assert_num_queries):
    tell(meeting, house.tom, house.max)
    tell(meeting, house.tom)
    client.force_login(house.tom)
    client.get("/inbox/")

    with django_assert_num_queries(3):
        page = client.get("/inbox/").content.decode()

    assert page.count('class="inbox__group"') == 1
    assert "Meeting <bdi>&lt;i&gt;Board&lt;/i&gt; 2026-03-09</bdi>" in page
    assert queries.unread_count(house.tom, at=TEN) == 1
    # Its address is looked up when it is opened: the meeting may have moved.
    Meeting.objects.update(key="2026-03-10")
    assert client.post(f"/inbox/meeting/{meeting.pk}/reading/").headers["Location"] == "/cab/2026-03-10/"
    assert queries.unread_count(house.tom, at=TEN) == 0


def test_who_may_not_see_it_is_not_told_and_who_may_no_longer_finds_it_gone(client, house, meeting):
    tell(meeting, house.tom, house.max, house.otto, house.maria)
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"tom"}
    client.force_login(house.tom)

    house.tom.role_grants.all().delete()

    assert queries.groups(User.objects.get(pk=house.tom.pk), at=TEN) == []
    assert [
        client.post(f"/inbox/meeting/{meeting.pk}/{act}/").status_code for act in ("reading", "muting")
    ] == [404, 404]  # fmt: skip


def test_a_kind_that_nobody_declared_tells_nobody(client, house, meeting):
    tell(meeting, house.tom, about="unheard_of")
    Notice.objects.create(
        user=house.tom, subject_kind="unheard_of", subject_key=1, kind="meeting", cause="entry:1", why="w", text="x",
        at=NINE,
    )  # fmt: skip

    client.force_login(house.tom)

    assert Notice.objects.count() == 1
    assert queries.groups(house.tom, at=TEN) == []
    assert client.post("/inbox/unheard_of/1/reading/").status_code == 404


def test_done_asleep_unread_and_muted_as_with_records(client, house, meeting, log_incident):
    # A record of the same number must not be touched.
    tell(meeting, house.tom)
    other = Notice.objects.create(
        user=house.tom, record=log_incident(), kind="assigned", cause="entry:2", why="w", text="x", at=NINE
    )
    client.force_login(house.tom)
    path = f"/inbox/meeting/{meeting.pk}"

    def mine() -> Notice:
        return Notice.objects.exclude(pk=other.pk).get()

    client.post(f"{path}/reading/")
    client.post(f"{path}/unread/")
    assert mine().read_at is None
    client.post(f"{path}/snooze/", {"until": "hour"})
    assert mine().snoozed_until is not None
    client.post(f"{path}/done/")
    assert mine().done_at is not None

    answer = client.post(f"{path}/muting/", follow=True).content.decode()
    assert "&lt;i&gt;Board&lt;/i&gt; 2026-03-09 is muted." in answer
    tell(meeting, house.tom, house.aisha)
    assert Notice.objects.filter(user=house.tom, subject_kind="meeting").count() == 1
    assert Notice.objects.filter(user=house.aisha).count() == 1
    tell(meeting, house.tom, kind=NoticeKind.ASSIGNED)
    assert Notice.objects.filter(user=house.tom, kind="assigned", subject_kind="meeting").count() == 1
    muted = client.get("/inbox/?show=muted").content.decode()
    assert 'href="/cab/2026-03-09/"' in muted

    client.post(f"{path}/muting/", {"off": "1"})

    assert not Mute.objects.exists()
    other.refresh_from_db()
    assert (other.done_at, other.read_at, other.snoozed_until) == (None, None, None)


def test_the_channel_matrix_silences_it(house, meeting):
    preferences.choose(by=house.tom, wanted=preferences.known() - {("meeting", "product")})

    tell(meeting, house.tom, house.aisha)

    assert set(Notice.objects.values_list("user__username", flat=True)) == {"aisha"}
    assert counts.count_of(house.tom, at=TEN) == 0
