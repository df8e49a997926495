"""What is due in this shift, and with what chance it will be missed; written down for everybody to read."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from calendars import registry
from calendars.business_time import BusinessTime, NeverOpens

from . import estimating, learning
from .models import Lesson

LOOKS_AHEAD = timedelta(hours=24)
SHIFT = timedelta(hours=8)  # where the hours never close
CLOCKS_AT_MOST = 20_000
LEARNED_EVERY = timedelta(hours=6)
LOCK = 5_400_212

# The next level comes before the due moment, so the index of the sweep holds all that can be due.
DUE = f"""
    SELECT c.id, c.record_id, r.is_sample, c.calendar_id, c.calendar_version, t.calendar_id, c.switched_at,
        c.used - c.used_before, c.target, c.due_at, {learning.FEATURES}
    FROM slm_clock c JOIN records_record r ON r.id = c.record_id LEFT JOIN people_team t ON t.id = r.team_id
    WHERE c.state = 'running' AND c.next_level_at <= %(to)s AND c.due_at > %(at)s AND c.due_at <= %(to)s
        AND c.breached_at IS NULL
    ORDER BY c.due_at, c.id LIMIT %(rows)s
"""  # noqa: S608 - our own words
WRITTEN = ("clocks", "records", "chances", "steps", "groups", "alike", "missed", "due", "ends")
WRITE = """
    INSERT INTO forecasts_forecast (clock_id, record_id, chance, rank, twentieths, "group", alike, alike_missed,
        due_at, shift_ends_at, looked_at)
    SELECT clock_id, record_id, chance, coalesce(chance, -1), step, said_of, alike, missed, due_at, ends_at, %(at)s
    FROM unnest(%(clocks)s::bigint[], %(records)s::bigint[], %(chances)s::float8[], %(steps)s::smallint[],
            %(groups)s::text[], %(alike)s::int[], %(missed)s::int[], %(due)s::timestamptz[], %(ends)s::timestamptz[])
        AS n(clock_id, record_id, chance, step, said_of, alike, missed, due_at, ends_at)
"""


def shift_end(hours: BusinessTime, at: datetime) -> datetime:
    """
    When the shift ends in which a moment lies, or the next one where it is closed: at the closing, one day ahead
    at most. Hours that never close have shifts of eight hours from now on.
    """
    if hours.spec.always_open:
        return at + SHIFT
    try:
        opening = hours.next_opening(at)
    except NeverOpens:
        return at
    closing = hours.next_boundary(opening)
    return min(closing or at + SHIFT, at + LOOKS_AHEAD)


def keep_up(*, at: datetime) -> None:
    """Learn where that was long ago, then look at what is due."""
    for is_sample in (False, True):
        lesson = Lesson.objects.filter(is_sample=is_sample).first()
        if lesson is None or lesson.learned_at <= at - LEARNED_EVERY:
            learning.learn(is_sample=is_sample, at=at)
    foresee(at=at)


@transaction.atomic
def foresee(*, at: datetime) -> int:
    """
    Write the forecasts of this shift anew. The shift is that of the team's hours, else of the clock's.

    A paused clock cannot pass its target while it waits, and has none. Few statements, however many clocks.

    :returns: how many clocks are due in their shift.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    found = list(_foreseen(_due(at), at))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM forecasts_forecast")
        if found:
            cursor.execute(WRITE, {"at": at} | dict(zip(WRITTEN, map(list, zip(*found, strict=True)), strict=True)))
    return len(found)


def _due(at: datetime) -> list[tuple[Any, ...]]:
    """Running clocks that may be due in their shift, the next one first; their hours are compiled."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"at": at, "to": at + LOOKS_AHEAD, "zone": settings.TIME_ZONE, "rows": CLOCKS_AT_MOST})
        rows = cursor.fetchall()
    registry.preload({(row[3], row[4]) for row in rows})
    return rows


def _foreseen(rows: Iterable[tuple[Any, ...]], at: datetime) -> Iterator[tuple[Any, ...]]:
    """What is known of those that are due in their shift, in the order of `WRITTEN`."""
    curves = {is_sample: learning.curves(is_sample=is_sample) for is_sample in (False, True)}
    # Thousands of clocks share few hours and few histories: each is worked out once.
    end_of = cache(lambda calendar, version, team: shift_end(_hours_of(calendar, version, team), at))
    said_of = cache(lambda is_sample, step, *features: curves[is_sample].chance(features, step))
    for key, record, is_sample, calendar, version, team, switched_at, used, target, due_at, *features in rows:
        ends_at = end_of(calendar, version, team)
        if due_at > ends_at:
            continue
        taken = used + registry.business_time(calendar, version).between(switched_at, at)
        step = estimating.step_of(taken / target if target else 1.0)
        said = said_of(is_sample, step, *features)
        yield key, record, said.chance, step, said.group, said.alike, said.missed, due_at, ends_at


def _hours_of(calendar: int, version: int, team: int | None) -> BusinessTime:
    """The hours of the team, else those of the clock."""
    return registry.current(team).time if team else registry.business_time(calendar, version)
