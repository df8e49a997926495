"""Writing procedures: a draft at a time, beside the version in force."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from approvals import operations as approvals
from audit.models import Entry
from common.refusals import Refusal, Refused, Stale
from common.slugs import free_slug
from common.texts import one_line
from people.access import require
from records.practices import PROCESSES
from records.processes import STEPS

from ..checking import tidied
from ..enums import OPEN, VersionState
from ..models import Procedure, ProcedureStep, ProcedureVersion
from ..terms import Terms, rows_of
from .saying import write_down

OPERATION = "procedure.write"
RESERVED = frozenset({"new", "rules", "beside", "accountability"})


@transaction.atomic
def create_procedure(
    *,
    by: Any,
    at: datetime,
    name: str,
    process: str,
    step: str,
    terms: Terms,
    owner: Any = None,
    is_sample: bool = False,
) -> ProcedureVersion:
    """
    Write a new procedure, as a draft. Nothing meets it before it is in force.

    :returns: the draft. :raises NotAllowed: :raises Refused: no name, an unknown step, terms that don't fit.
    """
    require(by, OPERATION)
    procedure = Procedure(name=_name(name), process=process, step=step, owner=owner, is_sample=is_sample)
    if process not in PROCESSES or step not in STEPS[process]:
        raise Refused.because("step", _("Choose a step of a process."), "step")
    terms = tidied(procedure, terms)
    procedure.slug = free_slug(Procedure.objects, procedure.name, otherwise="procedure", reserved=RESERVED)
    procedure.save(force_insert=True)
    return _new_draft(procedure, terms, number=1, by=by, at=at)


@transaction.atomic
def begin_draft(*, procedure: Procedure, by: Any, at: datetime) -> ProcedureVersion:
    """Copy the latest version as a draft to be edited. :raises Refused: one is being written or decided already."""
    require(by, OPERATION)
    locked = lock(procedure)
    if locked.versions.filter(state__in=OPEN).exists():
        raise Refused.because("draft", _("A draft of this procedure is there already. Go on with that one."))
    latest = locked.versions.exclude(state=VersionState.DROPPED).order_by("-number").first()
    number = (locked.versions.aggregate(latest=Max("number"))["latest"] or 0) + 1
    return _new_draft(locked, Terms.of(latest) if latest else Terms(), number=number, by=by, at=at)


def _new_draft(procedure: Procedure, terms: Terms, *, number: int, by: Any, at: datetime) -> ProcedureVersion:
    draft = ProcedureVersion(procedure=procedure, number=number, written_by=by, written_at=at, **terms.columns())
    draft.save(force_insert=True)
    ProcedureStep.objects.bulk_create(rows_of(draft, terms.steps))
    write_down("drafted", procedure, by=by, at=at, data={"version": number}, after=terms)
    return draft


@transaction.atomic
def save_draft(
    *,
    draft: ProcedureVersion,
    by: Any,
    at: datetime,
    terms: Terms,
    what_changed: str = "",
    revision: int | None = None,
) -> ProcedureVersion:
    """
    Change what a draft says. Who changed it latest counts as who wrote it.

    One that was handed in is a draft again with it: votes on it count no more, and it is handed in anew.

    :param revision: the one that the person edited; None where nobody looked.
    :raises NotAllowed: :raises Stale: :raises Refused: it is no draft any more, a change decides about it, or terms
        that don't fit.
    """
    require(by, OPERATION)
    locked = lock_open(draft)
    if revision is not None and revision != locked.revision:
        raise Stale.because("stale", _("Somebody else has changed this draft meanwhile. Compare, then save again."))
    before = Terms.of(locked)
    known = ProcedureStep.objects.filter(version__procedure=locked.procedure_id).values_list("slug", flat=True)
    terms = tidied(locked.procedure, terms, known_slugs=known)
    if len(what_changed) > 500:
        raise Refused.because("too_long", _("At most 500 characters fit here. Shorten it."), "what_changed")
    what_changed = one_line(what_changed)
    if (terms, what_changed) == (before, locked.what_changed):
        return locked
    was_proposed = locked.is_proposed
    if was_proposed:
        reopen(locked)
    for name, value in terms.columns().items():
        setattr(locked, name, value)
    locked.what_changed = what_changed
    locked.written_by, locked.written_at = by, at
    locked.revision += 1
    locked.save()
    if terms.steps != before.steps:
        locked.steps.all().delete()
        ProcedureStep.objects.bulk_create(rows_of(locked, terms.steps))
    write_down("edited", locked.procedure, by=by, at=at, data={"version": locked.number}, before=before, after=terms)
    if was_proposed:
        approvals.lapse_if_changed(subject=lock_version(locked), by=by, at=at)
    return locked


@transaction.atomic
def drop_draft(*, draft: ProcedureVersion, by: Any, at: datetime) -> ProcedureVersion:
    """Give a draft up; what is in force stays. :raises NotAllowed: :raises Refused: it is no draft any more."""
    require(by, OPERATION)
    locked = lock_draft(draft)
    locked.state = VersionState.DROPPED
    locked.save(update_fields=["state"])
    write_down("dropped", locked.procedure, by=by, at=at, data={"version": locked.number})
    return locked


@transaction.atomic
def describe(*, procedure: Procedure, by: Any, at: datetime, name: str, owner: Any) -> Procedure:
    """Rename a procedure, or give it to another owner; its address stays. :raises NotAllowed: :raises Refused:"""
    require(by, OPERATION)
    locked = lock(procedure)
    changes = {"name": (locked.name, _name(name)), "owner_id": (locked.owner_id, getattr(owner, "pk", None))}
    changes = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        locked.name, locked.owner = _name(name), owner
        locked.save(update_fields=["name", "owner"])
        write_down("described", locked, by=by, at=at, changes=changes)
    return locked


def _name(text: str) -> str:
    name = one_line(text)
    if not 1 <= len(name) <= 200:
        raise Refused.all_of([Refusal("name", _("Name it in 1 to 200 characters."), "name")])
    return name


def lock(procedure: Procedure) -> Procedure:
    """Hold the procedure: every act on one of its versions begins with this."""
    return Procedure.objects.select_for_update().get(pk=procedure.pk)


def lock_version(version: ProcedureVersion) -> ProcedureVersion:
    """The version as it is now, its procedure held."""
    procedure = Procedure.objects.select_for_update().get(pk=version.procedure_id)
    fresh = ProcedureVersion.objects.select_for_update().prefetch_related("steps").get(pk=version.pk)
    fresh.procedure = procedure
    return fresh


def lock_draft(version: ProcedureVersion) -> ProcedureVersion:
    """:raises Refused: it is no draft any more."""
    fresh = lock_open(version)
    if fresh.is_proposed:
        raise Refused.because(
            "proposed",
            _("Version %(number)d was handed in and is being decided. Take it back first.") % {"number": fresh.number},
        )
    return fresh


def lock_open(version: ProcedureVersion) -> ProcedureVersion:
    """A draft, or what was handed in and no change carries. :raises Refused: it is neither."""
    fresh = lock_version(version)
    if fresh.is_carried:
        raise Refused.because(
            "carried",
            _("A change decides about version %(number)d. Reject or cancel that change, then edit the draft.")
            % {"number": fresh.number},
        )
    if fresh.state not in OPEN:
        raise Refused.because(
            "not_a_draft",
            _("Version %(number)d is %(state)s; only a draft is edited. Begin a new draft.")
            % {"number": fresh.number, "state": fresh.get_state_display()},
        )
    return fresh


def reopen(version: ProcedureVersion) -> None:
    """Make what was handed in a draft again, saved; the caller holds it and writes down why."""
    version.state, version.way, version.raises, version.carrier_id = VersionState.DRAFT, "", "", None
    version.proposed_by, version.proposed_at = None, None
    version.revision += 1
    version.save(update_fields=["state", "way", "raises", "carrier_id", "proposed_by", "proposed_at", "revision"])


def hands_of(version: ProcedureVersion) -> set[int]:
    """Everybody who had a hand in what a version says: who began, edited and handed it in, as the log tells."""
    acts = Entry.objects.filter(
        subject_kind="procedure",
        subject_id=version.procedure_id,
        action__in=["procedure.drafted", "procedure.edited"],
        data__version=version.number,
    )
    found = {*acts.values_list("actor_id", flat=True), version.written_by_id, version.proposed_by_id}
    return {key for key in found if key is not None}
