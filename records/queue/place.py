"""Where a record stands in a list: its position and its neighbors, by key, whatever page they are on."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common.refs import format_reference

from .. import practices
from ..models import Record
from .state import MOST_COUNTED, QueueState


@dataclass(frozen=True)
class Place:
    """
    :param position: counted from 1; None when the record is no longer in the list, or stands behind the 1,000th.
    :param total: of the list, up to 1,001. :param before, after: addresses of the neighbors; empty at an end.
    """

    position: int | None
    total: int
    before: str
    after: str


def place_of(state: QueueState, number: int) -> Place | None:
    """
    Find the record's place. One that has left the list keeps its neighbors: those beside which it would stand.

    Costs the same wherever it stands: what comes before it is counted up to 1,000. None for what can't be seen.
    """
    viewer = state.scene.viewer
    order = state.order
    values = Record.objects.visible_to(viewer).filter(pk=number).values_list(*order.columns).first()
    if values is None:
        return None
    cursor = order.write(values)
    if order.read(cursor) is None:
        return None  # never resolved, in a list by resolution
    earlier = order.apply(state.records, cursor=cursor, is_backward=True)
    later = order.apply(state.records, cursor=cursor)
    is_in_it = state.records.filter(pk=number).exists()
    count = earlier.order_by()[:MOST_COUNTED].count() if is_in_it else MOST_COUNTED
    return Place(
        position=count + 1 if count < MOST_COUNTED else None,
        total=state.figures["total"],
        before=_address(earlier),
        after=_address(later),
    )


def _address(rows: QuerySet[Any]) -> str:
    row = rows.values_list("pk", "kind").first()
    if row is None:
        return ""
    practice = practices.of(row[1])
    return f"/{practice.slug}/{format_reference(practice.prefix, row[0])}/"
