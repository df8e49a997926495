"""
What stands behind a number: the rows that it counts.

Made from the same expressions that count, so that the list is as long as the number says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

from common.named_sql import NamedSQL

from . import declarations, statements
from .declarations import KPI, Family
from .periods import Range
from .scope import Scope

COUNTED, MISSED, MEASURED, HIT = "counted", "missed", "measured", "hit"
PARTS = (COUNTED, MISSED, MEASURED, HIT)


@dataclass(frozen=True)
class Drill:
    """
    One number of a KPI: over these days (for a stock: at their end), in this scope.

    :param zone: IANA name of the zone whose midnights bound the days; that of the readings if not given.
    """

    kpi: KPI
    span: Range
    scope: Scope
    zone: str = ""

    def rows(self, part: str = COUNTED) -> dict[str, QuerySet[Any]]:
        """
        The rows by family, only those that the viewer may see as records.

        :param part: `counted`: those that hit, for a share; for a mean all that were measured. `missed`: the rest of a
            share. `measured`: the denominator. `hit`: the numerator.
        """
        found = {}
        for name in self.kpi.families:
            family = declarations.family(name)
            manager = apps.get_model(family.rows)._default_manager
            keys = self._keys(family, part)
            found[name] = (
                manager.none() if self.scope.is_empty else manager.filter(pk__in=keys).visible_to(self.scope.viewer)
            )
        return found

    def keys(self, part: str = COUNTED) -> list[int]:
        """Keys of all rows of a part, whoever may see them: for what a worker counts for everybody."""
        found: set[int] = set()
        for name in self.kpi.families:
            family = declarations.family(name)
            rows = apps.get_model(family.rows)._default_manager.filter(pk__in=self._keys(family, part))
            found.update(rows.order_by().values_list("pk", flat=True))
        return sorted(found)

    def everything(self, part: str = COUNTED) -> int:
        """How many rows count, also those that the viewer may not open. One statement, however many families."""
        if self.scope.is_empty:
            return 0
        first, *others = (
            apps.get_model(family.rows)._default_manager.filter(pk__in=self._keys(family, part)).order_by().values("pk")
            for family in map(declarations.family, self.kpi.families)
        )
        return first.union(*others, all=True).count() if others else first.count()

    def _conditions(self) -> tuple[str, dict[str, Any]]:
        wanted, parameters = self.scope.conditions()
        parameters |= {"zone": self.zone or settings.TIME_ZONE, "day": self.span.day_to - timedelta(days=1)}
        return " AND ".join(wanted), parameters | statements.run_parameters(self.span.day_from, self.span.day_to)

    def _keys(self, family: Family, part: str) -> NamedSQL:
        conditions, parameters = self._conditions()
        if self.kpi.is_stock:
            keys = f"SELECT {family.row} FROM {family.source} WHERE {self._standing(family, part)} AND {conditions}"  # noqa: S608
            return NamedSQL(keys, parameters)
        selected = []
        for event in family.events:
            hit = self._hit(event.amounts, part)
            if hit is not None:
                rows = statements.event_rows(
                    family,
                    event,
                    columns=f"{family.row} AS row_id",
                    conditions=f"{conditions} AND ({hit}) <> 0",
                )
                selected.append(f"SELECT row_id FROM ({rows}) rows_of_event")  # noqa: S608 - declared by our code
        return NamedSQL(" UNION ".join(selected), parameters)

    def _standing(self, family: Family, part: str) -> str:
        hit, whole = family.standing[self.kpi.numerator], family.standing[self.kpi.denominator or self.kpi.numerator]
        return {COUNTED: f"({hit})", HIT: f"({hit})", MEASURED: f"({whole})", MISSED: f"({whole}) AND NOT ({hit})"}[
            part
        ]

    def _hit(self, amounts: Mapping[str, str], part: str) -> str | None:
        """SQL that is not 0 for the rows wanted; None when the event counts none of them."""
        whole = self.kpi.denominator or self.kpi.numerator
        if part == COUNTED:
            return amounts.get(self.kpi.counted)
        if part == HIT:
            return amounts.get(self.kpi.numerator)
        if part == MISSED and whole in amounts:
            return f"({amounts[whole]}) - ({amounts.get(self.kpi.numerator, '0')})"
        return amounts.get(whole)
