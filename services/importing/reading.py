"""
A file as rows: CSV as spreadsheets write it, or JSON. Only reads; what a row means is for the check.

CSV: comma, semicolon or tab; UTF-8 with or without a mark, UTF-16 with one, else Windows-1252. JSON: a list of objects,
or an object with `items`. Relations stand in a column `relations` (`runs_on: key | depends_on: other`), in JSON as
objects with `type` and `to`.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
LONGEST_CELL = 5_000
MOST_COLUMNS = 200
MOST_RELATIONS = 2_000
UNREAD = "\ufffd"
_HALVES = re.compile("[\ud800-\udfff]")
# Column as files call it -> as we do.
COLUMNS = {
    "key": "key", "external_key": "key", "id": "key",
    "name": "name",
    "type": "type", "kind": "type", "class": "type",
    "status": "status", "state": "status",
    "service": "services", "services": "services",
    "owner": "owner", "team": "team", "supplier": "supplier",
    "criticality": "criticality",
    "description": "description",
    "relations": "relations",
}  # fmt: skip


class Unreadable(Exception):
    """The file as a whole can't be read; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """
    One row. `said` is by our names of columns; attributes are those with a dot before them.

    :param line: of the file for CSV, number of the object for JSON; from 1.
    :param relations: pairs of type and key. :param problems: what is wrong with its form.
    """

    line: int
    said: dict[str, str]
    relations: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def rows_of(content: bytes, file_name: str) -> Iterator[Row]:
    """
    Read the file row by row.

    :raises Unreadable: neither CSV nor JSON, no key column, too large.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than %(limit)d MB. Split it.") % {"limit": MOST_BYTES // 2**20})
    text = decoded(content)
    if not text.strip():
        raise Unreadable(_("The file is empty."))
    is_json = file_name.lower().endswith(".json") or text.lstrip()[:1] in "[{"
    rows = _json_rows(text) if is_json else _csv_rows(text)
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise Unreadable(_("The file has more than %(limit)s rows. Split it.") % {"limit": f"{MOST_ROWS:,}"})
        yield row


def decoded(content: bytes) -> str:
    """The text of the file, whatever the spreadsheet made of it. Windows-1252 is what is left to try."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _clean(value: str) -> str:
    """Without what can't be kept: NUL goes, halves of letters become the sign for what can't be read."""
    return _HALVES.sub(UNREAD, value.replace("\x00", "")).strip()


def _csv_rows(text: str) -> Iterator[Row]:
    head_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head_line.count)
    csv.field_size_limit(max(LONGEST_CELL * 20, MOST_RELATIONS * 60))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        head = next(row for row in reader if any(cell.strip() for cell in row))
        columns = _columns(head)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _csv_row(reader.line_num, columns, cells)
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)d can't be read: %(why)s. Is a quotation mark missing?")
            % {"line": reader.line_num, "why": str(error)}
        ) from error


def _columns(head: list[str]) -> list[str]:
    if len(head) > MOST_COLUMNS:
        raise Unreadable(_("The file has more than %(limit)d columns.") % {"limit": MOST_COLUMNS})
    columns = [column_named(cell) for cell in head]
    named = [column for column in columns if column]
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise Unreadable(_("The column “%(name)s” stands twice in the first line.") % {"name": twice[0].lstrip(".")})
    if not {"key", "name"} & set(named):
        raise Unreadable(
            _("The first line names no column “key” or “name”, so no row can be told from another. It begins: %(text)s")
            % {"text": ", ".join(head)[:120]}
        )
    return columns


def column_named(cell: str) -> str:
    """Our name of a column; with a dot before it for an attribute."""
    word = _clean(cell).casefold().replace(" ", "_").replace("-", "_")
    return COLUMNS.get(word, f".{word.removeprefix('attributes.')[:40]}" if word else "")


def _csv_row(line: int, columns: list[str], cells: list[str]) -> Row:
    problems = []
    if len(cells) > len(columns):
        problems.append(
            _("It has %(count)d cells, but the first line names %(named)d columns.")
            % {"count": len(cells), "named": len(columns)}
        )
    said = {column: _clean(cell) for column, cell in zip(columns, cells, strict=False) if column}
    relations, unread = _relations_in(said.pop("relations", ""))
    return Row(line, _short(said, problems), relations, problems + unread)


def _relations_in(cell: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Relations of a cell: `runs_on: esx-3 | depends_on: san-1`."""
    found, problems = [], []
    for part in cell.split("|") if cell else []:
        kind, colon, key = part.partition(":")
        if colon and kind.strip() and key.strip():
            found.append((kind.strip().casefold(), key.strip()))
        elif part.strip():
            problems.append(
                _("The relation “%(text)s” can't be read. Write it like runs_on: esx-3.") % {"text": part.strip()[:60]}
            )
    return found[:MOST_RELATIONS], problems


