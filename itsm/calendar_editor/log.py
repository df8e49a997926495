"""Acts on calendars in the audit log, written in the transaction of the act."""

from audit import log
from calendars.changes import CalendarChange, record_calendar_changes


def record(change: CalendarChange) -> None:
    """Write one entry; hours are told by the fields that differ, their full text stands in the version."""
    log.record(
        change.action,
        subject_kind="calendar",
        subject_id=change.calendar_id,
        subject_label=change.calendar_name,
        by=change.by,
        at=change.at,
        changes=change.changes,
        data={"version": change.version},
    )


def connect() -> None:
    """Called once when the project starts."""
    record_calendar_changes(record)
