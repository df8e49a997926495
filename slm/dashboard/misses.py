"""Finished clocks that missed their target: how many, where, when and with which delays. Same rows as the measure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from measurement import declarations, queries, statements
from measurement.drill import NamedSQL
from measurement.models import Grain
from measurement.periods import Range
from measurement.scope import Scope

from ..declarations import repeating
from ..measures import MISSED
from ..models import Clock
from .delays import DELAYS, NO_DELAY, condition

KPI = "slm-attainment"
PLACES = ("service", "team", "priority")
NOT_REPEATING = "NOT c.kind = ANY(%(repeating)s)"
_MISSED_AT = "(coalesce(c.breached_at, c.stopped_at) AT TIME ZONE %(zone)s)"


@dataclass(frozen=True)
class Summary:
    """Counts of missed clocks, each by key; `hours` by (ISO weekday, hour of the reporting zone)."""

    total: int
    service: Mapping[int, int]
    team: Mapping[int, int]
    priority: Mapping[int, int]
    delays: Mapping[str, int]
    hours: Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Misses:
    """The missed clocks of a range of days, in a scope."""

    span: Range
    scope: Scope

    def rows(
        self, *, delay: str = "", weekday: int = 0, hour: int | None = None, clock: str = "",
        is_excused: bool | None = None,
    ) -> QuerySet[Clock]:  # fmt: skip
        """
        The clocks, as many as the summary counts for the same part.

        :param delay: a key of `DELAYS`, or `unexplained`. :param weekday: ISO, 1 is Monday; with `hour`.
        :param is_excused: only excused misses, or only those that stand.
        """
        if self.scope.is_empty:
            return Clock.objects.none()
        wanted: list[str] = []
        extra: dict[str, Any] = {}
        if delay:
            wanted.append(condition(delay))
        if weekday and hour is not None:
            wanted.append(
                f"extract(isodow FROM {_MISSED_AT}) = %(weekday)s AND extract(hour FROM {_MISSED_AT}) = %(hour)s"
            )
            extra |= {"weekday": weekday, "hour": hour}
        if is_excused is not None:
            wanted.append("b.id IS NOT NULL" if is_excused else "b.id IS NULL")
        if clock:
            wanted.append("c.kind = %(clock)s")
            extra["clock"] = clock
        sql, parameters = self._selected("c.id AS row_id", wanted)
        keys = NamedSQL(f"SELECT row_id FROM ({sql}) missed", parameters | extra)  # noqa: S608 - our own expressions
        return Clock.objects.filter(pk__in=keys).visible_to(self.scope.viewer)

    def summary(self) -> Summary:
        """
        Count them by every part, with three statements: two read what is counted already, one counts the hours.
        """
        if self.scope.is_empty:
            return Summary(0, {}, {}, {}, {}, {})
        places = self._by_place()
        return Summary(
            total=sum(places["priority"].values()),
            service=places["service"],
            team=places["team"],
            priority=places["priority"],
            delays=self._delays(),
            hours=self._hours(),
        )

    def _by_place(self) -> dict[str, dict[int, int]]:
        """Misses by service, team and priority: what finished less what was met."""
        kpi = declarations.kpi(KPI)
        found: dict[str, dict[int, int]] = {}
        for dimension, sums in queries.breakdown(kpi.families, self.span, self.scope, PLACES).items():
            missed: dict[int, int] = {}
            for name, cells in sums.items():
                family = declarations.family(name)
                met, finished = family.position(kpi.numerator), family.position(kpi.denominator or "")
                for key, amounts in cells.items():
                    missed[key] = missed.get(key, 0) + amounts[finished] - amounts[met]
            found[dimension] = {key: count for key, count in missed.items() if count}
        return found

    def _delays(self) -> dict[str, int]:
        names = [*DELAYS, NO_DELAY]
        found = dict.fromkeys(names, 0)
        families = [each.name for each in declarations.families() if each.name.endswith(MISSED)]
        for cells in queries.totals(families, self.span, self.scope, grain=Grain.MONTH).values():
            for amounts in cells.values():
                for name, amount in zip(names, amounts, strict=True):
                    found[name] += amount
        return found

    def _hours(self) -> dict[tuple[int, int], int]:
        sql, parameters = self._selected(f"{_MISSED_AT} AS at", [])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(isodow FROM at)::int, extract(hour FROM at)::int, count(*)"  # noqa: S608 - our own
                f" FROM ({sql}) missed GROUP BY 1, 2",
                parameters,
            )
            return {(weekday, hour): count for weekday, hour, count in cursor.fetchall()}

    def _selected(self, columns: str, wanted: list[str]) -> tuple[str, dict[str, Any]]:
        conditions, parameters = self.scope.conditions()
        parameters |= {"zone": settings.TIME_ZONE} | statements.run_parameters(self.span.day_from, self.span.day_to)
        conditions += ["c.state = 'missed'", NOT_REPEATING, *(f"({each})" for each in wanted)]
        parameters["repeating"] = sorted(repeating())
        # The clocks of all kinds of records stand in one table: read once, not once for each kind.
        kinds: dict[tuple[str, str, int], list[tuple[declarations.Family, declarations.Event]]] = {}
        for family in map(declarations.family, declarations.kpi(KPI).families):
            for event in family.events:
                kinds.setdefault((event.source or family.source, event.moment, event.days_later), []).append(
                    (family, event)
                )
        parts = [
            statements.event_rows(
                alike[0][0],
                replace(alike[0][1], where=" OR ".join(f"({event.where})" for _family, event in alike)),
                columns=columns,
                conditions=" AND ".join(conditions),
            )
            for alike in kinds.values()
        ]
        return " UNION ALL ".join(parts), parameters
