"""The floor: the same work as plain SQL through psycopg2, of the shape that our own statements have."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

from .place import bare

ROW = (
    "SELECT r.id, r.kind, r.title, r.state, r.phase, r.priority, r.opened_at, r.updated_at, r.due_at, r.due_kind,"
    " r.due_state, r.due_soon_at, r.at_risk_at, r.is_breached, u.name, o.name, s.name, t.name, a.name"
    " FROM records_record r JOIN people_user u ON u.id = r.requester_id"
    " JOIN people_organization o ON o.id = r.organization_id LEFT JOIN services_service s ON s.id = r.service_id"
    " LEFT JOIN people_team t ON t.id = r.team_id LEFT JOIN people_user a ON a.id = r.assignee_id"
)
QUEUE = f"{ROW} WHERE r.phase <> 'done' ORDER BY r.due_at NULLS LAST, r.id LIMIT 50"
LIST = f"{ROW} WHERE r.kind = 'incident' ORDER BY r.id DESC LIMIT 50"
TICKET = (
    f"{ROW.replace('SELECT ', 'SELECT i.*, r.description, ', 1)} JOIN incidents_incident i ON i.record_ptr_id = r.id"
)
TICKET += " WHERE r.id = %s"
ENTRIES = """
    SELECT 'comment', id, at, text FROM records_comment WHERE record_id = %(id)s
    UNION ALL SELECT 'act', id, at, action FROM audit_entry WHERE subject_kind = 'record' AND subject_id = %(id)s
    UNION ALL SELECT kind, id, due_at, state FROM slm_clock WHERE record_id = %(id)s ORDER BY 3
"""
COMMENTS = "SELECT c.id, c.text, c.at, u.name FROM records_comment c JOIN people_user u ON u.id = c.author_id"
COMMENTS += " WHERE c.record_id = %s ORDER BY c.at LIMIT 50"
NEWEST = """
    SELECT r.id, r.title, r.state, r.opened_at FROM search_document d JOIN records_record r ON r.id = d.record_id
    WHERE d.vector @@ plainto_tsquery('simple', %(words)s)
    AND d.record_id > (SELECT max(id) FROM records_record) - 10000 ORDER BY d.record_id DESC LIMIT 25
"""
RANKED = """
    SELECT id, title, ts_rank(vector, plainto_tsquery('simple', %(words)s)) AS rank FROM (
        SELECT record_id AS id, title, vector FROM search_document
        WHERE vector @@ plainto_tsquery('simple', %(words)s)
        AND record_id > (SELECT max(id) FROM records_record) - 10000 ORDER BY record_id DESC LIMIT 1000) d
    ORDER BY rank DESC LIMIT 25
"""
DASHBOARD = """
    SELECT first_day, cells FROM measurement_reading WHERE family = 'incident.finished' AND cube = 'work'
    AND is_sample = false AND grain = 'day' AND first_day >= current_date - 30
"""
SWEEP = """
    WITH due AS (
        SELECT c.id, c.generation, c.next_level, c.next_level_at, c.due_at,
               r.id AS record_id, r.title, r.organization_id
        FROM slm_clock c JOIN records_record r ON r.id = c.record_id
        WHERE c.state = 'running' AND c.next_level_at <= %(at)s FOR NO KEY UPDATE OF r, c SKIP LOCKED
    ), facts AS (
        INSERT INTO slm_clockfact (clock_id, generation, level, at, detected_at)
        SELECT id, generation, next_level, next_level_at, %(at)s FROM due ON CONFLICT DO NOTHING
    ), moved AS (
        UPDATE slm_clock c SET next_level = 'breached', next_level_at = c.due_at FROM due WHERE c.id = due.id
    )
    INSERT INTO audit_entry (at, action, subject_kind, subject_id, subject_label, organization_id, channel, reason,
                             changes, data, request_id)
    SELECT next_level_at, 'clock.at_risk', 'record', record_id, title, organization_id, 'worker', '', '{}', '{}', ''
    FROM due
"""
REPLAN = """
    WITH moved AS (
        UPDATE slm_clock SET due_at = due_at + interval '1 hour', at_risk_at = at_risk_at + interval '1 hour',
            generation = generation + 1
        WHERE calendar_id = %(calendar)s AND state IN ('running', 'paused') AND due_at IS NOT NULL
        RETURNING record_id, due_at
    )
    UPDATE records_record r SET due_at = moved.due_at FROM moved WHERE moved.record_id = r.id
"""
CELLS = """
    SELECT (resolved_at AT TIME ZONE 'UTC')::date AS day, team_id, service_id, count(*), sum(bounce_count),
           sum(extract(epoch FROM resolved_at - opened_at)) FROM records_record WHERE resolved_at IS NOT NULL {}
    GROUP BY 1, 2, 3
