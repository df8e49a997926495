"""Looks over all items: what each lacks now, kept from one look to the next as long as it stays so."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from measurement.marks import mark_days
from measurement.periods import today
from services.completeness import REACHING
from services.impact.walking import types_by_way

from .due import OVERDUE, overdue_said
from .models import Standing

LOCK = 0x5354_434C  # any number that nothing else locks
COLUMNS = ("item_id", "service_id", "team_id", "is_sample", "is_live", "is_complete", "is_overdue")
CHUNK_ROWS = 5_000
# Items whose standing is another than the one that holds, with that one.
DIFFERING = f"""
    {REACHING}, overdue AS ({OVERDUE}), found AS (
        SELECT c.id AS item_id, c.service_id, c.team_id, c.is_sample, c.status = 'live' AS is_live,
            (c.owner_id IS NOT NULL AND w.id IS NOT NULL) AS is_complete, o.id IS NOT NULL AS is_overdue
        FROM services_configurationitem c LEFT JOIN reaching w ON w.id = c.id LEFT JOIN overdue o ON o.id = c.id
        WHERE c.is_active AND (c.entered_at IS NULL OR c.entered_at <= %(at)s)
    ), held AS (
        SELECT * FROM changes_differences_standing WHERE until_at IS NULL
    )
    SELECT h.id, {", ".join(f"n.{name}" for name in COLUMNS)} FROM found n FULL JOIN held h ON h.item_id = n.item_id
    WHERE ({", ".join(f"n.{name}" for name in COLUMNS)}) IS DISTINCT FROM ({", ".join(f"h.{name}" for name in COLUMNS)})
    AND (%(is_sample)s::boolean IS NULL OR coalesce(n.is_sample, h.is_sample) = %(is_sample)s)
"""  # noqa: S608 - our own words


@transaction.atomic
def look(*, at: datetime, is_sample: bool | None = None) -> int:
    """
    Look over all items and keep how each stands. Returns how many stand otherwise than at the look before.

    Looks wait for each other. One that comes late dates nothing before what is kept.

    :param is_sample: only sample items, or only others.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(DIFFERING, {**types_by_way(), **overdue_said(at), "is_sample": is_sample})
        rows = cursor.fetchall()
    ended = [row[0] for row in rows if row[0] is not None]
    Standing.objects.filter(pk__in=ended).update(until_at=Greatest(F("from_at"), at))
    Standing.objects.bulk_create(
        (Standing(from_at=at, **dict(zip(COLUMNS, row[1:], strict=True))) for row in rows if row[1] is not None),
        batch_size=CHUNK_ROWS,
    )
    if rows:
        mark_days([today(at)], at=at)
    return len(rows)
