"""The database as it is: columns, constraints, triggers and functions; and what the current transaction wrote."""

from typing import Any

from django.db import connection

# What an act on a pack may write: the tables of this app, and what every act writes down.
OWN = "frameworks_"
LOG = frozenset({"audit_entry", "audit_dispatch"})
_SHAPE = """
    SELECT name, md5(definition) FROM (
    SELECT 'column ' || table_name || '.' || column_name AS name,
        data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS definition
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'constraint ' || conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL
    SELECT 'trigger ' || tgrelid::regclass::text || '.' || tgname, pg_get_triggerdef(oid) || ' ' || tgenabled::text
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function ' || oid::regprocedure::text, prosrc FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
    ) AS entries
"""
_WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def tables() -> dict[str, Any]:
    """What the database is made of: name -> digest of its definition."""
    with connection.cursor() as cursor:
        cursor.execute(_SHAPE)
        return dict(cursor.fetchall())


def written() -> dict[str, int]:
    """Rows inserted, changed and removed so far in this transaction, by table; PostgreSQL's own count."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def strays(rows: dict[str, int]) -> list[str]:
    """Tables among these that no act on a pack may write."""
    return sorted(name for name in rows if not name.startswith(OWN) and name not in LOG)
