"""From planning to the end of early life, and every way out."""

from datetime import timedelta

import pytest

from approvals import operations as approvals
from approvals import queries as approval_queries
from audit.models import Entry
from changes.enums import State as ChangeState
from changes.models import Change
from common.refusals import NotAllowed, Refused
from people.enums import Role
from people.models import RoleGrant
from records import operations as record_operations
from records.enums import LinkKind, Phase
from records.models import Link
from records.transitions import TransitionRefused
from releases import operations
from releases.enums import Result, State, Verdict
from releases.models import ReadinessItem, Release
from releases.queries.facts import GO
from tests.conftest import moment

from .conftest import MONDAY_9, MONDAY_10, THURSDAY_20, THURSDAY_22

DAY = timedelta(days=1)


def codes(refused):
    return [each.code for each in refused.value.refusals]


def test_a_release_goes_its_way_and_each_step_stands_in_the_log(house, bring_to):
    release = bring_to("early_life")
    Change.objects.update(state=ChangeState.CLOSED, phase=Phase.DONE)
    over = THURSDAY_22 + 14 * DAY

    closed = operations.close(release=release, by=house.ines, at=over, was_handed_over=True)

    assert (closed.state, closed.phase, closed.promised_to) == (State.CLOSED, Phase.DONE, THURSDAY_22)
    assert (closed.deploy_began_at, closed.deployed_at, closed.closed_at) == (THURSDAY_20, THURSDAY_22, over)
    moves = Entry.objects.filter(subject_id=release.pk, changes__has_key="state").order_by("id")
    assert list(moves.values_list("action", flat=True)) == [
        "release.created", "release.build_began", "release.tests_began", "release.made_ready",
        "release.deployment_began", "release.deployed", "release.closed",
    ]  # fmt: skip


def test_what_is_missing_is_said_all_at_once(house, plan_release):
    bare = operations.create(by=house.aisha, at=MONDAY_9, title="Nothing yet")

    with pytest.raises(TransitionRefused) as refused:
        operations.build(release=bare, by=house.aisha, at=MONDAY_9)

    assert codes(refused) == ["version", "services", "contents", "window"]
    assert Release.objects.get(pk=bare.pk).state == State.PLANNING


def test_a_release_without_services_is_for_those_of_its_changes(house, plan_release, vpn):
    release = plan_release()

    assert (list(release.services.all()), release.service) == ([vpn], vpn)


def test_a_change_that_is_not_authorized_is_listed_and_stops_the_deployment(house, bring_to, in_state):
    waiting = in_state(ChangeState.AUTHORIZING, title="Waits")
    release = bring_to("ready", changes=[in_state(), waiting])

    with pytest.raises(TransitionRefused) as refused:
        operations.deploy(release=release, by=house.tom, at=THURSDAY_20)

    assert codes(refused) == ["unauthorized", "unsigned"]
    assert f"{waiting.reference} is authorizing" in str(refused.value)
    assert Release.objects.get(pk=release.pk).state == State.READY


def test_each_line_is_signed_by_its_role_alone_and_only_once(house, plan_release):
    release = plan_release()
    line = ReadinessItem.objects.select_related("release").get(release=release, role=Role.CHANGE_MANAGER)

    with pytest.raises(NotAllowed, match="Change manager"):
        operations.sign(item=line, by=house.aisha, at=MONDAY_10)
    operations.sign(item=line, by=house.ines, at=MONDAY_10, note="See the export.")
    with pytest.raises(Refused, match="Ines Duarte has signed it already"):
        operations.sign(item=line, by=house.ines, at=MONDAY_10)

    line.refresh_from_db()
    assert (line.signed_by, line.signed_at, line.note) == (house.ines, MONDAY_10, "See the export.")


def test_a_role_for_another_organization_does_not_sign(house, plan_release):
    RoleGrant.objects.create(user=house.tom, role=Role.CHANGE_MANAGER, organization=house.umbrella)
    line = ReadinessItem.objects.select_related("release").get(release=plan_release(), role=Role.CHANGE_MANAGER)

    with pytest.raises(NotAllowed):
        operations.sign(item=line, by=house.tom, at=MONDAY_10)


def test_taking_a_signature_back_needs_a_reason_and_says_whose_it_was(house, plan_release):
    line = ReadinessItem.objects.select_related("release").filter(release=plan_release(), role=Role.TECHNICIAN).first()
    operations.sign(item=line, by=house.tom, at=MONDAY_10)

    with pytest.raises(Refused, match="Say why"):
        operations.unsign(item=line, by=house.aisha, at=MONDAY_10, reason=" ")
    operations.unsign(item=line, by=house.aisha, at=MONDAY_10, reason="The alarm is silent.")

    line.refresh_from_db()
    entry = Entry.objects.get(action="release.unsigned")
    assert (line.signed_by, line.signed_at) == (None, None)
    assert (entry.reason, entry.data["signed_by_label"]) == ("The alarm is silent.", "Tom Beck")


