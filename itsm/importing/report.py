"""Which rows were mended or refused, with line number and reason, and how many were taken as they stood."""

import csv
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from common.csvs import harmless

TAKEN, MENDED, REFUSED = "taken", "mended", "refused"


class RowReport:
    """Written row by row to a CSV file, so that a large log needs no memory for it. Reasons are counted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: Counter[tuple[str, str]] = Counter()
        self.rows: Counter[str] = Counter()
        self._mended_lines: set[int] = set()

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file)
        self._writer.writerow(["line", "ticket", "verdict", "reason", "detail"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def say(self, line: int, ticket: str, verdict: str, reason: str, detail: str = "") -> None:
        """Note one thing about one row; a row may be mended in several ways."""
        self._writer.writerow([line, harmless(ticket), verdict, reason, harmless(detail)])
        self.reasons[verdict, reason] += 1
        if verdict == REFUSED:
            self.rows[REFUSED] += 1
        elif line not in self._mended_lines:
            self._mended_lines.add(line)
            self.rows[MENDED] += 1

    def end_batch(self) -> None:
        """Forget which lines were mended: the rows of a ticket never come back in a later batch."""
        self._mended_lines.clear()
