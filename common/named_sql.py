"""Subqueries of our own words in ORM filters."""

from collections.abc import Mapping
from typing import Any

from django.db.models.expressions import RawSQL


class NamedSQL(RawSQL):
    """A subquery with named parameters, which Django's raw expressions don't take."""

    def __init__(self, sql: str, named: Mapping[str, Any]) -> None:
        values: list[Any] = []

        class Positions(dict[str, str]):
            def __missing__(self, name: str) -> str:
                values.append(named[name])
                return "%s"

        super().__init__(sql % Positions(), values)
