"""
After a calendar edit: date every live clock of the calendar anew, in the background, set by set.

Time that had passed at the edit stays counted with the version in force then: the open segment is split at the edit,
and only what comes after it goes by the new hours. So no past threshold moves, and finished clocks are not touched.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import connection, transaction

from calendars import registry
from calendars.business_time import BusinessTime, NeverOpens
from calendars.models import CalendarVersion
from calendars.table import micros, moment_of

from . import declarations, pointing, thresholds
from .clockwork.standing import STAND_AGAIN
from .enums import LEVELS, ClockState, Level
from .ledger import SHARES

BATCH_ROWS = 5_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

TAKE = """
    SELECT c.id, c.record_id, c.state, c.next_level, c.breached_at IS NOT NULL,
           (extract(epoch FROM c.switched_at) * 1000000)::bigint,
           (extract(epoch FROM c.used) * 1000000)::bigint,
           (extract(epoch FROM c.used_before) * 1000000)::bigint,
           (extract(epoch FROM c.target) * 1000000)::bigint,
           (extract(epoch FROM c.due_soon_at) * 1000000)::bigint,
           (extract(epoch FROM c.at_risk_at) * 1000000)::bigint,
           (extract(epoch FROM c.due_at) * 1000000)::bigint,
           c.levels, c.point
    FROM slm_clock c JOIN records_record r ON r.id = c.record_id
    WHERE c.calendar_id = %s AND c.calendar_version = %s AND c.state IN ('pending', 'running', 'paused') AND c.id > %s
    ORDER BY c.id LIMIT %s
    FOR NO KEY UPDATE OF r, c SKIP LOCKED
"""
WRITE_CHANGES = """
    INSERT INTO slm_clockchange (clock_id, at, why, policy, target_before, target_after, due_before, due_after)
    SELECT n.id, %s, 'calendar', '', n.before * interval '1 microsecond', n.target * interval '1 microsecond',
           'epoch'::timestamptz + n.due_before * interval '1 microsecond',
           'epoch'::timestamptz + n.due_after * interval '1 microsecond'
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS n(id, before, target, due_before, due_after)
"""
WRITE_CLOCKS = """
    UPDATE slm_clock c SET
        calendar_version = %s,
        generation = c.generation + 1,
        used = n.used * interval '1 microsecond',
        switched_at = 'epoch'::timestamptz + n.switched_at * interval '1 microsecond',
        due_soon_at = 'epoch'::timestamptz + n.due_soon_at * interval '1 microsecond',
        at_risk_at = 'epoch'::timestamptz + n.at_risk_at * interval '1 microsecond',
        due_at = 'epoch'::timestamptz + n.due_at * interval '1 microsecond',
        next_level = n.next_level,
        next_level_at = 'epoch'::timestamptz + n.next_level_at * interval '1 microsecond',
        levels = coalesce(n.levels::jsonb, c.levels)
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
                %s::bigint[], %s::text[])
        AS n(id, used, switched_at, due_soon_at, at_risk_at, due_at, next_level, next_level_at, levels)
    WHERE c.id = n.id
"""
KEEP_PAUSED = "UPDATE slm_clock SET calendar_version = %s WHERE id = ANY(%s)"
CLOSE_SEGMENTS = "UPDATE slm_segment SET at_to = %s WHERE clock_id = ANY(%s) AND at_to IS NULL"
RENAME_SEGMENTS = "UPDATE slm_segment SET calendar_version = %s WHERE clock_id = ANY(%s) AND at_to IS NULL"
OPEN_SEGMENTS = """
    INSERT INTO slm_segment (clock_id, kind, reason, at_from, at_to, calendar_id, calendar_version)
    SELECT id, 'running', '', %s, NULL, %s, %s FROM unnest(%s::bigint[]) AS n(id)
"""


def replan(calendar_id: int, *, at: datetime) -> int:
    """
    Bring every live clock of the calendar to its current version, edit by edit, in batches of their own transactions.

    Rows that an act holds at the moment are left out; the auditor finds them. Safe to run twice and at once.

    :param at: now, for telling which thresholds lie ahead.
    :returns: how many clocks were brought forward.
    """
    versions = list(
        CalendarVersion.objects.filter(calendar_id=calendar_id).order_by("number").values_list("number", "created_at")
    )
    done = 0
    for (old, _since), (new, since) in pairwise(versions):
        step, latest = pointing.Step(calendar_id, old, new, micros(since)), 0
        while taken := _replan_batch(step, after=latest, at=at):
            done, latest = done + len(taken), taken[-1]
    return done


def outdated_calendars() -> list[int]:
    """Calendars with a live clock that is not counted with the current version."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT k.id FROM calendars_calendar k WHERE EXISTS (
                SELECT FROM slm_clock c WHERE c.calendar_id = k.id AND c.calendar_version < k.version
                AND c.state IN ('pending', 'running', 'paused'))
            ORDER BY k.id
        """)
        return [key for (key,) in cursor.fetchall()]


@transaction.atomic
def _replan_batch(step: pointing.Step, *, after: int, at: datetime) -> list[int]:
    """Bring the next clocks behind the key `after` to the next version. Returns their keys in order."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [step.calendar_id, step.old, after, BATCH_ROWS])
        rows = cursor.fetchall()
        stood = {row[0]: row[8] for row in rows}
        rows = pointing.aimed_anew(rows, step, cursor)
        running = [row for row in rows if row[2] == ClockState.RUNNING]
        still = [row[0] for row in rows if row[2] != ClockState.RUNNING]
        if still:
            cursor.execute(KEEP_PAUSED, [step.new, still])
        if running:
            _write(cursor, running, [stood[row[0]] for row in running], step, at=at)
    return [row[0] for row in rows]


