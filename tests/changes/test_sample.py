"""The changes of the sample: true at any hour, and gone in one act."""

import pytest

from approvals.models import ApprovalPolicy, Board
from audit.models import Entry
from changes.board.minutes import is_genuine
from changes.board.models import Meeting
from changes.models import Change
from changes.queries.landing import this_week
from changes.views.change import conflicts_of
from itsm.sample.cast import assemble
from itsm.sample.changes import Planner
from itsm.sample.removal import remove
from tests.conftest import moment


@pytest.mark.django_db
@pytest.mark.parametrize("present", ["2026-10-25 00:30", "2026-03-31 23:59"])
def test_eight_changes_stand_along_the_way_and_two_collide(present):
    at = moment(present)
    cast = assemble(password="x", at=at)

    assert Planner(cast, at=at).tell() == 8

    states = sorted(Change.objects.values_list("state", flat=True))
    assert states == [
        "assessing", "authorizing", "closed", "closed", "closed", "reviewing", "scheduled", "scheduled"
    ]  # fmt: skip
    collides = Change.objects.get(state="assessing")
    assert [str(each.reason) for each in conflicts_of(collides, None)] == ["service"]
    assert len(this_week(cast.staff["ines"], at=at)) == 2
    assert not Entry.objects.filter(at__gt=at, subject_kind__in=["record", "change_model"]).exists()


@pytest.mark.django_db
def test_policies_and_boards_of_the_sample_go_and_those_that_came_with_steward_stay():
    at = moment("2026-03-04 11:00")
    Planner(assemble(password="x", at=at), at=at).tell()
    shipped = set(ApprovalPolicy.objects.values_list("name", flat=True))
    board = Board.objects.create(name="Sample board", slug="sample-board", is_sample=True)
    policy = ApprovalPolicy.objects.create(name="Sample policy", purpose="change.authorize", is_sample=True)
    step = policy.steps.create(position=1, name="Board")
    step.approvers.create(kind="board", board=board)

    remove()

    assert set(ApprovalPolicy.objects.values_list("name", flat=True)) == shipped
    assert list(Board.objects.values_list("slug", flat=True)) == ["cab"]


@pytest.mark.django_db
@pytest.mark.parametrize("present", ["2026-10-25 00:30"])
def test_the_board_has_met_and_meets_again(present):
    at = moment(present)
    Planner(assemble(password="x", at=at), at=at).tell()

    held, ahead = Meeting.objects.order_by("starts_at")
    assert (held.state, ahead.state) == ("minuted", "planned")
    assert is_genuine(held)
    assert [item["outcome"] for item in held.document["items"]] == ["approved", "discussed"]
    assert list(ahead.items.values_list("kind", flat=True)) == ["decision", "failed", "topic"]
    assert not Entry.objects.filter(at__gt=at, subject_kind="meeting").exists()
