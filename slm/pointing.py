"""Points in time after a calendar edit: the same point is another working time by the new hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calendars import registry
from calendars.table import moment_of

from .models import Clock, Segment
from .points import Point

MICROSECOND = timedelta(microseconds=1)
WRITE_TARGETS = """
    UPDATE slm_clock c SET target = n.target * interval '1 microsecond'
    FROM unnest(%s::bigint[], %s::bigint[]) AS n(id, target) WHERE c.id = n.id
"""


@dataclass(frozen=True)
class Step:
    """From one version of a calendar to the next. `since` is the edit, in microseconds since the epoch."""

    calendar_id: int
    old: int
    new: int
    since: int


def aimed_anew(rows: list[tuple[Any, ...]], step: Step, cursor: Any) -> list[tuple[Any, ...]]:
    """
    The rows of a batch with the targets that their points come to by the new hours; the others as they are.

    Columns: 0 key, 8 target in microseconds, 11 due moment, 13 point. What was open before the edit counts by the hours
    of its time, whether the clock ran in it or not, so that pauses move the due moment as before. Where the due moment
    lies before the edit, nothing moves.
    """
    aimed = {row[0] for row in rows if row[13] and (row[11] is None or row[11] > step.since)}
    if not aimed:
        return rows
    since, hours = moment_of(step.since), registry.business_time(step.calendar_id, step.new)
    counts_from = dict(Clock.objects.filter(pk__in=aimed).values_list("pk", "counts_from"))
    passed = _open_until(since, counts_from)
    targets: dict[int, int] = {}
    for row in rows:
        if row[0] not in aimed:
            continue
        point = Point.from_code(row[13])
        start = counts_from[row[0]]
        due_at = point.moment(start, hours) if point else None
        if due_at is not None:
            begin = max(since, start)
            ahead = hours.between(begin, due_at) if due_at > begin else timedelta(0)
            targets[row[0]] = (passed[row[0]] + ahead) // MICROSECOND
    if targets:
        cursor.execute(WRITE_TARGETS, [list(targets), list(targets.values())])
    return [(*row[:8], targets.get(row[0], row[8]), *row[9:]) for row in rows]


def _open_until(since: datetime, counts_from: dict[int, datetime]) -> dict[int, timedelta]:
    """The working time between where each clock counts from and the edit, whatever the clock did in it."""
    found = dict.fromkeys(counts_from, timedelta(0))
    for segment in Segment.objects.filter(clock__in=counts_from, at_from__lt=since):
        begin = max(segment.at_from, counts_from[segment.clock_id])
        end = min(segment.at_to or since, since)
        if begin < end:
            hours = registry.business_time(segment.calendar_id, segment.calendar_version)
            found[segment.clock_id] += hours.between(begin, end)
    return found
