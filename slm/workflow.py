"""The life of an agreement: states and moves on one screen. A move is pure; `operations` makes it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.workflow import move

from .enums import AgreementState as State

EDIT = "agreement.edit"
SIGN = "agreement.sign"


class AgreementWorkflow:
    """Moves of an agreement. Which version is meant, and who signed it, stands beside the state."""

    state: str

    @move(
        source=State.DRAFT,
        target=State.NEGOTIATING,
        label=_("Offer for signature"),
        sentence=_("offered this for signature"),
        operation=EDIT,
        action="agreement.offered",
        noun="offer",
    )
    def offer(self, *, by: Any, at: datetime) -> None:
        """The text stands; both sides may sign it."""

    @move(
        source=(State.NEGOTIATING, State.AGREED),
        target=State.DRAFT,
        label=_("Take back"),
        sentence=_("took this back"),
        operation=EDIT,
        action="agreement.taken_back",
        noun="taking-back",
    )
    def take_back(self, *, by: Any, at: datetime) -> None:
        """The text is worked on again; what was signed is signed no more."""

    @move(
        source=State.NEGOTIATING,
        target=State.AGREED,
        label=_("Agree"),
        sentence=_("agreed on this"),
        operation=SIGN,
        action="agreement.agreed",
        noun="agreement",
    )
    def agree(self, *, by: Any, at: datetime) -> None:
        """Both sides have signed the same version."""

    @move(
        source=(State.DRAFT, State.AGREED),
        target=State.ACTIVE,
        label=_("Bring into force"),
        sentence=_("brought this into force"),
        operation=EDIT,
        action="agreement.came_into_force",
        noun="force",
    )
    def come_into_force(self, *, by: Any, at: datetime) -> None:
        """Its first day has come. From a draft only what stood before Steward did: set-up and imports."""

    @move(
        source=State.ACTIVE,
        target=State.IN_REVIEW,
        label=_("Call for review"),
        sentence=_("called for a review of this"),
        operation=EDIT,
        action="agreement.review_called",
        noun="review",
    )
    def call_review(self, *, by: Any, at: datetime) -> None:
        """It is to be looked at again; it stays in force."""

    @move(
        source=State.IN_REVIEW,
        target=State.ACTIVE,
        label=_("End the review"),
        sentence=_("ended the review of this"),
        operation=EDIT,
        action="agreement.reviewed",
        noun="conclusion",
    )
    def conclude_review(self, *, by: Any, at: datetime) -> None:
        """It goes on, unchanged or with its new version."""

    @move(
        source=(State.DRAFT, State.NEGOTIATING, State.AGREED, State.ACTIVE, State.IN_REVIEW),
        target=State.RETIRED,
        label=_("Retire"),
        sentence=_("retired this"),
        operation=EDIT,
        action="agreement.retired",
        noun="retirement",
    )
    def retire(self, *, by: Any, at: datetime) -> None:
        """Nothing new goes by it; the clocks that run go on."""

    @move(
        source=State.RETIRED,
        target=State.DRAFT,
        label=_("Take up again"),
        sentence=_("took this up again"),
        operation=EDIT,
        action="agreement.reinstated",
        noun="reinstatement",
    )
    def reinstate(self, *, by: Any, at: datetime) -> None:
        """A draft again, to be signed anew."""

    @move(
        source=(State.ACTIVE, State.IN_REVIEW),
        target=State.TERMINATED,
        label=_("End by notice"),
        sentence=_("ended this by notice"),
        operation=EDIT,
        action="agreement.terminated",
        noun="termination",
    )
    def terminate(self, *, by: Any, at: datetime) -> None:
        """The day for which notice was given has come."""
