"""The one door: the only code that moves a record's state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from common.refusals import NotAllowed, Refusal, Refused
from people.access import access_of

from . import changing, gates
from .events import EventKind
from .workflow import Move, MoveContext, moves_of


class TransitionRefused(Refused):
    """The move was not made; `refusals` say which guards are unmet."""


@dataclass(frozen=True)
class Offer:
    """A move as offered to one person now: possible, or with what is in its way."""

    move: Move
    unmet: tuple[Refusal, ...] = ()

    @property
    def is_possible(self) -> bool:
        return not self.unmet


def unmet_guards(record: Any, move: Move, context: MoveContext) -> list[Refusal]:
    """Everything in the way of the move, the missing inputs first."""
    refusals = []
    for wanted in move.inputs:
        if wanted.required and context.inputs.get(wanted.name) in (None, ""):
            refusals.append(
                Refusal(
                    code="required",
                    message=_("%(field)s is missing. Fill it in.") % {"field": str(wanted.label).capitalize()},
                    field=wanted.name,
                )
            )
    if move.needs_reason and not context.reason.strip():
        refusals.append(Refusal("required", _("The reason is missing. Say why in a few words."), field="reason"))
    for guard in move.guards:
        refusal = guard(context)
        if refusal is not None and refusal not in refusals:
            refusals.append(refusal)
    return refusals + gates.refusals_of(move, context)


def apply(
    *,
    record: Any,
    name: str,
    by: Any,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    data: Mapping[str, Any] | None = None,
    **inputs: Any,
) -> Any:
    """
    Move a record: lock, right, guards, pure move, phase, save, log, observers, outbox; all of it or nothing.

    :param by: the person acting; None for Steward itself (auto-close, wake-up), which needs no right but passes guards.
    :param at: moment of the act, aware. Clocks follow it, not the time of the call.
    :param version: the version the person saw; None asks for no comparison.
    :param data: more for the log entry (for example which rule did it).
    :returns: the record as saved; the object passed in is left as it was.
    :raises NotAllowed: the matrix does not give `by` this move on this record.
    :raises Stale: the record changed since `version`.
    :raises TransitionRefused: wrong state, or unmet guards; nothing was changed.
    """
    with transaction.atomic():
        locked = changing.lock(record)
        changing.require_version(locked, version)
        move = moves_of(type(locked)).get(name)
        if move is None:
            raise TransitionRefused.because("unknown_move", _("There is no move “%(name)s”.") % {"name": name})
        if by is not None and not access_of(by).allows_on(move.operation, locked):
            raise NotAllowed.because(
                "not_allowed",
                _("You may not do this here: %(label)s. The team lead can.") % {"label": move.label},
            )
        if locked.state not in move.sources:
            raise TransitionRefused.because(
                "wrong_state",
                _("%(reference)s is %(state)s; “%(label)s” is not possible from there.")
                % {"reference": locked.reference, "state": locked.state_label, "label": move.label},
            )
        facts = locked.practice.facts(locked, at)
        context = MoveContext(record=locked, by=by, at=at, reason=reason, inputs=inputs, facts=facts)
        refusals = unmet_guards(locked, move, context)
        if refusals:
            raise TransitionRefused.all_of(refusals)

        before = changing.snapshot(locked)
        try:
            getattr(locked, name)(by=by, at=at, reason=reason, **inputs)
        except TransitionNotAllowed as error:
            raise TransitionRefused.because("wrong_state", str(error)) from error
        locked.phase = locked.practice.phases[locked.state]
        changes = changing.differences(locked, before)
        changing.save(locked, changes, at)
        changing.write_down(
            locked,
            kind=EventKind.MOVED,
            action=move.action,
            by=by,
            at=at,
            changes=changes,
            reason=reason,
            data=data,
        )
    return locked


def offers(record: Any, *, by: Any, at: datetime) -> list[Offer]:
    """
    The moves that the person is allowed and the state offers, each with its unmet guards.

    Missing inputs are not unmet guards here: the door is going to ask for them.
    """
    record = record.specific
    access = access_of(by)
    facts = record.practice.facts(record, at)
    found = []
    for move in moves_of(type(record)).values():
        if record.state not in move.sources or not access.allows_on(move.operation, record):
            continue
        context = MoveContext(record=record, by=by, at=at, reason="", inputs={}, facts=facts)
        asked = {wanted.name for wanted in move.inputs} | {"reason"}
        unmet = [guard(context) for guard in move.guards] + list(gates.refusals_of(move, context))
        found.append(Offer(move, tuple(each for each in unmet if each is not None and each.field not in asked)))
    return found
