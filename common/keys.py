"""
Rows of a list of keys, as one parameter.

`__in` prepares and writes each key of a list by itself; for the thousand changes of a month that takes longer than the
statement does. A list handed to the driver becomes as many constants, which the database reads and weighs one by one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Model


def array_of(keys: Iterable[int]) -> str:
    """The keys as one constant, for `= ANY(%s)`: the database takes it for an array of what stands before it."""
    return f"{{{','.join(map(str, keys))}}}"


class AnyOf(Func):
    """A condition for `filter`: the column of whole numbers holds one of these keys."""

    output_field = BooleanField()

    def __init__(self, name: str, keys: Collection[int]) -> None:
        super().__init__(F(name))
        self.keys = keys

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s)", (*params, array_of(self.keys))


def linked(through: type[Model], source: str, target: str, keys: Collection[int]) -> dict[int, set[int]]:
    """What a table of links has for these keys: by key, the keys at the other end. One statement."""
    names = [through._meta.get_field(name).column for name in (source, target)]  # type: ignore[union-attr]
    one, other = (connection.ops.quote_name(str(name)) for name in names)
    table = connection.ops.quote_name(through._meta.db_table)
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        statement = f"SELECT {one}, {other} FROM {table} WHERE {one} = ANY(%s)"  # noqa: S608 - names of our own
        cursor.execute(statement, [array_of(keys)])
        for key, reached in cursor.fetchall():
            found[key].add(reached)
    return found
