"""What the worker does by itself: remind of late approvals, end approvals of models."""

from datetime import timedelta

from audit.models import Entry
from changes import notices, operations
from changes.enums import ModelState, Type
from changes.operations.overdue import NOTED
from notifications.models import Notice
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")


def test_a_late_approval_that_is_overdue_is_told_to_the_change_manager_once(house, write_change):
    change = write_change(type=Type.EMERGENCY, points=1, harm="The disk is full at noon.")
    change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    operations.authorize(change=change, by=house.ines, at=MONDAY_10)

    told = [operations.note_overdue(at=MONDAY_10 + timedelta(hours=hours)) for hours in (23, 24, 25)]
    notices.told(Entry.objects.get(action=NOTED))

    assert told == [0, 1, 0]
    assert list(Notice.objects.values_list("user__username", flat=True)) == ["ines"]


def test_a_model_is_suspended_on_the_day_its_approval_ends(house):
    model = operations.propose_model(
        by=house.ines, at=MONDAY_10, owner=house.aisha, name="Restart", implementation_plan="x", back_out_plan="x"
    )
    ends = moment("2026-03-04 00:00").date()
    operations.approve_model(model=model, by=house.ines, at=MONDAY_10, expires_date=ends)

    told = [operations.suspend_expired(at=moment(text)) for text in ("2026-03-03 12:00", "2026-03-04 12:00")]

    model.refresh_from_db()
    assert told == [0, 1]
    assert model.state == ModelState.SUSPENDED
