"""Read the log row by row and stage it in the database, so that its order and size don't matter."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import connection

from common.copying import copy_rows

from .mapping import Mapping
from .report import MENDED, REFUSED, RowReport

STAGING = "import_staging"
COLUMNS = ("ticket", "at", "line", "cells", "fingerprint")
ROWS_A_COPY = 20_000
LONGEST_CELL = 10_000
LONGEST_CASE = 120  # as long as the number by which another ticket points at it
# What our own columns hold, less what goes before a person's name in the key by which a second run finds them.
LONGEST = dict.fromkeys(("by", "requester", "opened_by", "resolved_by", "assignee"), 150) | {
    "team": 200, "organization": 200, "service": 200, "item": 200, "title": 200, "symptom": 200,
    "category": 120, "subcategory": 120, "location": 120, "source": 120,
}  # fmt: skip
SHORTEST = min(LONGEST.values())
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
PACKED = b"\x1f\x8b"
LONGEST_HEADER = 500
SEPARATOR = "\x1f"
DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}
BROKEN_FILE = (csv.Error, UnicodeError, OSError, EOFError, zlib.error)


class LogProblem(Exception):
    """The log as a whole can't be read; the sentence says why."""


@dataclass(frozen=True)
class Row:
    """One row of the log: who it is about, when, and its mapped cells (unknown ones left out)."""

    line: int
    case: str
    at: datetime
    cells: dict[str, str]
    fingerprint: int


class Moments:
    """
    Reads local moments of the log's zone. Moments repeat a lot in a log, so each text is read once.

    A log tells what was: moments before 1970 and those to come are slips, and no clock can be run over them.
    """

    KEPT = 100_000

    def __init__(self, mapping: Mapping, *, at: datetime) -> None:
        """:param at: the present moment; a day more is let pass, for the zone of a log is often a guess."""
        self._zone, self._formats = mapping.zone, mapping.date_formats
        self._latest = at + timedelta(days=1)
        self._known: dict[str, tuple[datetime | None, str]] = {}

    def read(self, text: str) -> tuple[datetime | None, str]:
        """The moment in UTC and what had to be mended; None and why when the text is no moment that a log can tell."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= self.KEPT:
                self._known.clear()
            known = self._known[text] = self._read(text)
        return known

    def _read(self, text: str) -> tuple[datetime | None, str]:
        local = self._local(text)
        if local is None:
            return None, "is not in the format of the mapping"
        try:
            moment = (local if local.tzinfo else local.replace(tzinfo=self._zone)).astimezone(UTC)
        except OverflowError:
            return None, "lies before 1970 or in the future"
        if not EARLIEST <= moment <= self._latest:
            return None, "lies before 1970 or in the future"
        if local.tzinfo is not None:
            return moment, ""
        if moment.astimezone(self._zone).replace(tzinfo=None) != local:
            return moment, "the clock was put forward over this moment; taken as the moment after the gap"
        if self._zone.utcoffset(local) != self._zone.utcoffset(local.replace(fold=1)):
            return moment, "this hour happened twice; taken as the first time"
        return moment, ""

    def _local(self, text: str) -> datetime | None:
        for each in self._formats:
            try:
                return datetime.strptime(text, each)  # noqa: DTZ007 - the caller puts the zone on
            except ValueError:
                continue
        return None


def open_log(path: Path, mapping: Mapping) -> IO[str]:
    """:raises LogProblem: no such file, or no file that can be read."""
    try:
        raw: Any = path.open("rb")
        if raw.peek(len(PACKED)).startswith(PACKED):
            raw = gzip.open(raw, "rb")  # noqa: SIM115 - closed by the caller
    except OSError as error:
        raise LogProblem(f"{path} can't be opened: {error.strerror}. Check the name and your rights.") from error
    return io.TextIOWrapper(raw, encoding=mapping.encoding, errors="surrogateescape", newline="")


def rows_of(file: IO[str], mapping: Mapping, report: RowReport, *, at: datetime) -> Iterator[Row | None]:
    """
    Yield each row, or None for one that is refused; the report gets its line and reason.

    :raises LogProblem: no header, or columns that the mapping names are missing in it.
    """
    csv.field_size_limit(2**20)
    reader = csv.reader(file, delimiter=mapping.delimiter)
    try:
        header = [name.strip() for name in next(reader)]
    except StopIteration:
        raise LogProblem("The log is empty; its first line must name the columns.") from None
    except BROKEN_FILE as error:
        raise LogProblem(f"The first line of the log can't be read: {error}.") from error
    missing = [name for name in mapping.column_names() if name not in header]
    if missing:
        raise LogProblem(_missing(missing, header, mapping))
    taker = _Taker(header, mapping, report, at=at)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            detail = f"{error}; lines {line} to {reader.line_num}" if reader.line_num > line else str(error)
            report.say(line, "", REFUSED, "the line is no row of a table", detail)
            yield None
            continue
        except BROKEN_FILE as error:
            report.say(line, "", REFUSED, "the file breaks off here", str(error))
            yield None
            return
        if cells:
            yield taker.take(line, reader.line_num, cells)


def _missing(names: list[str], header: list[str], mapping: Mapping) -> str:
    """The log lacks these columns, and what is probably wrong with the mapping."""
    has = ", ".join(header)[:LONGEST_HEADER]
    sentence = f"The log has no column {', '.join(f'“{name}”' for name in names)}. It has: {readable(has)}."
    if any("\udc80" <= letter <= "\udcff" for letter in has) or "\x00" in has:
        return f'{sentence} It is not written in {mapping.encoding}: try encoding = "cp1252" or "utf-16".'
    other = next((each for each in DELIMITERS if each in has and each != mapping.delimiter), None)
    if len(header) == 1 and other:
        return f"{sentence} Its columns seem to be apart by {DELIMITERS[other]}: set delimiter = {json.dumps(other)}."
    return sentence


def readable(text: str) -> str:
    """The text with what no terminal can show replaced."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


