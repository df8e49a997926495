"""Parts of the change calendar that are written in Python."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from ..queries import conflicts
from ..views import calendar_writing as writing

register = template.Library()


@register.simple_tag
def period(starts_at: datetime, ends_at: datetime) -> str:
    """Thu 5 Mar 20:00 – 22:00, by the viewer's clock."""
    return conflicts.period(starts_at, ends_at)


@register.simple_tag
def schedule_entry(card: Any, day: date) -> SafeString:
    """An entry in the column of its day, from when until when."""
    return writing.entry(card, day, hours=True)


@register.simple_tag
def schedule_entries(cards: Iterable[Any], day: date, hours: bool = False) -> SafeString:
    """Entries of a day, as items of a list."""
    return writing.entries(cards, day, hours=hours)


@register.simple_tag
def schedule_month_day(day: Any) -> SafeString:
    """A day of the month, as a cell of its table."""
    return writing.month_day(day)


@register.simple_tag
def schedule_rows(cards: Iterable[Any], day: date, is_twin: bool) -> SafeString:
    """Entries of a day, as rows of a table."""
    return writing.rows(cards, day, is_twin=is_twin)


@register.simple_tag
def schedule_lane(lane: Any, is_collapsed: bool) -> SafeString:
    """The days of a lane, as cells of a table."""
    return writing.cells(lane, is_collapsed=is_collapsed)


@register.simple_tag
def schedule_options(choices: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """Choices of a filter."""
    return writing.options(choices, chosen)
