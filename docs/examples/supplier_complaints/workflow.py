"""The way of a complaint to a supplier and back (process: agree). Pure: moves set fields and nothing else."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.enums import Phase
from records.workflow import Input, move

from . import guards
from .enums import Remedy, State

PHASES = {
    State.WRITTEN: Phase.OPEN,
    State.LODGED: Phase.WAITING,
    State.ANSWERED: Phase.OPEN,
    State.SETTLED: Phase.DONE,
    State.WITHDRAWN: Phase.DONE,
}


class ComplaintWorkflow:
    """Mixed into the model, so that states and moves stand on one screen."""

    # Columns of the model that moves set; declared there.
    answer: Any
    answered_at: Any
    remedy: Any
    resolved_at: Any
    closed_at: Any

    @move(
        source=State.WRITTEN,
        target=State.LODGED,
        label=_("Lodge"),
        sentence=_("lodged this with the supplier"),
        operation="supplier_complaint.lodge",
        action="supplier_complaint.lodged",
        noun="lodging",
        guards=[guards.promise_is_named],
    )
    def lodge(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        """The supplier has it."""

    @move(
        source=State.LODGED,
        target=State.ANSWERED,
        label=_("Note the answer"),
        sentence=_("noted what the supplier answered"),
        operation="supplier_complaint.edit",
        action="supplier_complaint.answered",
        noun="answer",
        inputs=[Input("text", _("answer"), kind="long_text", required=True)],
    )
    def note_answer(self: Any, *, by: Any, at: datetime, reason: str, text: str = "") -> None:
        self.answer, self.answered_at = text, at

    @move(
        source=State.ANSWERED,
        target=State.LODGED,
        label=_("Insist"),
        sentence=_("did not accept the answer"),
        operation="supplier_complaint.lodge",
        action="supplier_complaint.insisted",
        noun="insistence",
        needs_reason=True,
    )
    def insist(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.answered_at = None

    @move(
        source=State.ANSWERED,
        target=State.SETTLED,
        label=_("Settle"),
        sentence=_("settled this"),
        operation="supplier_complaint.settle",
        action="supplier_complaint.settled",
        noun="settlement",
        inputs=[Input("remedy", _("what the supplier did"), kind="choice", required=True, choices=Remedy)],
    )
    def settle(self: Any, *, by: Any, at: datetime, reason: str, remedy: str = "") -> None:
        self.remedy = remedy
        self.resolved_at = self.closed_at = at

    @move(
        source=[State.WRITTEN, State.LODGED, State.ANSWERED],
        target=State.WITHDRAWN,
        label=_("Withdraw"),
        sentence=_("withdrew this"),
        operation="supplier_complaint.settle",
        action="supplier_complaint.withdrawn",
        noun="withdrawal",
        needs_reason=True,
    )
    def withdraw(self: Any, *, by: Any, at: datetime, reason: str) -> None:
        self.closed_at = at
