"""
The governance of an improvement (process: improve). Pure: moves set fields and nothing else.

Beside the state a pointer walks over the seven steps, freely; `operations.walking` moves it.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.enums import Phase
from records.workflow import Input, move

from . import guards
from .enums import State

PHASES = {
    State.SUGGESTED: Phase.OPEN,
    State.ACCEPTED: Phase.OPEN,
    State.ACTIVE: Phase.OPEN,
    State.ON_HOLD: Phase.WAITING,
    State.REALIZED: Phase.DONE,
    State.PARTLY_REALIZED: Phase.DONE,
    State.NOT_REALIZED: Phase.DONE,
    State.DECLINED: Phase.DONE,
    State.WITHDRAWN: Phase.DONE,
}
REPLY = Input("reply", _("reply to whoever suggested it"), kind="long_text", required=True)


class ImprovementWorkflow:
    """Mixed into the model, so that states and moves stand on one screen."""

    # Columns of the model that moves set; declared there.
    reply_text: Any
    triaged_at: Any
    triaged_by: Any
    activated_at: Any
    wake_at: Any
    state_reason: Any
    resolved_at: Any
    closed_at: Any
    decayed_at: Any
    reopen_count: Any

    @move(
        source=State.SUGGESTED,
        target=State.ACCEPTED,
        label=_("Accept"),
        sentence=_("accepted this suggestion"),
        operation="improvement.triage",
        action="improvement.accepted",
        noun="acceptance",
        guards=[guards.reply_is_said],
        inputs=[REPLY],
    )
    def accept(self: Any, *, by: Any, at: datetime, reason: str, reply: str = "") -> None:
        self.reply_text, self.triaged_at, self.triaged_by = reply.strip(), at, by

    @move(
        source=State.SUGGESTED,
        target=State.DECLINED,
        label=_("Decline"),
        sentence=_("declined this suggestion"),
        operation="improvement.triage",
        action="improvement.declined",
        noun="declination",
        guards=[guards.reply_is_said],
        inputs=[REPLY],
    )
    def decline(self: Any, *, by: Any, at: datetime, reason: str, reply: str = "") -> None:
        self.reply_text, self.triaged_at, self.triaged_by = reply.strip(), at, by
        self.closed_at = at

    @move(
        source=State.ACCEPTED,
        target=State.ACTIVE,
        label=_("Start"),
        sentence=_("started this improvement"),
        operation="improvement.activate",
        action="improvement.activated",
        noun="start",
        guards=[guards.somebody_owns_it, guards.goal_is_named, guards.is_scored],
    )
    def activate(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.activated_at = at

    @move(
        source=State.ACTIVE,
        target=State.ON_HOLD,
        label=_("Put on hold"),
        sentence=_("put this on hold"),
        operation="improvement.activate",
        action="improvement.held",
        noun="hold",
        guards=[guards.date_lies_ahead],
        inputs=[Input("until", _("until"), kind="moment", required=True)],
        needs_reason=True,
    )
    def hold(self: Any, *, by: Any, at: datetime, reason: str, until: datetime | None = None) -> None:
        self.wake_at = until

    @move(
        source=State.ON_HOLD,
        target=State.ACTIVE,
        label=_("Go on"),
        sentence=_("took this up again"),
        operation="improvement.activate",
        action="improvement.resumed",
        noun="resumption",
    )
    def resume(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.wake_at = None

    @move(
        source=State.ACTIVE,
        target=State.REALIZED,
        label=_("Realized"),
        sentence=_("said that this is realized"),
        operation="improvement.judge",
        action="improvement.realized",
        noun="realization",
        guards=[guards.work_has_ended, guards.is_judged, guards.target_is_reached],
    )
    def realize(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.resolved_at = self.closed_at = at

    @move(
        source=State.ACTIVE,
        target=State.PARTLY_REALIZED,
        label=_("Partly realized"),
        sentence=_("said that this is partly realized"),
        operation="improvement.judge",
        action="improvement.partly_realized",
        noun="partial-realization",
        guards=[guards.work_has_ended, guards.is_judged, guards.target_is_partly_reached],
    )
    def realize_partly(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.resolved_at = self.closed_at = at

    @move(
        source=State.ACTIVE,
        target=State.NOT_REALIZED,
        label=_("Not realized"),
        sentence=_("said that this is not realized"),
        operation="improvement.judge",
        action="improvement.not_realized",
        noun="failure",
        guards=[guards.is_judged],
        needs_reason=True,
    )
    def end_unrealized(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.closed_at = at

    @move(
        source=[State.REALIZED, State.PARTLY_REALIZED, State.NOT_REALIZED],
        target=State.ACTIVE,
        label=_("Open a new loop"),
        sentence=_("opened a new loop"),
        operation="improvement.activate",
        action="improvement.reopened",
        noun="new-loop",
        guards=[guards.result_did_not_hold],
        needs_reason=True,
    )
    def reopen(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.resolved_at = self.closed_at = self.decayed_at = None
        self.reopen_count += 1

    @move(
        source=[State.SUGGESTED, State.ACCEPTED],
        target=State.WITHDRAWN,
        label=_("Withdraw"),
        sentence=_("withdrew this"),
        operation="improvement.withdraw",
        action="improvement.withdrawn",
        noun="withdrawal",
        needs_reason=True,
    )
    def withdraw(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.closed_at = at
