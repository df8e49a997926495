"""Moves of the state machine as addresses, made from their declarations: `POST …/incidents/INC-1042/resolution/`."""

from datetime import datetime
from inspect import signature
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Day, Flag, Moment, Strict, Text
from common.api.preconditions import seen_version
from common.api.shapes import Reason
from common.refusals import Refusal
from common.time import now

from .. import practices, transitions
from ..workflow import Input, Move, moves_of
from . import references
from .records import RecordDoor

LONGEST_TEXT = 100_000


class MoveInput(Answer):
    """Something that a move asks for."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # the field of that name
    kind = serializers.CharField(
        help_text="text, long_text, choice, flag, moment, date, team, person, service or record."
    )
    is_required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.CharField(), required=False)


class AllowedMove(Answer):
    """A move that the state and the matrix offer to the caller, and what is still in its way."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # the field of that name
    href = serializers.CharField(help_text="Where to POST it.")
    is_possible = serializers.BooleanField()
    unmet = Reason(many=True, help_text="What to do first, in words.")
    inputs = MoveInput(many=True)


def allowed_moves(record: Any, *, by: Any, at: datetime, address: str) -> list[dict[str, Any]]:
    """The offers of `transitions.offers` as dictionaries. :param address: of the record in this API."""
    return [
        {
            "name": offer.move.name,
            "label": str(offer.move.label),
            "href": f"{address}{offer.move.noun}/",
            "is_possible": offer.is_possible,
            "unmet": [_reason(each) for each in offer.unmet],
            "inputs": [_input(each) for each in _inputs_of(offer.move)],
        }
        for offer in transitions.offers(record, by=by, at=at)
    ]


def move_views(kind: str, representation: Any, shape: type[serializers.Serializer]) -> dict[str, Any]:
    """
    A view for each move of a kind of record: noun -> view.

    :param representation: (record, by, at) -> dictionary of the record after the move. :param shape: of that.
    """
    practice = practices.of(kind)
    found = {}
    for move in moves_of(practice.model).values():
        found[move.noun] = _view(practice, move, representation, shape).as_view()
    return found


def _view(practice: Any, move: Move, representation: Any, shape: type[serializers.Serializer]) -> Any:
    act = getattr(practice.operations, move.name)
    takes_reason = "reason" in signature(act).parameters
    body = _body(practice, move, takes_reason)

    class MoveDoor(RecordDoor):
        kind = practice.kind
        operations = {"POST": move.operation}

        @describe(
            str(move.label),
            takes=body,
            gives=shape,
            problems=[400, 404, 409, 412],
            parameters=[IF_MATCH],
            description=f"{move.label}: possible while the record is {', '.join(move.sources)}.",
        )
        def post(self, request: Any, reference: str) -> Any:
            at = now()
            record = self.record(reference).specific
            version = seen_version(request, is_required=False)
            values = body.read(request.data, by=request.user)
            done = self.or_current(
                record,
                lambda: act(**{practice.kind: record}, by=request.user, at=at, version=version, **values),
            )
            return self.answer(representation(done, by=request.user, at=at), version=done.version)

    MoveDoor.__name__ = f"{practice.kind.title().replace('_', '')}{move.noun.title().replace('_', '')}"
    MoveDoor.__doc__ = str(move.label)
    return MoveDoor


def _inputs_of(move: Move) -> list[Input]:
    reason = [Input("reason", _("reason"), kind="long_text", required=True)] if move.needs_reason else []
    return [*move.inputs, *reason]


def _body(practice: Any, move: Move, takes_reason: bool) -> type[Strict]:
    fields: dict[str, Any] = {each.name: _field(each) for each in move.inputs}
    if takes_reason:
        fields["reason"] = Text(required=move.needs_reason, allow_blank=True, max_length=5000)
    fields["__doc__"] = f"What “{move.label}” asks for."
    return type(f"{practice.kind.title().replace('_', '')}{move.noun.title()}", (Strict,), fields)


def _field(wanted: Input) -> serializers.Field:
    """The field of the body for one input of a move."""
    options: dict[str, Any] = {"required": wanted.required, "help_text": str(wanted.label)}
    match wanted.kind:
        case "choice":
            return Choice(choices=[(each.value, str(each.label)) for each in wanted.choices or ()], **options)
        case "flag":
            return Flag(**options)
        case "moment":
            return Moment(**options)
        case "date":
            return Day(**options)
        case "team":
            return references.team(**options)
        case "person":
            return references.person(**options)
        case "service":
            return references.service(**options)
        case "record":
            return references.RecordRow(**options)
        case "text":
            return Text(max_length=120, allow_blank=not wanted.required, **options)
        case "long_text":
            return Text(max_length=LONGEST_TEXT, allow_blank=not wanted.required, trim_whitespace=False, **options)
    raise ValueError(f"{wanted.name}: the API can't ask for a {wanted.kind}")


def _reason(refusal: Refusal) -> dict[str, Any]:
    found = {"code": refusal.code, "message": str(refusal.message)}
    return found | ({"field": refusal.field} if refusal.field else {})


def _input(wanted: Input) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": wanted.name,
        "label": str(wanted.label),
        "kind": wanted.kind,
        "is_required": wanted.required,
    }
    if wanted.choices is not None:
        found["choices"] = [str(each.value) for each in wanted.choices]  # type: ignore[attr-defined]
    return found
