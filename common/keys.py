"""
Rows of a list of keys, as one parameter.

`__in` prepares and writes each key of a list by itself; for the thousand changes of a month that takes longer than the
statement does.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Model


class AnyOf(Func):
    """A condition for `filter`: the column of whole numbers holds one of these keys."""

    output_field = BooleanField()

    def __init__(self, name: str, keys: Collection[int]) -> None:
        super().__init__(F(name))
        self.keys = keys

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s)", (*params, list(self.keys))


def linked(through: type[Model], source: str, target: str, keys: Collection[int]) -> dict[int, set[int]]:
    """What a table of links has for these keys: by key, the keys at the other end. One statement."""
    names = [through._meta.get_field(name).column for name in (source, target)]  # type: ignore[union-attr]
    one, other = (connection.ops.quote_name(str(name)) for name in names)
    table = connection.ops.quote_name(through._meta.db_table)
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {one}, {other} FROM {table} WHERE {one} = ANY(%s)", [list(keys)])  # noqa: S608 - names of our own
        for key, reached in cursor.fetchall():
            found[key].add(reached)
    return found
