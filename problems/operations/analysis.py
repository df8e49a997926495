"""The tree of causes: grow it, change it, order it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from people.access import require
from records import changing
from records.events import EventKind
from records.operations.editing import check_fields, refuse_if_closed

from ..enums import CauseMethod
from ..models import Cause, Problem

MOST_CAUSES = 500
DEEPEST = 12
CHANGEABLE = frozenset({"text", "method", "group", "confidence"})
DIRECTIONS = ("up", "down", "in", "out")


def analyzed(problem: Any, *, by: Any) -> Problem:
    """
    The problem, locked for a change of its analysis.

    :raises NotAllowed: :raises Refused: the problem is closed.
    """
    locked: Problem = changing.lock(problem)
    require(by, "problem.analyze", locked)
    refuse_if_closed(locked)
    return locked


def say(problem: Problem, act: str, *, by: Any, at: datetime, reason: str = "", **data: Any) -> None:
    """Log a change of the analysis and give the problem a new version, so that two people notice each other."""
    changing.save(problem, (), at)
    changing.write_down(problem, kind=EventKind.EDITED, action=f"problem.{act}", by=by, at=at, reason=reason, data=data)


@transaction.atomic
def add_cause(
    *,
    problem: Problem,
    by: Any,
    at: datetime,
    text: str,
    parent: Cause | None = None,
    after: Cause | None = None,
    method: str = "",
    group: str = "",
    confidence: int = 1,
) -> Cause:
    """
    Write down an answer to “why?”.

    :param parent: what it explains; None for the problem itself. :param after: the sibling above; last when not given.
    :param method: one of `CauseMethod`; by default what the problem is analyzed with.
    :raises NotAllowed: :raises Refused: no text, 500 causes already, deeper than 12, or the problem is closed.
    """
    locked = analyzed(problem, by=by)
    if after is not None:
        parent = after.parent
    if Cause.objects.filter(problem=locked).count() >= MOST_CAUSES:
        raise Refused.because(
            "too_many", _("There are %(limit)s causes already. Rule some out first.") % {"limit": MOST_CAUSES}, "text"
        )
    if _depth(parent) >= DEEPEST:
        raise Refused.because("too_deep", _("The chain of whys is %(limit)s deep already.") % {"limit": DEEPEST})
    siblings = Cause.objects.filter(problem=locked, parent=parent)
    if after is None:
        position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    else:
        position = after.position + 1
        siblings.filter(position__gte=position).update(position=F("position") + 1)
    default = locked.method if locked.method in CauseMethod.values else CauseMethod.FIVE_WHYS
    cause = Cause(
        problem=locked,
        parent=parent,
        position=position,
        method=method or default,
        group=group,
        text=one_line(text),
        confidence=confidence,
        by=by,
        at=at,
    )
    check_fields(cause, ["text", "method", "group", "confidence"])
    cause.save()
    say(locked, "cause_added", by=by, at=at, cause=cause.pk, text=cause.text)
    return cause


@transaction.atomic
def change_cause(*, cause: Cause, by: Any, at: datetime, values: Mapping[str, Any]) -> Cause:
    """
    Change `text`, `method`, `group` or `confidence`; the log keeps the earlier words.

    :raises NotAllowed: :raises Refused: another field, or a value that does not fit.
    """
    locked = analyzed(cause.problem, by=by)
    fresh = fresh_cause(cause)
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise Refused.because("unknown_field", _("“%(name)s” can't be changed this way.") % {"name": min(unknown)})
    before = changing.snapshot(fresh)
    for name, value in values.items():
        setattr(fresh, name, one_line(value) if name == "text" else value)
    check_fields(fresh, values)
    changes = changing.differences(fresh, before)
    if changes:
        fresh.save(update_fields=sorted(changes))
        say(locked, "cause_changed", by=by, at=at, cause=fresh.pk, text=fresh.text,
            changes={name: list(pair) for name, pair in changes.items()})  # fmt: skip
    return fresh


@transaction.atomic
def move_cause(*, cause: Cause, by: Any, at: datetime, direction: str) -> Cause:
    """
    Move a cause with everything below it: `up` or `down` among its siblings, `in` below the sibling above it, `out`
    beside its parent. Where there is no way to go nothing happens.

    :raises NotAllowed: :raises Refused: no such direction, or deeper than 12.
    """
    if direction not in DIRECTIONS:
        raise Refused.because("unknown_direction", _("Causes move up, down, in or out."), "direction")
    locked = analyzed(cause.problem, by=by)
    fresh = fresh_cause(cause)
    siblings = list(Cause.objects.filter(problem=locked, parent=fresh.parent_id).order_by("position", "id"))
    index = next(number for number, each in enumerate(siblings) if each.pk == fresh.pk)
    if direction in ("up", "down"):
        other = index + (-1 if direction == "up" else 1)
        if not 0 <= other < len(siblings):
            return fresh
        siblings[index], siblings[other] = siblings[other], siblings[index]
        _number(siblings)
    elif direction == "in":
        if index == 0:
            return fresh
        parent = siblings[index - 1]
        if _depth(parent) + _height(fresh) > DEEPEST:
            raise Refused.because("too_deep", _("The chain of whys is %(limit)s deep already.") % {"limit": DEEPEST})
        last = Cause.objects.filter(parent=parent).aggregate(last=Max("position"))["last"] or 0
        Cause.objects.filter(pk=fresh.pk).update(parent=parent, position=last + 1)
    else:
        if fresh.parent is None:
            return fresh
        beside = list(Cause.objects.filter(problem=locked, parent=fresh.parent.parent_id).order_by("position", "id"))
        place = next(number for number, each in enumerate(beside) if each.pk == fresh.parent_id)
        Cause.objects.filter(pk=fresh.pk).update(parent=fresh.parent.parent_id)
        _number([*beside[: place + 1], fresh, *beside[place + 1 :]])
    say(locked, "cause_moved", by=by, at=at, cause=fresh.pk, text=fresh.text, direction=direction)
    return fresh_cause(fresh)


def fresh_cause(cause: Cause) -> Cause:
    """The cause as it is now, with its parent."""
    return Cause.objects.select_related("parent").get(pk=cause.pk)


def _number(causes: list[Cause]) -> None:
    for position, each in enumerate(causes, start=1):
        Cause.objects.filter(pk=each.pk).exclude(position=position).update(position=position)


def _depth(cause: Cause | None) -> int:
    depth = 0
    while cause is not None:
        depth, cause = depth + 1, cause.parent
    return depth


def _height(cause: Cause) -> int:
    """Levels of the cause and of what is below it."""
    height, level = 0, [cause.pk]
    while level:
        height += 1
        level = list(Cause.objects.filter(parent__in=level).values_list("pk", flat=True))
    return height
