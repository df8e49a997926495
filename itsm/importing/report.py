"""Which rows were mended or refused, with line number and reason, and how many were taken as they stood."""

import csv
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from common.csvs import harmless

TAKEN, MENDED, REFUSED, LEFT = "taken", "mended", "refused", "left alone"
LONGEST_DETAIL = 500
_WEIGHTS = {LEFT: 1, MENDED: 2, REFUSED: 3}


class RowReport:
    """
    Written row by row to a CSV file. Reasons are counted, and rows once each, whatever was said of them.

    A large log needs no memory for it but a byte a line, up to the latest line of which anything was said.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: Counter[tuple[str, str]] = Counter()
        self._verdicts = bytearray()

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
        """Note one thing about one row; a row may be mended in several ways, and refused in the end."""
        self._writer.writerow([line, _cell(ticket), verdict, reason, _cell(detail)])
        self.reasons[verdict, reason] += 1
        self._judge(line, verdict)

    def leave(self, line: int) -> None:
        """Count a row whose ticket an earlier run has written; there is nothing to say of it."""
        self._judge(line, LEFT)

    def _judge(self, line: int, verdict: str) -> None:
        if line >= len(self._verdicts):
            self._verdicts.extend(bytes(line + 1 - len(self._verdicts)))
        self._verdicts[line] = max(self._verdicts[line], _WEIGHTS[verdict])

    def rows(self, total: int) -> dict[str, int]:
        """How many of `total` rows were taken as they stood, mended, refused, and left alone."""
        counts = {verdict: self._verdicts.count(weight) for verdict, weight in _WEIGHTS.items()}
        return {TAKEN: total - sum(counts.values())} | counts


def _cell(text: str) -> object:
    """A text of the log in one line of the report: shortened, and with what no file can hold replaced."""
    clean = " ".join(text[:LONGEST_DETAIL].encode("utf-8", "replace").decode().splitlines())
    return harmless(clean)
