"""The life of an agreement: states and moves on one screen. A move is pure; `operations` makes it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.workflow import move

from .enums import AgreementState as State

OPERATION = "agreement.edit"
NOT_ENDED = (State.DRAFT, State.NEGOTIATING, State.AGREED, State.ACTIVE, State.IN_REVIEW)


class AgreementWorkflow:
    """Moves of an agreement. The numbers of versions and who signed stand beside the state."""

    state: str

    @move(
        source=NOT_ENDED,
        target=State.RETIRED,
        label=_("Retire"),
        sentence=_("retired this"),
        operation=OPERATION,
        action="agreement.retired",
        noun="retirement",
    )
    def retire(self, *, by: Any, at: datetime, reason: str = "") -> None:
        """Nothing new goes by it; the clocks that run go on."""

    @move(
        source=State.RETIRED,
        target=State.ACTIVE,
        label=_("Use again"),
        sentence=_("took this up again"),
        operation=OPERATION,
        action="agreement.reinstated",
        noun="reinstatement",
    )
    def reinstate(self, *, by: Any, at: datetime, reason: str = "") -> None:
        """New records go by it again."""
