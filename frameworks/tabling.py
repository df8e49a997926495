"""The map as a table: a line for each point at which a practice plugs in, and for each step that nobody asks for."""

from collections.abc import Iterable, Iterator
from typing import Any

from .mapping import Row

HEAD = ["process", "step", "step name", "done here", "open records", "framework", "reference", "practice"]


def lines(rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Lines of a CSV file, in the columns of `HEAD`."""
    for row in rows:
        here = "; ".join(each.label for each in row.here)
        before = [row.step.process, row.step.id, row.step.name, here, row.records_count]
        for practice in row.all_practices:
            yield [*before, practice.pack.name, practice.ref, practice.name]
        if not row.practices:
            yield [*before, "", "", ""]
