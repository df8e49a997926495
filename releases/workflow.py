"""
The state machine of a release (process: change). Pure: moves set fields and nothing else.

What goes live together is planned, built, tested, shown to be ready, deployed in waves, and watched in its early life.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.enums import Phase
from records.workflow import Input, move

from . import guards
from .enums import State

PHASES = {
    State.PLANNING: Phase.OPEN,
    State.BUILDING: Phase.OPEN,
    State.TESTING: Phase.OPEN,
    State.READY: Phase.WAITING,
    State.DEPLOYING: Phase.OPEN,
    State.EARLY_LIFE: Phase.OPEN,
    State.CLOSED: Phase.DONE,
    State.ROLLED_BACK: Phase.DONE,
    State.CANCELLED: Phase.DONE,
}


class ReleaseWorkflow:
    """Mixed into the model, so that states and moves stand on one screen."""

    # Columns of the model that moves set; declared there.
    planned_to: Any
    promised_to: Any
    tested_from: Any
    ready_at: Any
    deploy_began_at: Any
    deployed_at: Any
    rolled_back_at: Any
    review_text: Any
    reviewed_by: Any
    waiver_reason: Any

    @move(
        source=State.PLANNING,
        target=State.BUILDING,
        label=_("Begin building"),
        sentence=_("began to build it"),
        operation="release.prepare",
        action="release.build_began",
        noun="building",
        guards=[
            guards.version_is_named,
            guards.something_is_released,
            guards.contents_are_named,
            guards.date_is_planned,
        ],
    )
    def build(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.promised_to = self.promised_to or self.planned_to

    @move(
        source=State.BUILDING,
        target=State.TESTING,
        label=_("Begin testing"),
        sentence=_("handed it to the tests"),
        operation="release.prepare",
        action="release.tests_began",
        noun="testing",
        guards=[guards.build_is_recorded, guards.criteria_are_written],
    )
    def test(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.tested_from = at

    @move(
        source=[State.TESTING, State.READY],
        target=State.BUILDING,
        label=_("Back to building"),
        sentence=_("sent it back to be built anew"),
        operation="release.prepare",
        action="release.sent_back",
        noun="rework",
        needs_reason=True,
    )
    def rework(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.tested_from = self.ready_at = None

    @move(
        source=State.TESTING,
        target=State.READY,
        label=_("Say that it is ready"),
        sentence=_("said that it is ready"),
        operation="release.make_ready",
        action="release.made_ready",
        noun="clearance",
        guards=[guards.criteria_are_judged, guards.plans_are_written, guards.window_is_ahead],
    )
    def make_ready(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.ready_at = at

    @move(
        source=State.READY,
        target=State.TESTING,
        label=_("No-go"),
        sentence=_("said no-go"),
        operation="release.make_ready",
        action="release.stopped",
        noun="no-go",
        needs_reason=True,
    )
    def stop(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.ready_at = None

    @move(
        source=State.READY,
        target=State.DEPLOYING,
        label=_("Deploy"),
        sentence=_("began to deploy it"),
        operation="release.deploy",
        action="release.deployment_began",
        noun="deployment",
        guards=[
            guards.changes_are_authorized,
            guards.checklist_is_signed,
            guards.go_was_given,
            guards.conditions_are_met,
            guards.waves_are_planned,
            guards.window_is_open,
        ],
        inputs=[Input("reason", _("why outside its window"), kind="long_text")],
    )
    def deploy(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.deploy_began_at = at

    @move(
        source=State.DEPLOYING,
        target=State.EARLY_LIFE,
        label=_("It is live"),
        sentence=_("said that it is live"),
        operation="release.deploy",
        action="release.deployed",
        noun="going-live",
        guards=[guards.waves_have_ended, guards.production_is_verified],
    )
    def enter_early_life(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.deployed_at = self.resolved_at = at

    @move(
        source=State.EARLY_LIFE,
        target=State.CLOSED,
        label=_("Close"),
        sentence=_("closed this"),
        operation="release.close",
        action="release.closed",
        noun="closure",
        guards=[
            guards.changes_have_ended,
            guards.exit_criteria_are_met,
            guards.was_handed_over,
            guards.review_is_written,
        ],
        inputs=[
            Input("was_handed_over", _("operations have taken it over"), kind="flag"),
            Input("review", _("what the review found"), kind="long_text"),
            Input("reason", _("why it is closed though exit criteria are not met"), kind="long_text"),
        ],
    )
    def close(
        self: Any, *, by: Any, at: datetime, reason: str, was_handed_over: bool = False, review: str = ""
    ) -> None:
        self.review_text, self.reviewed_by, self.waiver_reason = review, by, reason
        self.closed_at = at

    @move(
        source=[State.DEPLOYING, State.EARLY_LIFE],
        target=State.ROLLED_BACK,
        label=_("Roll back"),
        sentence=_("rolled it back"),
        operation="release.deploy",
        action="release.rolled_back",
        noun="roll-back",
        guards=[guards.cause_is_linked],
        needs_reason=True,
    )
    def roll_back(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.rolled_back_at = self.closed_at = at

    @move(
        source=[State.PLANNING, State.BUILDING, State.TESTING, State.READY],
        target=State.CANCELLED,
        label=_("Cancel release"),
        sentence=_("cancelled this"),
        operation="release.cancel",
        action="release.cancelled",
        noun="cancellation",
        needs_reason=True,
    )
    def cancel(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.closed_at = at
