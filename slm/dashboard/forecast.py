"""How many more targets will probably be missed today: what the same hours of the same weekday have shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from measurement import declarations, periods, queries
from measurement.filters import Asked

from .misses import KPI

WEEKS = 8
DAYS_NEEDED = 30


@dataclass(frozen=True)
class Forecast:
    """More misses until the day ends, from `low` to `high`: the middle half of the weeks looked at."""

    low: int
    high: int
    past: tuple[int, ...]


def today(asked: Asked, *, at: datetime) -> Forecast | None:
    """
    The forecast for the rest of the day of the reporting zone; None with less than 30 days of data.

    One statement for the weeks, and one that finds the first day.
    """
    first_days = queries.first_day_counted(declarations.kpi(KPI).families).values()
    day = periods.today(at)
    if asked.scope.is_empty or min(first_days, default=day) > day - timedelta(days=DAYS_NEEDED):
        return None
    past = _missed_after(asked, at)
    low, high = past[WEEKS // 4], past[-WEEKS // 4 - 1]
    return Forecast(low, high, tuple(past))


def _missed_after(asked: Asked, at: datetime) -> list[int]:
    """Targets that passed between this time of day and midnight, on the latest days of this weekday, sorted."""
    wanted, parameters = asked.scope.conditions()
    parameters |= {"at": at, "zone": settings.TIME_ZONE, "weeks": WEEKS}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(missed.one) FROM generate_series(1, %(weeks)s) AS weeks (back)"  # noqa: S608 - our own words
            " CROSS JOIN LATERAL (SELECT (%(at)s AT TIME ZONE %(zone)s) - back * interval '7 days' AS local) past"
            " LEFT JOIN LATERAL (SELECT 1 AS one FROM slm_clock c JOIN records_record r ON r.id = c.record_id"
            " WHERE c.breached_at > past.local AT TIME ZONE %(zone)s"
            " AND c.breached_at < (past.local::date + 1)::timestamp AT TIME ZONE %(zone)s AND c.state <> 'void'"
            f" AND {' AND '.join(wanted)}) missed ON true GROUP BY weeks.back ORDER BY 1",
            parameters,
        )
        return [count for (count,) in cursor.fetchall()]
