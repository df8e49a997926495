"""
Build the documents from the records, by set: one statement for one record or for ten thousand.

The public document holds the title, the description and the public replies; the internal one, which exists only where
there are any, the work notes and the number in another tool. Safe to run twice: what has not changed is not written.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

BATCH_RECORDS = 5_000
# A vector may hold one megabyte; that much text of many different words comes close to it.
LONGEST_BODY = 200_000

_PUBLIC = """
    INSERT INTO search_document (record_id, is_public, title, body)
    SELECT r.id, true, r.title, left(concat_ws(E'\\n', nullif(r.description, ''), said.words), %(longest)s)
    FROM records_record r
    LEFT JOIN LATERAL (
        SELECT string_agg(c.text, E'\\n' ORDER BY c.at, c.id) AS words
        FROM records_comment c WHERE c.record_id = r.id AND c.is_public
    ) said ON true
    WHERE r.id = ANY(%(records)s)
    ON CONFLICT (record_id, is_public) DO UPDATE SET title = excluded.title, body = excluded.body
    WHERE (search_document.title, search_document.body) IS DISTINCT FROM (excluded.title, excluded.body)
"""
_INTERNAL = """
    INSERT INTO search_document (record_id, is_public, title, body)
    SELECT r.id, false, '', left(concat_ws(E'\\n', nullif(r.external_key, ''), noted.words), %(longest)s)
    FROM records_record r
    LEFT JOIN LATERAL (
        SELECT string_agg(c.text, E'\\n' ORDER BY c.at, c.id) AS words
        FROM records_comment c WHERE c.record_id = r.id AND NOT c.is_public
    ) noted ON true
    WHERE r.id = ANY(%(records)s) AND (r.external_key <> '' OR noted.words IS NOT NULL)
    ON CONFLICT (record_id, is_public) DO UPDATE SET body = excluded.body
    WHERE search_document.body IS DISTINCT FROM excluded.body
"""


def rebuild(record_ids: Iterable[int] | None = None) -> int:
    """
    Bring the documents of these records up to date, of all when none are named; a batch is a transaction.

    Returns how many documents were written.
    """
    if record_ids is not None:
        keys = list(record_ids)
        batches = [keys[at : at + BATCH_RECORDS] for at in range(0, len(keys), BATCH_RECORDS)]
        return sum(_write(batch) for batch in batches)
    written, latest = 0, 0
    while batch := _next_after(latest):
        written += _write(batch)
        latest = batch[-1]
    return written


def _next_after(latest: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM records_record WHERE id > %s ORDER BY id LIMIT %s", [latest, BATCH_RECORDS])
        return [row[0] for row in cursor.fetchall()]


def _write(records: Sequence[int]) -> int:
    said: dict[str, Any] = {"records": list(records), "longest": LONGEST_BODY}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PUBLIC, said)
        written = cursor.rowcount
        cursor.execute(_INTERNAL, said)
        return written + cursor.rowcount
