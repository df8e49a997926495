"""The steps of the implementation: planned in order, started and ended with the moment and who did it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require
from records import changing
from records.events import EventKind

from ..enums import State, StepState
from ..models import Change, ChangeStep
from .editing import refuse_if_decided

ENDED = {StepState.DONE: "step_done", StepState.SKIPPED: "step_skipped", StepState.FAILED: "step_failed"}


def _lock(change: Change, *, by: Any, operation: str, version: int | None = None) -> Change:
    locked: Change = changing.lock(change)
    require(by, operation, locked)
    changing.require_version(locked, version)
    return locked


def _say(change: Change, act: str, step: ChangeStep, *, by: Any, at: datetime, reason: str = "") -> None:
    changing.save(change, (), at)
    changing.write_down(
        change,
        kind=EventKind.EDITED,
        action=f"change.{act}",
        by=by,
        at=at,
        reason=reason,
        data={"step": step.pk, "title": step.title},
    )


@transaction.atomic
def add_step(
    *,
    change: Change,
    by: Any,
    at: datetime,
    title: str,
    instructions: str = "",
    owner: Any = None,
    planned_from: datetime | None = None,
    planned_to: datetime | None = None,
) -> ChangeStep:
    """
    Add a step at the end of the plan. Under way too: what turns out to be needed is written down, not hidden.

    :raises NotAllowed: :raises Refused: no title, a window that ends before it begins, or the plan is being decided.
    """
    locked = _lock(change, by=by, operation="change.edit")
    if locked.state != State.IMPLEMENTING:
        refuse_if_decided(locked)
    title = " ".join(title.split())
    if not 1 <= len(title) <= 200:
        raise Refused.because("title", _("Say in 1 to 200 characters what is to be done."), "title")
    if planned_from is not None and planned_to is not None and planned_to <= planned_from:
        raise Refused.because("window_order", _("The step ends before it begins. Pick a later end."), "planned_to")
    latest = ChangeStep.objects.filter(change=locked).aggregate(latest=Max("position"))["latest"] or 0
    step = ChangeStep.objects.create(
        change=locked,
        position=latest + 1,
        title=title,
        instructions=instructions.replace("\x00", ""),
        owner=owner,
        planned_from=planned_from,
        planned_to=planned_to,
        is_unplanned=locked.state == State.IMPLEMENTING,
    )
    _say(locked, "step_added", step, by=by, at=at)
    return step


@transaction.atomic
def remove_step(*, step: ChangeStep, by: Any, at: datetime) -> None:
    """Take a step out of the plan. :raises Refused: the plan is being decided, or the step has begun."""
    locked = _lock(step.change, by=by, operation="change.edit")
    refuse_if_decided(locked)
    removed = ChangeStep.objects.select_for_update().get(pk=step.pk)
    ChangeStep.objects.filter(change=locked, position__gt=removed.position).update(position=F("position") - 1)
    _say(locked, "step_removed", removed, by=by, at=at)
    removed.delete()


@transaction.atomic
def move_step(*, step: ChangeStep, by: Any, at: datetime, position: int) -> ChangeStep:
    """Put a step at another place of the order, 1 being the first. :raises Refused: the plan is being decided."""
    locked = _lock(step.change, by=by, operation="change.edit")
    refuse_if_decided(locked)
    steps = list(ChangeStep.objects.select_for_update().filter(change=locked))
    moved = next(each for each in steps if each.pk == step.pk)
    steps.remove(moved)
    steps.insert(max(0, min(position - 1, len(steps))), moved)
    for index, each in enumerate(steps, start=1):
        each.position = index
    ChangeStep.objects.bulk_update(steps, ["position"])
    _say(locked, "step_moved", moved, by=by, at=at)
    return moved


@transaction.atomic
def start_step(*, step: ChangeStep, by: Any, at: datetime) -> ChangeStep:
    """Stamp the beginning of a step. :raises Refused: the change is not being implemented, or it began before."""
    locked, begun = _under_way(step, by=by)
    if begun.state != StepState.PLANNED:
        raise Refused.because("begun", _("This step has begun already. Reload the page."))
    begun.state, begun.began_at = StepState.RUNNING, at
    begun.save(update_fields=["state", "began_at"])
    _say(locked, "step_started", begun, by=by, at=at)
    return begun


@transaction.atomic
def end_step(*, step: ChangeStep, by: Any, at: datetime, state: str, note: str = "") -> ChangeStep:
    """
    Stamp the end of a step.

    :param state: done, skipped or failed; the last two say why in `note`.
    :raises NotAllowed: :raises Refused: no reason, it has ended before, or the change is not being implemented.
    """
    locked, ended = _under_way(step, by=by)
    if state not in ENDED:
        raise Refused.because("state", _("A step ends as done, skipped or failed."), "state")
    if ended.ended_at is not None:
        raise Refused.because("ended", _("This step has ended already. Reload the page."))
    note = " ".join(note.split())[:300]
    if state != StepState.DONE and not note:
        raise Refused.because("note", _("Say why it was not done."), "note")
    ended.state, ended.note, ended.ended_at, ended.ended_by = StepState(state), note, at, by
    ended.began_at = ended.began_at or (at if state != StepState.SKIPPED else None)
    ended.save(update_fields=["state", "note", "ended_at", "ended_by", "began_at"])
    _say(locked, ENDED[StepState(state)], ended, by=by, at=at, reason=note)
    return ended


@transaction.atomic
def reopen_step(*, step: ChangeStep, by: Any, at: datetime) -> ChangeStep:
    """Take the end of a step back: it runs again. :raises Refused: it has not ended."""
    locked, opened = _under_way(step, by=by)
    if opened.ended_at is None:
        raise Refused.because("open", _("This step is still open. Reload the page."))
    opened.state = StepState.RUNNING if opened.began_at else StepState.PLANNED
    opened.ended_at, opened.ended_by, opened.note = None, None, ""
    opened.save(update_fields=["state", "ended_at", "ended_by", "note"])
    _say(locked, "step_reopened", opened, by=by, at=at)
    return opened


def _under_way(step: ChangeStep, *, by: Any) -> tuple[Change, ChangeStep]:
    locked = _lock(step.change, by=by, operation="change.implement")
    if locked.state != State.IMPLEMENTING:
        raise Refused.because(
            "wrong_state",
            _("%(reference)s is %(state)s. Steps are stamped while it is implemented.")
            % {"reference": locked.reference, "state": locked.state_label},
        )
    return locked, ChangeStep.objects.select_for_update().get(pk=step.pk)


def skip_open_steps(*, change: Change, by: Any, at: datetime, note: str) -> None:
    """End every open step as skipped, all for the same reason; part of backing out."""
    still_open = ChangeStep.objects.filter(change=change, ended_at=None).order_by("position")
    for step in still_open.select_related("change"):
        end_step(step=step, by=by, at=at, state=StepState.SKIPPED, note=note)
