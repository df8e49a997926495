"""Does the sweep keep up? Asked by the auditor task and by the health page."""

import logging
from datetime import timedelta

from django.db import connection

OVERDUE_FOR = timedelta(minutes=2)
_logger = logging.getLogger(__name__)

# Two questions rather than one with OR: the first is a range of the sweep's index.
UNRECORDED = """
    SELECT id FROM slm_clock
    WHERE state = 'running' AND next_level_at IS NOT NULL AND next_level_at < now() - %(grace)s * interval '1 second'
    UNION
    SELECT id FROM slm_clock
    WHERE state = 'running' AND due_at < now() - %(grace)s * interval '1 second' AND breached_at IS NULL
    ORDER BY id LIMIT %(rows)s
"""
REARM = """
    UPDATE slm_clock SET next_level = 'breached', next_level_at = due_at
    WHERE id = ANY(%s) AND state = 'running' AND breached_at IS NULL AND due_at < now()
    AND (next_level_at IS NULL OR next_level_at > due_at)
"""


def unrecorded_breaches(rows: int = 1_000) -> list[int]:
    """
    Keys of running clocks that passed a threshold over two minutes ago without a fact, by the database's clock.

    Beside what the sweep looks at, it compares due moments with breaches, so that a clock which lost its next level
    is found too. Empty is healthy.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNRECORDED, {"grace": OVERDUE_FOR.total_seconds(), "rows": rows})
        return [key for (key,) in cursor.fetchall()]


def warn_of(keys: list[int]) -> None:
    """Say in the log what the auditor found."""
    _logger.warning("The sweep has left %d clocks unrecorded for more than %s: %s", len(keys), OVERDUE_FOR, keys[:20])


def rearm(keys: list[int]) -> None:
    """Give clocks that lost their next level the breach to look at; the sweep does the rest."""
    with connection.cursor() as cursor:
        cursor.execute(REARM, [keys])
