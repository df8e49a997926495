"""
Write new rows of several tables with one statement.

An act that makes a record makes a dozen rows: the record, its log entry, outbox, clocks. Written one by one, each costs
a round trip and a compilation; together they cost one of both.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

_noted: ContextVar[list[Model] | None] = ContextVar("steward_rows", default=None)


@contextmanager
def together() -> Iterator[None]:
    """
    Let `insert` only take note within the block; its end writes every row noted, with one statement.

    What is noted can't be read in the block. Foreign keys are checked at the end of the transaction, so the order does
    not matter between tables; within a table it is kept. An exception in the block writes nothing.
    """
    if _noted.get() is not None:
        yield
        return
    rows: list[Model] = []
    token = _noted.set(rows)
    try:
        yield
    finally:
        _noted.reset(token)
    _write(rows)


def are_gathered() -> bool:
    """Tell whether `insert` only takes note right now."""
    return _noted.get() is not None


def insert(rows: Sequence[Model]) -> None:
    """
    Write new rows: at once, or at the end of the block of `together`.

    A row without a key gets one from the database and does not learn it; `take_keys` says it beforehand. No signals
    are sent. Columns that the database fills by itself are left to it.
    """
    noted = _noted.get()
    if noted is None:
        _write(rows)
    else:
        noted.extend(rows)


def take_keys(*rows: Model) -> None:
    """Give new rows the next keys of their tables, in the order of the rows, with one statement for all of them."""
    asked = ", ".join("nextval(pg_get_serial_sequence(%s, %s))" for _row in rows)
    roots = [_family(type(row))[0]._meta for row in rows]
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [part for root in roots for part in (root.db_table, root.pk.column)])
        for row, key in zip(rows, cursor.fetchone(), strict=True):
            for model in _family(type(row)):
                setattr(row, model._meta.pk.attname, key)


def _write(rows: Iterable[Model]) -> None:
    by_table: dict[tuple[type[Model], bool], list[Model]] = {}
    for row in rows:
        for model in _family(type(row)):
            by_table.setdefault((model, row.pk is not None), []).append(row)
    if not by_table:
        return
    connection = connections[DEFAULT_DB_ALIAS]  # asked once: the usual stand-in looks it up at every use
    inserts: list[str] = []
    values: list[Any] = []
    for (model, has_key), group in by_table.items():
        begin, fields, marks = _insertion(model, has_key)
        inserts.append(begin + ", ".join([marks] * len(group)))
        for row in group:
            values += [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    *others, main = inserts
    before = ", ".join(f"_{number} AS ({each})" for number, each in enumerate(others))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {before} {main}" if before else main, values)
    for group in by_table.values():
        for row in group:
            row._state.adding = False
            row._state.db = connection.alias


@cache
def _family(model: type[Model]) -> tuple[type[Model], ...]:
    """The models whose tables hold a row of the model, the root first."""
    return (*reversed(model._meta.get_parent_list()), model)


@cache
def _insertion(model: type[Model], has_key: bool) -> tuple[str, list[Field], str]:
    """The beginning of the statement, the fields to write, and the place holders of one row."""
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not field.generated and not field.has_db_default() and (has_key or not field.primary_key)
    ]
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(f"%s::{field.db_type(connection)}" if isinstance(field, ArrayField) else "%s" for field in fields)
    begin = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 - names of our own models
    return begin, fields, f"({marks})"
