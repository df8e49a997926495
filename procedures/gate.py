"""The guard that procedures add to every move: what must be done at a step is done before the record goes on."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refusal
from people.access import access_of
from records.processes import is_later
from records.workflow import Move, MoveContext

from .models import ProcedureStep, Tick, Visit

_KNOWN = "_open_mandatory_steps"


def ask(move: Move, context: MoveContext) -> Sequence[Refusal]:
    """
    One refusal for each step that must be done and is not ticked, if the move leads on in the process.

    Waiting, going back and cancelling are free: nothing was done there that a step could have been left out of. So are
    Steward's own moves, such as closing after the window or what a vote decided: nobody is there who could tick, and
    one record must not hold up the others of a run. Requesters are not told the names of steps.
    """
    if context.by is None:
        return []
    record = context.record
    visit, names = _open_steps(record)
    if visit is None or not names:
        return []
    steps = {str(state): step for state, step in record.practice.steps.items()}
    later = [is_later(visit.process, steps.get(target, ""), visit.step) for target in move.targets]
    if not later or not all(later):
        return []
    if not access_of(context.by).allows_on("procedure.tick", record):
        return [Refusal("step_open", _("The team still has to do a step before this goes on. Ask them."))]
    return [
        Refusal(
            "step_open",
            _("“%(step)s” is not done yet, and it must be before this goes on. Tick it in the procedure.")
            % {"step": name},
        )
        for name in names
    ]


def _open_steps(record: Any) -> tuple[Visit | None, list[str]]:
    """Where the record is and what it lacks: asked once for all moves of one object, which lives for one request."""
    known = record.__dict__.get(_KNOWN)
    if known is None:
        visit = Visit.objects.filter(record_id=record.pk, left_at=None).first()
        names: list[str] = []
        if visit is not None:
            standing = Tick.objects.filter(visit=visit, undone_at=None).values("step")
            mandatory = ProcedureStep.objects.filter(version=visit.version_id, is_mandatory=True)
            names = list(mandatory.exclude(pk__in=standing).values_list("name", flat=True))
        known = record.__dict__[_KNOWN] = (visit, names)
    return known
