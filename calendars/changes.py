"""
Who is told when a calendar changes.

Two moments, because they promise different things. Recorders run inside the transaction of the act: what they
write is kept or undone together with it (the audit log). Listeners run after the commit and only for changed
hours: they start the work that follows, such as counting running clocks anew, and must be safe to run twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction


@dataclass(frozen=True)
class CalendarChange:
    """
    One act on a calendar.

    :param action: dotted name such as `calendar.hours_changed`.
    :param changes: field: [before, after], as plain values.
    """

    action: str
    calendar_id: int
    calendar_name: str
    version: int
    by: Any
    at: datetime
    changes: dict[str, list[Any]] = field(default_factory=dict)


Callback = Callable[[CalendarChange], None]

logger = logging.getLogger(__name__)
HOURS_CHANGED = "calendar.hours_changed"
_recorders: list[Callback] = []
_listeners: list[Callback] = []


def record_calendar_changes(callback: Callback) -> None:
    """Have every act on a calendar reported inside its transaction; an exception undoes the act."""
    if callback not in _recorders:
        _recorders.append(callback)


def on_calendar_changed(callback: Callback) -> None:
    """Have changed hours reported after their commit, in the process that changed them."""
    if callback not in _listeners:
        _listeners.append(callback)


def announce(change: CalendarChange) -> None:
    """Tell the recorders now and, if hours changed, the listeners after the commit."""
    for recorder in _recorders:
        recorder(change)
    if change.action == HOURS_CHANGED:
        transaction.on_commit(lambda: _tell_listeners(change))


def _tell_listeners(change: CalendarChange) -> None:
    """Tell every listener; one that fails is logged and keeps the news from nobody else: the change is committed."""
    for listener in _listeners:
        try:
            listener(change)
        except Exception:
            logger.exception("a listener failed after calendar %s changed", change.calendar_id)
