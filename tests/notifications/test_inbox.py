"""The inbox: who is told of what, once, and what they do with it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from audit import outbox
from audit.models import Dispatch, Entry
from incidents import operations
from incidents.models import Incident
from notifications import queries, subscriptions
from notifications.models import Mute, Notice
from records import operations as record_operations
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")
TEN = moment("2026-03-02 10:00")


@pytest.fixture
def incident(log_incident: Any) -> Incident:
    return log_incident()


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def deliver() -> None:
    """What the worker does after the commit."""
    while outbox.dispatch_due(at=moment("2026-03-03 00:00")):
        pass


def told() -> set[tuple[str, str]]:
    deliver()
    return set(Notice.objects.values_list("user__username", "kind"))


def test_the_assignee_is_told(house, incident):
    operations.assign(incident=incident, by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)

    assert told() == {("aisha", "assigned")}
    assert Notice.objects.get().why == "because it was given to you"


def test_who_takes_it_is_not_told(house, incident):
    operations.take(incident=incident, by=house.tom, at=NINE)

    assert told() == set()


def test_a_team_alone_tells_nobody(house, incident):
    operations.assign(incident=incident, by=house.tom, at=NINE, team=house.networks)

    assert told() == set()


def test_who_lost_it_again_before_the_delivery_is_not_told(house, incident):
    operations.assign(incident=incident, by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)
    operations.assign(incident=fresh(incident), by=house.tom, at=TEN, team=house.first_line)

    assert told() == set()


def test_her_reply_tells_assignee_and_followers(house, incident):
    operations.take(incident=incident, by=house.tom, at=NINE)
    record_operations.add_watcher(record=incident, user=house.max, by=house.tom, at=NINE)
    record_operations.reply(record=incident, by=house.maria, at=TEN, text="On the train too.")

    assert told() == {("tom", "replied"), ("max", "replied")}


def test_our_reply_tells_the_requester(house, incident):
    record_operations.reply(record=incident, by=house.tom, at=TEN, text="We are on it.")

    assert told() == {("maria", "replied")}


def test_a_note_tells_only_whom_it_names_and_who_may_read_it(house, incident):
    record_operations.add_watcher(record=incident, user=house.otto, by=house.tom, at=NINE)
    record_operations.add_note(
        record=incident, by=house.tom, at=TEN, text="@aisha look, @maria and @otto must not, nor @tom or @nobody."
    )

    assert told() == {("aisha", "mentioned")}


@pytest.mark.parametrize(
    ("assigned", "told_to"),
    [(True, "aisha"), (False, "aisha")],
)
def test_a_breach_tells_the_assignee_or_the_lead(house, incident, assigned, told_to):
    operations.assign(
        incident=incident, by=house.tom, at=NINE, team=house.networks, assignee=house.aisha if assigned else None
    )
    deliver()
    Notice.objects.all().delete()
    entry = Entry.objects.create(
        action="clock.breached", subject_kind="record", subject_id=incident.pk, at=TEN, channel="worker",
        data={"kind": "resolution", "notify": True},
    )  # fmt: skip

    subscriptions.clock_passed(entry)

    notice = Notice.objects.get()
    assert (notice.user.username, notice.kind, notice.text) == (told_to, "breached", "Resolution")


@pytest.mark.parametrize("why", ["quiet", "done", "imported"])
def test_no_stale_alarm(house, incident, why):
    operations.assign(incident=incident, by=house.tom, at=NINE, team=house.networks)
    if why == "done":
        operations.cancel(incident=fresh(incident), by=house.tom, at=NINE, reason="Twice.")
    Incident.objects.filter(pk=incident.pk).update(is_imported=why == "imported")
    entry = Entry.objects.create(
        action="clock.breached", subject_kind="record", subject_id=incident.pk, at=TEN, channel="worker",
        data={"kind": "resolution", "notify": why != "quiet"},
    )  # fmt: skip

    subscriptions.clock_passed(entry)

    assert not Notice.objects.exists()


def test_a_repeated_delivery_tells_nobody_twice(house, incident):
    operations.assign(incident=incident, by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)
    deliver()
    Dispatch.objects.update(state="pending", claimed_until=None, claim=None)
    deliver()

    assert Notice.objects.count() == 1


@pytest.fixture
def aishas(client: Any, house: Any, incident: Incident) -> Any:
    """Aisha's browser, with one notice in her inbox."""
    operations.assign(incident=incident, by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)
    deliver()
    client.force_login(house.aisha)
    return client


def test_the_inbox_says_what_and_why(aishas, incident):
    page = aishas.get("/inbox/").content.decode()

    assert incident.reference in page
    assert "Because it was given to you." in page
    assert "Tom Beck" in page


def test_done_empties_it_and_can_be_done_twice(aishas, incident):
    aishas.post(f"/inbox/{incident.pk}/done/")
    aishas.post(f"/inbox/{incident.pk}/done/")

    assert "Inbox clear." in aishas.get("/inbox/").content.decode()


