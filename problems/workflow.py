"""The state machine of a problem (process: improve). Pure: moves set fields and nothing else."""

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.enums import Phase
from records.workflow import Input, move

from . import guards
from .enums import Method, State

PHASES = {
    State.LOGGED: Phase.OPEN,
    State.ACCEPTED: Phase.OPEN,
    State.INVESTIGATING: Phase.OPEN,
    State.KNOWN_ERROR: Phase.OPEN,
    State.FIXING: Phase.OPEN,
    State.VERIFYING: Phase.WAITING,
    State.CLOSED: Phase.DONE,
    State.RISK_ACCEPTED: Phase.DONE,
    State.CANCELLED: Phase.DONE,
}


def _declared(name: str) -> Callable[[Any], Any]:
    """What an earlier declaration said."""
    return lambda problem: problem.get_declared(name)


class ProblemWorkflow:
    """Mixed into the model, so that states and moves stand on one screen."""

    @move(
        source=State.LOGGED,
        target=State.ACCEPTED,
        label=_("Accept"),
        sentence=_("accepted this"),
        operation="problem.decide",
        action="problem.accepted",
        noun="acceptance",
        guards=[guards.owner_is_named, guards.service_is_known, guards.impact_is_stated, guards.review_is_later],
        inputs=[
            Input("owner", _("owner"), kind="person", said=attrgetter("owner_id")),
            Input("service", _("service"), kind="service"),
            Input(
                "impact_statement",
                _("what it does to people"),
                kind="long_text",
                said=attrgetter("impact_statement"),
            ),
            Input("review_date", _("look at it again on"), kind="date"),
        ],
    )
    def accept(
        self: Any,
        *,
        by: Any,
        at: datetime,
        reason: str,
        owner: Any = None,
        service: Any = None,
        impact_statement: str = "",
        review_date: date | None = None,
    ) -> None:
        if owner is not None:
            self.owner = owner
        if service is not None:
            self.service = service
        if impact_statement:
            self.impact_statement = impact_statement
        self.review_date = review_date

    @move(
        source=[State.ACCEPTED, State.KNOWN_ERROR],
        target=State.INVESTIGATING,
        label=_("Investigate"),
        sentence=_("began to look for the cause"),
        operation="problem.work",
        action="problem.investigated",
        noun="investigation",
        guards=[guards.investigator_is_named, guards.method_is_known],
        inputs=[
            Input("investigator", _("investigator"), kind="person", said=attrgetter("assignee_id")),
            Input("approach", _("method"), kind="choice", required=True, choices=Method),
        ],
    )
    def investigate(self: Any, *, by: Any, at: datetime, reason: str, approach: str, investigator: Any = None) -> None:
        if investigator is not None:
            self.assignee = investigator
        self.method = approach
        self.review_date = None

    @move(
        source=State.INVESTIGATING,
        target=State.KNOWN_ERROR,
        label=_("Declare known error"),
        sentence=_("declared this a known error"),
        operation="problem.work",
        action="problem.known_error_declared",
        noun="declaration",
        guards=[guards.symptom_is_said, guards.cause_is_said, guards.workaround_is_said],
        inputs=[
            Input("symptom", _("symptom: what people see"), kind="long_text", said=_declared("symptom")),
            Input("cause", _("cause, or probable cause"), kind="long_text", said=_declared("cause")),
            Input("is_cause_confirmed", _("the cause is confirmed"), kind="flag", said=_declared("is_cause_confirmed")),
            Input("workaround", _("workaround, or the word none"), kind="long_text", said=_declared("workaround")),
        ],
    )
    def declare_known_error(
        self: Any,
        *,
        by: Any,
        at: datetime,
        reason: str,
        symptom: str = "",
        cause: str = "",
        is_cause_confirmed: bool = False,
        workaround: str = "",
    ) -> None:
        if self.cause_found_at is None and (cause or is_cause_confirmed):
            self.cause_found_at = at

    @move(
        source=[State.INVESTIGATING, State.KNOWN_ERROR],
        target=State.FIXING,
        label=_("Fix"),
        sentence=_("began the fix"),
        operation="problem.work",
        action="problem.fix_begun",
        noun="fix",
        guards=[guards.fix_is_planned],
        inputs=[Input("change", _("change that fixes it"), kind="record")],
    )
    def fix(self: Any, *, by: Any, at: datetime, reason: str, change: Any = None) -> None:
        self.review_date = None

    @move(
        source=State.FIXING,
        target=State.VERIFYING,
        label=_("Verify"),
        sentence=_("began to watch whether it comes back"),
        operation="problem.work",
        action="problem.verified",
        noun="verification",
        guards=[guards.fix_is_in_place, guards.watch_ends_later],
        inputs=[Input("watch_until_date", _("watch until"), kind="date", required=True)],
    )
    def verify(self: Any, *, by: Any, at: datetime, reason: str, watch_until_date: date) -> None:
        self.fixed_at = at
        self.watch_until_date = watch_until_date

    @move(
        source=State.VERIFYING,
        target=State.CLOSED,
        label=_("Close"),
        sentence=_("closed this"),
        operation="problem.decide",
        action="problem.closed",
        noun="closure",
        guards=[guards.watch_is_over, guards.matches_are_explained, guards.cause_is_known],
        inputs=[Input("lessons", _("what we learned"), kind="long_text", required=True)],
    )
    def close(self: Any, *, by: Any, at: datetime, reason: str, lessons: str) -> None:
        self.lessons = lessons
        self.resolved_at, self.closed_at = at, at

    @move(
        source=State.VERIFYING,
        target=State.INVESTIGATING,
        label=_("It came back"),
        sentence=_("took this back to the investigation"),
        operation="problem.work",
        action="problem.regressed",
        noun="regression",
        guards=[guards.regression_is_founded],
        inputs=[
            Input("incident", _("incident that shows it"), kind="record"),
            Input("reason", _("or why, in words"), kind="long_text"),
        ],
    )
    def regress(self: Any, *, by: Any, at: datetime, reason: str, incident: Any = None) -> None:
        self.loop_count += 1
        self.fixed_at, self.watch_until_date = None, None

    @move(
        source=[State.INVESTIGATING, State.KNOWN_ERROR, State.FIXING],
        target=State.RISK_ACCEPTED,
        label=_("Accept the risk"),
        sentence=_("accepted the risk of leaving this as it is"),
        operation="problem.accept_risk",
        action="problem.risk_accepted",
        noun="risk-acceptance",
        guards=[guards.approver_is_above_owner, guards.review_is_later],
        inputs=[Input("review_date", _("decide again on"), kind="date", required=True)],
        needs_reason=True,
    )
    def accept_risk(self: Any, *, by: Any, at: datetime, reason: str, review_date: date) -> None:
        self.risk_accepted_by = by
        self.risk_reason = reason
        self.review_date = review_date
        self.resolved_at = at

    @move(
        source=State.RISK_ACCEPTED,
        target=State.ACCEPTED,
        label=_("Take up again"),
        sentence=_("took this up again"),
        operation="problem.decide",
        action="problem.reopened",
        noun="reopening",
        needs_reason=True,
    )
    def reopen(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.risk_accepted_by, self.risk_reason = None, ""
        self.review_date, self.resolved_at = None, None

    @move(
        source=[State.LOGGED, State.ACCEPTED],
        target=State.CANCELLED,
        label=_("Cancel problem"),
        sentence=_("cancelled this"),
        operation="problem.decide",
        action="problem.cancelled",
        noun="cancellation",
        guards=[guards.duplicate_or_reason],
        inputs=[
            Input("original", _("duplicate of problem"), kind="record"),
            Input("reason", _("or why it is dropped"), kind="long_text"),
        ],
    )
    def cancel(self: Any, *, by: Any, at: datetime, reason: str, original: Any = None) -> None:
        self.closed_at = at
        self.state_reason = "duplicate" if original is not None else ""
        self.review_date = None
