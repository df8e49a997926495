"""
The state machine of an article (process: operate). Pure: moves set fields and nothing else.

The state tells of the article. A published one may have a draft of its next version beside it: that draft is submitted,
sent back and published by the same moves, while readers go on reading what was published.
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from records.enums import Phase
from records.workflow import Input, move

from . import guards
from .enums import State

PHASES = {
    State.DRAFT: Phase.OPEN,
    State.IN_REVIEW: Phase.WAITING,
    State.PUBLISHED: Phase.DONE,
    State.REVIEW_DUE: Phase.OPEN,
    State.RETIRED: Phase.DONE,
}


class ArticleWorkflow:
    """Mixed into the model, so that states and moves stand on one screen."""

    @move(
        source=[State.DRAFT, State.PUBLISHED, State.REVIEW_DUE],
        target=RETURN_VALUE(State.IN_REVIEW, State.PUBLISHED, State.REVIEW_DUE),
        label=_("Submit for review"),
        sentence=_("submitted this for review"),
        operation="article.edit",
        action="article.submitted",
        noun="submission",
        guards=[
            guards.there_is_a_draft,
            guards.nothing_is_submitted,
            guards.template_is_filled,
            guards.duplicates_are_checked,
        ],
        inputs=[Input("confirm_no_duplicate", _("it says something that no other article says"), kind="flag")],
    )
    def submit(self: Any, *, by: Any, at: datetime, reason: str, confirm_no_duplicate: bool = False) -> str:
        self.submitted_at, self.submitted_by = at, by
        return State.IN_REVIEW if self.state == State.DRAFT else self.state

    @move(
        source=[State.IN_REVIEW, State.PUBLISHED, State.REVIEW_DUE],
        target=RETURN_VALUE(State.DRAFT, State.PUBLISHED, State.REVIEW_DUE),
        label=_("Send back"),
        sentence=_("sent this back to its author"),
        operation="article.edit",
        action="article.sent_back",
        noun="return",
        guards=[guards.something_is_submitted],
        needs_reason=True,
    )
    def hand_back(self: Any, *, by: Any, at: datetime, reason: str) -> str:
        self.submitted_at, self.submitted_by = None, None
        return State.DRAFT if self.state == State.IN_REVIEW else self.state

    @move(
        source=[State.IN_REVIEW, State.PUBLISHED, State.REVIEW_DUE],
        target=State.PUBLISHED,
        label=_("Publish"),
        sentence=_("published this"),
        operation="article.publish",
        action="article.published",
        noun="publication",
        guards=[
            guards.something_is_submitted,
            guards.publisher_is_not_the_author,
            guards.review_date_is_later,
            guards.audience_names_somebody,
            guards.audience_fits_the_source,
        ],
        inputs=[
            Input("review_date", _("review on"), kind="date", required=True),
            Input("confirm_nothing_of_customer", _("nothing of a customer is in it"), kind="flag"),
        ],
    )
    def publish(
        self: Any,
        *,
        by: Any,
        at: datetime,
        reason: str,
        review_date: date,
        confirm_nothing_of_customer: bool = False,
    ) -> None:
        self.submitted_at, self.submitted_by = None, None
        self.review_date, self.resolved_at = review_date, at
        self.published_at = self.published_at or at

    @move(
        source=State.PUBLISHED,
        target=State.REVIEW_DUE,
        label=_("Ask for a review"),
        sentence=_("asked for a review"),
        operation="article.edit",
        action="article.review_called",
        noun="review",
        needs_reason=True,
    )
    def call_review(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.resolved_at = None

    @move(
        source=[State.PUBLISHED, State.REVIEW_DUE],
        target=State.PUBLISHED,
        label=_("Confirm that it is right"),
        sentence=_("confirmed that this is right"),
        operation="article.edit",
        action="article.confirmed",
        noun="confirmation",
        guards=[guards.owner_or_publisher_confirms, guards.review_date_is_later],
        inputs=[Input("review_date", _("review again on"), kind="date", required=True)],
    )
    def confirm(self: Any, *, by: Any, at: datetime, reason: str, review_date: date) -> None:
        self.review_date, self.judged_vote_count = review_date, self.vote_count
        self.resolved_at = self.resolved_at or at

    @move(
        source=[State.DRAFT, State.IN_REVIEW, State.PUBLISHED, State.REVIEW_DUE],
        target=State.RETIRED,
        label=_("Retire"),
        sentence=_("retired this"),
        operation="article.publish",
        action="article.retired",
        noun="retirement",
        guards=[guards.replacement_can_be_read, guards.replacement_is_named_if_used],
        inputs=[
            Input("replacement", _("replaced by"), kind="record"),
            Input("confirm_no_replacement", _("nothing replaces it"), kind="flag"),
        ],
        needs_reason=True,
    )
    def retire(
        self: Any,
        *,
        by: Any,
        at: datetime,
        reason: str,
        replacement: Any = None,
        confirm_no_replacement: bool = False,
    ) -> None:
        self.submitted_at, self.submitted_by = None, None
        self.replaced_by_id = replacement.pk if replacement is not None else None
        self.closed_at = at
