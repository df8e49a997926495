"""Bringing open tickets to the version in force, and counting tickets against what an agreement covers."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import TestCase

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from incidents import operations as incidents
from slm import applying, keeping, operations, tasks
from slm.models import Clock, ClockChange
from tests.conftest import moment

MONDAY = moment("2026-03-02 09:00")
NOON = moment("2026-03-02 12:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def shorter(standard):
    """The standard agreement promises P4 in four hours instead of eight, by a second version in force."""

    def shorten(at=NOON, **values):
        targets = {(each.clock, each.priority): each.target_minutes for each in standard.targets.all()}
        return operations.revise(
            agreement=standard, by=None, at=at, values=values, targets=targets | {("resolution", 4): 240}
        )

    return shorten


def test_open_clocks_follow_only_when_somebody_asks(house, log_incident, shorter, clock_of, standard):
    incident = log_incident(at=MONDAY)
    shorter()
    assert clock_of(incident).target == 8 * HOUR

    operations_asked = applying.ask(agreement=standard, by=house.ines, at=NOON)
    left = applying.work(operations_asked.pk, version=2, by=house.ines, at=NOON)

    clock = clock_of(incident)
    assert left is None
    assert (clock.agreement_version, clock.target, clock.due_at) == (2, 4 * HOUR, moment("2026-03-02 13:00"))
    change = ClockChange.objects.get(clock=clock)
    assert (change.why, change.by, change.due_before) == ("agreement", house.ines, moment("2026-03-02 17:00"))
    with pytest.raises(Refused, match="Every open ticket"):
        applying.ask(agreement=standard, by=house.ines, at=NOON)


def test_finished_clocks_keep_what_they_were_judged_by(house, log_incident, shorter, clock_of, standard):
    incident = incidents.start(incident=log_incident(at=MONDAY), by=house.tom, at=MONDAY)
    solved_at = moment("2026-03-02 15:00")
    incidents.resolve(incident=incident, by=house.tom, at=solved_at, code="fixed", text="Restarted.")
    open_one = log_incident(at=MONDAY)
    before = Clock.objects.filter(record_id=incident.pk).order_by("pk").values()[:]
    kept = [dict(each) for each in before]
    shorter(at=solved_at)

    applying.ask(agreement=standard, by=house.ines, at=solved_at)
    applying.work(standard.pk, version=2, by=house.ines, at=solved_at)

    finished = [dict(each) for each in Clock.objects.filter(record_id=incident.pk).order_by("pk").values()]
    assert [each for each in finished if each["kind"] == "resolution"] == [
        each for each in kept if each["kind"] == "resolution"
    ]
    breached = clock_of(open_one)
    assert (breached.breached_at, breached.is_breached_by_reclassification) == (moment("2026-03-02 13:00"), True)


def test_a_pause_that_the_new_version_does_not_know_ends(house, log_incident, shorter, clock_of, standard):
    incident = incidents.start(incident=log_incident(at=MONDAY), by=house.tom, at=MONDAY)
    incidents.hold(
        incident=incident, by=house.tom, at=moment("2026-03-02 10:00"), hold_for="requester", question="When?"
    )
    assert clock_of(incident).state == "paused"
    shorter(pause_reasons=["schedule"])

    applying.ask(agreement=standard, by=house.ines, at=NOON)
    applying.work(standard.pk, version=2, by=house.ines, at=NOON)

    clock = clock_of(incident)
    assert (clock.state, clock.due_at) == ("running", moment("2026-03-02 15:00"))


def test_only_whoever_edits_agreements_applies_them(house, log_incident, shorter, standard, clock_of):
    incident = log_incident(at=MONDAY)
    shorter()

    for person in (house.tom, house.maria, house.otto):
        with pytest.raises(NotAllowed):
            applying.ask(agreement=standard, by=person, at=NOON)

    assert clock_of(incident).agreement_version == 1


def test_tickets_are_counted_against_what_the_agreement_covers(house, log_incident, make_agreement):
    covered = make_agreement("Covered", limits={"volume": {"most": 2, "per": "month"}})
    log_incident(at=moment("2026-02-28 23:59"))
    assert keeping.volume(covered, at=MONDAY).used == 0

    for minute in (0, 1, 2):
        log_incident(at=MONDAY + timedelta(minutes=minute))
    volume = keeping.volume(covered, at=MONDAY + HOUR)

    assert (volume.used, volume.most, volume.over, volume.since) == (3, 2, 1, moment("2026-03-01 00:00"))
    assert keeping.volume(make_agreement("Open", organization=house.acme), at=MONDAY) is None


def test_warnings_of_the_new_version_come_to_open_clocks_though_their_promise_stays(
    house, log_incident, clock_of, standard
):
    """Set at noon: half the time is used at 13:00. What lies behind at the application is told as passed, once."""
    running, late = log_incident(at=MONDAY), log_incident(at=moment("2026-02-27 15:00"))
    warning = {"percent": 50, "tells": ["owner"], "clocks": ["resolution"]}
    operations.edit_agreement(agreement=standard, by=house.ines, at=NOON, values={"thresholds": [warning]})
    assert clock_of(running).levels is None

    applying.ask(agreement=standard, by=house.ines, at=NOON)
    applying.work(standard.pk, version=2, by=house.ines, at=NOON)
    applying.work(standard.pk, version=2, by=house.ines, at=NOON)

    clock = clock_of(running)
    assert clock.levels == [["p50", "2026-03-02T13:00:00+00:00", False]]
    assert (clock.agreement_version, clock.due_at, clock.next_level_at) == (
        2, moment("2026-03-02 17:00"), moment("2026-03-02 13:00")
    )  # fmt: skip
    assert clock_of(late).levels == [["p50", "2026-03-02T09:00:00+00:00", True]]
    assert clock_of(running, "response").levels is None
    assert clock_of(late).facts.filter(level="p50").count() == 1


def test_a_ticket_that_cannot_follow_keeps_no_other_from_it(
    house, log_incident, shorter, clock_of, standard, monkeypatch
):
    broken, sound = log_incident(at=MONDAY), log_incident(at=MONDAY)
    shorter()
    aim = applying.retargeting.aim

    def fail(bench, *said, **more):
        if bench.record.pk == broken.pk:
            raise ValueError("a row of before the flood")
        aim(bench, *said, **more)

    monkeypatch.setattr(applying.retargeting, "aim", fail)
    applying.ask(agreement=standard, by=house.ines, at=NOON)
    assert applying.work(standard.pk, version=2, by=house.ines, at=NOON) is None

    assert (clock_of(broken).agreement_version, clock_of(sound).agreement_version) == (1, 2)
    assert applying.under_other_versions(standard.__class__.objects.get(pk=standard.pk)).count() == 2


@pytest.fixture
def two_waiting(log_incident, shorter, monkeypatch):
    """Two open tickets under the first version, worked on one by one."""
    monkeypatch.setattr(applying, "BATCH_RECORDS", 1)
    tickets = [log_incident(at=MONDAY), log_incident(at=MONDAY)]
    shorter()
    cache.clear()
    return tickets


def test_a_second_person_hears_who_asked_until_it_has_ended(house, two_waiting, standard):
    applying.ask(agreement=standard, by=house.ines, at=NOON)
    half = applying.work(standard.pk, version=2, by=house.ines, at=NOON)
    standard.refresh_from_db()

    with pytest.raises(Refused, match=r"being applied already: Ines .* at 12:00"):
        applying.ask(agreement=standard, by=house.ines, at=NOON)
    going = applying.going_on(standard, at=NOON)
    assert (half, going.done, going.total, going.percent) == (two_waiting[0].pk, 2, 4, 50)
    assert applying.work(standard.pk, version=2, by=house.ines, at=NOON, after=half) == two_waiting[1].pk
    assert applying.work(standard.pk, version=2, by=house.ines, at=NOON, after=two_waiting[1].pk) is None
    assert applying.going_on(standard, at=NOON) is None
    ended = Entry.objects.get(action="agreement.application_ended")
    assert (ended.actor, ended.data["clocks"]) == (house.ines, 0)


def test_the_auditor_goes_on_where_a_worker_was_lost(house, two_waiting, standard, clock_of, monkeypatch, settings):
    """Nothing is done twice: a ticket that follows already is left as it is."""
    settings.CELERY_TASK_ALWAYS_EAGER = False
    rung = []
    monkeypatch.setattr(tasks.apply_version, "apply_async", lambda **said: rung.append(said["kwargs"]))
    applying.ask(agreement=standard, by=house.ines, at=NOON)
    applying.work(standard.pk, version=2, by=house.ines, at=NOON)

    assert applying.left_behind(at=NOON) == []  # a worker was there a moment ago
    cache.clear()
    assert [each.agreement_id for each in applying.left_behind(at=NOON)] == [standard.pk]
    for _each in range(2):
        with time_machine.travel(NOON + HOUR, tick=False), TestCase.captureOnCommitCallbacks(execute=True):
            tasks.audit_clocks()
    assert rung == [{"agreement": standard.pk, "version": 2, "by": house.ines.pk}]
    first = clock_of(two_waiting[0])
    applying.work(standard.pk, version=2, by=house.ines, at=NOON + HOUR)
    assert clock_of(two_waiting[0]).__dict__ | {"_state": None} == first.__dict__ | {"_state": None}
    assert clock_of(two_waiting[1]).agreement_version == 2
    cache.clear()
    assert applying.left_behind(at=NOON + 25 * HOUR) == []


def test_a_version_that_comes_into_force_meanwhile_is_not_applied_unasked(
    house, two_waiting, shorter, standard, clock_of
):
    applying.ask(agreement=standard, by=house.ines, at=NOON)
    half = applying.work(standard.pk, version=2, by=house.ines, at=NOON)
    operations.revise(
        agreement=standard.__class__.objects.get(pk=standard.pk), by=None, at=NOON, values={"notice_days": 1}
    )

    assert applying.work(standard.pk, version=2, by=house.ines, at=NOON, after=half) is None

    assert [clock_of(each).agreement_version for each in two_waiting] == [2, 1]
    standard.refresh_from_db()
    assert (standard.version, applying.going_on(standard, at=NOON)) == (3, None)
    applying.ask(agreement=standard, by=house.ines, at=NOON)


def test_the_page_shows_how_far_it_is_and_that_it_ended(client, house, two_waiting, standard):
    client.force_login(house.ines)
    address = f"/agreements/{standard.slug}/application/"
    with time_machine.travel(NOON, tick=False):
        applying.ask(agreement=standard, by=house.ines, at=NOON)
        applying.work(standard.pk, version=2, by=house.ines, at=NOON)
        going = client.get(f"/agreements/{standard.slug}/").content.decode()
        applying.work(standard.pk, version=2, by=house.ines, at=NOON)
        applying.work(standard.pk, version=2, by=house.ines, at=NOON, after=two_waiting[1].pk)
        ended = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "2 of 4 clocks follow." in going
    assert "Apply version" not in going
    assert "Every open ticket goes by version 2." in ended
    assert "hx-get" not in ended
    assert client.get(address)["Location"] == f"/agreements/{standard.slug}/#application"
    client.force_login(house.tom)
    assert client.get(address).status_code == 403
