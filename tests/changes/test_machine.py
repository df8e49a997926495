"""From a draft to the end, by every road that the table of moves has."""

from datetime import timedelta

import pytest

from approvals import operations as approvals
from approvals import queries as approval_queries
from approvals.enums import State as ApprovalState
from approvals.operations.starting import UnableToStart
from audit.models import Entry
from changes import operations
from changes.enums import Band, ModelState, Outcome, State, Type
from changes.models import Booking, ChangeModel
from changes.queries.facts import AUTHORIZE
from changes.queries.risk import questions
from common.refusals import NotAllowed
from incidents import operations as incidents
from people.enums import Role
from people.models import RoleGrant
from records import operations as record_operations
from records.enums import LinkKind, Phase
from records.transitions import TransitionRefused
from services.models import ConfigurationItem
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")
THURSDAY_20 = moment("2026-03-05 20:00")


def submitted(change, house):
    change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    return operations.assess(change=change, by=house.ines, at=MONDAY_10)


def authorized(change, house):
    """Ines votes as change manager."""
    change = submitted(change, house)
    approval = approval_queries.open_one(change, AUTHORIZE)
    approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="approve")
    change.refresh_from_db()
    return change


def test_high_risk_goes_to_the_board_and_a_board_without_members_is_said(house, write_change):
    change = operations.submit(change=write_change(points=2), by=house.aisha, at=MONDAY_10)

    with pytest.raises(UnableToStart, match="The board has no members"):
        operations.assess(change=change, by=house.ines, at=MONDAY_10)

    change.refresh_from_db()
    assert (change.risk_score, change.risk_band, change.state) == (50, Band.HIGH, State.ASSESSING)


def test_the_vote_schedules_books_and_later_begins(house, write_change, gateway):
    change = authorized(write_change(points=1), house)

    assert change.risk_score == 25
    assert (change.state, change.agreed_from) == (State.SCHEDULED, THURSDAY_20)
    assert list(Booking.objects.values_list("item__name", "is_shared")) == [("vpn-gw-2", False)]

    begun = operations.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True)
    done = operations.finish(
        change=begun, by=house.tom, at=THURSDAY_20 + timedelta(hours=1), outcome=Outcome.SUCCESSFUL
    )
    closed = operations.close(change=done, by=house.ines, at=moment("2026-03-06 09:00"), items_are_updated=True)

    assert (done.state, done.state_reason, closed.state) == (State.REVIEWING, "successful", State.CLOSED)
    assert not Booking.objects.exists()
    assert list(
        Entry.objects.filter(subject_id=change.pk, action__startswith="change.")
        .order_by("id")
        .values_list("action", flat=True)
    )[-3:] == ["change.begun", "change.finished", "change.closed"]


def test_what_is_missing_is_said_all_at_once(house, write_change):
    change = write_change(window=None, rationale="", services=[], items=[])

    with pytest.raises(TransitionRefused) as refused:
        operations.submit(change=change, by=house.aisha, at=MONDAY_10)

    assert [each.code for each in refused.value.refusals] == ["rationale", "nothing_affected"]
    change.refresh_from_db()
    assert change.state == State.DRAFT


def test_the_one_who_asks_and_the_one_who_implements_have_no_vote(house, write_change):
    RoleGrant.objects.create(user=house.tom, role=Role.CHANGE_MANAGER)
    change = submitted(write_change(points=1), house)
    approval = approval_queries.open_one(change, AUTHORIZE)

    with pytest.raises(Exception) as refused:
        approvals.vote(approval=approval, by=house.tom, at=MONDAY_10, choice="approve")

    assert "implement" in str(refused.value)
    change.refresh_from_db()
    assert change.state == State.AUTHORIZING


def test_a_no_rejects_with_its_reason(house, write_change):
    change = submitted(write_change(points=1), house)
    approval = approval_queries.open_one(change, AUTHORIZE)

    approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="reject", reason="Not in the quarter end.")

    change.refresh_from_db()
    assert (change.state, change.phase) == (State.REJECTED, Phase.DONE)
    entry = Entry.objects.get(subject_id=change.pk, action="change.rejected")
    assert "Not in the quarter end." in entry.reason


