"""What a person has pinned, with the numbers of their own rights."""

from datetime import datetime
from typing import Any

from .. import filters
from ..dashboards.enums import Kind
from ..dashboards.models import Dashboard, Tile
from ..dashboards.showing import Board, Shown
from .models import Pin


def pinned(user: Any, *, at: datetime) -> list[Shown]:
    """The numbers of the latest 30 days. One statement without pins, else six for each set of filters."""
    pins = list(Pin.objects.visible_to(user))
    if not pins:
        return []
    # A dashboard that nobody saved: one tile for each pin, under the key of the pin.
    tiles = [Tile(pk=each.pk, kind=Kind.NUMBER, kpi=each.kpi, filters=each.filters) for each in pins]
    asked = filters.read({}, user, at=at, operation="kpi.view")
    return Board(Dashboard(), tiles, asked, user, at).shown()


def pin_of(user: Any, kpi: str, chosen: dict[str, str]) -> Pin | None:
    """The pin of a measure with these filters on the person's first page."""
    found: Pin | None = Pin.objects.visible_to(user).filter(kpi=kpi, filters=chosen).first()
    return found
