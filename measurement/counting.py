"""
Counting cells from the records: rows come as PostgreSQL sends them in binary, and are added up here column by column.

What takes PostgreSQL a sort over millions of rows is a few operations on columns. Rows are added up while they arrive;
only the cells are held.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import numpy as np
from django.conf import settings
from django.db import connection

from .cells import Cells, joined, number_of
from .declarations import Family
from .singles import NO_SINGLES, Array, Singles
from .statements import Reader, readers

_TYPES = {"date": ">i4", "bigint": ">i8"}
# "PGCOPY", a signature, flags and the length of an extension that is empty.
_HEAD_BYTES = 19
_SETTINGS = "SELECT set_config('timezone', %s, true), set_config('enable_seqscan', %s, true)"
_BLOCK_ROWS = 200_000


@contextmanager
def reporting_zone(*, is_by_index: bool = False) -> Iterator[None]:
    """
    Count days in the reporting zone, within a transaction: the zone of the session is at hand for every row.

    :param is_by_index: find rows by their indexes. Left to itself, the planner reads a table of records from end to end
        rather than look a week of clocks up.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS, [settings.TIME_ZONE, "off" if is_by_index else "on"])
        yield
        # After an error the end of the transaction puts them back.
        cursor.execute(_SETTINGS, ["UTC", "on"])


def count(family: Family, spans: Sequence[tuple[date, date]]) -> Cells:
    """
    The cells of a family in some runs of days, the ends not included, as the records say now.

    Within `reporting_zone`.
    """
    return _count(family, [(number_of(first), number_of(after)) for first, after in spans], spans)


def count_all(family: Family) -> Cells:
    """The cells of a family as the records say now, within `reporting_zone`."""
    return _count(family, [(number_of(date.min), number_of(date.max))], None)


def _count(family: Family, runs: Sequence[tuple[int, int]], spans: Sequence[tuple[date, date]] | None) -> Cells:
    parts: list[Cells] = []
    for reader in readers(family):
        sink = _Sink(reader, runs, family)
        sql, parameters = reader.statement(spans)
        with connection.cursor() as cursor:
            query = cursor.mogrify(sql, parameters).decode()
            cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", sink)
        parts += sink.finish()
    return joined(parts, len(family.amounts)).folded()


class _Sink:
    """Takes the rows of a reader as they come and adds them up, a block at a time."""

    def __init__(self, reader: Reader, runs: Sequence[tuple[int, int]], family: Family) -> None:
        self.reader, self.runs, self.family = reader, runs, family
        # Every column has a fixed length and is never empty, so rows are a table as they are: nothing is parsed.
        layout = [("count", ">i2")]
        for name, kind in (("place", "bigint"), *reader.columns):
            layout += [(f"length_{name}", ">i4"), (name, _TYPES[kind])]
        self.layout = np.dtype(layout)
        self.waiting: list[bytes] = []
        self.skipped = _HEAD_BYTES
        self.parts: list[Cells] = []

    def write(self, data: bytes) -> None:
        """Called for every row, so it does next to nothing."""
        self.waiting.append(data)
        if len(self.waiting) >= _BLOCK_ROWS:
            self._add_up()

    def finish(self) -> list[Cells]:
        self._add_up()
        return self.parts

    def _add_up(self) -> None:
        received = b"".join(self.waiting)
        count = max(0, len(received) - self.skipped) // self.layout.itemsize
        rows = np.frombuffer(received, self.layout, count, self.skipped) if count else np.zeros(0, self.layout)
        rest = received[self.skipped + count * self.layout.itemsize :] if count else received
        self.waiting, self.skipped = [rest], 0 if count else self.skipped
        self.parts += self._cells(rows)

    def _cells(self, rows: Array) -> Iterator[Cells]:
        places = rows["place"].astype(np.int64)
        for counted in self.reader.counted:
            days = rows[counted.day].astype(np.int64)
            inside = np.zeros(len(days), bool)
            for first, after in self.runs:
                inside |= (days >= first) & (days < after)
            days, here = days[inside], places[inside]
            own = np.zeros((len(counted.amounts), len(days)), np.int64)
            for at, amount in enumerate(counted.amounts.values()):
                own[at] = amount if isinstance(amount, int) else rows[amount][inside]
            cells = Cells(days, here, own).folded()
            amounts = np.zeros((len(self.family.amounts), len(cells.days)), np.int64)
            amounts[list(counted.amounts)] = cells.amounts
            column = dict(zip(counted.amounts, own, strict=True))
            singles = tuple(
                Singles.of(days, here, column[value], column[count]) if {value, count} <= column.keys() else NO_SINGLES
                for value, count in self.family.single_positions
            )
            yield Cells(cells.days, cells.places, amounts, singles)