def test_amending_voids_the_votes_and_frees_the_window(house, write_change):
    change = authorized(write_change(points=1), house)

    amended = operations.amend(change=change, by=house.aisha, at=MONDAY_10)

    assert (amended.state, amended.amend_count) == (State.DRAFT, 1)
    assert [each.state for each in approval_queries.of_subject(amended)] == [ApprovalState.LAPSED]
    assert not Booking.objects.exists()


def test_a_window_within_the_tolerance_keeps_the_votes_and_beyond_loses_them(house, write_change):
    change = authorized(write_change(points=1), house)
    an_hour_later = (moment("2026-03-05 21:00"), moment("2026-03-05 23:00"))
    next_day = (moment("2026-03-06 20:00"), moment("2026-03-06 22:00"))

    near = operations.reschedule(
        change=change, by=house.ines, at=MONDAY_10, planned_from=an_hour_later[0], planned_to=an_hour_later[1],
        reason="The supplier comes later.",
    )  # fmt: skip
    assert near.state == State.SCHEDULED
    assert approval_queries.standing(near, AUTHORIZE) is not None

    far = operations.reschedule(
        change=near, by=house.ines, at=MONDAY_10, planned_from=next_day[0], planned_to=next_day[1], reason="A day on."
    )

    assert far.state == State.AUTHORIZING
    assert approval_queries.standing(far, AUTHORIZE) is None
    assert approval_queries.open_one(far, AUTHORIZE) is not None
    assert not Booking.objects.exists()


def test_outside_its_window_it_begins_with_a_reason_only(house, write_change):
    change = authorized(write_change(points=1), house)
    too_early = THURSDAY_20 - timedelta(minutes=1)

    with pytest.raises(TransitionRefused, match="outside its window"):
        operations.begin(change=change, by=house.tom, at=too_early, notice_was_sent=True)

    begun = operations.begin(
        change=change, by=house.tom, at=too_early, notice_was_sent=True, reason="The site is empty already."
    )
    assert begun.state == State.IMPLEMENTING


def test_conditions_of_the_vote_stand_in_the_way_of_the_beginning(house, write_change):
    change = submitted(write_change(points=1), house)
    approval = approval_queries.open_one(change, AUTHORIZE)
    approvals.vote(
        approval=approval, by=house.ines, at=MONDAY_10, choice="approve", conditions=["Ring the sites first."]
    )
    change.refresh_from_db()

    with pytest.raises(TransitionRefused, match="1 condition is still open"):
        operations.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True)


def test_open_steps_stand_in_the_way_of_the_end(house, write_change):
    change = write_change(points=1)
    step = operations.add_step(change=change, by=house.aisha, at=MONDAY_10, title="Fail over")
    change = authorized(change, house)
    begun = operations.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True)

    with pytest.raises(TransitionRefused, match="1 step is still open"):
        operations.finish(change=begun, by=house.tom, at=THURSDAY_20, outcome=Outcome.SUCCESSFUL)
    operations.end_step(step=step, by=house.tom, at=THURSDAY_20, state="skipped", note="It had failed over by itself.")
    done = operations.finish(change=begun, by=house.tom, at=THURSDAY_20, outcome=Outcome.WITH_ISSUES)

    assert done.state == State.REVIEWING
    with pytest.raises(TransitionRefused, match="review is missing"):
        operations.close(change=done, by=house.ines, at=THURSDAY_20, items_are_updated=True)


@pytest.fixture
def model(house, gateway):
    made = ChangeModel.objects.create(
        name="Restart a gateway", slug="restart-gateway", owner=house.ada, state=ModelState.APPROVED,
        approved_at=MONDAY_10, approved_by=house.ines, implementation_plan="Restart.", back_out_plan="Start again.",
        steps=["Drain", "Restart"], judged_uses=2, least_success_percent=60,
    )  # fmt: skip
    made.services.add(gateway.service)
    return made


def test_a_standard_change_goes_straight_into_its_window_and_closes_when_it_succeeds(house, write_change, model):
    change = write_change(model=model, communication_plan="")
    scheduled = operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    begun = operations.begin(change=scheduled, by=house.tom, at=THURSDAY_20)
    for step in begun.steps.all():
        operations.end_step(step=step, by=house.tom, at=THURSDAY_20, state="done")
    done = operations.finish(change=begun, by=house.tom, at=THURSDAY_20, outcome=Outcome.SUCCESSFUL)

    assert (scheduled.state, done.state) == (State.SCHEDULED, State.CLOSED)
    assert approval_queries.of_subject(done) == []


