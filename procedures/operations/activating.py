"""Handing a draft in, and what follows from it: into force, or a draft again; ending a procedure."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import operations as approvals
from approvals import queries as approval_queries
from common.refusals import NotAllowed, Refused
from common.speech import plainly
from common.texts import said
from people.access import access_of, require
from records.models import Record

from .. import carriers, comparing
from ..defaults import ensure_policies
from ..enums import OPEN, VersionState, Way
from ..models import ActivationRule, Procedure, ProcedureVersion
from ..terms import Terms
from . import drafting
from .saying import write_down

ACTIVATE = "procedure.activate"
# Of the approval engine: what its policies are for. Its name is that of the right, which a vote stands in for.
PURPOSE = "procedure.activate"


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

    Where they ask for nothing it is in force at once, for which `by` needs that right. Where they ask for votes, those
    whom the policy names are asked. Where they ask for a change alone, one is raised that carries it.

    :raises NotAllowed: :raises Refused: it is no draft, nobody can decide about it or carry it, or it says what is in
        force already.
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
    locked.raises = rule.raises if rule else ""
    if way == Way.CHANGE:
        _raise_carrier(locked, by=by, at=at)
    locked.save(update_fields=["way", "raises", "state", "proposed_by", "proposed_at", "carrier_id"])
    data = {"version": locked.number, "way": way.value, "rule": rule.name if rule else ""}
    write_down("proposed", locked.procedure, by=by, at=at, data=data | {"carrier": locked.carrier_id})
    if way == Way.ACT:
        require(by, ACTIVATE)
        _come_into_force(locked, by=by, at=at)
    elif way == Way.APPROVAL:
        ensure_policies(at=at)
        approvals.start(subject=locked, purpose=PURPOSE, by=by, at=at)
    return locked


def approved(*, subject: ProcedureVersion, approval: Any, by: Any, at: datetime) -> None:
    """After the last vote that was missing: in force, or the change that the rule asks for is raised."""
    if not subject.is_proposed:
        return
    if not subject.raises:
        _come_into_force(subject, by=by, at=at, data={"approval": approval.pk})
        return
    # In the name of who handed it in: voters need no right to write changes.
    _raise_carrier(subject, by=subject.proposed_by, at=at)
    subject.save(update_fields=["carrier_id"])
    data = {"version": subject.number, "approval": approval.pk, "carrier": subject.carrier_id}
    write_down("carried", subject.procedure, by=by, at=at, data=data)


def rejected(*, subject: ProcedureVersion, approval: Any, by: Any, at: datetime) -> None:
    """After votes that can't be turned any more, or a deadline that rejects: a draft again, with the words said."""
    if subject.is_proposed:
        _reopen(subject, by=by, at=at, reason=approval.end_reason)


def lapsed(*, subject: ProcedureVersion, approval: Any, by: Any, at: datetime) -> None:
    """What was decided is not what it says any more: a draft again, to be handed in anew."""
    if subject.is_proposed and not subject.is_carried:
        _reopen(subject, by=by, at=at, reason=approval.end_reason)


def _raise_carrier(draft: ProcedureVersion, *, by: Any, at: datetime) -> None:
    carrier = carriers.carrier()
    if carrier is None:
        raise Refused.because(
            "no_carrier", _("The rules ask for a change, and changes are not installed. Ask for another rule.")
        )
    standing = _in_force(draft.procedure)
    with plainly():  # it becomes the text of the change
        said = comparing.sentences(Terms.of(standing) if standing else None, Terms.of(draft))
    draft.carrier_id = carrier.raise_for(draft=draft, raises=draft.raises, said=said, by=by, at=at).pk


@transaction.atomic
def activate(*, version: ProcedureVersion, by: Any, at: datetime) -> ProcedureVersion:
    """
    Bring a draft into force that a second person has to look at. Records meet it from their next step on.

    :raises NotAllowed: :raises Refused: it was not handed in, `by` had a hand in it, or votes or a change decide.
    """
    require(by, ACTIVATE)
    locked = _lock_proposed(version)
    if locked.way == Way.CHANGE or locked.is_carried:
        raise Refused.because("carried", _("A change decides about this draft; it comes into force with that change."))
    if locked.way == Way.APPROVAL:
        raise Refused.because("voted", _("Votes decide about this draft; it comes into force with the last one."))
    if by is not None and by.pk in drafting.hands_of(locked):
        raise Refused.because(
            "own_draft", _("You wrote or handed in this draft yourself. Somebody else has to bring it into force.")
        )
    _come_into_force(locked, by=by, at=at)
    return locked


@transaction.atomic
def send_back(*, version: ProcedureVersion, by: Any, at: datetime, reason: str) -> ProcedureVersion:
    """
    Make what was handed in a draft again, with the reason: its writer takes it back, others send it back.

    While people vote on it only those who had a hand in it do so, its owner, and who may activate; the votes end.

    :raises NotAllowed: :raises Refused: no reason, it was not handed in, or a change decides about it.
    """
    require(by, drafting.OPERATION)
    why = said(reason, field="reason", missing=_("The reason is missing. Say what has to change."), limit=500)
    locked = _lock_proposed(version)
    if locked.way == Way.CHANGE or locked.is_carried:
        raise Refused.because("carried", _("A change decides about this draft. Reject or cancel that change."))
    if locked.way == Way.APPROVAL and not may_take_back(locked, by):
        raise NotAllowed.because(
            "voted", _("Votes decide about this draft. Who wrote it can take it back; you can ask them to.")
        )
    asked = approval_queries.open_one(locked, PURPOSE)
    if asked is not None:
        approvals.withdraw(approval=asked, by=by, at=at, reason=why)
    _reopen(locked, by=by, at=at, reason=why)
    return locked


def may_take_back(version: ProcedureVersion, by: Any) -> bool:
    """Whether the person may end the votes on a version; with the right to write, which the act asks for."""
    own = {*drafting.hands_of(version), version.procedure.owner_id}
    return by is None or by.pk in own or access_of(by).allows(ACTIVATE)


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
    """
    Make what this record carried a draft again: the record was rejected, cancelled or failed.

    Votes that were given before lapse with it: what is handed in again is decided anew.
    """
    locked = _carried_by(record)
    if locked is not None:
        given = approval_queries.standing(locked, PURPOSE)
        if given is not None:
            approvals.lapse(approval=given, by=by, at=at, reason=reason)
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
    drafting.reopen(version)
    write_down("sent_back", version.procedure, by=by, at=at, reason=reason, data={"version": version.number})
