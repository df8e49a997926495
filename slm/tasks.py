"""Background work on clocks: sweep, audit the sweep, follow calendar edits."""

import logging
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from calendars.changes import CalendarChange

from . import health, replanning
from .sweep import sweep

SCHEDULE = {
    "slm: sweep the clocks": {
        "task": "slm.sweep_clocks",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "slm: audit the clocks": {
        "task": "slm.audit_clocks",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
}
_logger = logging.getLogger(__name__)


@shared_task(name="slm.sweep_clocks")
def sweep_clocks(**_: Any) -> None:
    """Record what running clocks have passed, by the clock of the database."""
    sweep()


@shared_task(name="slm.audit_clocks")
def audit_clocks(**_: Any) -> None:
    """
    Look for what the sweep and the calendar tasks should have done and did not; warn, then heal it.

    Whatever is found here was late: it is recorded with its true moment all the same.
    """
    missed = health.unrecorded_breaches()
    if missed:
        health.warn_of(missed)
        health.rearm(missed)
        sweep()
    for calendar_id in replanning.outdated_calendars():
        replanning.replan(calendar_id, at=now())


@shared_task(name="slm.replan_calendar")
def replan_calendar(*, calendar_id: int, **_: Any) -> None:
    """Count the live clocks of an edited calendar anew."""
    replanning.replan(calendar_id, at=now())


def ring_for_calendar(change: CalendarChange) -> None:
    """After the commit of a calendar edit, tell a worker. The auditor finds what no bell announced."""
    try:
        replan_calendar.apply_async(kwargs={"calendar_id": change.calendar_id}, ignore_result=True, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; the auditor will count the clocks anew.")
