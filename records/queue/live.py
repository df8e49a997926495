"""What has happened to a list since it was loaded: rows that changed, rows that left, rows that wait to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from ..models import Record
from .ordering import Order
from .rows import Row, rows_of
from .state import QueueState

MOST_WAITING = 99
# An act that began before the list was loaded may be committed after it.
LATE = timedelta(minutes=1)


@dataclass
class News:
    """
    :param changed: rows as they are now. :param gone: numbers of rows that no longer belong to the list.
    :param visible: numbers of the known rows that the viewer may still see.
    :param waiting: how many tickets belong on the page and are not there; counted up to 100.
    """

    changed: list[Row]
    gone: list[int]
    visible: set[int]
    waiting: int = 0
    marks: dict[int, str] = field(default_factory=dict)


def news_of(
    state: QueueState, *, known: Mapping[int, str], since: datetime, first: str, last: str, at: datetime
) -> News:
    """
    Compare what a browser shows with what is.

    Two statements while nothing has changed: the rows by their keys, and what was updated since by its index.

    :param known: number -> stamp of the rows shown. :param since: when they were loaded.
    :param first, last: cursors of the ends of the page where other pages begin; empty at the ends of the list.
    """
    viewer = state.scene.viewer
    shown = Record.objects.visible_to(viewer).filter(pk__in=known)
    changed, visible = rows_of(shown, columns=state.columns, order=Order("number"), viewer=viewer, at=at, known=known)
    numbers = [row.number for row in changed]
    matching = set(state.records.filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()
    gone = [number for number in known if number not in visible]
    gone += [number for number in numbers if number not in matching]
    waiting = _between(state.records.filter(updated_at__gt=since - LATE).exclude(pk__in=known), state, first, last)
    return News(changed, gone, visible, waiting.order_by()[: MOST_WAITING + 1].count())


def _between(rows: QuerySet[Any], state: QueueState, first: str, last: str) -> QuerySet[Any]:
    """Those that the order puts on the page."""
    if first:
        rows = state.order.apply(rows, cursor=first)
    if last:
        rows = state.order.apply(rows, cursor=last, is_backward=True)
    return rows
