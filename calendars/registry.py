"""
Compiled calendars, kept in the process.

A clock row holds the calendar and the version that it is counted with, so a page of fifty clocks asks
`business_time(calendar_id, version)` and usually needs no query. What is current is one small query over all
calendars, at most every five seconds. A clock started in those seconds may carry the version before the last:
whoever counts clocks anew after a change looks for every running clock whose version is not the current one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from django.db.models import F

from .business_time import BusinessTime
from .models import Calendar, CalendarVersion

SECONDS_BETWEEN_LOOKS = 5.0


@dataclass(frozen=True)
class Current:
    """The version in force now, with its arithmetic."""

    version: int
    time: BusinessTime


_lock = Lock()
# With the key of the version row: a number is used again after a rolled back change, a key never.
_compiled: dict[tuple[int, int], tuple[int, BusinessTime]] = {}
_numbers: dict[int, int] = {}
_looked_at = float("-inf")


def load_current() -> Mapping[int, int]:
    """Look up the current version of every calendar, with one query: calendar to version."""
    global _looked_at  # noqa: PLW0603 - one snapshot for the process
    rows = list(
        CalendarVersion.objects.filter(number=F("calendar__version")).values_list("calendar_id", "number", "id")
    )
    with _lock:
        _numbers.clear()
        for calendar_id, number, version_id in rows:
            _numbers[calendar_id] = number
            known = _compiled.get((calendar_id, number))
            if known is not None and known[0] != version_id:
                del _compiled[calendar_id, number]
        _looked_at = monotonic()
        return dict(_numbers)


def current(calendar_id: int) -> Current:
    """
    Give the version in force and its arithmetic, at most five seconds old.

    :raises Calendar.DoesNotExist: there is no such calendar.
    """
    number = _numbers.get(calendar_id)
    if number is None or monotonic() - _looked_at > SECONDS_BETWEEN_LOOKS:
        number = load_current().get(calendar_id)
    if number is None:
        raise Calendar.DoesNotExist(f"There is no calendar {calendar_id}.")
    return Current(version=number, time=business_time(calendar_id, number))


def business_time(calendar_id: int, version: int | None = None) -> BusinessTime:
    """
    Give the arithmetic of one version of a calendar, the current one if none is named.

    The first question about a version in this process costs a query, later ones none.

    :raises CalendarVersion.DoesNotExist: the calendar never had this version.
    :raises Calendar.DoesNotExist: there is no such calendar.
    """
    if version is None:
        return current(calendar_id).time
    known = _compiled.get((calendar_id, version))
    if known is not None:
        return known[1]
    row = CalendarVersion.objects.get(calendar_id=calendar_id, number=version)
    time = BusinessTime(row.as_spec())
    with _lock:
        _compiled[calendar_id, version] = (row.pk, time)
    return time


def preload(wanted: Mapping[int, set[int]] | set[tuple[int, int]]) -> None:
    """Compile several (calendar, version) pairs with one query, for work over many clocks."""
    pairs = (
        wanted if isinstance(wanted, set) else {(key, number) for key, numbers in wanted.items() for number in numbers}
    )
    missing = {pair for pair in pairs if pair not in _compiled}
    if not missing:
        return
    rows = CalendarVersion.objects.filter(calendar_id__in={calendar_id for calendar_id, _number in missing})
    for row in rows.filter(number__in={number for _calendar_id, number in missing}):
        if (row.calendar_id, row.number) in missing:
            with _lock:
                _compiled[row.calendar_id, row.number] = (row.pk, BusinessTime(row.as_spec()))


def forget(calendar_id: int) -> None:
    """Drop what is known about a calendar in this process: its hours have just changed."""
    with _lock:
        _numbers.pop(calendar_id, None)
        for key in [key for key in _compiled if key[0] == calendar_id]:
            del _compiled[key]


def clear() -> None:
    """Drop everything, as at the start of the process."""
    global _looked_at  # noqa: PLW0603 - one snapshot for the process
    with _lock:
        _numbers.clear()
        _compiled.clear()
        _looked_at = float("-inf")
