"""Write many rows at once with COPY: the way into PostgreSQL for imports, benchmarks and rebuilds."""

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})


def _of_text(value: str) -> str:
    return value if value.isalnum() else value.translate(_ESCAPES)


def _of_span(value: timedelta) -> str:
    return f"{value.days} days {value.seconds}.{value.microseconds:06d} seconds"


def _of_document(value: Any) -> str:
    return json.dumps(value).translate(_ESCAPES)


def _of_list(value: Iterable[Any]) -> str:
    quoted = ('"' + str(each).replace("\\", "\\\\").replace('"', '\\"') + '"' for each in value)
    return ("{" + ",".join(quoted) + "}").translate(_ESCAPES)


_CELLS: dict[type, Callable[[Any], str]] = {
    str: _of_text,
    int: str,
    float: str,
    type(None): lambda _value: "\\N",
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
    date: date.isoformat,
    timedelta: _of_span,
    dict: _of_document,
    list: _of_list,
    tuple: _of_list,
}


def _cell(value: Any) -> str:
    convert = _CELLS.get(type(value))
    return convert(value) if convert else _of_text(str(value))


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """
    COPY the rows into the table, in PostgreSQL's text format.

    A dict becomes JSON, a list an array of texts, None a null. NUL characters, which PostgreSQL can't store, go.
    The table and column names are the caller's own words, never a user's.
    """
    _copy_lines(cursor, table, columns, ["\t".join([_cell(value) for value in row]) for row in rows])


def _copy_lines(cursor: Any, table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    if not lines:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', io.StringIO("\n".join(lines) + "\n"))


class Copier:
    """Collects rows of one model, filled up with the model's defaults, and writes them with COPY."""

    def __init__(self, model: Any, *, leave_out: Sequence[str] = (), same: Mapping[str, Any] | None = None) -> None:
        """
        :param leave_out: columns that the database fills.
        :param same: values that are the same for every row, worked out once.
        """
        fields = [f for f in model._meta.local_concrete_fields if f.attname not in leave_out]
        self.table = model._meta.db_table
        self._columns = [field.column for field in fields]
        empty = model()
        self._defaults = {field.attname: _cell(field.value_from_object(empty)) for field in fields}
        self._defaults |= {name: _cell(value) for name, value in (same or {}).items()}
        self._lines: list[str] = []

    def add(self, **values: Any) -> None:
        """:raises KeyError: a name that is no column of the model's own table."""
        cells = self._defaults | {name: _cell(value) for name, value in values.items()}
        if len(cells) != len(self._defaults):
            raise KeyError(sorted(values.keys() - self._defaults.keys()))
        self._lines.append("\t".join(cells.values()))

    def write(self, cursor: Any) -> int:
        """Write what was collected. Returns how many rows that were."""
        count = len(self._lines)
        _copy_lines(cursor, self.table, self._columns, self._lines)
        self._lines.clear()
        return count


def take_keys(cursor: Any, table: str, count: int) -> list[int]:
    """Reserve so many keys of the table's own sequence; they are never given to anybody else."""
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
    return [row[0] for row in cursor.fetchall()]
