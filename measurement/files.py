"""Tables as CSV files that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it."""
    if not isinstance(value, int | float) and str(value).startswith(_STARTS_FORMULA):
        return f"'{value}"
    return value


class _Echo:
    """Gives every line back as soon as it is written."""

    def write(self, line: str) -> str:
        return line


def answer(name: str, head: Iterable[Any], lines: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """The file as an answer, line by line; UTF-8 with a mark, which spreadsheets need to read names right."""

    def told() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff"
        yield writer.writerow(head)
        for line in lines:
            yield writer.writerow([harmless(value) for value in line])

    response = StreamingHttpResponse(told(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
