"""What is and is not hit, and what happened when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from records.operations.editing import check_fields

from ..models import Comparison, Problem, TimelineEvent
from .analysis import analyzed, say

TEXTS = ("is_text", "is_not_text", "distinction", "change")
MOST_ROWS = 100
MOST_EVENTS = 500


@transaction.atomic
def compare(*, problem: Problem, by: Any, at: datetime, dimension: str, values: Mapping[str, str]) -> Comparison:
    """
    Add a row to the is / is-not table.

    :param dimension: one of `Dimension`. :param values: `is_text`, `is_not_text`, `distinction`, `change`.
    :raises NotAllowed: :raises Refused: nothing is said, or the problem is closed.
    """
    locked = analyzed(problem, by=by)
    count = Comparison.objects.filter(problem=locked).count()
    if count >= MOST_ROWS:
        raise Refused.because("too_many", _("The table has %(limit)s rows already.") % {"limit": MOST_ROWS})
    row = Comparison(problem=locked, dimension=dimension, position=count + 1)
    _say_in(row, values)
    row.save()
    say(locked, "comparison_added", by=by, at=at, comparison=row.pk, text=row.is_text or row.is_not_text)
    return row


@transaction.atomic
def change_comparison(*, comparison: Comparison, by: Any, at: datetime, values: Mapping[str, str]) -> Comparison:
    """Change the texts of a row. :raises Refused: nothing would be left of it."""
    locked = analyzed(comparison.problem, by=by)
    row = Comparison.objects.get(pk=comparison.pk)
    before = {name: getattr(row, name) for name in TEXTS}
    _say_in(row, values)
    after = {name: getattr(row, name) for name in TEXTS}
    if after != before:
        row.save()
        say(locked, "comparison_changed", by=by, at=at, comparison=row.pk, text=row.is_text or row.is_not_text,
            before=before)  # fmt: skip
    return row


@transaction.atomic
def remove_comparison(*, comparison: Comparison, by: Any, at: datetime) -> None:
    """Take a row away; the log keeps its texts."""
    locked = analyzed(comparison.problem, by=by)
    said = {name: getattr(comparison, name) for name in TEXTS}
    key = comparison.pk
    comparison.delete()
    say(locked, "comparison_removed", by=by, at=at, comparison=key, text=said["is_text"] or said["is_not_text"],
        before=said)  # fmt: skip


@transaction.atomic
def add_event(*, problem: Problem, by: Any, at: datetime, happened_at: datetime, text: str) -> TimelineEvent:
    """
    Write down something that happened and that no record tells.

    :raises NotAllowed: :raises Refused: no text, a moment to come, or 500 events already.
    """
    locked = analyzed(problem, by=by)
    if happened_at > at:
        raise Refused.because("later", _("This has not happened yet. Choose an earlier moment."), "happened_at")
    if TimelineEvent.objects.filter(problem=locked).count() >= MOST_EVENTS:
        raise Refused.because("too_many", _("There are %(limit)s events already.") % {"limit": MOST_EVENTS})
    event = TimelineEvent(problem=locked, happened_at=happened_at, text=one_line(text), by=by, at=at)
    check_fields(event, ["text"])
    event.save()
    say(locked, "event_added", by=by, at=at, event=event.pk, text=event.text)
    return event


@transaction.atomic
def remove_event(*, event: TimelineEvent, by: Any, at: datetime) -> None:
    """Take an event away; the log keeps its words."""
    locked = analyzed(event.problem, by=by)
    key, text = event.pk, event.text
    event.delete()
    say(locked, "event_removed", by=by, at=at, event=key, text=text)


def _say_in(row: Comparison, values: Mapping[str, str]) -> None:
    for name in TEXTS:
        if name in values:
            setattr(row, name, one_line(values[name]))
    if not any(getattr(row, name) for name in TEXTS):
        raise Refused.because("empty", _("The row is empty. Say in one of its fields what is the case."), "is_text")
    check_fields(row, ["dimension", *TEXTS])