def test_snoozed_until_tomorrow_nine_in_her_zone(aishas, house, incident, time_machine):
    house.aisha.time_zone = "Europe/Oslo"
    house.aisha.save()
    time_machine.move_to(moment("2026-03-28 22:30"), tick=False)

    aishas.post(f"/inbox/{incident.pk}/snooze/", {"until": "morning"})

    # The night of the change to summer time: 9:00 in Oslo is 7:00 UTC already.
    assert Notice.objects.get().snoozed_until == moment("2026-03-29 07:00")
    assert queries.groups(house.aisha, at=moment("2026-03-29 06:59")) == []
    assert len(queries.groups(house.aisha, at=moment("2026-03-29 07:00"))) == 1


@pytest.mark.parametrize(
    ("preset", "at", "until"),
    [
        ("hour", "2026-03-02 23:30", "2026-03-03 00:30"),
        ("week", "2026-03-02 08:00", "2026-03-09 08:00"),  # on a Monday: the next one
        ("week", "2026-03-27 12:00", "2026-03-30 07:00"),  # over the change to summer time
        ("week", "2026-03-01 23:30", "2026-03-09 08:00"),  # Sunday in UTC, Monday in Oslo
    ],
)
def test_presets_follow_the_wall_clock_of_her_zone(aishas, house, incident, time_machine, preset, at, until):
    house.aisha.time_zone = "Europe/Oslo"
    house.aisha.save()
    time_machine.move_to(moment(at), tick=False)

    aishas.post(f"/inbox/{incident.pk}/snooze/", {"until": preset})

    assert Notice.objects.get().snoozed_until == moment(until)


def test_an_unknown_preset_lets_nothing_sleep(aishas, incident):
    aishas.post(f"/inbox/{incident.pk}/snooze/", {"until": "forever"})

    assert Notice.objects.get().snoozed_until is None


def test_a_muted_record_is_silent_unless_it_names_her(aishas, house, incident):
    aishas.post(f"/inbox/{incident.pk}/muting/")
    record_operations.reply(record=incident, by=house.maria, at=TEN, text="Still down")
    deliver()
    assert "Inbox clear." in aishas.get("/inbox/").content.decode()

    record_operations.add_note(record=fresh(incident), by=house.tom, at=TEN, text="@aisha look")
    deliver()

    assert [n.kind for g in queries.groups(house.aisha, at=TEN) for n in g.notices] == ["mentioned"]


def test_a_muted_record_is_listed_and_heard_again(aishas, house, incident):
    answer = aishas.post(f"/inbox/{incident.pk}/muting/", follow=True)
    assert f'data-undo-url="/inbox/{incident.pk}/muting/?off=1"' in answer.content.decode()
    assert incident.title in aishas.get("/inbox/?show=muted").content.decode()

    aishas.post(f"/inbox/{incident.pk}/muting/", {"off": "1"})

    assert incident.title not in aishas.get("/inbox/?show=muted").content.decode()
    record_operations.reply(record=incident, by=house.maria, at=TEN, text="Still down")
    deliver()
    assert Notice.objects.filter(user=house.aisha, kind="replied").exists()


def test_muting_is_hers_alone(aishas, client, house, incident):
    aishas.post(f"/inbox/{incident.pk}/muting/")
    client.force_login(house.otto)

    assert client.post(f"/inbox/{incident.pk}/muting/").status_code == 404
    assert Mute.objects.get().user == house.aisha


def test_done_is_taken_back_by_the_line_that_says_so(aishas, incident):
    html = aishas.post(f"/inbox/{incident.pk}/done/", follow=True).content.decode()
    undo = re.search(r'data-undo-url="([^"]+)"', html)[1].replace("&amp;", "&")

    aishas.post(undo)

    assert Notice.objects.get().done_at is None


def test_reading_counts_down_and_unread_counts_up(aishas, incident, django_capture_on_commit_callbacks):
    def after(act: str) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            aishas.post(f"/inbox/{incident.pk}/{act}/")
        return aishas.get("/inbox/count/", {"seen": "0"}).status_code

    # 204: the page shows 0 already.
    assert [after("reading"), after("unread"), after("done")] == [204, 200, 204]


def test_filters_cut_by_kind(aishas, house, incident):
    record_operations.add_note(record=incident, by=house.tom, at=TEN, text="@aisha look")
    deliver()

    kinds = {show: {n.kind for g in queries.groups(house.aisha, at=TEN, show=show) for n in g.notices}
             for show in ("all", "mentions", "sla")}  # fmt: skip
    assert kinds == {"all": {"assigned", "mentioned"}, "mentions": {"mentioned"}, "sla": set()}


def test_nobody_touches_the_inbox_of_another(aishas, client, house, incident):
    client.force_login(house.tom)
    client.post(f"/inbox/{incident.pk}/done/")

    assert Notice.objects.get().done_at is None
    assert incident.title not in client.get("/inbox/").content.decode()


def test_what_one_may_no_longer_see_leaves_the_inbox(aishas, house, incident):
    house.aisha.role_grants.all().delete()

    assert incident.title not in aishas.get("/inbox/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_costs_the_same_for_any_number(client, house, log_incident, rows, django_assert_num_queries):
    for _each in range(rows):
        operations.assign(incident=log_incident(), by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)
    deliver()
    client.force_login(house.aisha)
    client.get("/inbox/")

    with django_assert_num_queries(4):
        client.get("/inbox/")


def test_a_notice_of_last_week_still_waits(aishas, house, incident):
    assert len(queries.groups(house.aisha, at=TEN + timedelta(days=7))) == 1
