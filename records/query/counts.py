"""How many tickets a suggested value would leave: counted up to 100, and left unsaid when counting takes too long."""

from collections import Counter
from collections.abc import Sequence

from django.db import OperationalError, connection, transaction
from django.db.models import Q, Value

from .ast import Query, Words
from .compile import compile_query, known_fields
from .fields import ALIASES, NONE, Field
from .lookups import LOOKUPS
from .parser import parse
from .problems import QueryProblem
from .scene import Scene

MOST = 99
PATIENCE_MS = 150


def counts_of(rest: str, name: str, values: Sequence[str], scene: Scene) -> dict[str, str]:
    """
    Count what the rest of the query and one value each would find: value -> "12", or "99+".

    One statement for all values. It reads at most 100 tickets for each, and is given up after 150 ms, so that typing
    stays quick however many tickets there are; nothing is told then, which is no error.
    """
    field = known_fields().get(ALIASES.get(name, name))
    conditions = [_condition(field, value, scene) for value in values] if field is not None else []
    try:
        base = scene.records.filter(compile_query(parse(rest), scene).where).order_by()
    except QueryProblem:
        return {}
    if not any(condition is not None for condition in conditions):
        return {}
    parts = [
        base.filter(condition).annotate(which=Value(index)).values_list("which")[: MOST + 1]
        for index, condition in enumerate(conditions)
        if condition is not None
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
            found = Counter(row[0] for row in parts[0].union(*parts[1:], all=True))
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError:
        return {}
    return {
        value: f"{MOST}+" if found[index] > MOST else str(found[index])
        for index, value in enumerate(values)
        if conditions[index] is not None
    }


def _condition(field: Field, value: str, scene: Scene) -> Q | None:
    """What the value asks for. Rows are named by the column that was suggested, without looking them up again."""
    lookup = LOOKUPS.get(field.name)
    if lookup is not None:
        own = lookup.own(scene)
        if value in own:
            return own[value]
        if lookup.can_lack and value == NONE:
            return Q(**{lookup.columns[0]: None})
        wanted = Q()
        for column in lookup.columns:
            wanted |= Q(**{f"{column}__{lookup.written}": value})
        return wanted
    try:
        part = parse(f"{field.name}:{value}").parts[0]
        return None if isinstance(part, Words) else compile_query(Query((part,)), scene).where
    except (QueryProblem, IndexError):
        return None
