"""
What happened beside the numbers: releases, freezes, agreements, improvements, marked on charts.

Practices register where theirs come from, so that measures know no practice. Each is told only to people who may see
what it is about.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.models import Entry
from records.models import Record

from ..periods import Range, start_of
from ..scope import Scope

MOST = 40


@dataclass(frozen=True)
class Mark:
    """
    Something that happened, or went on for a while (`ends_at`).

    :ivar kind: the name of its source. :ivar url: empty where there is nothing to open. :ivar by: who says so.
    """

    at: datetime
    kind: str
    label: str
    url: str
    ends_at: datetime | None = None
    by: str = ""


Find = Callable[[Scope, datetime, datetime], Iterable[Mark]]


@dataclass(frozen=True)
class Source:
    """:param find: what the viewer of the scope may know of between two moments, the end not included."""

    name: str
    label: Any
    find: Find


_SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make a source known; called from its app's `ready`."""
    _SOURCES[source.name] = source


def sources() -> list[Source]:
    return list(_SOURCES.values())


def marks_of(scope: Scope, span: Range, *, without: Iterable[str] = ()) -> list[Mark]:
    """What happened in these days, the earliest first; 40 of the latest at most. One statement or two a source."""
    if scope.is_empty:
        return []
    left_out = set(without)
    start, end = start_of(span.day_from), start_of(span.day_to)
    found = [mark for source in sources() if source.name not in left_out for mark in source.find(scope, start, end)]
    return sorted(found, key=lambda mark: mark.at)[-MOST:]


def of_records(name: str, words: Mapping[str, Any]) -> Find:
    """
    Acts on records, out of the log. :param words: action -> what is said of it, with `%(reference)s` and `%(title)s`.
    """

    def find(scope: Scope, start: datetime, end: datetime) -> list[Mark]:
        entries = logged("record", list(words), start, end)
        keys = {each["subject_id"] for each in entries}
        if not keys:
            return []
        rows = Record.objects.visible_to(scope.viewer).filter(pk__in=keys, is_sample=scope.is_sample)
        if service := scope.filters.get("service"):
            rows = rows.filter(service_id=service)
        known = rows.in_bulk()
        return [
            Mark(
                at=each["at"],
                kind=name,
                label=str(words[each["action"]]) % {"reference": record.reference, "title": record.title},
                url=record.get_absolute_url(),
            )
            for each in entries
            if (record := known.get(each["subject_id"]))
        ]

    return find


def logged(kind: str, actions: Sequence[str], start: datetime, end: datetime) -> list[Any]:
    """The latest acts of these names on things of one kind, by the index on actions."""
    rows = Entry.objects.filter(action__in=actions, subject_kind=kind, at__gte=start, at__lt=end)
    return list(rows.order_by("-at", "-pk").values("at", "action", "subject_id", "subject_label", "data")[:MOST])
