"""Bringing a draft into force, in the way that the rules ask for; sending it back; ending a procedure."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import said
from people.access import require
from records.models import Record

from .. import carriers, comparing
from ..enums import OPEN, VersionState, Way
from ..models import ActivationRule, Procedure, ProcedureVersion
from ..terms import Terms
from . import drafting
from .saying import write_down

ACTIVATE = "procedure.activate"


def way_for(version: ProcedureVersion) -> tuple[Way, ActivationRule | None]:
    """What has to happen before this draft comes into force, and the rule that says so."""
    terms = Terms.of(version)
    for rule in ActivationRule.objects.order_by("position", "pk"):
        if rule.processes and version.procedure.process not in rule.processes:
            continue
        if rule.with_mandatory_steps and not terms.has_mandatory_steps:
            continue
        return Way(rule.way), rule
    return Way.SECOND, None


@transaction.atomic
def propose(*, draft: ProcedureVersion, by: Any, at: datetime) -> ProcedureVersion:
    """
    Hand a draft in. It can't be edited from here on; what happens next is what the rules ask for.

    Where they ask for nothing it is in force at once, for which `by` needs that right. Where they ask for a change, one
    is raised that carries it.

    :raises NotAllowed: :raises Refused: it is no draft, nobody can carry it, or it says what is in force already.
    """
    require(by, drafting.OPERATION)
    locked = drafting.lock_draft(draft)
    terms = Terms.of(locked)
    if not terms.steps:
        raise Refused.because("steps", _("A procedure without steps says nothing. Write the first."), "steps")
    standing = _in_force(locked.procedure)
    if standing is not None and Terms.of(standing) == terms:
        raise Refused.because("unchanged", _("The draft says what is in force already. Change something, or drop it."))
    way, rule = way_for(locked)
    locked.way, locked.state, locked.proposed_by, locked.proposed_at = way, VersionState.PROPOSED, by, at
    if way == Way.CHANGE:
        locked.carrier_id = _raise_carrier(locked, standing, by=by, at=at)
    locked.save(update_fields=["way", "state", "proposed_by", "proposed_at", "carrier_id"])
    data = {"version": locked.number, "way": way.value, "rule": rule.name if rule else ""}
    write_down("proposed", locked.procedure, by=by, at=at, data=data | {"carrier": locked.carrier_id})
    if way == Way.ACT:
        require(by, ACTIVATE)
        _come_into_force(locked, by=by, at=at)
    return locked


def _raise_carrier(draft: ProcedureVersion, standing: ProcedureVersion | None, *, by: Any, at: datetime) -> int:
    carrier = carriers.carrier()
    if carrier is None:
        raise Refused.because(
            "no_carrier", _("The rules ask for a change, and changes are not installed. Ask for another rule.")
        )
    before = Terms.of(standing) if standing else None
    record = carrier.raise_for(draft=draft, said=comparing.sentences(before, Terms.of(draft)), by=by, at=at)
    return int(record.pk)


@transaction.atomic
def activate(*, version: ProcedureVersion, by: Any, at: datetime) -> ProcedureVersion:
    """
    Bring a draft into force that a second person has to look at. Records meet it from their next step on.

    :raises NotAllowed: :raises Refused: it was not handed in, `by` wrote it, or a change decides about it.
    """
    require(by, ACTIVATE)
    locked = _lock_proposed(version)
    if locked.way == Way.CHANGE:
        raise Refused.because("carried", _("A change decides about this draft; it comes into force with that change."))
    if by is not None and by.pk in (locked.written_by_id, locked.proposed_by_id):
        raise Refused.because(
            "own_draft", _("You wrote or handed in this draft yourself. Somebody else has to bring it into force.")
        )
    _come_into_force(locked, by=by, at=at)
    return locked


@transaction.atomic
def send_back(*, version: ProcedureVersion, by: Any, at: datetime, reason: str) -> ProcedureVersion:
    """
    Make what was handed in a draft again, with the reason: its writer takes it back, others send it back.

    :raises NotAllowed: :raises Refused: no reason, it was not handed in, or a change decides about it.
    """
    require(by, drafting.OPERATION)
    why = said(reason, field="reason", missing=_("The reason is missing. Say what has to change."), limit=500)
    locked = _lock_proposed(version)
    if locked.way == Way.CHANGE:
        raise Refused.because("carried", _("A change decides about this draft. Reject or cancel that change."))
    _reopen(locked, by=by, at=at, reason=why)
    return locked


@transaction.atomic
def activate_carried(*, record: Any, by: Any, at: datetime) -> ProcedureVersion | None:
    """
    Bring into force what this record carried, now that it was carried out. The record's own acts checked the right.

    :returns: the version, None where the record carries none that waits.
    """
    locked = _carried_by(record)
    if locked is not None:
        _come_into_force(locked, by=by, at=at, data={"carrier": record.pk})
    return locked


@transaction.atomic
def send_back_carried(*, record: Any, by: Any, at: datetime, reason: str) -> ProcedureVersion | None:
    """Make what this record carried a draft again: the record was rejected, cancelled or failed."""
    locked = _carried_by(record)
    if locked is not None:
        _reopen(locked, by=by, at=at, reason=reason)
    return locked


@transaction.atomic
def retire(*, procedure: Procedure, by: Any, at: datetime, reason: str) -> Procedure:
    """
    End a procedure: no record meets it any more; those that are at it finish by it.

    :raises NotAllowed: :raises Refused: no reason, nothing is in force, or a draft is open.
    """
    require(by, ACTIVATE)
    why = said(reason, field="reason", missing=_("The reason is missing. Say why nobody needs it."), limit=500)
    locked = drafting.lock(procedure)
    if locked.versions.filter(state__in=OPEN).exists():
        raise Refused.because("draft", _("A draft is open. Drop it first."))
    standing = _in_force(locked)
    if standing is None:
        raise Refused.because("retired", _("Nothing of this procedure is in force."))
    _end(standing, at=at)
    write_down("retired", locked, by=by, at=at, reason=why, data={"version": standing.number})
    return locked


def _in_force(procedure: Procedure) -> ProcedureVersion | None:
    return procedure.versions.filter(state=VersionState.IN_FORCE).prefetch_related("steps").first()


def _lock_proposed(version: ProcedureVersion) -> ProcedureVersion:
    locked = drafting.lock_version(version)
    if locked.state != VersionState.PROPOSED:
        raise Refused.because(
            "not_proposed",
            _("Version %(number)d is %(state)s; there is nothing to decide.")
            % {"number": locked.number, "state": locked.get_state_display()},
        )
    return locked


def _carried_by(record: Record) -> ProcedureVersion | None:
    found = ProcedureVersion.objects.filter(carrier_id=record.pk, state=VersionState.PROPOSED).first()
    if found is None:
        return None
    locked = drafting.lock_version(found)
    return locked if locked.state == VersionState.PROPOSED else None


def _come_into_force(version: ProcedureVersion, *, by: Any, at: datetime, data: dict[str, Any] | None = None) -> None:
    standing = _in_force(version.procedure)
    if standing is not None:
        _end(standing, at=at)
    version.state, version.activated_by, version.in_force_from = VersionState.IN_FORCE, by, at
    version.save(update_fields=["state", "activated_by", "in_force_from"])
    write_down(
        "activated",
        version.procedure,
        by=by,
        at=at,
        data={"version": version.number, **(data or {})},
        before=Terms.of(standing) if standing else None,
        after=Terms.of(version),
    )


def _end(version: ProcedureVersion, *, at: datetime) -> None:
    version.state, version.in_force_to = VersionState.SUPERSEDED, at
    version.save(update_fields=["state", "in_force_to"])


def _reopen(version: ProcedureVersion, *, by: Any, at: datetime, reason: str) -> None:
    version.state, version.way, version.carrier_id = VersionState.DRAFT, "", None
    version.proposed_by, version.proposed_at = None, None
    version.revision += 1
    version.save(update_fields=["state", "way", "carrier_id", "proposed_by", "proposed_at", "revision"])
    write_down("sent_back", version.procedure, by=by, at=at, reason=reason, data={"version": version.number})
