"""The state machine of an incident (process: recover). Pure: moves set fields and nothing else."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from records.enums import Phase
from records.workflow import Input, move

from . import guards
from .enums import HoldReason, ResolutionCode, State

PHASES = {
    State.NEW: Phase.OPEN,
    State.ASSIGNED: Phase.OPEN,
    State.IN_PROGRESS: Phase.OPEN,
    State.ON_HOLD: Phase.WAITING,
    State.RESOLVED: Phase.DONE,
    State.CLOSED: Phase.DONE,
    State.CANCELLED: Phase.DONE,
}


class IncidentWorkflow:
    """Mixed into the model, so that states and moves stand on one screen."""

    @move(
        source=[State.NEW, State.ASSIGNED, State.IN_PROGRESS],
        target=State.ASSIGNED,
        label=_("Assign"),
        sentence=_("assigned this"),
        operation="incident.assign",
        action="incident.assigned",
        noun="assignment",
        guards=[
            guards.something_is_assigned,
            guards.team_is_active,
            guards.assignee_is_in_team,
            guards.assignee_is_present_or_confirmed,
        ],
        inputs=[
            Input("team", _("team"), kind="team"),
            Input("assignee", _("person"), kind="person"),
            Input("confirm_absent", _("assign although absent"), kind="flag"),
        ],
    )
    def assign(
        self: Any,
        *,
        by: Any,
        at: datetime,
        reason: str,
        team: Any = None,
        assignee: Any = None,
        confirm_absent: bool = False,
    ) -> None:
        if team is not None:
            if self.team_id is not None and team.pk != self.team_id:
                self.bounce_count += 1
            self.team = team
        self.assignee = assignee
        if assignee is not None and self.owner_id is None:
            self.owner = assignee

    @move(
        source=[State.NEW, State.ASSIGNED],
        target=State.IN_PROGRESS,
        label=_("Start"),
        sentence=_("started work"),
        operation="incident.work",
        action="incident.started",
        noun="work",
    )
    def start(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        if self.assignee_id is None:
            self.assignee = by
        if self.owner_id is None:
            self.owner = self.assignee

    @move(
        source=[State.ASSIGNED, State.IN_PROGRESS],
        target=State.ON_HOLD,
        label=_("Hold"),
        sentence=_("put this on hold"),
        operation="incident.work",
        action="incident.held",
        noun="hold",
        guards=[guards.hold_has_what_it_waits_for, guards.wake_up_is_later],
        inputs=[
            Input("hold_for", _("waits for"), kind="choice", required=True, choices=HoldReason),
            Input("question", _("question to the requester"), kind="long_text"),
            Input("supplier_reference", _("supplier's reference")),
            Input("waits_for", _("change or problem"), kind="record"),
            Input("wake_at", _("wakes up"), kind="moment"),
        ],
    )
    def hold(
        self: Any,
        *,
        by: Any,
        at: datetime,
        reason: str,
        hold_for: str,
        question: str = "",
        supplier_reference: str = "",
        waits_for: Any = None,
        wake_at: datetime | None = None,
    ) -> None:
        self.state_reason = hold_for
        self.wake_at = wake_at
        if supplier_reference:
            self.supplier_reference = supplier_reference

    @move(
        source=State.ON_HOLD,
        target=RETURN_VALUE(State.IN_PROGRESS, State.ASSIGNED),
        label=_("Resume"),
        sentence=_("resumed work"),
        operation="incident.work",
        action="incident.resumed",
        noun="resumption",
    )
    def resume(self: Any, *, by: Any, at: datetime, reason: str) -> str:
        self.state_reason, self.wake_at = "", None
        return State.IN_PROGRESS if self.assignee_id else State.ASSIGNED

    @move(
        source=[State.ASSIGNED, State.IN_PROGRESS, State.ON_HOLD],
        target=State.RESOLVED,
        label=_("Resolve"),
        sentence=_("resolved this"),
        operation="incident.work",
        action="incident.resolved",
        noun="resolution",
        guards=[guards.resolution_code_is_known, guards.service_is_known, guards.mandatory_tasks_have_ended],
        inputs=[
            Input("code", _("resolution code"), kind="choice", required=True, choices=ResolutionCode),
            Input("text", _("what was done"), kind="long_text", required=True),
            Input("service", _("service"), kind="service"),
        ],
    )
    def resolve(self: Any, *, by: Any, at: datetime, reason: str, code: str, text: str, service: Any = None) -> None:
        self.resolution_code, self.resolution_text = code, text
        self.resolved_at, self.resolved_by = at, by
        self.state_reason, self.wake_at = "", None
        if service is not None:
            self.service = service
        self.is_first_contact = (
            self.is_by_contact
            and self.bounce_count == 0
            and self.reopen_count == 0
            and self.opened_by_id is not None
            and by is not None
            and self.opened_by_id == by.pk
            and self.assignee_id in (None, by.pk)
        )

    @move(
        source=State.RESOLVED,
        target=State.IN_PROGRESS,
        label=_("Reopen"),
        sentence=_("reopened this"),
        operation="incident.reopen",
        action="incident.reopened",
        noun="reopening",
        guards=[guards.reopening_window_is_open, guards.agreement_lets_it_reopen],
        needs_reason=True,
    )
    def reopen(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.reopen_count += 1
        self.resolved_at, self.resolved_by = None, None
        self.is_first_contact = False

    @move(
        source=State.RESOLVED,
        target=State.CLOSED,
        label=_("Close"),
        sentence=_("closed this"),
        operation="incident.close",
        action="incident.closed",
        noun="closure",
        guards=[guards.requester_confirmed_or_window_passed],
        inputs=[Input("confirmed_by_requester", _("the requester confirmed"), kind="flag")],
    )
    def close(self: Any, *, by: Any, at: datetime, reason: str, confirmed_by_requester: bool = False) -> None:
        self.closed_at = at

    @move(
        source=[State.NEW, State.ASSIGNED],
        target=State.CANCELLED,
        label=_("Cancel incident"),
        sentence=_("cancelled this"),
        operation="incident.cancel",
        action="incident.cancelled",
        noun="cancellation",
        guards=[guards.duplicate_is_linked, guards.lead_decides_when_breached],
        inputs=[
            Input("is_duplicate", _("it is a duplicate"), kind="flag"),
            Input("original", _("of incident"), kind="record"),
        ],
        needs_reason=True,
    )
    def cancel(
        self: Any, *, by: Any, at: datetime, reason: str, is_duplicate: bool = False, original: Any = None
    ) -> None:
        self.closed_at = at
        self.state_reason = "duplicate" if is_duplicate else ""
