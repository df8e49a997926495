"""How many more targets will probably be missed today: what the same hours of the same weekday have shown."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from measurement import declarations, periods, queries
from measurement.filters import Asked

from ..declarations import repeating
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
    parameters |= {"repeating": sorted(repeating())}
    weeks = []
    for back in range(1, WEEKS + 1):
        parameters |= {f"from_{back}": _same_time(at, back), f"to_{back}": _midnight_after(at, back)}
        # Moments as constants, one range at a time: with computed ones the planner expects a hundred times the rows and
        # reads both tables from end to end.
        weeks.append(
            "SELECT count(*) FROM slm_clock c JOIN records_record r ON r.id = c.record_id"  # noqa: S608 - our own words
            f" WHERE c.breached_at > %(from_{back})s AND c.breached_at < %(to_{back})s AND c.state <> 'void'"
            " AND c.kind <> ALL(%(repeating)s)"
            f" AND {' AND '.join(wanted)}"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(weeks), parameters)
        return sorted(count for (count,) in cursor.fetchall())


def _same_time(at: datetime, weeks_back: int) -> datetime:
    """The same time by the wall clock of the reporting zone, some weeks before."""
    zone = ZoneInfo(settings.TIME_ZONE)
    local = at.astimezone(zone).replace(tzinfo=None) - timedelta(weeks=weeks_back)
    return local.replace(tzinfo=zone)


def _midnight_after(at: datetime, weeks_back: int) -> datetime:
    local = _same_time(at, weeks_back)
    return datetime.combine(local.date() + timedelta(days=1), time.min, tzinfo=local.tzinfo)
