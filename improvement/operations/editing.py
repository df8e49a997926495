"""Fields of an improvement that no move owns, and the ways that are weighed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from records import operations
from records.operations.saying import locked_for, say

from ..enums import Step
from ..models import Improvement, Option
from .creation import refuse_unknown_goal
from .triage import refuse_off_scale
from .working import worked_on

EDITABLE = frozenset({
    "title", "description", "requester", "service", "category", "location", "tags", "impact", "urgency", "team",
    "assignee", "owner", "goal", "size",
})  # fmt: skip
MOST_OPTIONS = 20


@transaction.atomic
def edit(
    *, improvement: Improvement, by: Any, at: datetime, values: Mapping[str, Any], reason: str = "",
    version: int | None = None,
) -> Improvement:  # fmt: skip
    """
    Change fields that no move owns, those of `EDITABLE`.

    :raises NotAllowed: :raises Stale: :raises Refused: as `records.operations.edit`, or a goal that one does not see.
    """
    locked = locked_for(improvement, by=by, operation="improvement.edit", version=version)
    goal = values.get("goal")
    if goal is not None and goal.pk != locked.goal_id:
        refuse_unknown_goal(goal, by)
    if "goal" in values and goal is None and locked.is_started:
        raise Refused.because("goal", _("It is being worked on, for a goal. Name another goal instead."), "goal")
    if "owner" in values and values["owner"] is None and locked.is_started:
        raise Refused.because("owner", _("It is being worked on. Name another owner instead."), "owner")
    operations.edit(
        record=improvement,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE,
        operation="improvement.edit",
        reason=reason,
        version=version,
    )
    return Improvement.objects.get(pk=locked.pk)


@transaction.atomic
def add_option(
    *, improvement: Improvement, by: Any, at: datetime, text: str, value: int, effort: int, risk: int
) -> Option:
    """Weigh one way to get there. :raises NotAllowed: :raises Refused: no text, out of the scale, too many."""
    locked, text = worked_on(improvement, by=by), one_line(text)[:301]
    if not 1 <= len(text) <= 300:
        raise Refused.because("text", _("Describe the way in 1 to 300 characters."), "text")
    refuse_off_scale(value=value, effort=effort, risk=risk)
    if Option.objects.filter(improvement=locked, loop=locked.loop).count() >= MOST_OPTIONS:
        raise Refused.because("many", _("There are 20 ways already. Take one out first."), "text")
    made = Option.objects.create(improvement=locked, loop=locked.loop, text=text, value=value, effort=effort, risk=risk)
    say(locked, "option_added", by=by, at=at, title=text, step=int(Step.WAY))
    return made


@transaction.atomic
def choose_option(*, option: Option, by: Any, at: datetime) -> Option:
    """Choose this way; another one that was chosen is no longer. :raises NotAllowed: :raises Refused: it is chosen."""
    locked = worked_on(option.improvement, by=by)
    chosen = _present(option, locked)
    if chosen.is_chosen:
        raise Refused.because("chosen", _("This way is chosen already."))
    Option.objects.filter(improvement=locked, loop=locked.loop, is_chosen=True).update(is_chosen=False)
    chosen.is_chosen = True
    chosen.save(update_fields=["is_chosen"])
    say(locked, "option_chosen", by=by, at=at, title=chosen.text)
    return chosen


@transaction.atomic
def remove_option(*, option: Option, by: Any, at: datetime) -> None:
    """Take a way out that is not weighed any more. :raises NotAllowed: :raises Refused: of an earlier loop."""
    locked = worked_on(option.improvement, by=by)
    removed = _present(option, locked)
    say(locked, "option_removed", by=by, at=at, title=removed.text)
    removed.delete()


def _present(option: Option, locked: Improvement) -> Option:
    found = Option.objects.filter(pk=option.pk, improvement=locked).first()
    if found is None:
        raise Refused.because("gone", _("Somebody has taken it out already."))
    if found.loop != locked.loop:
        raise Refused.because("loop", _("It belongs to an earlier loop, which stays as it was."))
    return found
