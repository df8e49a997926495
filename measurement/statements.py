"""The SQL that counts a family: one statement for many days and amounts. Expressions come from declarations only."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from .declarations import Event, Family, day_of

DIMENSIONS = ("service_id", "team_id", "priority", "organization_id")
BRIDGED = timedelta(days=3)
_KEYS = "coalesce(r.service_id, 0) AS service_id, coalesce(r.team_id, 0) AS team_id, r.priority, r.organization_id"
# One pass over the rows fills both cubes.
_GROUPS = "GROUPING SETS ((day, is_sample, service_id, team_id), (day, is_sample, priority, organization_id))"
_COLUMNS = "family, definition, cube, is_sample, day, service_id, team_id, priority, organization_id, amounts"


def spans_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """
    Days put together into runs, the end not included, in order.

    Runs that few days lie between become one: to count a quiet day again is cheaper than one more statement.
    """
    spans: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if spans and day - spans[-1][1] <= BRIDGED:
            spans[-1] = spans[-1][0], day + timedelta(days=1)
        else:
            spans.append((day, day + timedelta(days=1)))
    return spans


def run_parameters(day_from: date, day_to: date) -> dict[str, Any]:
    """Of a run of days, the end not included: constants, so that the planner sees how few rows it asks for."""
    return {"day_from": day_from, "day_to": day_to}


def event_rows(family: Family, event: Event, *, columns: str, has_run: bool, conditions: str = "") -> str:
    """
    SELECT of the rows that an event counts, with their day.

    The range of moments is two hours wider than the days, for the index; the day itself decides, so that an hour that
    happens twice around midnight can't be counted twice or missed.
    """
    shift = f" - {event.days_later}" if event.days_later else ""
    day = f"{day_of(event.moment)} + {event.days_later}" if event.days_later else day_of(event.moment)
    source = event.source or family.source
    wanted = [f"{event.moment} IS NOT NULL", f"({event.where})"]
    if has_run:
        first, after = "%(day_from)s::date", "%(day_to)s::date"
        edge = "({}{})::timestamp AT TIME ZONE %(zone)s {} interval '2 hours'"
        wanted += [
            f"{event.moment} >= {edge.format(first, shift, '-')}",
            f"{event.moment} < {edge.format(after, shift, '+')}",
            f"{day} >= {first} AND {day} < {after}",
        ]
    if conditions:
        wanted.append(conditions)
    return f"SELECT {day} AS day, {columns} FROM {source} WHERE {' AND '.join(wanted)}"  # noqa: S608 - declared


def counted_rows(family: Family, *, has_run: bool, conditions: str = "") -> str:
    """All events of a family under each other, with their amounts as columns a0, a1, …"""
    parts = []
    for event in family.events:
        amounts = ", ".join(
            f"({event.amounts.get(name, '0')})::bigint AS a{at}" for at, name in enumerate(family.amounts)
        )
        columns = f"r.is_sample, {_KEYS}, {amounts}"
        parts.append(event_rows(family, event, columns=columns, has_run=has_run, conditions=conditions))
    return " UNION ALL ".join(parts)


def cells(family: Family, *, has_run: bool) -> str:
    """SELECT of the readings as they should stand, in the order of `_COLUMNS`."""
    sums = ", ".join(f"sum(a{at})::bigint" for at in range(len(family.amounts)))
    return (
        "SELECT %(family)s::varchar AS family, %(definition)s::smallint AS definition,"  # noqa: S608 - declared
        " CASE WHEN GROUPING(service_id) = 0 THEN 'work' ELSE 'customer' END AS cube, is_sample, day,"
        " coalesce(service_id, 0) AS service_id, coalesce(team_id, 0) AS team_id,"
        " coalesce(priority, 0)::smallint AS priority, coalesce(organization_id, 0) AS organization_id,"
        f" ARRAY[{sums}] AS amounts"
        f" FROM ({counted_rows(family, has_run=has_run)}) counted GROUP BY {_GROUPS}"
    )


def insert_cells(family: Family) -> str:
    return f"INSERT INTO measurement_reading ({_COLUMNS}) {cells(family, has_run=True)}"


def told_cells(family: Family) -> str:
    """
    Everything, put aside first: PostgreSQL counts with several workers only where it does not insert as well.

    Followed by `take_told_cells`.
    """
    return f"CREATE TEMPORARY TABLE told_cells ON COMMIT DROP AS {cells(family, has_run=False)}"


def take_told_cells() -> str:
    return f"INSERT INTO measurement_reading ({_COLUMNS}) SELECT {_COLUMNS} FROM told_cells; DROP TABLE told_cells"  # noqa: S608


def differing_days(family: Family) -> str:
    """SELECT of the days whose stored readings are not what the records say."""
    stored = f"SELECT {_COLUMNS} FROM measurement_reading WHERE family = %(family)s"  # noqa: S608 - ours
    return (
        f"WITH told AS MATERIALIZED ({cells(family, has_run=False)}), stored AS MATERIALIZED ({stored})"  # noqa: S608
        f" SELECT day FROM (SELECT {_COLUMNS} FROM told EXCEPT ALL SELECT {_COLUMNS} FROM stored) missing"
        f" UNION SELECT day FROM (SELECT {_COLUMNS} FROM stored EXCEPT ALL SELECT {_COLUMNS} FROM told) surplus"
        " ORDER BY day"
    )


def days_of_records(family: Family) -> str:
    """
    SELECT of every day that the records %(records)s may count on.

    Without the conditions of the events: what an act has just taken out of a day leaves that day to be counted again.
    """
    parts = []
    for event in family.events:
        source = event.source or family.source
        parts.append(
            f"SELECT {day_of(event.moment)} + {event.days_later} FROM {source}"  # noqa: S608 - declared by our code
            f" WHERE r.id = ANY(%(records)s) AND {event.moment} IS NOT NULL"
        )
    return " UNION ".join(parts)