def test_a_criterion_that_is_not_met_holds_it_until_the_owner_waives_it(house, bring_to):
    release = bring_to("testing")
    criterion = release.criteria.select_related("release").get()
    operations.judge(criterion=criterion, by=house.tom, at=MONDAY_10, is_met=False, note="Drops after 40 minutes.")

    with pytest.raises(TransitionRefused, match="Not met and not waived: Twenty sessions last an hour"):
        operations.make_ready(release=release, by=house.aisha, at=MONDAY_10)
    with pytest.raises(Refused, match="Only the owner Ines Duarte"):
        operations.waive(criterion=criterion, by=house.aisha, at=MONDAY_10, reason="Good enough")
    operations.waive(criterion=criterion, by=house.ines, at=MONDAY_10, reason="Fixed by 4.3 next week.")
    ready = operations.make_ready(release=release, by=house.aisha, at=MONDAY_10)

    criterion.refresh_from_db()
    assert (ready.state, criterion.verdict, criterion.failures) == (State.READY, Verdict.WAIVED, 1)


def test_another_build_voids_verdicts_and_signatures_but_not_waivers(house, bring_to):
    release = bring_to("testing", criteria=("One", "Two"))
    one, two = release.criteria.select_related("release")
    operations.judge(criterion=one, by=house.tom, at=MONDAY_10, is_met=True)
    operations.waive(criterion=two, by=house.ines, at=MONDAY_10, reason="Later.")
    line = ReadinessItem.objects.select_related("release").filter(release=release, role=Role.TECHNICIAN).first()
    operations.sign(item=line, by=house.tom, at=MONDAY_10)

    back = operations.rework(release=release, by=house.aisha, at=MONDAY_10, reason="Wrong branch.")

    assert back.state == State.BUILDING
    assert list(back.criteria.values_list("verdict", flat=True)) == [Verdict.OPEN, Verdict.WAIVED]
    assert not back.checklist.filter(signed_at__isnull=False).exists()


def test_nothing_comes_in_once_the_tests_have_begun_by_whatever_door(house, bring_to, in_state):
    release, late = bring_to("testing"), in_state(title="Late")

    for act in (
        lambda: operations.add_change(release=release, change=late, by=house.aisha, at=MONDAY_10),
        lambda: record_operations.link(
            record=late, to=release, kind=LinkKind.RELEASED_IN, by=house.aisha, at=MONDAY_10
        ),
    ):
        with pytest.raises(Refused, match="is testing and takes nothing more"):
            act()

    assert Link.objects.filter(kind=LinkKind.RELEASED_IN).count() == 1


def test_a_change_goes_live_with_one_open_release_only(house, plan_release, in_state):
    change = in_state()
    first, second = plan_release(changes=[change]), plan_release(changes=[in_state(title="Other")])

    with pytest.raises(Refused, match=f"{change.reference} goes live with {first.reference}"):
        operations.add_change(release=second, change=change, by=house.aisha, at=MONDAY_10)
    operations.cancel(release=first, by=house.aisha, at=MONDAY_10, reason="Merged into the other one.")
    operations.add_change(release=second, change=change, by=house.aisha, at=MONDAY_10)

    assert Link.objects.filter(from_record=change.pk, to_record=second.pk).exists()


def test_incidents_are_no_content(house, plan_release, log_incident):
    with pytest.raises(Refused, match="does not release incidents"):
        operations.add_change(release=plan_release(), change=log_incident(), by=house.aisha, at=MONDAY_10)


def test_a_change_can_be_taken_out_until_the_deployment(house, bring_to, in_state):
    lost = in_state(ChangeState.DRAFT, title="Not decided")
    release = bring_to("ready", changes=[in_state(), lost])
    link = Link.objects.get(from_record=lost.pk)

    operations.take_out(release=release, link=link, by=house.aisha, at=MONDAY_10)
    deploying = bring_to("deploying")

    assert not Link.objects.filter(from_record=lost.pk, kind=LinkKind.RELEASED_IN).exists()
    with pytest.raises(Refused, match="what is in it stays as it is"):
        operations.take_out(
            release=deploying, link=Link.objects.get(to_record=deploying.pk), by=house.aisha, at=THURSDAY_20
        )


def test_outside_its_window_the_deployment_says_why(house, bring_to, sign_all):
    release = sign_all(bring_to("ready"))

    with pytest.raises(TransitionRefused) as refused:
        operations.deploy(release=release, by=house.tom, at=THURSDAY_22)
    begun = operations.deploy(release=release, by=house.tom, at=THURSDAY_22, reason="The data center opened late.")

    assert codes(refused) == ["outside_window"]
    assert begun.deploy_began_at == THURSDAY_22


def test_a_major_release_is_decided_and_a_no_go_brings_it_back(house, bring_to):
    release = bring_to("ready", type="major", owner=house.aisha)
    approval = approval_queries.open_one(release, GO)

    with pytest.raises(TransitionRefused, match="Go or no-go is still being decided"):
        operations.deploy(release=release, by=house.tom, at=THURSDAY_20)
    approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="reject", reason="Support is not ready.")

    release.refresh_from_db()
    assert release.state == State.TESTING
    assert "Support is not ready." in Entry.objects.get(action="release.stopped").reason


