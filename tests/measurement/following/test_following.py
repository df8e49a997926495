"""Alerts: told once for each crossing, to whoever may see it; and measures pinned to the first page."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from audit.outbox import dispatch_due
from common.refusals import Refused
from measurement import rebuild
from measurement.catalog import operations as catalog
from measurement.following import mail, operations
from measurement.following.models import Alert, Pin
from measurement.known import kpi
from measurement.own import operations as own
from notifications import operations as inbox
from notifications import preferences, subjects
from notifications.models import Notice
from people.models import RoleGrant
from tests.conftest import moment
from tests.parallel import at_once

AT = moment("2026-03-10 12:00")
MORE_FOR_PINS = 7
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def log(log_incident):
    """So many incidents on a day, counted at once."""

    def write(count, day="2026-03-10", **said):
        for _number in range(count):
            log_incident(at=moment(f"{day} 09:00"), **said)
        rebuild.rebuild_all()

    return write


def alert(house, by=None, **said):
    return operations.alert(by=by or house.tom, at=AT, **{"kpi": "inc-volume", "when": "above", "bound": 2, **said})


def check(hours):
    """Look again so many hours later. Returns the texts in inboxes so far."""
    crossed = operations.check_due(at=AT + timedelta(hours=hours))
    dispatch_due(at=AT + timedelta(hours=hours))
    return crossed, [(each.user.username, each.text) for each in Notice.objects.order_by("pk")]


def test_a_crossing_is_told_once_and_again_only_after_it_came_back(house, log):
    log(1)
    alert(house, range="7d")
    assert check(1) == (0, [])

    log(2)
    told = [("tom", "3 in 7 days; your line is 2.")]
    assert check(2) == (1, told)
    log(1)
    assert check(3) == (0, told)
    assert check(9 * 24) == (0, told)
    assert not Alert.objects.get().is_crossed
    log(3, day="2026-03-19")
    assert check(9 * 24 + 1) == (1, [*told, ("tom", "3 in 7 days; your line is 2.")])


def test_what_is_beyond_the_line_already_is_no_news(house, log):
    log(3)

    assert alert(house).is_crossed
    assert check(1) == (0, [])


def test_no_data_is_neither_beyond_the_line_nor_back(house, log):
    alert(house, when="below", bound=5)

    assert check(1) == (0, [])
    log(3)
    assert check(2)[0] == 1


def test_the_target_that_people_set_is_the_line(house, log):
    rule = {"kpi": kpi("inc-volume"), "by": house.ada, "at": AT, "owner": None}
    with pytest.raises(Refused) as refused:
        alert(house, when="target", bound=None)
    assert refused.value.refusals[0].field == "when"
    catalog.handle(target=1, near=4, **rule)
    near, far = (alert(house, when=when, bound=7) for when in ("target", "threshold"))
    assert near.bound is None
    log(2)

    assert check(1) == (1, [("tom", "2 in 30 days; the target is 1.")])
    log(3)
    assert check(2)[1][1:] == [("tom", "5 in 30 days; the threshold is 4.")]
    assert Alert.objects.get(pk=far.pk).is_crossed


def test_each_hears_of_what_they_may_see_and_nobody_who_lost_the_right(house, log):
    for person in (house.tom, house.otto, house.aisha):
        alert(house, by=person)
    RoleGrant.objects.filter(user=house.aisha).delete()
    log(3)

    assert check(1) == (1, [("tom", "3 in 30 days; your line is 2.")])


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_once(house, log):
    alert(house)
    log(3)

    def work():
        operations.check_due(at=AT + timedelta(hours=1))

    assert at_once(work, work, work) == [None, None, None]
    assert Entry.objects.filter(action="kpi_alert.crossed").count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kpi": "gone"}, "kpi"), ({"when": "never"}, "when"), ({"bound": None}, "bound"),
        ({"bound": float("nan")}, "bound"), ({"bound": -1e300}, "bound"), ({"range": "9y"}, "range"),
        ({"filters": {"color": "red"}}, "filters"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(house, said, field):
    with pytest.raises(Refused) as refused:
        alert(house, **said)

    assert refused.value.refusals[0].field == field
    assert not Alert.objects.exists()


def test_a_measure_that_nobody_counts_any_more_is_shown_and_goes(house, client, log):
    meaning = own.Meaning(name=NASTY, question="x", expression="incident.flow.opened", unit="count", direction="lower")
    made = own.create(by=house.ada, at=AT, meaning=meaning)
    alert(house, kpi=made.slug)
    pin = operations.pin(by=house.tom, kpi=made.slug)
    log(3)
    assert check(1)[0] == 1
    own.retire(measure=made, by=house.ada, at=AT)
    client.force_login(house.tom)

    assert check(2)[0] == 0
    page, home, inbox = (client.get(path).content.decode() for path in ("/kpi/alerts/", "/", "/inbox/"))
    assert "no longer counted" in page
    assert "no longer counted" in home
    assert NASTY not in page + home + inbox
    client.post(f"/kpi/pins/{pin.pk}/removal/", {"back": "home"})
    client.post(f"/kpi/alerts/{Alert.objects.get().pk}/removal/")
    assert (Pin.objects.count(), Alert.objects.count()) == (0, 0)


def test_an_alert_and_a_pin_are_made_from_the_page_of_the_measure_once(house, client, log):
    log(1)
    client.force_login(house.tom)
    with time_machine.travel(AT, tick=False):
        page = client.get("/kpi/inc-volume/?team=networks").content.decode()
        assert "/kpi/alerts/new/?kpi=inc-volume&amp;team=networks" in page
        address = "/kpi/alerts/new/?kpi=inc-volume&team=networks"
        token = client.get(address).context["token"]
        said = {"when": "above", "bound": "many", "range": "7d", "token": token}
        refused = client.post(address, said)
        assert refused.status_code == 422
        assert "many" in refused.content.decode()
        for _click in range(2):
            assert client.post(address, said | {"bound": "4.5"}).status_code in (302, 303)
        for _click in range(2):
            client.post("/kpi/pins/", {"kpi": "inc-volume", "team": "networks"})
        home = client.get("/")

    assert list(Alert.objects.values_list("owner__username", "bound", "filters")) == [
        ("tom", 4.5, {"team": "networks"})
    ]
    assert [each.title for each in home.context["pins"]] == ["Incidents opened (Team: Networks)"]
    client.force_login(house.aisha)
    pin = Pin.objects.get()
    assert client.post(f"/kpi/pins/{pin.pk}/removal/").status_code == 404
    assert client.post(f"/kpi/alerts/{Alert.objects.get().pk}/removal/").status_code == 404


def test_the_first_page_asks_as_much_for_three_pins_as_for_one(house, client, log):
    log(1)
    client.force_login(house.ines)
    counts = []
    for names in ([], ["inc-volume"], ["inc-reopen", "inc-fcr"]):
        for name in names:
            operations.pin(by=house.ines, kpi=name)
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))

    assert [count - counts[0] for count in counts[1:]] == [MORE_FOR_PINS, MORE_FOR_PINS]


def test_a_crossing_comes_by_mail_once_as_its_owner_wishes_and_can_be_stopped(house, log, client, mailoutbox):
    log(1)
    mine, silenced, muted = alert(house), alert(house, by=house.aisha), alert(house, by=house.ada, bound=1)
    preferences.choose(by=house.aisha, wanted=preferences.known() - {("measure", "mail")})
    inbox.mute(by=house.ada, about=subjects.About("kpi_alert", muted.pk), at=AT)
    log(2)
    later = AT + timedelta(hours=1)
    assert operations.check_due(at=later) == 3

    assert [mail.send_due(at=later), mail.send_due(at=later)] == [1, 0]

    [letter] = mailoutbox
    rich = letter.alternatives[0].content
    assert (letter.to, letter.subject) == ([house.tom.email], "Incidents opened: your alert")
    stop = f"/kpi/alerts/{mine.pk}/removal/"
    for body in (letter.body, rich, letter.extra_headers["List-Unsubscribe"]):
        assert stop in body
    assert "3 in 30 days; your line is 2." in letter.body
    assert "/kpi/inc-volume/?range=30d" in rich
    assert Alert.objects.filter(pk=silenced.pk, is_crossed=True).exists()
    client.force_login(house.otto)
    assert client.post(stop).status_code in (403, 404)
    client.force_login(house.tom)
    assert "Stop the alert" in client.get(stop).content.decode()
    assert client.post(stop).status_code == 302
    assert "This alert is stopped" in client.get(stop).content.decode()
    assert not Alert.objects.filter(pk=mine.pk).exists()


def test_no_mail_goes_to_whoever_lost_sight_or_of_a_sample(house, log, mailoutbox):
    log(1)
    alert(house)
    operations.alert(by=house.aisha, at=AT, kpi="inc-volume", when="above", bound=2, is_sample=True)
    log(2)
    assert operations.check_due(at=AT + timedelta(hours=1)) == 2
    RoleGrant.objects.filter(user=house.tom).delete()

    assert (mail.send_due(at=AT + timedelta(hours=1)), mailoutbox) == (0, [])
