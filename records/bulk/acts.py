"""What can be done to many records at once: check beforehand, do, and take back."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Refusal, Refused
from people.access import access_of
from people.models import Team, User
from services.models import Service

from .. import operations, transitions
from ..enums import Priority
from ..operations.editing import clean_tags
from ..workflow import Move, MoveContext, moves_of

Inputs = Mapping[str, Any]


def _practice_act(record: Any, name: str, **said: Any) -> Any:
    """Call an operation of the record's own practice: `incidents.operations.assign(incident=record, …)`."""
    return getattr(record.practice.operations, name)(**{record.kind: record}, **said)


def move_refusal(
    record: Any,
    name: str,
    *,
    by: Any,
    at: datetime,
    reason: str,
    inputs: Inputs,
    facts: Any = None,
    is_led_there: bool = False,
) -> Refusal | None:
    """
    What the one door would say to this move, without going through it; None if it would let it pass.

    :param facts: what guards ask of the record, where it was looked up for many at once.
    :param is_led_there: another act takes the record to a state that the move starts from before.
    """
    move = moves_of(type(record)).get(name)
    if move is None or not (is_led_there or record.state in move.sources):
        return Refusal("state", str(record.state_label))
    if not access_of(by).allows_on(move.operation, record):
        return Refusal("not_allowed", _("you may not do this"))
    facts = record.practice.facts(record, at) if facts is None else facts
    context = MoveContext(record=record, by=by, at=at, reason=reason, inputs=dict(inputs), facts=facts)
    return next(iter(transitions.unmet_guards(record, move, context)), None)


def edit_refusal(record: Any, *, by: Any) -> Refusal | None:
    """Whether the fields of this record can't be changed by this person."""
    if not access_of(by).allows_on(f"{record.kind}.edit", record):
        return Refusal("not_allowed", _("you may not do this"))
    if record.closed_at is not None:
        return Refusal("closed", str(record.state_label))
    return None


def unchanged() -> Refusal:
    return Refusal("unchanged", _("like this already"))


class Act(ABC):
    """One kind of act. `inputs` are plain values (keys, texts), as a form or a stored run holds them."""

    name = ""
    label: Any = ""
    has_way_back = True

    @abstractmethod
    def refusal(self, record: Any, inputs: Inputs, *, by: Any, at: datetime) -> Refusal | None:
        """Why nothing would happen to this record; None if the act would be done."""

    def refusals(self, records: Sequence[Any], inputs: Inputs, *, by: Any, at: datetime) -> Iterator[Refusal | None]:
        """`refusal` for each, in order. An act that can look things up for all of them at once says so here."""
        for record in records:
            yield self.refusal(record, inputs, by=by, at=at)

    @abstractmethod
    def do(self, record: Any, inputs: Inputs, *, by: Any, at: datetime, version: int | None = None) -> Any:
        """Act on one record through its operations, and give it back as it is then."""

    @abstractmethod
    def before(self, record: Any, inputs: Inputs) -> dict[str, Any]:
        """What `undo` needs to know of the record as it was."""

    @abstractmethod
    def undo(self, record: Any, before: Inputs, *, by: Any, at: datetime) -> Any:
        """Act to the opposite effect. :raises Refused: there is no way back."""


def no_way_back(sentence: str) -> Refused:
    return Refused.because("no_way_back", sentence)


