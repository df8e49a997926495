"""Filling tables column by column with COPY: no foreign keys checked, no indexes kept up, both made good at the end."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg2
from django.db.models import Model

LARGE = (
    "records_record", "incidents_incident", "slm_clock", "slm_segment", "slm_clockfact", "records_comment",
    "audit_entry", "search_document",
)  # fmt: skip
NULL = "\\N"


def text(value: Any) -> str:
    """A value as COPY reads it. Texts must hold no tabulators, line ends or backslashes."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        return "{" + ",".join(value) + "}"
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.0f} seconds"
    return str(value)


def copy(cursor: Any, model: type[Model], constant: Mapping[str, Any], columns: Mapping[str, Iterable[Any]]) -> int:
    """
    Write rows of the model: some columns the same in every row, some from sequences of equal length.

    What is named in neither takes the model's default. Values of `columns` are strings or numbers as COPY reads them.
    """
    empty = model()
    fixed = {
        each.attname: text(each.value_from_object(empty))
        for each in model._meta.local_concrete_fields
        if each.column and not each.generated and not each.has_db_default()
    }
    key = model._meta.pk
    if key is not None and key.attname not in columns:
        fixed.pop(key.attname)
    fixed |= {name: text(value) for name, value in constant.items()}
    names = {each.attname: each.column for each in model._meta.local_concrete_fields}
    row = "\t".join("%s" if name in columns else value.replace("%", "%%") for name, value in fixed.items())
    lines = [row % values for values in zip(*(columns[name] for name in fixed if name in columns), strict=True)]
    listed = ", ".join(f'"{names[name]}"' for name in fixed)
    lines.append("")
    cursor.copy_expert(f'COPY "{model._meta.db_table}" ({listed}) FROM STDIN', io.StringIO("\n".join(lines)))
    return len(lines) - 1


@contextmanager
def bulk_load(connection: Any) -> Iterator[None]:
    """
    Take the indexes off the large tables and put them back behind the block, then tidy up and count for the planner.

    Foreign keys and triggers rest where we may ask for it, as on the embedded server; elsewhere it takes longer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET maintenance_work_mem = '256MB'; SET synchronous_commit = off")
        try:
            cursor.execute("SET session_replication_role = replica")
        except psycopg2.errors.InsufficientPrivilege:
            connection.rollback()
        definitions = _take_indexes_off(cursor)
        yield
        for definition in definitions:
            cursor.execute(definition)
        _continue_sequences(cursor)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _take_indexes_off(cursor: Any) -> Sequence[str]:
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = ANY(%s) AND NOT EXISTS"
        " (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)",
        [list(LARGE)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _continue_sequences(cursor: Any) -> None:
    """Let new rows take keys behind those that were written with theirs."""
    cursor.execute(
        "SELECT c.table_name, pg_get_serial_sequence(c.table_name, 'id') FROM information_schema.columns c"
        " WHERE c.table_name = ANY(%s) AND c.column_name = 'id'",
        [list(LARGE)],
    )
    for table, sequence in cursor.fetchall():
        cursor.execute(f'SELECT setval(%s, greatest((SELECT max(id) FROM "{table}"), 1001))', [sequence])
