"""
Counting readings from the records: everything, a range of days, or what marks point at.

Whoever counts holds one advisory lock until the commit and reads after having it. Two workers can therefore never write
an older count over a newer one, and counting twice gives the same rows.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import now

from . import statements
from .declarations import Family, families
from .models import FamilyState, Mark, Reading

LOCK = 0x5354_4D53  # any number that nothing else locks
MARKS_A_RUN = 5_000
_logger = logging.getLogger(__name__)


def _parameters(family: Family) -> dict[str, Any]:
    return {"zone": settings.TIME_ZONE, "family": family.name, "definition": family.definition}


def _wait_for_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout = '15min'; SET LOCAL lock_timeout = '15min'; SET LOCAL work_mem = '64MB'"
        )
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _got_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _replace(family: Family, spans: Sequence[tuple[date, date]] | None) -> None:
    """Count the days of the spans anew, or everything."""
    parameters = _parameters(family)
    with connection.cursor() as cursor:
        if spans is None:
            cursor.execute("DELETE FROM measurement_reading WHERE family = %(family)s", parameters)
            cursor.execute(statements.told_cells(family), parameters)
            cursor.execute(statements.take_told_cells())
            return
        for span in spans:
            parameters |= statements.run_parameters(*span)
            cursor.execute(
                "DELETE FROM measurement_reading WHERE family = %(family)s AND cube IN ('work', 'customer')"
                " AND is_sample IN (true, false) AND day >= %(day_from)s AND day < %(day_to)s",
                parameters,
            )
            cursor.execute(statements.insert_cells(family), parameters)


def rebuild_all(*, at: datetime | None = None) -> int:
    """
    Count every reading from the records, all in one transaction; returns how many there are.

    Marks set before are settled by it. Safe beside running workers: they wait or step aside.

    :param at: moment noted as that of the counting; the present one if none is given.
    """
    moment = at or now()
    with transaction.atomic():
        _wait_for_lock()
        settled = list(Mark.objects.values_list("pk", flat=True))
        Reading.objects.exclude(family__in=[each.name for each in families()]).delete()
        for family in families():
            _replace(family, None)
            _note(family, moment)
        Mark.objects.filter(pk__in=settled).delete()
        return Reading.objects.count()


def rebuild(day_from: date, day_to: date) -> None:
    """Count the readings of a range of days from the records, the end not included; marks are left to the task."""
    with transaction.atomic():
        _wait_for_lock()
        for family in families():
            _replace(family, [(day_from, day_to)])


def _note(family: Family, moment: datetime) -> None:
    FamilyState.objects.update_or_create(
        family=family.name,
        defaults={"definition": family.definition, "zone": settings.TIME_ZONE, "computed_at": moment},
    )


def is_built() -> bool:
    """Whether every family was counted once with today's definition and zone."""
    known = {(s.family, s.definition, s.zone) for s in FamilyState.objects.all()}
    return all((each.name, each.definition, settings.TIME_ZONE) in known for each in families())


def settle_marks(*, rows: int = MARKS_A_RUN) -> int:
    """
    Count again what a batch of marks points at, and remove them. Returns how many; 0 also when another worker is at it.

    The lock comes first, then the marks, then the counting: acts that commit in between are seen by the counting or
    leave their mark for the next run, never neither.
    """
    with transaction.atomic():
        if not _got_lock():
            return 0
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")  # for a few days they take longer to start
            cursor.execute(
                "DELETE FROM measurement_mark WHERE id IN (SELECT id FROM measurement_mark ORDER BY id LIMIT %s)"
                " RETURNING record_id, moments",
                [rows],
            )
            marks = cursor.fetchall()
            if not marks:
                return 0
            for family, days in _touched(cursor, marks):
                _replace(family, statements.spans_of(days))
    return len(marks)


def _touched(cursor: Any, marks: Iterable[tuple[int, list[datetime]]]) -> list[tuple[Family, set[date]]]:
    """Days to count again per family: those the records count on now, and those they have left."""
    records = sorted({record for record, _moments in marks})
    left = sorted({moment for _record, moments in marks for moment in moments})
    touched: list[tuple[Family, set[date]]] = []
    left_days: list[date] = []
    if left:
        cursor.execute(
            "SELECT DISTINCT (m AT TIME ZONE %s)::date FROM unnest(%s::timestamptz[]) AS m", [settings.TIME_ZONE, left]
        )
        left_days = [row[0] for row in cursor.fetchall()]
    for family in families():
        cursor.execute(statements.days_of_records(family), _parameters(family) | {"records": records})
        days = {row[0] for row in cursor.fetchall()}
        for event in family.events:
            days |= {date.fromordinal(day.toordinal() + event.days_later) for day in left_days}
        if days:
            touched.append((family, days))
    return touched


def compare(*, heal: bool = True) -> dict[str, list[date]]:
    """
    Compare all readings with a fresh count. Returns the differing days by family; none when all is well.

    Marks are settled first. A difference is logged as a warning and, unless told otherwise, healed.
    """
    while settle_marks():
        pass
    found: dict[str, list[date]] = {}
    with transaction.atomic():
        _wait_for_lock()
        for family in families():
            with connection.cursor() as cursor:
                cursor.execute(statements.differing_days(family), _parameters(family))
                days = [row[0] for row in cursor.fetchall()]
            if not days:
                continue
            found[family.name] = days
            _logger.warning("Readings of %s differed from the records on %s days: %s", family.name, len(days), days[:5])
            if heal:
                _replace(family, statements.spans_of(days))
    return found