@dataclass
class Assign(Act):
    name = "assign"
    label = gettext_lazy("Assign")

    def refusal(self, record: Any, inputs: Inputs, *, by: Any, at: datetime) -> Refusal | None:
        if inputs.get("take"):
            return self._refusal_to_take(record, by=by, at=at)
        team, assignee = self._found(inputs)
        if record.state not in _sources(record, "assign"):
            return Refusal("state", str(record.state_label))
        if (team or record.team) == record.team and assignee == record.assignee and record.state == "assigned":
            return unchanged()
        said = {"team": team or record.team, "assignee": assignee, "confirm_absent": inputs.get("confirm_absent")}
        return move_refusal(record, "assign", by=by, at=at, reason="", inputs=said)

    def _refusal_to_take(self, record: Any, *, by: Any, at: datetime) -> Refusal | None:
        """Taking chooses a team that the person belongs to, so the team is left out of the question."""
        if record.assignee_id == by.pk and record.state == "in_progress":
            return unchanged()
        said = {"assignee": by, "confirm_absent": True}
        return move_refusal(record, "assign", by=by, at=at, reason="", inputs=said)

    def do(self, record: Any, inputs: Inputs, *, by: Any, at: datetime, version: int | None = None) -> Any:
        team, assignee = self._found(inputs)
        if inputs.get("take"):
            return _practice_act(record, "take", by=by, at=at, version=version)
        confirm = bool(inputs.get("confirm_absent"))
        return _practice_act(
            record, "assign", by=by, at=at, team=team, assignee=assignee, confirm_absent=confirm, version=version
        )

    def before(self, record: Any, inputs: Inputs) -> dict[str, Any]:
        return {"team": record.team_id, "assignee": record.assignee_id, "state": record.state}

    def undo(self, record: Any, before: Inputs, *, by: Any, at: datetime) -> Any:
        if not before.get("team") and not before.get("assignee"):
            raise no_way_back(_("nobody had it before; a ticket can't become new again"))
        restored = self.do(record, {**before, "confirm_absent": True}, by=by, at=at)
        if before.get("state") == "in_progress":
            restored = _practice_act(restored, "start", by=by, at=at)
        return restored

    def _found(self, inputs: Inputs) -> tuple[Team | None, User | None]:
        team = Team.objects.filter(pk=inputs.get("team") or 0).first()
        return team, User.objects.filter(pk=inputs.get("assignee") or 0).first()


@dataclass
class Take(Assign):
    """Assigning to oneself and beginning work, without a question: its form says `take` by itself."""

    name = "take"
    label = gettext_lazy("Take")


def _sources(record: Any, name: str) -> tuple[str, ...]:
    move: Move | None = moves_of(type(record)).get(name)
    return move.sources if move is not None else ()


@dataclass
class SetPriority(Act):
    name = "priority"
    label = gettext_lazy("Set priority")

    def refusal(self, record: Any, inputs: Inputs, *, by: Any, at: datetime) -> Refusal | None:
        if inputs.get("priority") not in Priority.values:
            return Refusal("required", _("Choose a priority."), "priority")
        if not str(inputs.get("reason", "")).strip():
            return Refusal("required", _("Say why the matrix is not right here."), "reason")
        if record.priority == inputs["priority"]:
            return unchanged()
        return edit_refusal(record, by=by)

    def do(self, record: Any, inputs: Inputs, *, by: Any, at: datetime, version: int | None = None) -> Any:
        return operations.override_priority(
            record=record,
            by=by,
            at=at,
            priority=int(inputs["priority"]),
            reason=str(inputs["reason"]),
            version=version,
        )

    def before(self, record: Any, inputs: Inputs) -> dict[str, Any]:
        return {
            "priority": record.priority,
            "reason": record.priority_reason,
            "impact": record.impact,
            "urgency": record.urgency,
        }

    def undo(self, record: Any, before: Inputs, *, by: Any, at: datetime) -> Any:
        if before.get("reason"):
            return self.do(record, before, by=by, at=at)
        levels = {"impact": before["impact"], "urgency": before["urgency"]}
        return operations.set_levels(record=record, by=by, at=at, **levels)


@dataclass
class SetService(Act):
    name = "service"
    label = gettext_lazy("Set service")

    def refusal(self, record: Any, inputs: Inputs, *, by: Any, at: datetime) -> Refusal | None:
        if not inputs.get("service"):
            return Refusal("required", _("Choose a service."), "service")
        if record.service_id == inputs["service"]:
            return unchanged()
        return edit_refusal(record, by=by)

    def do(self, record: Any, inputs: Inputs, *, by: Any, at: datetime, version: int | None = None) -> Any:
        service = Service.objects.filter(pk=inputs.get("service") or 0).first()
        return _practice_act(record, "edit", by=by, at=at, values={"service": service}, version=version)

    def before(self, record: Any, inputs: Inputs) -> dict[str, Any]:
        return {"service": record.service_id}

    def undo(self, record: Any, before: Inputs, *, by: Any, at: datetime) -> Any:
        return self.do(record, before, by=by, at=at)