def test_a_model_whose_changes_fail_is_suspended_and_refuses_new_ones(house, write_change, model):
    for day in ("2026-03-05", "2026-03-06"):
        change = write_change(model=model, communication_plan="", window=(f"{day} 20:00", f"{day} 21:00"))
        change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)
        begun = operations.begin(change=change, by=house.tom, at=moment(f"{day} 20:00"))
        for step in begun.steps.all():
            operations.end_step(step=step, by=house.tom, at=moment(f"{day} 20:10"), state="done")
        operations.finish(change=begun, by=house.tom, at=moment(f"{day} 20:30"), outcome=Outcome.FAILED)
    model.refresh_from_db()
    assert model.state == ModelState.SUSPENDED

    another = write_change(model=model, window=("2026-03-09 20:00", "2026-03-09 21:00"))
    with pytest.raises(TransitionRefused, match="suspended"):
        operations.submit(change=another, by=house.aisha, at=MONDAY_10)


def test_an_emergency_begins_before_the_board_decides_and_closes_after(house, write_change, log_incident):
    incident = log_incident()
    change = write_change(type=Type.EMERGENCY, points=1, raised_from=incident)
    change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)

    with pytest.raises(TransitionRefused, match="Who asked for it"):
        operations.authorize(change=change, by=house.aisha, at=MONDAY_10)
    late = operations.authorize(change=change, by=house.ines, at=MONDAY_10)
    begun = operations.begin(change=late, by=house.tom, at=MONDAY_10, notice_was_sent=True, reason="People can't work.")
    done = operations.finish(change=begun, by=house.tom, at=MONDAY_10, outcome=Outcome.SUCCESSFUL)

    assert late.late_authorizer == house.ines
    with pytest.raises(TransitionRefused, match="board has not decided"):
        operations.close(change=done, by=house.ines, at=MONDAY_10, review="It held.", items_are_updated=True)


def test_an_emergency_without_incident_or_harm_is_refused(house, write_change):
    change = write_change(type=Type.EMERGENCY)

    with pytest.raises(TransitionRefused, match="incident that it ends"):
        operations.submit(change=change, by=house.aisha, at=MONDAY_10)


def test_somebody_of_another_organization_can_do_nothing(house, write_change):
    change = write_change()

    for act, said in ((operations.submit, {}), (operations.cancel, {"reason": "No."})):
        with pytest.raises(NotAllowed):
            act(change=change, by=house.otto, at=MONDAY_10, **said)


def test_an_incident_and_a_problem_follow_the_change_they_wait_for(house, write_change, log_incident):
    incident = log_incident()
    change = write_change(points=1, raised_from=incident)
    incident = incidents.assign(incident=incident, by=house.tom, at=MONDAY_10, team=house.first_line)
    record_operations.link(record=incident, to=change, kind=LinkKind.CAUSED_BY, by=house.tom, at=MONDAY_10)
    held = incidents.hold(incident=incident, by=house.tom, at=MONDAY_10, hold_for="change", waits_for=change)
    assert held.phase == Phase.WAITING

    operations.cancel(change=change, by=house.aisha, at=MONDAY_10, reason="A newer one does it.")
    entry = Entry.objects.get(subject_id=change.pk, action="change.cancelled")
    from incidents.reactions import go_on  # the handler that the outbox calls

    go_on(entry)

    held.refresh_from_db()
    assert held.phase == Phase.OPEN


def emergency_under_way(house, change):
    change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    late = operations.authorize(change=change, by=house.ines, at=MONDAY_10)
    begun = operations.begin(change=late, by=house.tom, at=MONDAY_10, notice_was_sent=True, reason="People can't work.")
    return operations.finish(change=begun, by=house.tom, at=MONDAY_10, outcome=Outcome.SUCCESSFUL)


