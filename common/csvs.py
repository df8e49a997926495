"""Tables as CSV files that a spreadsheet opens without running anything (OWASP ASVS 5.0 V1.2.10)."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

_OPENINGS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: Any) -> Any:
    """
    Put an apostrophe before a text that a spreadsheet would calculate; numbers stay numbers.

    Blanks and characters that nobody sees are trimmed before looking, for a spreadsheet trims them too.
    """
    if isinstance(value, int | float):
        return value
    text = str(value)
    seen = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Zs"})
    return f"'{text}" if seen.startswith(_OPENINGS) or text.startswith(_OPENINGS) else value


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