class _Taker:
    """Takes or refuses one row after another."""

    def __init__(self, header: list[str], mapping: Mapping, report: RowReport, *, at: datetime) -> None:
        self._width = len(header)
        wanted = {name: header.index(column) for name, column in mapping.columns.items()}
        wanted |= {f"> {column}": header.index(column) for column in mapping.pointing_columns()}
        self._case, self._at = wanted["case"], wanted["at"]
        self._wanted = [(name, index) for name, index in wanted.items() if name != "case"]
        self._unknown, self._report, self._moments = mapping.unknown, report, Moments(mapping, at=at)
        self._delimiter = mapping.delimiter

    def take(self, line: int, last_line: int, cells: list[str]) -> Row | None:
        """The row with its mapped cells; None after the report got the reason why not."""
        if len(cells) != self._width:
            reason = "the row has another number of cells than the header"
            detail = f"{len(cells)}, not {self._width}"
            if last_line > line:
                detail += f"; lines {line} to {last_line} are one row: is a quotation mark open or stray?"
            self._report.say(line, cells[0], REFUSED, reason, detail)
            return None
        if last_line > line and any("\n" in text and self._holds_a_row(text) for text in cells):
            reason = "the row swallowed others: a quotation mark is open or stray"
            self._report.say(line, cells[self._case].strip(), REFUSED, reason, f"lines {line} to {last_line}")
            return None
        if not "".join(cells).isprintable() or max(map(len, cells)) > SHORTEST:
            cells = self._mend(cells, line)
        unknown = self._unknown
        found = {name: text for name, index in self._wanted if (text := cells[index].strip()) not in unknown}
        case = cells[self._case].strip()
        if case in unknown:
            self._report.say(line, "", REFUSED, "the row names no ticket")
            return None
        if len(case) > LONGEST_CASE:
            self._report.say(
                line, case[:LONGEST_CASE], REFUSED, f"the ticket's number is longer than {LONGEST_CASE} characters"
            )
            return None
        moment, mended = self._moments.read(found.get("at", ""))
        if moment is None:
            self._report.say(line, case, REFUSED, f"the row's moment {mended}", found.get("at", ""))
            return None
        if mended:
            self._report.say(line, case, MENDED, mended, found["at"])
        return Row(line, case, moment, found, hash(tuple(cells)))

    def _holds_a_row(self, text: str) -> bool:
        """Tell whether a line within a text is the beginning of a row: a ticket, and a moment where one stands."""
        for line in text.splitlines()[1:]:
            cells = line.split(self._delimiter)
            if len(cells) > max(self._case, self._at) and cells[self._case].strip(' "'):
                moment, _mended = self._moments.read(cells[self._at].strip(' "'))
                if moment is not None:
                    return True
        return False

    def _mend(self, cells: list[str], line: int) -> list[str]:
        """Replace what no text can hold (broken encoding, NUL) and cut what is endless; line breaks are fine."""
        mended = list(cells)
        for name, index in (("case", self._case), *self._wanted):
            text = cells[index]
            clean = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            clean = clean.replace("\x00", "").replace(SEPARATOR, " ")
            if clean != text:
                self._report.say(line, cells[self._case], MENDED, "broken characters were replaced", name)
            longest = LONGEST_CASE if name.startswith(">") else LONGEST.get(name, LONGEST_CELL)
            # The ticket's own number is refused when it is too long, not cut.
            if name != "case" and len(clean) > longest:
                reason = f"a text of more than {longest:,} characters was cut"
                self._report.say(line, cells[self._case], MENDED, reason, name.removeprefix("> "))
                clean = clean[:longest]
            mended[index] = clean
        return mended


