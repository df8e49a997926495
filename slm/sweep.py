"""
The sweep: record the thresholds that running clocks have passed.

Its cost follows what is due, not what is open: one range of a partial index. Several sweepers may run at once; each
takes the rows that no other holds. The unique facts decide what is new, so nothing is recorded twice even if two
sweepers should ever meet.

Locks: an act holds its record and then asks for the clocks. The sweep takes record and clock of a row together and
skips what somebody holds, so it never waits while holding and can't deadlock with an act; what it skipped is recorded
by the act itself or by the next sweep.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection, transaction

from audit import log
from audit.bulk import Line
from common.refs import format_reference
from records import practices

from . import declarations, thresholds
from .clockwork.facts import action_of, data_of_fact, loudest
from .enums import LEVELS, Level

BATCH_ROWS = 1_000
BATCHES_A_RUN = 50

DUE = """
    SELECT c.id, c.kind, c.about, c.generation, c.next_level, c.due_soon_at, c.at_risk_at, c.due_at, c.levels,
           c.is_imported, r.id, r.kind, r.title, r.organization_id, r.is_imported, coalesce(%(at)s, now())
    FROM slm_clock c JOIN records_record r ON r.id = c.record_id
    WHERE c.state = 'running' AND c.next_level_at IS NOT NULL AND c.next_level_at <= coalesce(%(at)s, now())
    ORDER BY c.next_level_at, c.id
    LIMIT %(rows)s
    FOR NO KEY UPDATE OF r, c SKIP LOCKED
"""
INSERT_FACTS = """
    INSERT INTO slm_clockfact (clock_id, generation, level, at, detected_at)
    SELECT * FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    ON CONFLICT (clock_id, generation, level) DO NOTHING
    RETURNING clock_id, level
"""
ADVANCE = """
    UPDATE slm_clock c
    SET next_level = n.level, next_level_at = n.at, breached_at = coalesce(c.breached_at, n.breached_at),
        levels = coalesce(n.levels::jsonb, c.levels)
    FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[])
        AS n(id, level, at, breached_at, levels)
    WHERE c.id = n.id
"""
MARK_RECORDS = "UPDATE records_record SET is_breached = true WHERE id = ANY(%s) AND NOT is_breached"


@dataclass(frozen=True)
class Due:
    """A clock of the sweep with what it needs of its record."""

    clock_id: int
    clock_kind: str
    about: str | None
    generation: int
    next_level: str
    due_soon_at: datetime | None
    at_risk_at: datetime | None
    due_at: datetime | None
    levels: Any
    clock_is_imported: bool
    record_id: int
    record_kind: str
    title: str
    organization_id: int
    record_is_imported: bool
    now: datetime

    @property
    def is_quiet(self) -> bool:
        """Imported history raises no notices."""
        return self.clock_is_imported or self.record_is_imported

    @property
    def label(self) -> str:
        return f"{format_reference(practices.of(self.record_kind).prefix, self.record_id)} {self.title}"

    @cached_property
    def further(self) -> list[thresholds.Ahead]:
        """The levels that the agreement adds."""
        return thresholds.read(json.loads(self.levels) if isinstance(self.levels, str) else self.levels)

    def moment(self, level: str) -> datetime | None:
        """When a usual level comes."""
        return {Level.DUE_SOON: self.due_soon_at, Level.AT_RISK: self.at_risk_at, Level.BREACHED: self.due_at}[
            Level(level)
        ]

    def passed(self) -> list[tuple[str, datetime]]:
        """Levels whose moment has come: the usual ones, the lowest first, then those that the agreement adds."""
        found: list[tuple[str, datetime]] = []
        for level in LEVELS[LEVELS.index(Level(self.next_level)) :] if self.next_level else ():
            moment = self.moment(level)
            if moment is None or moment > self.now:
                break
            found.append((level, moment))
        return found + [
            (each.code, each.at)
            for each in self.further
            if each.at is not None and each.at <= self.now and not each.is_passed
        ]

    def following(self, passed: Sequence[tuple[str, datetime]]) -> "Following":
        """What comes after these levels."""
        levels = {level for level, _moment in passed}
        usual = [level for level in LEVELS if level in levels]
        level = (LEVELS[LEVELS.index(usual[-1]) + 1 :] or ("",))[0] if usual else self.next_level
        at = self.moment(level) if level else None
        if not self.further:
            return Following(level, at, None)
        left = thresholds.write(replace(each, is_passed=each.is_passed or each.code in levels) for each in self.further)
        return Following(level, thresholds.earlier(at, thresholds.next_at(left)), json.dumps(left))


@dataclass(frozen=True, slots=True)
class Following:
    """The next usual level, when the sweep looks again, and the further levels as JSON where there are any."""

    level: str
    at: datetime | None
    levels: str | None


def sweep(at: datetime | None = None) -> int:
    """
    Record every threshold passed, in bounded batches, each in its own transaction.

    :param at: the moment to sweep for; the clock of the database if not given, so that a worker's wrong clock does
        no harm.
    :returns: how many thresholds were newly recorded.
    """
    recorded = 0
    for _batch in range(BATCHES_A_RUN):
        taken, fresh = sweep_batch(at)
        recorded += fresh
        if taken < BATCH_ROWS:
            break
    return recorded


@transaction.atomic
def sweep_batch(at: datetime | None = None, *, rows: int = BATCH_ROWS) -> tuple[int, int]:
    """Sweep one batch. Returns how many clocks were taken and how many facts were new. Idle: one indexed query."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"at": at, "rows": rows})
        due = [Due(*row) for row in cursor.fetchall()]
        if not due:
            return 0, 0
        passed = [(each, each.passed()) for each in due]
        fresh = _insert_facts(cursor, passed)
        _advance(cursor, passed)
        _mark_records(cursor, passed)
    _write_down(passed, fresh)
    return len(due), len(fresh)


