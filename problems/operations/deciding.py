"""What somebody with a say decides: accept, accept the risk, close, cancel; and taking up again what was put aside."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from records import changing, transitions
from records.enums import LinkKind

from ..models import Problem
from . import known_errors
from .creation import link_if_needed


def accept(
    *,
    problem: Problem,
    by: Any,
    at: datetime,
    owner: Any = None,
    service: Any = None,
    impact_statement: str = "",
    review_date: date | None = None,
    reason: str = "",
    version: int | None = None,
) -> Problem:
    """
    Take the problem on: it is worth finding the cause, and somebody answers for it.

    :param review_date: when to look at it again if nobody has begun; may stay empty.
    :raises TransitionRefused: not logged, or owner, service or impact statement is missing.
    """
    return transitions.apply(
        record=problem,
        name="accept",
        by=by,
        at=at,
        reason=reason,
        version=version,
        owner=owner,
        service=service,
        impact_statement=impact_statement,
        review_date=review_date,
    )


def accept_risk(
    *, problem: Problem, by: Any, at: datetime, review_date: date, reason: str, version: int | None = None
) -> Problem:
    """
    Decide not to fix it, knowing what that means. The known error stays published; the worker takes the problem up
    again on `review_date`.

    :param by: stands above the owner: leads a team of theirs, or is a service level manager.
    :raises TransitionRefused: nothing was found out yet, no reason, a review date that has passed, or the owner
        decides alone.
    """
    return transitions.apply(
        record=problem, name="accept_risk", by=by, at=at, reason=reason, version=version, review_date=review_date
    )


@transaction.atomic
def close(*, problem: Problem, by: Any, at: datetime, lessons: str, version: int | None = None) -> Problem:
    """
    Close for good: it did not come back. The known error is withdrawn; incidents that waited for it go on.

    :raises TransitionRefused: not verifying, the watch is not over, a match is unexplained, or no lessons.
    """
    closed = transitions.apply(record=problem, name="close", by=by, at=at, version=version, lessons=lessons)
    known_errors.withdraw_if_needed(problem=closed, at=at)
    return closed


def reopen(*, problem: Problem, by: Any, at: datetime, reason: str, version: int | None = None) -> Problem:
    """Take up a problem whose risk was accepted. :raises TransitionRefused: no reason, or another state."""
    return transitions.apply(record=problem, name="reopen", by=by, at=at, reason=reason, version=version)


@transaction.atomic
def cancel(
    *,
    problem: Problem,
    by: Any,
    at: datetime,
    original: Any = None,
    reason: str = "",
    version: int | None = None,
) -> Problem:
    """
    Drop a problem that should not have been logged.

    :param original: the problem that it duplicates; it gets linked.
    :raises TransitionRefused: somebody investigates it already, or neither original nor reason is given.
    """
    if original is not None:
        changing.lock_all(problem, original)
    cancelled = transitions.apply(
        record=problem, name="cancel", by=by, at=at, reason=reason, version=version, original=original
    )
    if original is not None:
        link_if_needed(record=cancelled, to=original, kind=LinkKind.DUPLICATE_OF, by=by, at=at)
    known_errors.withdraw_if_needed(problem=cancelled, at=at)
    return Problem.objects.get(pk=cancelled.pk)


def reopen_when_due(*, at: datetime, rows: int = 200) -> int:
    """Take up problems whose accepted risk is to be decided again; a bounded number, dated at the first
    moment of that day in the zone of the installation. Returns how many."""
    zone, reopened = get_default_timezone(), 0
    with transaction.atomic():
        due = (
            Problem.objects.select_for_update(skip_locked=True, of=("self",))
            .due_for_review(at.astimezone(zone).date())
            .order_by("review_date", "pk")[:rows]
        )
        for problem in due:
            transitions.apply(
                record=problem,
                name="reopen",
                by=None,
                at=datetime.combine(problem.review_date, time.min, zone),
                reason=_("The review date of the accepted risk has come."),
                data={"rule": "risk_review"},
            )
            reopened += 1
    return reopened
