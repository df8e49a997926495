"""Working by a procedure: ticking steps of the one that a record is at, and taking that back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import said
from people.access import require
from records import changing
from records.events import EventKind
from records.models import Record
from records.operations.editing import refuse_if_closed

from ..models import ProcedureStep, Tick, Visit

OPERATION = "procedure.tick"


@transaction.atomic
def tick(*, record: Any, step: ProcedureStep, by: Any, at: datetime) -> Tick:
    """
    Note that a step of the record's procedure was done. The record itself stays as it is.

    :param step: of the version that the record met when it came to its present step.
    :raises NotAllowed: :raises Refused: it is ticked already, the record has gone on, or is closed.
    """
    locked, visit = _at(record, by=by)
    if visit is None or visit.version_id != step.version_id:
        raise Refused.because(
            "moved_on",
            _("%(reference)s has gone on meanwhile; nothing was ticked. Look at the procedure it is at now.")
            % {"reference": locked.reference},
        )
    standing = Tick.objects.filter(visit=visit, step=step, undone_at=None).select_related("ticked_by").first()
    if standing is not None:
        raise Refused.because(
            "ticked", _("%(person)s has ticked this step already.") % {"person": standing.ticked_by or _("Steward")}
        )
    made = Tick.objects.create(visit=visit, step=step, ticked_by=by, ticked_at=at)
    _settle(locked, visit)
    _say(locked, "step_done", visit, step, by=by, at=at)
    return made


@transaction.atomic
def untick(*, record: Any, tick: Tick, by: Any, at: datetime, reason: str) -> Tick:
    """
    Take a tick back. It stays to be read, with who took it back and why.

    :raises NotAllowed: :raises Refused: no reason, taken back before, or the record has gone on.
    """
    why = said(reason, field="reason", missing=_("The reason is missing. Say why it was not done."), limit=300)
    locked, visit = _at(record, by=by)
    fresh = Tick.objects.select_for_update().select_related("step").get(pk=tick.pk)
    if fresh.undone_at is not None:
        raise Refused.because("undone", _("This was taken back already."))
    if visit is None or fresh.visit_id != visit.pk:
        raise Refused.because(
            "moved_on",
            _("%(reference)s has gone on since; what was ticked before stays.") % {"reference": locked.reference},
        )
    fresh.undone_by, fresh.undone_at, fresh.undo_reason = by, at, why
    fresh.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    _settle(locked, visit)
    _say(locked, "step_undone", visit, fresh.step, by=by, at=at, reason=why)
    return fresh


def _at(record: Any, *, by: Any) -> tuple[Any, Visit | None]:
    """The record, locked, and where it is. Moves lock it, too: nothing changes until the act has ended."""
    locked = changing.lock(record)
    require(by, OPERATION, locked)
    refuse_if_closed(locked)
    found = Visit.objects.filter(record_id=locked.pk, left_at=None).select_related("version__procedure").first()
    return locked, found


def _settle(record: Any, visit: Visit) -> None:
    """Note on the record whether something must still be ticked; no change that a reader would compare."""
    open_steps = ProcedureStep.objects.filter(version=visit.version_id, is_mandatory=True).exclude(
        pk__in=Tick.objects.filter(visit=visit, undone_at=None).values("step")
    )
    is_open = open_steps.exists()
    if is_open != record.has_open_steps:
        Record.objects.filter(pk=record.pk).update(has_open_steps=is_open)
        record.has_open_steps = is_open


def _say(record: Any, act: str, visit: Visit, step: ProcedureStep, *, by: Any, at: datetime, reason: str = "") -> None:
    changing.write_down(
        record,
        kind=EventKind.EDITED,
        action=f"{record.kind}.{act}",
        by=by,
        at=at,
        reason=reason,
        data={
            "step": f"{visit.version.procedure.slug}:{step.slug}",
            "version": visit.version.number,
            "title": step.name,
        },
    )
