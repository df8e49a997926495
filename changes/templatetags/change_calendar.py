"""Entries of the change calendar, written in Python: a template include for each of a few hundred costs more."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from ..queries import conflicts

register = template.Library()


@register.simple_tag
def period(starts_at: datetime, ends_at: datetime) -> str:
    """Thu 5 Mar 20:00 – 22:00, by the viewer's clock."""
    return conflicts.period(starts_at, ends_at)


@register.simple_tag
def schedule_entry(card: Any, day: date | None = None, hours: bool = False, again: bool = False) -> SafeString:
    """
    :param day: in whose column it stands; it shows its time on that day, or with `hours` from when until when.
    :param again: it stands elsewhere on the page as well, and has its place there.
    """
    if day is None:
        return card.written("", is_first=not again)
    begins = card.starts.date() == day
    until = f"{card.ends:%H:%M}" if hours and begins else ""
    return card.written(card.times_on(day), until=until, is_first=not again and begins)