"""


class Bare:
    """One connection of psycopg2 and the calls that the scenarios compare themselves with."""

    def __init__(self) -> None:
        self.connection = bare()
        self.cursor = self.connection.cursor()

    def ask(self, statement: str, parameters: Any = None) -> list[Any]:
        self.cursor.execute(statement, parameters)
        return self.cursor.fetchall() if self.cursor.description else []

    def queue(self, _input: Any) -> None:
        self.ask(QUEUE)

    def rows(self, _input: Any) -> None:
        self.ask(LIST)

    def ticket(self, key: int) -> None:
        self.ask(TICKET, [key])
        self.ask(ENTRIES, {"id": key})

    def get(self, key: int) -> None:
        self.ask(TICKET, [key])
        self.ask(COMMENTS, [key])

    def newest(self, words: str) -> None:
        self.ask(NEWEST, {"words": words})

    def ranked(self, words: str) -> None:
        self.ask(RANKED, {"words": words})

    def dashboard(self, _input: Any) -> None:
        self.ask(DASHBOARD)

    def undone(self, statement: str, parameters: Any) -> float:
        """Milliseconds of a writing statement whose transaction is rolled back, so that it can be measured again."""
        self.cursor.execute("BEGIN")
        begin = perf_counter()
        self.cursor.execute(statement, parameters)
        passed = (perf_counter() - begin) * 1000
        self.cursor.execute("ROLLBACK")
        return passed

    def close(self) -> None:
        self.connection.close()


def creations_per_second(template: int, *, count: int, at_once: int) -> float:
    """
    Copy a ticket with its clocks, segments and log entry again and again, each in a transaction of its own.

    Two statements for each, from so many connections at once.
    """
    probe = Bare()
    statements = [_copy_of_ticket(probe), _copy_of_clocks(probe)]
    probe.close()

    def work(share: int) -> None:
        connection = bare(autocommit=False)
        with connection.cursor() as cursor:
            for _each in range(share):
                cursor.execute(statements[0], {"id": template})
                cursor.execute(statements[1], {"id": template, "new": cursor.fetchone()[0]})
                connection.commit()
        connection.close()

    return _rate(work, count=count, at_once=at_once)


def _rate(work: Callable[[int], None], *, count: int, at_once: int) -> float:
    begin = perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, [count // at_once] * at_once))
    return count // at_once * at_once / (perf_counter() - begin)


def _columns(probe: Bare, table: str, *without: str) -> str:
    found = probe.ask(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " AND NOT column_name = ANY(%s) ORDER BY ordinal_position",
        [table, list(without)],
    )
    return ", ".join(f'"{name}"' for (name,) in found)


def _copy_of_ticket(probe: Bare) -> str:
    record = _columns(probe, "records_record", "id")
    own = _columns(probe, "incidents_incident", "record_ptr_id")
    return (
        f"WITH made AS (INSERT INTO records_record ({record})"
        f" SELECT {record} FROM records_record WHERE id = %(id)s RETURNING id),"
        f" more AS (INSERT INTO incidents_incident (record_ptr_id, {own})"
        f" SELECT made.id, {own} FROM incidents_incident, made WHERE record_ptr_id = %(id)s)"
        " SELECT id FROM made"
    )


def _copy_of_clocks(probe: Bare) -> str:
    clock = _columns(probe, "slm_clock", "id", "record_id")
    segment = _columns(probe, "slm_segment", "id", "clock_id", "at_to")
    entry = _columns(probe, "audit_entry", "id", "subject_id", "hash")
    return (
        f"WITH made AS (INSERT INTO slm_clock (record_id, {clock})"
        f" SELECT %(new)s, {clock} FROM slm_clock WHERE record_id = %(id)s RETURNING id),"
        f" spent AS (INSERT INTO slm_segment (clock_id, at_to, {segment})"
        f" SELECT made.id, NULL, {segment} FROM made,"
        " (SELECT s.* FROM slm_segment s JOIN slm_clock c ON c.id = s.clock_id"
        f" WHERE c.record_id = %(id)s LIMIT 1) old),"
        f" told AS (INSERT INTO audit_entry (subject_id, {entry}) SELECT %(new)s, {entry} FROM audit_entry"
        " WHERE subject_kind = 'record' AND subject_id = %(id)s ORDER BY id LIMIT 1 RETURNING id)"
        " INSERT INTO audit_dispatch (entry_id, subscriber, state, due_at, attempts, error)"
        " SELECT id, 'bench', 'done', now(), 0, '' FROM told"
    )
