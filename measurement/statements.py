"""The SQL that a family is counted with and its rows are listed by. Expressions come from declarations only."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from .cells import place_sql
from .declarations import IN_ZONE, Event, Family, day_of
from .periods import start_of

SPANS_AT_MOST = 6
SLACK = timedelta(hours=2)
ONE_DAY = timedelta(days=1)
_COLUMN = re.compile(r"(\w+)\.\w+")
_LITERAL = re.compile(r"-?\d+")
_RECORDS = "records_record r"
# A source that begins with a table of its own and joins the record to it.
_OWN_TABLE = re.compile(r"(\w+) (\w+) JOIN records_record r ON r\.id = \2\.(\w+)\b")
NEVER = "'-infinity'::date"


def spans_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """
    Days put together into runs, the end not included, in order.

    A few runs at most, the nearest ones together: to count quiet days again is cheaper than a statement of hundreds of
    conditions.
    """
    ordered = sorted(set(days))
    gaps = sorted((after - before for before, after in pairwise(ordered)), reverse=True)
    bridged = gaps[SPANS_AT_MOST - 1] if len(gaps) >= SPANS_AT_MOST else ONE_DAY
    spans: list[tuple[date, date]] = []
    for day in ordered:
        if spans and day - spans[-1][1] + ONE_DAY <= max(bridged, ONE_DAY):
            spans[-1] = spans[-1][0], day + ONE_DAY
        else:
            spans.append((day, day + ONE_DAY))
    return spans


def run_parameters(day_from: date, day_to: date) -> dict[str, Any]:
    """Of a run of days, the end not included: constants, so that the planner sees how few rows it asks for."""
    return {"day_from": day_from, "day_to": day_to}


def event_rows(family: Family, event: Event, *, columns: str, conditions: str = "") -> str:
    """
    SELECT of the rows that an event counts, with their day.

    The range of moments is two hours wider than the days, for the index; the day itself decides, so that an hour that
    happens twice around midnight can't be counted twice or missed.
    """
    shift = f" - {event.days_later}" if event.days_later else ""
    day = f"{day_of(event.moment)} + {event.days_later}" if event.days_later else day_of(event.moment)
    source = event.source or family.source
    first, after = "%(day_from)s::date", "%(day_to)s::date"
    edge = "({}{})::timestamp AT TIME ZONE %(zone)s {} interval '2 hours'"
    wanted = [
        f"{event.moment} IS NOT NULL",
        f"({event.where})",
        f"{event.moment} >= {edge.format(first, shift, '-')}",
        f"{event.moment} < {edge.format(after, shift, '+')}",
        f"{day} >= {first} AND {day} < {after}",
    ]
    if conditions:
        wanted.append(conditions)
    return f"SELECT {day} AS day, {columns} FROM {source} WHERE {' AND '.join(wanted)}"  # noqa: S608 - declared


def in_session_zone(sql: str) -> str:
    """
    The same SQL for a session whose time zone is the reporting zone.

    A zone named in a statement is looked up for every row, which takes longer than all else that is done with it.
    """
    return sql.replace(IN_ZONE, "")


@dataclass(frozen=True)
class Counted:
    """An event in the rows of a reader: which column holds its day, and what each amount is: a column or a number."""

    day: str
    amounts: Mapping[int, str | int]


@dataclass(frozen=True)
class Reader:
    """
    One statement over the rows of one source, and the events that it reads in a single pass.

    :param columns: name and SQL type of what it selects, after the place.
    """

    source: str
    selected: str
    events: tuple[Event, ...]
    columns: tuple[tuple[str, str], ...]
    counted: tuple[Counted, ...]

    def statement(self, spans: Sequence[tuple[date, date]] | None) -> tuple[str, dict[str, datetime]]:
        """
        The SQL that finds the rows of some runs of days, or of all without any, and its parameters.

        It looks two hours further than the days, for the index; the day itself decides, so that an hour that happens
        twice around midnight can't be counted twice or missed.
        """
        parameters: dict[str, datetime] = {}
        wanted = []
        for event in self.events:
            ranges = []
            for at, (first, after) in enumerate(spans or ()):
                names = f"from_{event.days_later}_{at}", f"to_{event.days_later}_{at}"
                later = timedelta(days=event.days_later)
                moments = start_of(first - later) - SLACK, start_of(after - later) + SLACK
                parameters |= dict(zip(names, moments, strict=True))
                ranges.append(f"{event.moment} >= %({names[0]})s AND {event.moment} < %({names[1]})s")
            run = " OR ".join(f"({each})" for each in ranges) or f"{event.moment} IS NOT NULL"
            wanted.append(f"(({run}) AND ({event.where}))")
        sql = f"SELECT {place_sql()} AS place, {self.selected} FROM {self.source} WHERE {' OR '.join(wanted)}"  # noqa: S608
        return in_session_zone(sql), parameters


def readers(family: Family) -> list[Reader]:
    """
    How the rows of a family are read.

    Events of one source are read together when their moments are columns of one table: then PostgreSQL puts the
    indexes on them together. Moments of two tables would make it read both from end to end.
    """
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in family.events:
        column = _COLUMN.fullmatch(event.moment)
        groups.setdefault((event.source or family.source, column[1] if column else event.moment), []).append(event)
    return [_reader(family, source, events) for (source, _table), events in groups.items()]


def _reader(family: Family, source: str, events: Sequence[Event]) -> Reader:
    columns: dict[str, tuple[str, str]] = {}
    counted = []
    for at, event in enumerate(events):
        day = f"{day_of(event.moment)} + {event.days_later}" if event.days_later else day_of(event.moment)
        columns[f"d{at}"] = f"coalesce({_only(event, day, events)}, {NEVER})", "date"
        amounts: dict[int, str | int] = {}
        for name, sql in event.amounts.items():
            position = family.position(name)
            if _LITERAL.fullmatch(sql):
                amounts[position] = int(sql)
                continue
            amounts[position] = f"a{at}_{position}"
            columns[f"a{at}_{position}"] = f"coalesce({_only(event, f'({sql})::bigint', events)}, 0)", "bigint"
        counted.append(Counted(f"d{at}", amounts))
    return Reader(
        source=source,
        selected=", ".join(f"{sql} AS {name}" for name, (sql, _type) in columns.items()),
        events=tuple(events),
        columns=tuple((name, kind) for name, (_sql, kind) in columns.items()),
        counted=tuple(counted),
    )


def _only(event: Event, sql: str, events: Sequence[Event]) -> str:
    """An expression that holds for the rows of one event among several."""
    return sql if len(events) == 1 else f"CASE WHEN {event.where} THEN {sql} END"


def days_of_records(families: Iterable[Family]) -> list[tuple[str, list[set[str]]]]:
    """
    SELECTs of every day that the records %(records)s may count on, as position, day and key of the record; at each
    position the names of the families that count on it.

    Without the conditions of the events: what an act has just taken out of a day leaves that day to be counted again.
    Moments of one table are read once for all families, wherever these find their rows.
    """
    wanted: dict[tuple[str, str], dict[str, set[str]]] = {}
    for family in families:
        for event in family.events:
            day = f"{day_of(event.moment)} + {event.days_later}"
            place = _table_of(event.moment, event.source or family.source)
            wanted.setdefault(place, {}).setdefault(day, set()).add(family.name)
    return [
        (
            in_session_zone(
                f"SELECT DISTINCT touched.position - 1, touched.day, {record} FROM {source},"  # noqa: S608 - declared by our code
                f" unnest(ARRAY[{', '.join(days)}]) WITH ORDINALITY AS touched (day, position)"
                f" WHERE {record} = ANY(%(records)s) AND touched.day IS NOT NULL"
            ),
            list(days.values()),
        )
        for (source, record), days in wanted.items()
    ]


def _table_of(moment: str, source: str) -> tuple[str, str]:
    """Where a moment is read, and the column there that names the record: as little of the source as holds both."""
    column, own = _COLUMN.fullmatch(moment), _OWN_TABLE.match(source)
    if column and column[1] == "r" and _RECORDS in source:
        return _RECORDS, "r.id"
    if column and own and column[1] == own[2]:
        return f"{own[1]} {own[2]}", f"{own[2]}.{own[3]}"
    return source, "r.id"
