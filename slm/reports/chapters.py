"""
What practices add to a service report: lists of records that concern the customer in the month.

A practice declares its chapter here, so that service level management needs to know no practice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .gathering.scope import Scope

ROWS_TOLD = 100


@dataclass(frozen=True)
class Chapter:
    """
    One list of records.

    :param name: unique; plans leave chapters out by it. :param empty: what stands there without any row.
    :param rows: the records of a customer and month, in order. :param note: what is said beside one: plain text.
    """

    name: str
    title: Any
    empty: Any
    rows: Callable[[Scope], Any]
    note: Callable[[Any], str]
    position: int = 50


_CHAPTERS: dict[str, Chapter] = {}


def register(chapter: Chapter) -> None:
    """Called from the `ready` of the practice."""
    _CHAPTERS[chapter.name] = chapter


def every() -> Iterable[Chapter]:
    """In the order of the report."""
    return sorted(_CHAPTERS.values(), key=lambda each: (each.position, each.name))


def find(name: str) -> Chapter | None:
    return _CHAPTERS.get(name)


def told(chapter: Chapter, scope: Scope) -> tuple[list[int], list[dict[str, Any]]]:
    """The keys of all its records, and what the report says of the first hundred."""
    rows = chapter.rows(scope)
    keys = list(rows.values_list("pk", flat=True))
    shown = [
        {
            "record": record.pk,
            "reference": record.reference,
            "title": record.title,
            "service": str(record.service or ""),
            "note": chapter.note(record),
        }
        for record in rows.select_related("service")[:ROWS_TOLD]
    ]
    return keys, shown