def stage(rows: Iterator[Row | None], names: Sequence[str], *, progress: Any) -> int:
    """Put the rows into a temporary table of this connection. Returns how many rows the log has."""
    total = 0
    chunk: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        # A lost commit costs nothing here: what is missing after a crash is written by the next run.
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(f"DROP TABLE IF EXISTS {STAGING}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {STAGING}"
            ' (ticket text COLLATE "C" NOT NULL, at timestamptz NOT NULL, line bigint NOT NULL, cells text NOT NULL,'
            " fingerprint bigint NOT NULL)"
        )
        for row in rows:
            total += 1
            if row is not None:
                cells = SEPARATOR.join([row.cells.get(name, "") for name in names])
                chunk.append((row.case, row.at, row.line, cells, row.fingerprint))
            if len(chunk) >= ROWS_A_COPY:
                copy_rows(cursor, STAGING, COLUMNS, chunk)
                chunk.clear()
                progress(total)
        copy_rows(cursor, STAGING, COLUMNS, chunk)
        cursor.execute(f"CREATE INDEX ON {STAGING} (ticket, at, line)")
        cursor.execute(f"ANALYZE {STAGING}")
    return total


def batches(tickets: int, names: Sequence[str]) -> Iterator[dict[str, list[Row]]]:
    """The staged rows in order of ticket, moment and line, so many tickets at a time."""
    after = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT max(ticket) FROM (SELECT DISTINCT ticket FROM {STAGING} WHERE ticket > %s"  # noqa: S608 - a constant
                " ORDER BY ticket LIMIT %s) AS next",
                [after, tickets],
            )
            until = cursor.fetchone()[0]
            if until is None:
                return
            cursor.execute(
                f"SELECT ticket, at, line, cells, fingerprint FROM {STAGING} WHERE ticket > %s AND ticket <= %s"  # noqa: S608
                " ORDER BY ticket, at, line",
                [after, until],
            )
            found: dict[str, list[Row]] = {}
            for ticket, at, line, cells, fingerprint in cursor.fetchall():
                known = {name: text for name, text in zip(names, cells.split(SEPARATOR), strict=True) if text}
                found.setdefault(ticket, []).append(Row(line, ticket, at, known, fingerprint))
        after = until
        yield found
