"""Two meetings of the board: one ten days ago, with minutes, and one ahead with an agenda."""

from datetime import datetime, timedelta
from typing import Any

from approvals import operations as approvals
from approvals.models import Approval, Board
from changes.board import operations
from changes.board.models import Meeting
from changes.models import Change

from .cast import Cast

MINUTE = timedelta(minutes=1)
PLACE = "Room Oslo, or the link in the invitation"


class Minutes:
    """Tells how the board met. Tell what it talks about first."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at
        self.staff = cast.staff

    def _plan(self, *, told: datetime, starts_at: datetime) -> Meeting:
        return operations.create(
            by=self.staff["ines"], at=told, board=Board.objects.get(slug="cab"), starts_at=starts_at,
            chair=self.staff["ines"], secretary=self.staff["luca"], place=PLACE, is_sample=True,
        )  # fmt: skip

    def met(self, upgrade: Change) -> None:
        """Ten days ago: the upgrade is approved under a condition, the emergency looked back at."""
        began = self.now - timedelta(days=10)
        meeting = self._plan(told=began - timedelta(days=1), starts_at=began - MINUTE)
        chair: dict[str, Any] = {"by": self.staff["ines"]}
        meeting = operations.begin(meeting=meeting, at=began, **chair)
        there = {self.staff[name].pk: "present" for name in ("ines", "aisha", "ben", "luca", "sofia")}
        invited = set(meeting.attendees.values_list("user_id", flat=True))
        operations.mark(
            meeting=meeting, at=began, attendance={key: how for key, how in there.items() if key in invited}, **chair
        )
        for item in meeting.items.select_related("meeting__chair", "step__approval").order_by("position"):
            at = began + item.position * 5 * MINUTE
            if item.change_id == upgrade.pk:
                operations.decide(item=item, at=at, choice="approve", **chair)
                text = "Sofia showed the rehearsal. Going back takes twenty minutes and was tried twice."
                operations.add_action(
                    meeting=meeting, item=item, at=at, text="Tell the shops about the maintenance a week ahead",
                    owner=self.staff["sofia"], due_date=(began + timedelta(days=2)).date(), **chair,
                )  # fmt: skip
            else:
                text = "Looked back at. Nothing to add to the review; the spool is watched now."
            operations.write(item=item, at=at, text=text, **chair)
        operations.write_remarks(meeting=meeting, at=began + 20 * MINUTE, text="Next meeting in two weeks.", **chair)
        closed = operations.close(meeting=meeting, at=began + 30 * MINUTE, **chair)
        action = closed.actions.get()
        operations.finish_action(action=action, by=self.staff["sofia"], at=began + timedelta(days=1))

    def meets_again(self) -> None:
        """In two days, with what waits; Aisha can't come and has voted."""
        ahead = (self.now + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
        meeting = self._plan(told=self.now - timedelta(hours=6), starts_at=ahead)
        operations.add_topic(
            meeting=meeting, by=self.staff["ines"], at=self.now - timedelta(hours=5),
            title="Freeze over the end of the year: which days?", minutes=10,
        )  # fmt: skip
        operations.mark(
            meeting=meeting, by=self.staff["ines"], at=self.now - timedelta(hours=4),
            attendance={self.staff["aisha"].pk: "excused"},
        )  # fmt: skip
        for item in meeting.items.filter(step__isnull=False).select_related("step__approval"):
            approval = Approval.objects.get(pk=item.step.approval_id)  # type: ignore[union-attr] # filtered
            approvals.vote(
                approval=approval, by=self.staff["aisha"], at=self.now - timedelta(hours=3), choice="approve",
                reason="Seen on the test system.",
            )  # fmt: skip
