"""A change that carries a draft of a procedure: how we work is altered as carefully as what we run."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from procedures import operations as procedure_operations
from procedures.carriers import Carrier
from records.events import EventKind, RecordEvent

from . import operations
from .enums import Outcome

CARRIED_OUT = frozenset({Outcome.SUCCESSFUL, Outcome.WITH_ISSUES})
ENDED = frozenset({"change.rejected", "change.cancelled"})


def raise_for(*, draft: Any, said: list[str], by: Any, at: datetime) -> Any:
    """Write the change down, with what is different as its plan."""
    procedure = draft.procedure
    return operations.create(
        by=by,
        at=at,
        title=(_("Procedure: %(name)s, version %(number)d") % {"name": procedure.name, "number": draft.number})[:200],
        description="\n".join(f"* {each}" for each in said),
        rationale=draft.what_changed,
        implementation_plan=_("Tell those who work by it, then finish this change: version %(number)d is in force.")
        % {"number": draft.number},
        back_out_plan=_("Bring the version before into force again, as a new draft."),
        is_sample=procedure.is_sample,
    )


def follow(event: RecordEvent) -> None:
    """Bring the draft into force when its change was carried out; make it a draft again when it was not."""
    if event.record.kind != "change" or event.kind != EventKind.MOVED:
        return
    act, record = event.entry.action, event.record
    if act == "change.finished" and record.outcome in CARRIED_OUT:
        procedure_operations.activate_carried(record=record, by=event.by, at=event.at)
    elif act in ENDED or act == "change.finished":
        why = event.entry.reason or _("%(change)s was not carried out") % {"change": record.reference}
        procedure_operations.send_back_carried(record=record, by=event.by, at=event.at, reason=why)


CARRIER = Carrier(kind="change", raise_for=raise_for)