def test_a_go_lapses_when_what_was_decided_changes_and_is_asked_again(house, bring_to):
    release = bring_to("ready", type="major")
    approvals.vote(approval=approval_queries.open_one(release, GO), by=house.ines, at=MONDAY_10, choice="approve")
    assert approval_queries.standing(release, GO) is not None

    release = operations.plan_window(
        release=release, by=house.aisha, at=MONDAY_10, planned_from=THURSDAY_22, planned_to=THURSDAY_22 + DAY,
        reason="The site asked for it.",
    )  # fmt: skip
    with pytest.raises(TransitionRefused, match="Nobody has said go to what it is now"):
        operations.deploy(release=release, by=house.tom, at=THURSDAY_22)
    operations.ask_go(release=release, by=house.aisha, at=MONDAY_10)

    assert approval_queries.open_one(release, GO) is not None
    assert release.promised_to == THURSDAY_22


def test_a_promised_date_moves_with_a_reason_only(house, bring_to):
    release = bring_to("building")
    later = {"planned_from": THURSDAY_20 + DAY, "planned_to": THURSDAY_22 + DAY}

    with pytest.raises(Refused, match="A date was promised"):
        operations.plan_window(release=release, by=house.aisha, at=MONDAY_10, **later)
    moved = operations.plan_window(release=release, by=house.aisha, at=MONDAY_10, reason="Holiday.", **later)

    assert (moved.planned_to, moved.promised_to) == (THURSDAY_22 + DAY, THURSDAY_22)


def test_production_waits_for_the_release_and_a_lost_wave_is_repeated(house, bring_to):
    ready = bring_to("ready", title="Other")
    with pytest.raises(Refused, match="production comes after that"):
        operations.start_deployment(
            deployment=ready.deployments.select_related("release").get(), by=house.tom, at=MONDAY_10
        )
    release = bring_to("deploying")
    wave = release.deployments.select_related("release").get()
    operations.start_deployment(deployment=wave, by=house.tom, at=THURSDAY_20)
    with pytest.raises(Refused, match="Say how it was verified"):
        operations.end_deployment(deployment=wave, by=house.tom, at=THURSDAY_20, result="failed", verification="")
    operations.end_deployment(
        deployment=wave, by=house.tom, at=THURSDAY_20, result="failed", verification="No session came up."
    )
    with pytest.raises(TransitionRefused) as refused:
        operations.enter_early_life(release=release, by=house.tom, at=THURSDAY_20)
    again = operations.repeat(deployment=wave, by=house.tom, at=THURSDAY_20)
    operations.start_deployment(deployment=again, by=house.tom, at=THURSDAY_20)
    operations.end_deployment(
        deployment=again, by=house.tom, at=THURSDAY_22, result="successful", verification="Twenty sessions."
    )

    live = operations.enter_early_life(release=release, by=house.tom, at=THURSDAY_22)

    assert codes(refused) == ["not_live"]
    assert (live.state, live.deployed_at) == (State.EARLY_LIFE, THURSDAY_22)


def test_rolling_back_needs_a_reason_and_a_trace_of_what_went_wrong(house, bring_to, log_incident):
    release = bring_to("early_life")

    with pytest.raises(TransitionRefused) as refused:
        operations.roll_back(release=release, by=house.tom, at=THURSDAY_22 + DAY, reason="")
    incident = log_incident(at=THURSDAY_22 + DAY)
    record_operations.link(record=incident, to=release, kind=LinkKind.CAUSED_BY, by=house.tom, at=THURSDAY_22 + DAY)
    back = operations.roll_back(release=release, by=house.tom, at=THURSDAY_22 + DAY, reason="Sessions drop.")

    assert codes(refused) == ["required", "cause"]
    assert (back.state, back.phase, back.rolled_back_at) == (State.ROLLED_BACK, Phase.DONE, THURSDAY_22 + DAY)


def test_rolling_back_ends_the_waves_under_way(house, bring_to):
    release = bring_to("deploying")
    first = release.deployments.select_related("release").get()
    second = operations.add_deployment(release=release, by=house.tom, at=THURSDAY_20, name="Second")
    operations.add_deployment(release=release, by=house.tom, at=THURSDAY_20, name="Third")
    for wave in (first, second):
        operations.start_deployment(deployment=wave, by=house.tom, at=THURSDAY_20)
    operations.end_deployment(
        deployment=first, by=house.tom, at=THURSDAY_20, result="failed", verification="No session came up."
    )

    operations.roll_back(release=release, by=house.tom, at=THURSDAY_22, reason="Nothing works.")

    assert list(release.deployments.values_list("name", "result", "verification")) == [
        ("Both gateways", Result.FAILED, "No session came up."), ("Second", Result.BACKED_OUT, "Nothing works."),
    ]  # fmt: skip


def test_otto_finds_no_release(house, plan_release):
    release = plan_release()

    assert not Release.objects.visible_to(house.otto).exists()
    with pytest.raises(NotAllowed):
        operations.build(release=release, by=house.otto, at=moment("2026-03-02 10:00"))
