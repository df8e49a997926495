"""Planning, the agenda that makes itself, holding, minutes, actions."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from approvals import operations as approvals
from approvals.models import Approval
from changes import operations as changes
from changes.board import operations
from changes.board.models import AgendaItem, Meeting
from changes.models import Change
from common.refusals import NotAllowed, Refused, Stale
from people.enums import Role
from people.models import RoleGrant, User
from tests.conftest import moment

from .conftest import HELD, MONDAY_10, item_of

AFTER = moment("2026-03-04 10:00")


def kinds(meeting: Meeting) -> list[tuple[str, Any]]:
    return list(meeting.items.order_by("position").values_list("kind", "change"))


def test_its_address_is_its_day_in_its_own_zone(plan: Callable[..., Meeting]) -> None:
    late = moment("2026-03-28 23:30")

    assert plan(starts_at=late, zone="Europe/Oslo").key == "2026-03-29"
    assert plan(starts_at=late, zone="UTC").key == "2026-03-28"
    assert plan(starts_at=late, zone="America/New_York").key == "2026-03-28-2"


def test_the_agenda_has_conflicts_first_then_risk(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    low = waiting(title="Second", window=("2026-03-06 20:00", "2026-03-06 22:00"), assignee=house.ada)
    high = waiting(title="First", window=("2026-03-07 20:00", "2026-03-07 22:00"), assignee=house.ada)
    Change.objects.filter(pk=low.pk).update(risk_score=60)
    Change.objects.filter(pk=high.pk).update(risk_score=90)
    meeting = plan()
    assert kinds(meeting) == [("decision", high.pk), ("decision", low.pk)]

    AgendaItem.objects.filter(change=low).update(conflicts=1)
    # The gathering counts conflicts afresh: this one is not there.
    operations.gather(meeting=meeting, by=board.ines, at=HELD)

    assert kinds(meeting) == [("decision", high.pk), ("decision", low.pk)]


def test_emergencies_and_failures_since_the_board_met_are_looked_back_at(
    board: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting], write_change: Any
) -> None:
    emergency, failed, old = (write_change(title=title) for title in ("Emergency", "Failed", "Long ago"))
    began = {"actual_from": moment("2026-03-01 08:00"), "actual_to": moment("2026-03-01 09:00")}
    Change.objects.filter(pk=emergency.pk).update(type="emergency", outcome="failed", **began)
    Change.objects.filter(pk=failed.pk).update(outcome="backed_out", **began)
    long_ago = {"actual_from": moment("2026-01-01 08:00"), "actual_to": moment("2026-01-01 09:00")}
    Change.objects.filter(pk=old.pk).update(outcome="failed", **long_ago)
    decision = waiting()

    meeting = plan()

    assert kinds(meeting) == [("decision", decision.pk), ("emergency", emergency.pk), ("failed", failed.pk)]


def test_what_was_talked_about_does_not_come_again(
    board: SimpleNamespace, hold: Callable[..., Meeting], plan: Callable[..., Meeting], write_change: Any
) -> None:
    failed = write_change()
    began = {"actual_from": moment("2026-03-01 08:00"), "actual_to": moment("2026-03-01 09:00")}
    Change.objects.filter(pk=failed.pk).update(outcome="failed", **began)
    hold()

    following = plan(starts_at=moment("2026-03-11 09:00"), at=AFTER)

    assert kinds(following) == []


def test_an_item_moved_by_hand_keeps_its_place(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    first, second = waiting(title="A"), waiting(title="B", window=("2026-03-07 20:00", "2026-03-07 22:00"))
    meeting = plan()
    before = [change for _kind, change in kinds(meeting)]
    operations.move_item(item=item_of(meeting, Change.objects.get(pk=before[1])), by=board.ines, at=MONDAY_10, to=1)

    operations.gather(meeting=meeting, by=board.ines, at=HELD)

    assert [change for _kind, change in kinds(meeting)] == [before[1], before[0]]
    assert {first.pk, second.pk} == set(before)


def test_what_was_decided_beforehand_leaves_the_agenda(
    board: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = plan()
    for person in (board.ines, board.ben, board.cleo):
        approvals.vote(approval=Approval.objects.get(record=change), by=person, at=MONDAY_10, choice="approve")

    operations.gather(meeting=meeting, by=board.ines, at=HELD)

    assert kinds(meeting) == []


def test_those_whom_board_and_changes_call_for_are_invited(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    change = waiting()

    meeting = plan(secretary=house.aisha)

    invited = {each.user.username: (each.is_voting, each.why) for each in meeting.attendees.select_related("user")}
    assert invited == {
        "ines": (True, "chairs the meeting; is a member of the board"),
        "ben": (True, "is a member of the board"),
        "cleo": (True, "is a member of the board"),
        "dana": (True, "is a member of the board"),
        "eli": (True, "is a member of the board"),
        "aisha": (False, "writes the minutes"),
        "tom": (False, f"implements {change.reference}"),
    }


@pytest.mark.parametrize("who", ["tom", "aisha", "ada", "maria", "max", "otto"])
def test_only_change_managers_plan(
    board: SimpleNamespace, house: SimpleNamespace, plan: Callable[..., Meeting], who: str
) -> None:
    person, meeting = getattr(house, who), plan()

    for act in (
        lambda: plan(by=person),
        lambda: operations.revise(meeting=meeting, by=person, at=HELD, place="x"),
        lambda: operations.cancel(meeting=meeting, by=person, at=HELD, reason="x"),
        lambda: operations.gather(meeting=meeting, by=person, at=HELD),
        lambda: operations.add_topic(meeting=meeting, by=person, at=HELD, title="x"),
        lambda: operations.invite(meeting=meeting, by=person, at=HELD, person=house.ada),
        lambda: operations.begin(meeting=meeting, by=person, at=HELD),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert Meeting.objects.get().state == "planned"


def test_a_meeting_does_not_begin_in_the_past_or_without_a_chair(
    board: SimpleNamespace, plan: Callable[..., Meeting]
) -> None:
    with pytest.raises(Refused, match="begin in the past"):
        plan(starts_at=MONDAY_10)
    board.board.members.filter(is_chair=True).update(is_chair=False)
    with pytest.raises(Refused, match="has no chair"):
        plan()

    assert not Meeting.objects.exists()


def test_it_begins_on_its_day_and_not_before(board: SimpleNamespace, plan: Callable[..., Meeting]) -> None:
    meeting = plan()

    with pytest.raises(Refused, match="planned for"):
        operations.begin(meeting=meeting, by=board.ines, at=moment("2026-03-03 23:59"))

    assert operations.begin(meeting=meeting, by=board.ines, at=moment("2026-03-04 00:00")).state == "held"


def test_moving_it_gives_it_another_day_and_invites_again(board: SimpleNamespace, plan: Callable[..., Meeting]) -> None:
    meeting = plan()
    Meeting.objects.update(invited_at=MONDAY_10)

    moved = operations.revise(meeting=meeting, by=board.ines, at=HELD, starts_at=moment("2026-03-05 09:00"))

    assert (moved.key, moved.invited_at) == ("2026-03-05", None)


def test_two_who_change_the_plan_at_once_see_each_other(board: SimpleNamespace, plan: Callable[..., Meeting]) -> None:
    meeting = plan()
    operations.revise(meeting=meeting, by=board.ines, at=MONDAY_10, place="Oslo", version=meeting.version)

    with pytest.raises(Stale):
        operations.revise(meeting=meeting, by=board.ines, at=MONDAY_10, place="Bergen", version=meeting.version)

    assert Meeting.objects.get().place == "Oslo"


def test_the_deputy_of_the_chair_conducts(
    board: SimpleNamespace, house: SimpleNamespace, plan: Callable[..., Meeting]
) -> None:
    meeting = plan()
    with pytest.raises(NotAllowed):
        operations.begin(meeting=meeting, by=board.ben, at=HELD)
    User.objects.filter(pk=board.ines.pk).update(deputy=board.ben, absent_until="2026-03-06")

    begun = operations.begin(meeting=meeting, by=board.ben, at=HELD)

    assert begun.state == "held"


def test_somebody_from_elsewhere_sees_no_meeting(house: SimpleNamespace, plan: Callable[..., Meeting]) -> None:
    plan()
    RoleGrant.objects.create(user=house.otto, role=Role.CHANGE_MANAGER, organization=house.umbrella)

    assert not Meeting.objects.visible_to(house.otto).exists()
    assert Meeting.objects.visible_to(house.tom).count() == 1
    with pytest.raises(NotAllowed):
        plan(by=house.otto)


def test_a_change_that_was_amended_comes_back_with_its_new_step(
    board: SimpleNamespace, house: SimpleNamespace, waiting: Callable[..., Change], plan: Callable[..., Meeting]
) -> None:
    change = waiting()
    meeting = plan()
    was = item_of(meeting, change).step_id
    change = changes.amend(change=change, by=house.aisha, at=MONDAY_10)
    change = changes.submit(change=change, by=house.aisha, at=MONDAY_10)
    changes.assess(change=change, by=house.ines, at=MONDAY_10)

    operations.gather(meeting=meeting, by=board.ines, at=HELD)

    item = item_of(meeting, change)
    assert item.step_id != was
    assert item.outcome == "open"
