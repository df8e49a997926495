"""From the search for the cause to the fix, and back when it did not hold."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from records import changing, transitions
from records.enums import LinkKind

from ..models import Problem, RecurrenceMatch
from . import known_errors
from .creation import link_if_needed


def investigate(
    *,
    problem: Problem,
    by: Any,
    at: datetime,
    approach: str,
    investigator: Any = None,
    reason: str = "",
    version: int | None = None,
) -> Problem:
    """
    Begin to look for the cause. A known error that was published stays so.

    :param approach: one of `Method`. :param investigator: becomes the assignee; the present one when not given.
    :raises TransitionRefused: wrong state, no method, or nobody investigates.
    """
    return transitions.apply(
        record=problem,
        name="investigate",
        by=by,
        at=at,
        reason=reason,
        version=version,
        approach=approach,
        investigator=investigator,
    )


@transaction.atomic
def declare_known_error(
    *,
    problem: Problem,
    by: Any,
    at: datetime,
    symptom: str = "",
    cause: str = "",
    workaround: str = "",
    is_cause_confirmed: bool = False,
    reason: str = "",
    version: int | None = None,
) -> Problem:
    """
    Say that we know what is wrong, though it is not fixed. The known error is published at once.

    What is not given stays as an earlier declaration said it; without one the cause comes from the analysis.

    :param workaround: what helps meanwhile, or the word “none”.
    :raises TransitionRefused: not investigating, or symptom, cause or workaround is missing.
    """
    declared = transitions.apply(
        record=problem,
        name="declare_known_error",
        by=by,
        at=at,
        reason=reason,
        version=version,
        symptom=symptom,
        cause=cause,
        workaround=workaround,
        is_cause_confirmed=is_cause_confirmed,
    )
    known_errors.publish(
        problem=declared,
        by=by,
        at=at,
        symptom=symptom,
        cause=cause,
        workaround=workaround,
        is_cause_confirmed=is_cause_confirmed,
    )
    return declared


@transaction.atomic
def fix(
    *, problem: Problem, by: Any, at: datetime, change: Any = None, reason: str = "", version: int | None = None
) -> Problem:
    """
    Begin the fix. The problem then follows its change; without one, its tasks.

    :param change: gets the link “fixed by”.
    :raises TransitionRefused: wrong state, or neither a change nor a task is there.
    """
    if change is not None:
        changing.lock_all(problem, change)
    fixing = transitions.apply(record=problem, name="fix", by=by, at=at, reason=reason, version=version, change=change)
    if change is not None:
        link_if_needed(record=fixing, to=change, kind=LinkKind.FIXED_BY, by=by, at=at)
    return Problem.objects.get(pk=fixing.pk)


def verify(
    *, problem: Problem, by: Any, at: datetime, watch_until_date: date, reason: str = "", version: int | None = None
) -> Problem:
    """
    The fix is in place: watch until that day whether the problem comes back.

    :raises TransitionRefused: not fixing, the change was not implemented, a task is open, or the watch ends too early.
    """
    return transitions.apply(
        record=problem, name="verify", by=by, at=at, reason=reason, version=version, watch_until_date=watch_until_date
    )


@transaction.atomic
def regress(
    *,
    problem: Problem,
    by: Any,
    at: datetime,
    incident: Any = None,
    reason: str = "",
    version: int | None = None,
    data: dict[str, Any] | None = None,
) -> Problem:
    """
    Take it back to the investigation: it came back, or the fix turned out to be none.

    :param incident: what shows it; its match is confirmed, and it is linked as caused by the problem.
    :param data: evidence, for the log.
    :raises TransitionRefused: not verifying, or neither an incident nor a reason is given.
    """
    if incident is not None:
        changing.lock_all(problem, incident)
    if incident is not None and not reason:
        reason = _("%(reference)s shows it again.") % {"reference": incident.reference}
    regressed = transitions.apply(
        record=problem, name="regress", by=by, at=at, reason=reason, version=version, data=data, incident=incident
    )
    if incident is not None:
        RecurrenceMatch.objects.filter(problem=regressed, incident_id=incident.pk).update(is_confirmed=True)
        if by is not None:
            link_if_needed(record=incident, to=regressed, kind=LinkKind.CAUSED_BY, by=by, at=at)
    return Problem.objects.get(pk=regressed.pk)