@dataclass
class AddTags(Act):
    name = "tag"
    label = gettext_lazy("Add tags")

    def refusal(self, record: Any, inputs: Inputs, *, by: Any, at: datetime) -> Refusal | None:
        if not inputs.get("tags"):
            return Refusal("required", _("Write a tag."), "tags")
        try:
            wanted = clean_tags(inputs["tags"])
        except Refused as refused:
            return refused.refusals[0]
        if set(wanted) <= set(record.tags):
            return unchanged()
        return edit_refusal(record, by=by)

    def do(self, record: Any, inputs: Inputs, *, by: Any, at: datetime, version: int | None = None) -> Any:
        return operations.tag(record=record, by=by, at=at, tags=inputs["tags"], version=version)

    def before(self, record: Any, inputs: Inputs) -> dict[str, Any]:
        return {"added": sorted(set(clean_tags(inputs["tags"])) - set(record.tags))}

    def undo(self, record: Any, before: Inputs, *, by: Any, at: datetime) -> Any:
        return operations.untag(record=record, by=by, at=at, tags=before["added"])


@dataclass
class MakeMove(Act):
    """Any move that the practice declares; assigning has its own act."""

    name = "state"
    label = gettext_lazy("Move")

    def refusal(self, record: Any, inputs: Inputs, *, by: Any, at: datetime) -> Refusal | None:
        name = inputs.get("move", "")
        if not name:
            return Refusal("required", _("Choose what to do."), "move")
        return move_refusal(record, name, by=by, at=at, reason=inputs.get("reason", ""), inputs=self._said(inputs))

    def do(self, record: Any, inputs: Inputs, *, by: Any, at: datetime, version: int | None = None) -> Any:
        move = moves_of(type(record)).get(inputs.get("move", ""))
        if move is None:
            raise Refused.because("unknown_move", _("Choose what to do."), "move")
        said = self._said(inputs)
        if move.needs_reason:
            said["reason"] = inputs.get("reason", "")
        for wanted in move.inputs:
            if wanted.required:
                said.setdefault(wanted.name, "")
        return _practice_act(record, move.name, by=by, at=at, version=version, **said)

    def before(self, record: Any, inputs: Inputs) -> dict[str, Any]:
        return {
            "move": inputs.get("move"),
            "state": record.state,
            "team": record.team_id,
            "assignee": record.assignee_id,
        }

    def undo(self, record: Any, before: Inputs, *, by: Any, at: datetime) -> Any:
        said: dict[str, Any] = {"by": by, "at": at}
        match before.get("move"):
            case "hold":
                return _practice_act(record, "resume", **said)
            case "resolve":
                return _practice_act(record, "reopen", reason=_("Taken back."), **said)
            case "start" if before.get("team") or before.get("assignee"):
                return Assign().do(record, {**before, "confirm_absent": True}, **said)
        raise no_way_back(_("this move has no way back"))

    def _said(self, inputs: Inputs) -> dict[str, Any]:
        plain = {name: value for name, value in inputs.items() if name not in {"move", "reason"}}
        said = {name: value for name, value in plain.items() if value not in (None, "", False)}
        if isinstance(said.get("wake_at"), str):
            said["wake_at"] = datetime.fromisoformat(said["wake_at"])
        return said


ACTS: dict[str, Act] = {act.name: act for act in (Assign(), Take(), SetPriority(), MakeMove(), SetService(), AddTags())}


def register(act: Act) -> None:
    """Let a practice add an act of its own, which has a page of its own too. Called from its app's `ready`."""
    ACTS[act.name] = act
