"""Which items nobody has looked at within the days that their type says."""

from datetime import date, datetime, timedelta
from typing import Any

from common.named_sql import NamedSQL
from measurement.periods import today, zone
from services.models import ConfigurationItem, ItemStatus
from services.models.items import DEFAULT_VERIFY_DAYS

# Entering an item is looking at it. Items older than that moment, which nobody has verified, count as never seen; those
# of no type go by the cycle that types begin with.
OVERDUE = """
    SELECT c.id FROM services_configurationitem c
    LEFT JOIN services_itemtype t ON t.id = c.type_id
    LEFT JOIN (
        SELECT item_id, max(at) AS at FROM changes_differences_verification WHERE at <= %(at)s GROUP BY item_id
    ) v ON v.item_id = c.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN t.id IS NULL THEN %(default)s ELSE t.verify_days END AS days,
            greatest(v.at, c.entered_at) AS seen
    ) d
    WHERE c.status = 'live' AND d.days IS NOT NULL
    AND (d.seen IS NULL OR (d.seen AT TIME ZONE %(zone)s)::date + d.days < (%(at)s AT TIME ZONE %(zone)s)::date)
"""


def overdue_said(at: datetime) -> dict[str, Any]:
    """The parameters of `OVERDUE`."""
    return {"at": at, "zone": str(zone()), "default": DEFAULT_VERIFY_DAYS}


def overdue(rows: Any, *, at: datetime) -> Any:
    """Those of the items whose verification is overdue at a moment, by days of the reporting zone."""
    return rows.filter(pk__in=NamedSQL(OVERDUE, overdue_said(at)))


def due_date(item: ConfigurationItem, *, seen_at: datetime | None) -> date | None:
    """
    The day up to which a live item is to be verified again; None where its type has no cycle, or it was never seen.

    :param seen_at: when it was verified last.
    """
    days = item.type.verify_days if item.type else DEFAULT_VERIFY_DAYS
    seen = max((each for each in (seen_at, item.entered_at) if each is not None), default=None)
    if item.status != ItemStatus.LIVE or days is None or seen is None:
        return None
    return today(seen) + timedelta(days=days)
