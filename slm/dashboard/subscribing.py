"""A view of the SLA dashboard by mail every week, for oneself: a scheduled report with the usual times."""

from datetime import datetime
from typing import Any

from django.db import transaction

from measurement.filters import Asked
from measurement.schedules import operations
from measurement.schedules.models import Schedule
from people.models import User

from .mailed import KEY, SOURCE

MONDAY, MORNING = 0, 7 * 60


def query_of(asked: Asked) -> str:
    """What stays the same from week to week: the filters and a named range, no fixed days."""
    return asked.query(**{"from": None, "to": None})


def subscription_of(user: Any, query: str) -> Schedule | None:
    """The person's own one of this view."""
    return Schedule.objects.filter(owner=user.pk, page=KEY, query=query).order_by("pk").first()


@transaction.atomic
def subscribe(*, by: Any, at: datetime, query: str) -> Schedule:
    """
    Send this view to `by` every Monday at 7:00 by the clock of their zone; once, however often it is asked for.

    :raises NotAllowed: :raises Refused: no address, or too many scheduled reports.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # a double click finds what the first one made
    return subscription_of(by, query) or operations.create(
        by=by, at=at, receivers=[by], name=str(SOURCE.label), page=KEY, query=query, every="week", weekday=MONDAY,
        minute=MORNING, zone=by.time_zone, has_pdf=True,
    )  # fmt: skip


def unsubscribe(*, by: Any, at: datetime, query: str) -> None:
    """Send it no more; nothing happens where it was not sent."""
    if (found := subscription_of(by, query)) is not None:
        operations.remove(schedule=found, by=by, at=at)