def _short(said: dict[str, str], problems: list[str]) -> dict[str, str]:
    for column, value in said.items():
        if len(value) > LONGEST_CELL:
            said[column] = value[:100]
            problems.append(
                _("“%(column)s” has more than %(limit)s characters.")
                % {"column": column.lstrip("."), "limit": f"{LONGEST_CELL:,}"}
            )
        if UNREAD in value:
            problems.append(
                _("A letter of “%(column)s” can't be read. Save the file as UTF-8, then begin again.")
                % {"column": column.lstrip(".")}
            )
    return {column: value for column, value in said.items() if value}


def _json_rows(text: str) -> Iterator[Row]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        raise Unreadable(_("This is no JSON (line and column %(where)s).") % {"where": where}) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("A number of this JSON has too many digits, or its lists are nested too deep.")) from error
    items = document.get("items") if isinstance(document, Mapping) else document
    if not isinstance(items, list):
        raise Unreadable(_("The JSON holds no list of items: send [ … ] or {“items”: [ … ]}."))
    for number, each in enumerate(items, 1):
        if isinstance(each, Mapping):
            yield _json_row(number, each)
        else:
            yield Row(number, {}, problems=[_("It is no object.")])


def _json_row(number: int, each: Mapping[str, Any]) -> Row:
    problems: list[str] = []
    said: dict[str, str] = {}
    attributes = each.get("attributes")
    if attributes is not None and not isinstance(attributes, Mapping):
        problems.append(_("“attributes” is no object."))
        attributes = None
    for name, value in ((_clean(str(name)), value) for name, value in each.items()):
        if name not in ("attributes", "relations"):
            column = column_named(name[:60])
            if column in said:
                problems.append(_("“%(name)s” is said twice.") % {"name": column.lstrip(".")})
            said[column] = _json_cell(name, value, problems)
    for name, value in ((_clean(str(name)), value) for name, value in (attributes or {}).items()):
        said[f".{name[:40]}"] = _json_cell(name, value, problems)
    relations = _json_relations(each.get("relations"), problems)
    return Row(number, _short({name: value for name, value in said.items() if name}, problems), relations, problems)


def _json_cell(name: str, value: Any, problems: list[str]) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return _clean("|".join(value))
    if value is None or isinstance(value, str | int | float | bool):
        return "" if value is None else _clean(str(value).lower() if isinstance(value, bool) else str(value))
    problems.append(_("“%(name)s” is no text or number.") % {"name": name[:40]})
    return ""


def _json_relations(value: Any, problems: list[str]) -> list[tuple[str, str]]:
    found = []
    for each in value if isinstance(value, list) else [value] if value else []:
        kind, key = (each.get("type"), each.get("to")) if isinstance(each, Mapping) else (None, None)
        if isinstance(kind, str) and isinstance(key, str) and kind.strip() and key.strip():
            found.append((_clean(kind).casefold(), _clean(key)))
        else:
            problems.append(_("A relation needs “type” and “to”, both texts."))
    return found[:MOST_RELATIONS]