Passed = Sequence[tuple[Due, list[tuple[str, datetime]]]]


def _insert_facts(cursor: Any, passed: Passed) -> set[tuple[int, str]]:
    facts = [(each, level, moment) for each, levels in passed for level, moment in levels]
    cursor.execute(
        INSERT_FACTS,
        [
            [each.clock_id for each, _level, _moment in facts],
            [each.generation for each, _level, _moment in facts],
            [str(level) for _each, level, _moment in facts],
            [moment for _each, _level, moment in facts],
            [each.now for each, _level, _moment in facts],
        ],
    )
    return {(clock_id, level) for clock_id, level in cursor.fetchall()}


def _advance(cursor: Any, passed: Passed) -> None:
    rows = [(each, levels, each.following(levels)) for each, levels in passed if levels]
    cursor.execute(
        ADVANCE,
        [
            [each.clock_id for each, _levels, _next in rows],
            [str(following.level) for _each, _levels, following in rows],
            [following.at for _each, _levels, following in rows],
            [dict(levels).get(Level.BREACHED) for _each, levels, _next in rows],
            [following.levels for _each, _levels, following in rows],
        ],
    )


def _mark_records(cursor: Any, passed: Passed) -> None:
    repeating = declarations.repeating()
    breached = sorted(
        {
            each.record_id
            for each, levels in passed
            if Level.BREACHED in dict(levels) and each.clock_kind not in repeating
        }
    )
    if breached:
        cursor.execute(MARK_RECORDS, [breached])


def _write_down(passed: Passed, fresh: set[tuple[int, str]]) -> None:
    """One log entry for each new fact; of several levels passed at once only the loudest may raise an alarm."""
    loud: list[Line] = []
    quiet: list[Line] = []
    for each, levels in passed:
        loud_levels = loudest(levels)
        for level, moment in levels:
            if (each.clock_id, level) not in fresh:
                continue
            data = data_of_fact(
                clock_id=each.clock_id,
                kind=each.clock_kind,
                about=each.about,
                level=level,
                detected_at=each.now,
                notify=level in loud_levels and not each.is_quiet,
            )
            line = Line(moment, action_of(level), each.record_id, each.label, each.organization_id, data)
            (quiet if each.is_quiet else loud).append(line)
    log.save_lines(loud, subject_kind="record")
    log.save_lines(quiet, subject_kind="record", later=False)
