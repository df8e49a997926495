"""The state machine of a service report (process: agree). Pure: moves set fields and nothing else."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from .enums import State


class ReportWorkflow(models.Model):
    """
    Mixed into the model, so that states and moves stand on one screen.

    From `issued` on the database lets nobody change the figures; a correction is an edition of its own.
    """

    state = FSMField(_("state"), default=State.COMPILED, choices=State.choices, protected=True, editable=False)

    class Meta:
        abstract = True

    @transition(field=state, source=[State.COMPILED, State.REVIEWED], target=State.COMPILED)
    def compile_again(self: Any, *, at: datetime) -> None:
        """The review lapses: the figures are others."""
        self.compiled_at, self.reviewed_at, self.reviewed_by = at, None, None

    @transition(field=state, source=[State.COMPILED, State.REVIEWED], target=State.REVIEWED)
    def review(self: Any, *, by: Any, at: datetime, summary: str) -> None:
        self.reviewed_at, self.reviewed_by, self.summary = at, by, summary

    @transition(field=state, source=State.REVIEWED, target=State.ISSUED)
    def issue(self: Any, *, by: Any, at: datetime) -> None:
        self.issued_at, self.issued_by = at, by

    @transition(field=state, source=[State.ISSUED, State.DISPUTED], target=State.ACCEPTED)
    def accept(self: Any) -> None:
        """Said by the customer; after a dispute, too, once it was answered."""

    @transition(field=state, source=State.ISSUED, target=State.DISPUTED)
    def dispute(self: Any) -> None:
        """Said by the customer."""
