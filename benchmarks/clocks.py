"""
Clocks: a sweep with 1,000 due of 50,000 running, an idle sweep, and a calendar edit that dates all of them anew.

The baseline in the same run is the same work as bare SQL: mark, record and log the due rows in three statements.
Everything happens in one transaction that is rolled back.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

RUNNING = 50_000
DUE = 1_000
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

RECORDS = """
    INSERT INTO records_record (
        id, kind, title, description, requester_id, organization_id, location, source, tags, impact, urgency, priority,
        priority_reason, state, state_reason, phase, created_at, opened_at, updated_at, is_replied_by_requester,
        reply_count, bounce_count, reopen_count, due_at, due_kind, due_state, due_calendar_id, is_breached, version,
        is_sample, is_imported, external_key)
    SELECT 10000000 + n, 'incident', 'Printer ' || n, '', %(user)s, %(organization)s, '', 'phone', '{}', 3, 2, 4,
        '', 'in_progress', '', 'open', %(now)s, %(now)s, %(now)s, false,
        0, 0, 0, %(now)s, 'resolution', 'running', %(calendar)s, false, 1, false, false, ''
    FROM generate_series(1, %(rows)s) AS n
"""
CLOCKS = """
    INSERT INTO slm_clock (
        id, record_id, kind, agreement_version, match, calendar_id, calendar_version, priority, target, counts_from,
        used_before, pause_reasons, state, pause_reason, generation, started_at, switched_at, used, due_soon_at,
        at_risk_at, due_at, next_level, next_level_at, is_breached_by_reclassification, is_imported)
    SELECT 10000000 + n, 10000000 + n, 'resolution', 1, '{}', %(calendar)s, %(version)s, 4, interval '8 hours', s.at,
        interval '0', '{}', 'running', '', 1, s.at, s.at, interval '0', s.at + interval '6 hours',
        s.at + interval '7 hours 12 minutes', s.at + interval '8 hours', 'due_soon', s.at + interval '6 hours',
        false, false
    FROM generate_series(1, %(rows)s) AS n,
        LATERAL (SELECT CASE WHEN n <= %(due)s THEN %(now)s - interval '7 hours' - n * interval '1 second'
                        ELSE %(now)s - interval '1 hour' + n * interval '1 millisecond' END AS at) s
"""
SEGMENTS = """
    INSERT INTO slm_segment (clock_id, kind, reason, at_from, calendar_id, calendar_version)
    SELECT id, 'running', '', started_at, calendar_id, calendar_version FROM slm_clock WHERE id > 10000000
"""
BARE = (
    "UPDATE slm_clock SET next_level = 'at_risk', next_level_at = at_risk_at"
    " WHERE state = 'running' AND next_level_at <= %(now)s",
    "INSERT INTO slm_clockfact (clock_id, generation, level, at, detected_at) SELECT id, generation, 'due_soon',"
    " due_soon_at, %(now)s FROM slm_clock WHERE state = 'running' AND next_level = 'at_risk'",
    "INSERT INTO audit_entry (at, action, subject_kind, subject_id, subject_label, channel, reason, changes, data,"
    " request_id) SELECT due_soon_at, 'clock.due_soon', 'record', record_id, '', 'worker', '', '{}', '{}', ''"
    " FROM slm_clock WHERE state = 'running' AND next_level = 'at_risk'",
)


def run(*, running: int = RUNNING, due: int = DUE) -> dict[str, float]:
    """
    Measure in the database at hand, print a line for each figure, and return them: milliseconds, and a ratio.

    Django must be set up. Nothing stays in the database.
    """
    from django.db import connection, transaction  # Django is set up by the caller

    from slm import replanning
    from slm.sweep import sweep

    figures: dict[str, float] = {}
    with transaction.atomic():
        calendar = _fill(connection, running=running, due=due)
        figures["sweep_bare_sql_ms"] = _undone(lambda: _bare(connection))
        figures["sweep_due_ms"] = _undone(lambda: sweep(NOW))
        figures["sweep_to_bare_ratio"] = figures["sweep_due_ms"] / figures["sweep_bare_sql_ms"]
        before = NOW - timedelta(hours=2)
        figures["sweep_idle_ms"] = min(_timed(lambda: sweep(before - timedelta(days=1))) for _run in range(20))
        _edit(calendar)
        figures["calendar_edit_ms"] = _timed(lambda: replanning.replan(calendar.pk, at=NOW))
        transaction.set_rollback(True)
    for name, figure in figures.items():
        print(f"{name:32} {figure:14,.1f}")
    return figures


def _fill(connection: Any, *, running: int, due: int) -> Any:
    from calendars import operations
    from people.models import Organization, User

    organization = Organization.objects.create(name="Benchmark of clocks", slug="benchmark-of-clocks")
    user = User.objects.create(username="benchmark-of-clocks", name="Benchmark", organization=organization)
    calendar = operations.create_calendar(name="Benchmark of clocks", zone="UTC", is_always_open=True, by=None, at=NOW)
    values = {
        "user": user.pk,
        "organization": organization.pk,
        "calendar": calendar.pk,
        "version": calendar.version,
        "now": NOW,
        "rows": running,
        "due": due,
    }
    with connection.cursor() as cursor:
        for statement in (RECORDS, CLOCKS, SEGMENTS):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE slm_clock, records_record, slm_segment")
    return calendar


def _edit(calendar: Any) -> None:
    from calendars import operations
    from calendars.business_time import WeeklyWindow

    windows = [WeeklyWindow(day, 480, 1080) for day in range(5)]
    operations.save_hours(calendar=calendar, windows=windows, exceptions=(), by=None, at=NOW, is_always_open=False)


def _bare(connection: Any) -> None:
    with connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement, {"now": NOW})


def _timed(work: Callable[[], object]) -> float:
    begin = perf_counter()
    work()
    return (perf_counter() - begin) * 1000


def _undone(work: Callable[[], object]) -> float:
    """Best of three runs, each rolled back to where it began."""
    from django.db import transaction

    best = float("inf")
    for _run in range(3):
        with transaction.atomic():
            best = min(best, _timed(work))
            transaction.set_rollback(True)
    return best


if __name__ == "__main__":
    from benchmarks import place

    with place.throwaway(keep=False):
        place.prepare()
        run()