def _write(cursor: Any, rows: list[tuple[Any, ...]], stood: list[int], step: pointing.Step, *, at: datetime) -> None:
    """:param stood: the targets of before."""
    plan = _dated_anew(rows, step)
    ids = [row[0] for row in rows]
    levels, moments = _next_levels(rows, plan, micros(at))
    further = _further(rows, plan, step, moments, now=at)
    due_at = plan["due_at"]
    cursor.execute(WRITE_CHANGES, [at, ids, stood, [row[8] for row in rows], [row[11] for row in rows], due_at])
    cursor.execute(
        WRITE_CLOCKS,
        [
            step.new,
            ids,
            plan["used"],
            plan["switched_at"],
            plan["due_soon_at"],
            plan["at_risk_at"],
            due_at,
            levels,
            moments,
            further,
        ],
    )
    split = [row[0] for row in rows if row[5] < step.since]
    begun_later = [row[0] for row in rows if row[5] >= step.since]
    if split:
        since = moment_of(step.since)
        cursor.execute(CLOSE_SEGMENTS, [since, split])
        cursor.execute(OPEN_SEGMENTS, [since, step.calendar_id, step.new, split])
    if begun_later:
        cursor.execute(RENAME_SEGMENTS, [step.new, begun_later])
    cursor.execute(STAND_AGAIN, [[row[1] for row in rows], sorted(declarations.beneath())])


def _dated_anew(rows: list[tuple[Any, ...]], step: pointing.Step) -> dict[str, list[int | None]]:
    """
    Used time up to the edit, and the moments after it, as microseconds; moments before the edit stay.

    A clock that began its segment after the edit, still with the old version, is dated from that beginning.
    """
    old_time = registry.business_time(step.calendar_id, step.old)
    new_time = registry.business_time(step.calendar_id, step.new)
    switched, used, before, target = (np.array([row[index] for row in rows], dtype=np.int64) for index in range(5, 9))
    begin = np.maximum(switched, step.since)
    spent = np.rint(old_time.between_many(switched / 1e6, np.maximum(switched, step.since) / 1e6) * 1e6)
    used = used + np.where(switched < step.since, spent.astype(np.int64), 0)
    plan: dict[str, list[int | None]] = {"used": used.tolist(), "switched_at": begin.tolist()}
    for index, (name, level) in enumerate(zip(("due_soon_at", "at_risk_at", "due_at"), LEVELS, strict=True)):
        numerator, denominator = SHARES[level]
        rest = np.maximum(before + target * numerator // denominator - used, 0)
        fresh = _added(new_time, begin, rest)
        stood = [row[9 + index] for row in rows]
        plan[name] = [
            was if was is not None and was <= step.since else dated for was, dated in zip(stood, fresh, strict=True)
        ]
    return plan


def _further(
    rows: list[tuple[Any, ...]],
    plan: dict[str, list[Any]],
    step: pointing.Step,
    moments: list[int | None],
    *,
    now: datetime,
) -> list[str | None]:
    """
    The levels that agreements add, dated anew like the usual ones, as JSON; one by one, for few clocks have any.

    Brings `moments`, at which the sweep looks again, forward where one of them comes earlier.
    """
    found: list[str | None] = [None] * len(rows)
    time = registry.business_time(step.calendar_id, step.new)
    since = moment_of(step.since)
    for index, row in enumerate(rows):
        if not row[12]:
            continue
        begin, used = plan["switched_at"][index], plan["used"][index]
        target, before = timedelta(microseconds=row[8]), timedelta(microseconds=row[7])
        levels = []
        for each in thresholds.read(json.loads(row[12]) if isinstance(row[12], str) else row[12]):
            at = each.at
            if at is None or at > since:
                amount = thresholds.allowance(each.code, target=target, used_before=before)
                rest = None if amount is None else max(amount // MICROSECOND - used, 0)
                dated = None if rest is None else _added_one(time, begin, rest)
                at = None if dated is None else moment_of(dated)
            levels.append(replace(each, at=at, is_passed=each.is_passed and (at is None or at <= now)))
        written = thresholds.write(levels)
        found[index] = json.dumps(written)
        following = thresholds.next_at(written)
        moments[index] = min((m for m in (moments[index], following and micros(following)) if m), default=None)
    return found


def _added(time: BusinessTime, begin: np.ndarray, rest: np.ndarray) -> list[int | None]:
    try:
        return [int(each) for each in np.rint(time.add_many(begin / 1e6, rest / 1e6) * 1e6).astype(np.int64)]
    except NeverOpens:
        return [_added_one(time, int(start), int(amount)) for start, amount in zip(begin, rest, strict=True)]


def _added_one(time: BusinessTime, begin: int, rest: int) -> int | None:
    try:
        return micros(time.add(moment_of(begin), moment_of(rest) - EPOCH))
    except NeverOpens:
        return None


def _next_levels(
    rows: list[tuple[Any, ...]], plan: dict[str, list[int | None]], now: int
) -> tuple[list[str], list[int | None]]:
    """The next level of each clock: levels left behind stay so, unless the edit moved them ahead of us again."""
    levels: list[str] = []
    moments: list[int | None] = []
    columns = [plan["due_soon_at"], plan["at_risk_at"], plan["due_at"]]
    for index, row in enumerate(rows):
        level, moment = "", None
        if not row[4]:
            left_behind = LEVELS if not row[3] else LEVELS[: LEVELS.index(Level(row[3]))]
            for each, column in zip(LEVELS, columns, strict=True):
                at = column[index]
                if each in left_behind and (at is None or at <= now):
                    continue
                level, moment = str(each), at
                break
        levels.append(level)
        moments.append(moment)
    return levels, moments
