"""Who counts: one worker at a time, and one full count at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

LOCK = 0x5354_4D53  # any numbers that nothing else locks
FULL_COUNT = 0x5354_4D46


def wait() -> None:
    """Hold the lock of counting until the transaction ends; wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout = '15min'; SET LOCAL lock_timeout = '15min'; SET LOCAL work_mem = '64MB'"
        )
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def got() -> bool:
    """Take the lock of counting until the transaction ends, unless another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether no other full count is under way; ours is one until the block ends, or the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [FULL_COUNT])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [FULL_COUNT])
