"""Check the chain of the log: which entries no longer match what was written."""

from django.db import connection

BROKEN = """
    SELECT entry.id FROM audit_entry AS entry
    LEFT JOIN LATERAL (
        SELECT hash FROM audit_entry AS before
        WHERE before.subject_kind = entry.subject_kind AND before.subject_id = entry.subject_id
            AND before.id < entry.id
        ORDER BY before.id DESC LIMIT 1
    ) AS previous ON true
    WHERE entry.hash IS DISTINCT FROM audit_entry_hash(entry, previous.hash)
    ORDER BY entry.id LIMIT 100
"""


def broken_entries() -> list[int]:
    """Ids of the first hundred entries whose hash does not follow from their content and the entry before."""
    with connection.cursor() as cursor:
        cursor.execute(BROKEN)
        return [row[0] for row in cursor.fetchall()]
