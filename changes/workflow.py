"""
The state machine of a change (process: change). Pure: moves set fields and nothing else.

Standard changes come from an approved model and go straight to their window; normal ones are assessed and authorized;
emergencies may begin before the board has decided, which then decides late.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from records.enums import Phase
from records.workflow import Input, move

from . import guards
from .enums import Outcome, State, Type

PHASES = {
    State.DRAFT: Phase.OPEN,
    State.ASSESSING: Phase.OPEN,
    State.AUTHORIZING: Phase.WAITING,
    State.SCHEDULED: Phase.WAITING,
    State.IMPLEMENTING: Phase.OPEN,
    State.REVIEWING: Phase.OPEN,
    State.CLOSED: Phase.DONE,
    State.REJECTED: Phase.DONE,
    State.CANCELLED: Phase.DONE,
}

# A window that begins at most this much earlier or later than the authorized one, and is not longer, keeps the votes.
TOLERANCE = timedelta(hours=2)
LATE_APPROVAL_WITHIN = timedelta(days=1)


class ChangeWorkflow:
    """Mixed into the model, so that states and moves stand on one screen."""

    # Columns of the model that moves set; declared there.
    submitted_at: Any
    authorized_at: Any
    agreed_from: Any
    agreed_to: Any
    actual_from: Any
    actual_to: Any
    late_authorizer: Any
    late_approval_due_at: Any
    planned_from: Any
    planned_to: Any

    @move(
        source=State.DRAFT,
        target=RETURN_VALUE(State.ASSESSING, State.SCHEDULED),
        label=_("Submit"),
        sentence=_("submitted this"),
        operation="change.edit",
        action="change.submitted",
        noun="submission",
        guards=[
            guards.reason_is_said,
            guards.something_is_affected,
            guards.risk_is_answered,
            guards.emergency_is_founded,
            guards.model_is_usable,
            guards.standard_window_is_free,
        ],
    )
    def submit(self: Any, *, by: Any, at: datetime, reason: str) -> str:
        self.submitted_at = at
        if self.type != Type.STANDARD:
            return State.ASSESSING
        self.agreed_from, self.agreed_to, self.authorized_at = self.planned_from, self.planned_to, at
        return State.SCHEDULED

    @move(
        source=State.ASSESSING,
        target=State.AUTHORIZING,
        label=_("Ask for authorization"),
        sentence=_("asked for authorization"),
        operation="change.assess",
        action="change.assessed",
        noun="assessment",
        guards=[
            guards.risk_is_answered,
            guards.plans_are_written,
            guards.implementer_is_named,
            guards.window_is_planned,
            guards.window_is_free,
        ],
    )
    def assess(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        pass

    @move(
        source=[State.ASSESSING, State.AUTHORIZING],
        target=State.SCHEDULED,
        label=_("Let it begin before the board decides"),
        sentence=_("authorized this"),
        operation="change.authorize_late",
        action="change.authorized",
        noun="authorization",
        guards=[
            guards.vote_stands_or_emergency,
            guards.implementer_is_named,
            guards.window_is_planned,
            guards.window_is_free,
        ],
    )
    def authorize(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.agreed_from, self.agreed_to, self.authorized_at = self.planned_from, self.planned_to, at
        if by is not None:
            self.late_authorizer, self.late_approval_due_at = by, at + LATE_APPROVAL_WITHIN

    @move(
        source=State.SCHEDULED,
        target=RETURN_VALUE(State.SCHEDULED, State.AUTHORIZING),
        label=_("Reschedule"),
        sentence=_("moved the window"),
        operation="change.schedule",
        action="change.rescheduled",
        noun="schedule",
        guards=[guards.new_window_is_later, guards.model_allows_window, guards.new_window_is_free],
        inputs=[
            Input("planned_from", _("from"), kind="moment", required=True),
            Input("planned_to", _("to"), kind="moment", required=True),
        ],
        needs_reason=True,
    )
    def reschedule(
        self: Any, *, by: Any, at: datetime, reason: str, planned_from: datetime, planned_to: datetime
    ) -> str:
        self.planned_from, self.planned_to = planned_from, planned_to
        if self.type == Type.STANDARD or self.is_within_tolerance:
            return State.SCHEDULED
        self.late_authorizer = self.late_approval_due_at = None
        return State.AUTHORIZING

    @move(
        source=State.SCHEDULED,
        target=State.IMPLEMENTING,
        label=_("Begin"),
        sentence=_("began the implementation"),
        operation="change.implement",
        action="change.begun",
        noun="implementation",
        guards=[
            guards.vote_still_stands,
            guards.window_is_open,
            guards.freeze_is_exempted,
            guards.notice_was_sent,
            guards.conditions_are_met,
        ],
        inputs=[
            Input("notice_was_sent", _("the people concerned have been told"), kind="flag"),
            Input("reason", _("why outside its window"), kind="long_text"),
        ],
    )
    def begin(self: Any, *, by: Any, at: datetime, reason: str, notice_was_sent: bool = False) -> None:
        self.actual_from = at

    @move(
        source=State.IMPLEMENTING,
        target=RETURN_VALUE(State.REVIEWING, State.CLOSED),
        label=_("Finish"),
        sentence=_("finished the implementation"),
        operation="change.implement",
        action="change.finished",
        noun="completion",
        guards=[guards.outcome_is_known, guards.work_ended_after_it_began, guards.steps_have_ended],
        inputs=[
            Input("outcome", _("outcome"), kind="choice", required=True, choices=Outcome),
            Input("ended_at", _("ended at"), kind="moment", help=_("now, when left empty")),
        ],
    )
    def finish(self: Any, *, by: Any, at: datetime, reason: str, outcome: str, ended_at: datetime | None = None) -> str:
        self.outcome = self.state_reason = outcome
        self.actual_to = ended_at or at
        self.resolved_at = self.actual_to
        if self.type == Type.STANDARD and outcome == Outcome.SUCCESSFUL:
            self.closed_at = at
            return State.CLOSED
        return State.REVIEWING

    @move(
        source=State.REVIEWING,
        target=State.CLOSED,
        label=_("Close"),
        sentence=_("closed this"),
        operation="change.review",
        action="change.closed",
        noun="closure",
        guards=[
            guards.review_is_written,
            guards.late_approval_is_there,
            guards.incidents_are_linked,
            guards.items_are_updated,
        ],
        inputs=[
            Input("review", _("what the review found"), kind="long_text"),
            Input("incidents_are_linked", _("the incidents that it caused are linked"), kind="flag"),
            Input("items_are_updated", _("the items are up to date"), kind="flag"),
            Input("reason", _("who looked at it, where nobody could be asked to approve it late"), kind="long_text"),
        ],
    )
    def close(
        self: Any,
        *,
        by: Any,
        at: datetime,
        reason: str,
        review: str = "",
        incidents_are_linked: bool = False,
        items_are_updated: bool = False,
    ) -> None:
        self.review_text, self.reviewed_by = review, by
        self.closed_at = at

    @move(
        source=[State.ASSESSING, State.AUTHORIZING, State.SCHEDULED],
        target=State.DRAFT,
        label=_("Amend"),
        sentence=_("took this back to change it"),
        operation="change.edit",
        action="change.amended",
        noun="amendment",
    )
    def amend(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.amend_count += 1
        self.agreed_from = self.agreed_to = self.authorized_at = None
        self.late_authorizer = self.late_approval_due_at = None

    @move(
        source=[State.ASSESSING, State.AUTHORIZING],
        target=State.REJECTED,
        label=_("Reject"),
        sentence=_("rejected this"),
        operation="change.reject",
        action="change.rejected",
        noun="rejection",
        needs_reason=True,
    )
    def reject(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.closed_at = at

    @move(
        source=[State.DRAFT, State.ASSESSING, State.AUTHORIZING, State.SCHEDULED],
        target=State.CANCELLED,
        label=_("Cancel change"),
        sentence=_("cancelled this"),
        operation="change.cancel",
        action="change.cancelled",
        noun="cancellation",
        needs_reason=True,
    )
    def cancel(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.closed_at = at

    @property
    def is_within_tolerance(self: Any) -> bool:
        """Whether the planned window still is the authorized one, give or take the tolerance."""
        return self.planned_from is not None and self.is_near_agreed(self.planned_from, self.planned_to)

    def is_near_agreed(self: Any, start: datetime, end: datetime) -> bool:
        """Whether this window would keep the votes: authorized, begun within the tolerance, not longer."""
        if self.agreed_from is None:
            return False
        return abs(start - self.agreed_from) <= TOLERANCE and end - start <= self.agreed_to - self.agreed_from
