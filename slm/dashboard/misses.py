"""Finished clocks that missed their target: how many, where, when and with which delays. Same rows as the measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from measurement import declarations, statements
from measurement.drill import NamedSQL
from measurement.periods import Range
from measurement.scope import Scope

from ..models import Clock

KPI = "slm-attainment"
HAND_OVERS_AT_LEAST = 3
# What the history of a missed clock shows; one miss may show several.
DELAYS = {
    "late": (
        _("First answer came late"),
        "c.kind = 'response' OR EXISTS (SELECT 1 FROM slm_clock o"
        " WHERE o.record_id = c.record_id AND o.kind = 'response' AND o.state = 'missed')",
    ),
    "handed": (_("Changed teams 3 times or more"), f"r.bounce_count >= {HAND_OVERS_AT_LEAST}"),
    "waited": (
        _("Paused for a quarter of its life"),
        "(SELECT coalesce(sum(s.at_to - s.at_from), interval '0') FROM slm_segment s WHERE s.clock_id = c.id"
        " AND s.kind = 'paused') * 4 >= greatest(c.stopped_at - c.started_at, interval '1 second')",
    ),
    "reopened": (_("Was reopened"), "r.reopen_count > 0"),
    "raised": (_("Target tightened afterwards"), "c.is_breached_by_reclassification"),
}
NO_DELAY = "unexplained"
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

    def rows(self, *, delay: str = "", weekday: int = 0, hour: int | None = None, clock: str = "") -> QuerySet[Clock]:
        """
        The clocks, as many as the summary counts for the same part.

        :param delay: a key of `DELAYS`, or `unexplained`. :param weekday: ISO, 1 is Monday; with `hour`.
        """
        if self.scope.is_empty:
            return Clock.objects.none()
        wanted: list[str] = []
        extra: dict[str, Any] = {}
        if delay == NO_DELAY:
            wanted += [f"NOT ({sql})" for _label, sql in DELAYS.values()]
        elif delay:
            wanted.append(DELAYS[delay][1])
        if weekday and hour is not None:
            wanted.append(
                f"extract(isodow FROM {_MISSED_AT}) = %(weekday)s AND extract(hour FROM {_MISSED_AT}) = %(hour)s"
            )
            extra |= {"weekday": weekday, "hour": hour}
        if clock:
            wanted.append("c.kind = %(clock)s")
            extra["clock"] = clock
        sql, parameters = self._selected("c.id AS row_id", wanted)
        keys = NamedSQL(f"SELECT row_id FROM ({sql}) missed", parameters | extra)  # noqa: S608 - our own expressions
        return Clock.objects.filter(pk__in=keys).visible_to(self.scope.viewer)

    def summary(self) -> Summary:
        """Count them by every part at once, with one statement."""
        if self.scope.is_empty:
            return Summary(0, {}, {}, {}, {}, {})
        flags = ", ".join(f"({sql}) AS d_{name}" for name, (_label, sql) in DELAYS.items())
        columns = (
            "coalesce(r.service_id, 0) AS service, coalesce(r.team_id, 0) AS team, r.priority AS priority,"
            f" extract(isodow FROM {_MISSED_AT})::int AS weekday, extract(hour FROM {_MISSED_AT})::int AS hour, {flags}"
        )
        sql, parameters = self._selected(columns, [])
        counts = ", ".join(f"count(*) FILTER (WHERE d_{name})" for name in DELAYS)
        none = " AND ".join(f"NOT d_{name}" for name in DELAYS)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH missed AS MATERIALIZED ({sql})"  # noqa: S608 - our own expressions
                f" SELECT service, team, priority, weekday, hour, count(*), {counts}, count(*) FILTER (WHERE {none})"
                " FROM missed"
                " GROUP BY GROUPING SETS ((service), (team), (priority), (weekday, hour), ())",
                parameters,
            )
            found = cursor.fetchall()
        return _summary(found)

    def _selected(self, columns: str, wanted: list[str]) -> tuple[str, dict[str, Any]]:
        conditions, parameters = self.scope.conditions("r.")
        parameters |= {"zone": settings.TIME_ZONE} | statements.run_parameters(self.span.day_from, self.span.day_to)
        conditions += ["c.state = 'missed'", *(f"({each})" for each in wanted)]
        parts = [
            statements.event_rows(family, event, columns=columns, has_run=True, conditions=" AND ".join(conditions))
            for family in map(declarations.family, declarations.kpi(KPI).families)
            for event in family.events
        ]
        return " UNION ALL ".join(parts), parameters


def _summary(found: list[tuple[Any, ...]]) -> Summary:
    service, team, priority, hours, delays, total = {}, {}, {}, {}, {}, 0
    for by_service, by_team, by_priority, weekday, hour, count, *flags in found:
        if by_service is not None:
            service[by_service] = count
        elif by_team is not None:
            team[by_team] = count
        elif by_priority is not None:
            priority[by_priority] = count
        elif weekday is not None:
            hours[weekday, hour] = count
        else:
            total = count
            delays = dict(zip([*DELAYS, NO_DELAY], flags, strict=True))
    return Summary(total, service, team, priority, delays, hours)
