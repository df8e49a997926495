"""What follows: releases hear of their changes, others of releases, people of dates; and several at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from audit.models import Entry
from changes import operations as changes
from changes.enums import State as ChangeState
from changes.models import Change
from common.refusals import Refused
from incidents import operations as incidents
from incidents.models import Incident
from notifications.models import Notice
from people.access import access_of
from people.enums import Role
from records import calendar_entries
from records import operations as record_operations
from records.enums import LinkKind
from records.transitions import TransitionRefused
from releases import operations, reactions
from releases.enums import State
from releases.models import ReadinessItem, Release
from releases.operations.reminding import DATE_NEAR, ENDED, ENDS_SOON
from tests.problems.test_recurrence import deliver

from .conftest import MONDAY_9, MONDAY_10, THURSDAY_20, THURSDAY_22

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def test_a_change_that_falls_out_of_its_authorization_is_told(house, plan_release, in_state):
    change = in_state()
    release = plan_release(changes=[change])

    changes.amend(change=change, by=house.aisha, at=MONDAY_10)
    deliver()

    entry = Entry.objects.get(subject_id=release.pk, action=reactions.LOST)
    assert (entry.data["title"], entry.data["state"]) == (change.reference, "draft")
    notices = Notice.objects.filter(record_id=release.pk, text__contains="not authorized any more")
    assert sorted(notices.values_list("user__username", flat=True)) == ["ines", "tom"]


def test_a_change_that_ends_moves_the_facts_of_its_release(house, plan_release, in_state):
    change = in_state(ChangeState.AUTHORIZING)
    release = plan_release(changes=[change])

    changes.reject(change=change, by=house.ines, at=MONDAY_10, reason="Not this quarter.")
    deliver()

    assert Entry.objects.get(subject_id=release.pk, action=reactions.MOVED).data["state"] == "rejected"


def test_an_incident_that_waits_for_a_release_goes_on_when_it_is_live(house, bring_to, log_incident):
    release = bring_to("deploying")
    incident = incidents.assign(incident=log_incident(), by=house.tom, at=MONDAY_9, assignee=house.tom)
    incidents.hold(incident=incident, by=house.tom, at=MONDAY_10, hold_for="change", waits_for=release)
    wave = release.deployments.select_related("release").get()
    operations.start_deployment(deployment=wave, by=house.tom, at=THURSDAY_20)
    operations.end_deployment(
        deployment=wave, by=house.tom, at=THURSDAY_22, result="successful", verification="Twenty sessions."
    )

    deliver()
    waits = Incident.objects.get(pk=incident.pk).state
    operations.enter_early_life(release=Release.objects.get(pk=release.pk), by=house.tom, at=THURSDAY_22)
    deliver()

    assert (waits, Incident.objects.get(pk=incident.pk).state) == ("on_hold", "in_progress")
    assert Entry.objects.get(action="incident.resumed").reason == f"{release.reference} is live."


def test_what_the_release_caused_does_not_go_on_by_it(house, bring_to, log_incident):
    release = bring_to("early_life")
    incident = incidents.assign(incident=log_incident(at=THURSDAY_22), by=house.tom, at=THURSDAY_22, assignee=house.tom)
    said = {"by": house.tom, "at": THURSDAY_22 + HOUR}
    fix = changes.create(title="Fix", **said)
    record_operations.link(record=incident, to=release, kind=LinkKind.CAUSED_BY, **said)
    incidents.hold(incident=Incident.objects.get(pk=incident.pk), hold_for="change", waits_for=fix, **said)

    operations.roll_back(release=release, by=house.tom, at=THURSDAY_22 + DAY, reason="Sessions drop.")
    deliver()

    assert Incident.objects.get(pk=incident.pk).state == "on_hold"


def test_reminders_come_once_each_and_anew_for_another_date(house, bring_to):
    release = bring_to("building")
    moments = [THURSDAY_20 - 3 * DAY - SECOND, THURSDAY_20 - 3 * DAY, THURSDAY_20 - 2 * DAY]

    told = [operations.remind(at=at) for at in moments]
    operations.plan_window(
        release=release, by=house.aisha, at=MONDAY_10, planned_from=THURSDAY_20 + DAY, planned_to=THURSDAY_22 + DAY,
        reason="Holiday.",
    )  # fmt: skip
    told.append(operations.remind(at=THURSDAY_20 - DAY))
    deliver()

    assert told == [0, 1, 0, 1]
    assert Entry.objects.filter(action=DATE_NEAR).count() == 2
    assert sorted(Notice.objects.values_list("user__username", flat=True)) == ["ines", "ines", "tom", "tom"]


def test_the_end_of_early_life_is_told_a_day_before_and_when_it_is_over(house, bring_to):
    bring_to("early_life")
    end = THURSDAY_22 + 14 * DAY

    told = [operations.remind(at=at) for at in (end - DAY - SECOND, end - DAY, end - SECOND, end, end + DAY)]

    assert told == [0, 1, 0, 1, 0]
    actions = Entry.objects.filter(action__in=[ENDS_SOON, ENDED]).order_by("id").values_list("action", flat=True)
    assert list(actions) == [ENDS_SOON, ENDED]


def test_releases_stand_on_the_calendar_by_name_for_those_who_may_see_them(house, bring_to, plan_release):
    release = plan_release()
    bring_to("early_life", title="Live already")

    def seen(user):
        entries = calendar_entries.between(access_of(user), THURSDAY_20 + HOUR, THURSDAY_22)
        return [(each.title, each.reference) for each in entries if each.kind == "release"]

    assert seen(house.tom) == [("Gateway 4.2", release.reference)]
    assert seen(house.otto) == [("", "")]
    assert seen(house.maria) == []
    assert calendar_entries.between(access_of(house.tom), THURSDAY_22, THURSDAY_22 + DAY) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_is_told_who_was_first(house, plan_release):
    from people.models import RoleGrant

    RoleGrant.objects.create(user=house.tom, role=Role.CHANGE_MANAGER)
    line = ReadinessItem.objects.select_related("release").get(release=plan_release(), role=Role.CHANGE_MANAGER)
    start = Barrier(2)

    def sign(person):
        try:
            start.wait(timeout=30)
            operations.sign(item=line, by=person, at=MONDAY_10)
        except Refused as refused:
            return refused.refusals[0].code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(sign, (house.tom, house.ines)))

    assert outcomes == ["done", "signed"]
    assert Entry.objects.filter(action="release.signed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_deployment_and_an_amendment_at_once_never_both_win(house, bring_to, sign_all):
    release = sign_all(bring_to("ready"))
    change = Change.objects.get()
    start = Barrier(2)

    def act(name):
        try:
            start.wait(timeout=30)
            if name == "deploy":
                operations.deploy(release=release, by=house.tom, at=THURSDAY_20)
            else:
                changes.amend(change=change, by=house.aisha, at=THURSDAY_20)
        except TransitionRefused as refused:
            return refused.refusals[0].code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as people:
        deployed, amended = people.map(act, ("deploy", "amend"))

    entries = list(
        Entry.objects.filter(action__in=["release.deployment_began", "change.amended"])
        .order_by("id")
        .values_list("action", flat=True)
    )
    # The change may be taken back once the deployment has begun; never may a deployment begin after that.
    assert amended == "done"
    assert (deployed, entries) in (
        ("done", ["release.deployment_began", "change.amended"]), ("unauthorized", ["change.amended"])
    )  # fmt: skip
    assert Release.objects.get().state == (State.DEPLOYING if deployed == "done" else State.READY)