def test_an_emergency_that_the_board_turned_down_late_is_closed_with_a_review(house, write_change):
    done = emergency_under_way(house, write_change(type=Type.EMERGENCY, points=1, harm="The disk is full at noon."))
    approval = approval_queries.open_one(done, AUTHORIZE)
    seat_of = {seat.acting_id for seat in approval.steps.get().seats.all()}
    assert seat_of == {house.ines.pk}
    approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="reject", reason="It was no emergency.")

    closed = operations.close(
        change=done, by=house.ines, at=MONDAY_10, review="Next time we ask.", items_are_updated=True
    )

    assert closed.state == State.CLOSED


def test_an_emergency_begins_where_nobody_can_be_asked_and_the_board_is_asked_later(house, write_change):
    change = write_change(type=Type.EMERGENCY, points=1, harm="The disk is full at noon.")
    RoleGrant.objects.filter(role=Role.CHANGE_MANAGER).delete()
    RoleGrant.objects.create(user=house.ada, role=Role.TEAM_LEAD)
    change.team.lead = None
    change.team.save()
    change.service.owner = None
    change.service.save()
    change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    late = operations.authorize(change=change, by=house.ada, at=MONDAY_10)

    assert (late.state, approval_queries.of_subject(late)) == (State.SCHEDULED, [])
    assert Entry.objects.get(subject_id=change.pk, action="change.board_missed").reason

    RoleGrant.objects.create(user=house.ines, role=Role.CHANGE_MANAGER)
    operations.ask_board(change=late, by=house.ines, at=MONDAY_10)
    assert approval_queries.open_one(late, AUTHORIZE) is not None


def test_another_implementer_voids_the_votes_and_takes_a_scheduled_change_back(house, write_change):
    change = authorized(write_change(points=1), house)

    changed = operations.edit(change=change, by=house.ines, at=MONDAY_10, values={"assignee": house.aisha})

    assert (changed.state, changed.assignee) == (State.DRAFT, house.aisha)
    assert [each.state for each in approval_queries.of_subject(changed)] == [ApprovalState.LAPSED]
    assert not Booking.objects.exists()


def test_an_exemption_that_was_withdrawn_stands_in_the_way_of_the_beginning(house, write_change):
    freeze = operations.save_window(
        by=house.ines, at=MONDAY_10, kind="freeze", name="Quarter end", zone="UTC",
        starts_at=moment("2026-03-05 00:00"), ends_at=moment("2026-03-06 00:00"),
    )  # fmt: skip
    change = write_change(points=1)
    exemption = operations.exempt(change=change, window=freeze, by=house.ines, at=MONDAY_10, reason="A leak.")
    change = authorized(change, house)
    operations.withdraw_exemption(exemption=exemption, by=house.ines, at=MONDAY_10, reason="No leak after all.")

    with pytest.raises(TransitionRefused, match="Quarter end"):
        operations.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True)


def test_what_comes_to_touch_more_is_scored_anew_and_what_touches_less_is_not(house, write_change, gateway, client):
    other = ConfigurationItem.objects.create(name="vpn-gw-3", service=gateway.service)
    change = submitted(write_change(points=1), house)
    change = operations.amend(change=change, by=house.aisha, at=MONDAY_10, reason="Both gateways")
    said = {"change": change, "by": house.aisha, "at": MONDAY_10, "services": [gateway.service]}
    change = operations.set_scope(**said, items=[gateway, other])
    with pytest.raises(TransitionRefused, match="risk questions are open"):
        operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    assert all(each.is_for_less for each in questions(change))

    answers = {each.key: 4 if number == 0 else each.points for number, each in enumerate(questions(change))}
    before = change.risk_score
    change = operations.answer_risk(change=change, by=house.aisha, at=MONDAY_10, answers=answers)
    change = operations.set_scope(**said, items=[other])

    assert change.risk_score > before
    assert operations.submit(change=change, by=house.aisha, at=MONDAY_10).state == State.ASSESSING
    change = operations.set_scope(**said, items=[gateway, other])
    with pytest.raises(TransitionRefused, match="risk questions are open"):
        operations.assess(change=change, by=house.ines, at=MONDAY_10)
    client.force_login(house.tom)
    history = client.get(f"{change.get_absolute_url()}?show=history").content.decode()
    assert "said what it touches" in history
    assert "items <bdi>vpn-gw-3</bdi> → <bdi>vpn-gw-2, vpn-gw-3</bdi>" in history
