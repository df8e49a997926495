"""Background work on clocks: sweep, audit the sweep, follow calendar edits."""

import logging
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils.timezone import now

from calendars.changes import CalendarChange
from people.models import User

from . import applying, health, operations, replanning
from .backtoback import checking
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
    "slm: compare agreements with those underneath": {
        "task": "slm.check_back_to_back",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "slm: follow the days of agreements": {
        "task": "slm.follow_agreements",
        "schedule": 60.0,
        "options": {"expires": 60},
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
    for each in applying.left_behind(at=now()):
        ring_for_application(agreement=each.agreement_id, version=each.version, by=each.by_id)


@shared_task(name="slm.follow_agreements")
def follow_agreements(**_: Any) -> None:
    """Bring agreements into force, call for their reviews, and end them, on their days."""
    operations.follow(at=now())


@shared_task(name="slm.apply_version")
def apply_version(*, agreement: int, version: int, by: int | None, after: int = 0, **_: Any) -> None:
    """Bring the next open tickets to the version in force, then ring for those behind them."""
    person = User.objects.filter(pk=by).first()
    behind = applying.work(agreement, version=version, by=person, at=now(), after=after)
    if behind is not None:
        kwargs = {"agreement": agreement, "version": version, "by": by, "after": behind}
        apply_version.apply_async(kwargs=kwargs, ignore_result=True)


def ring_for_application(*, agreement: int, version: int, by: int | None) -> None:
    """Tell a worker that open tickets are to go by the version in force. The auditor finds what no bell announced."""
    kwargs = {"agreement": agreement, "version": version, "by": by}

    def ring() -> None:
        try:
            apply_version.apply_async(kwargs=kwargs, ignore_result=True, retry=False)
            applying.be_at(agreement)
        except Exception:
            _logger.warning("The broker did not take the bell; the auditor will have open tickets follow.")

    transaction.on_commit(ring)


@shared_task(name="slm.replan_calendar")
def replan_calendar(*, calendar_id: int, **_: Any) -> None:
    """Count the live clocks of an edited calendar anew."""
    replanning.replan(calendar_id, at=now())


@shared_task(name="slm.check_back_to_back")
def check_back_to_back(**_: Any) -> None:
    """Compare what customers were promised with the agreements underneath."""
    checking.check(at=now())


def ring_for_check(_told: Any) -> None:
    """Tell a worker that an agreement or a calendar has changed; once an hour everything is compared anyway."""
    try:
        check_back_to_back.apply_async(ignore_result=True, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; agreements are compared within the hour.")


def ring_for_calendar(change: CalendarChange) -> None:
    """After the commit of a calendar edit, tell a worker. The auditor finds what no bell announced."""
    ring_for_check(change)
    try:
        replan_calendar.apply_async(kwargs={"calendar_id": change.calendar_id}, ignore_result=True, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; the auditor will count the clocks anew.")
