"""Who is being let down now, and who is about to be: counted from the records that are open at this moment."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from measurement import periods
from measurement.scope import FILTERS, Scope
from records.enums import DueState
from records.models import Record, RecordQuerySet

AT_RISK, BREACHED, DUE_TODAY = "at-risk", "breached", "due-today"
KINDS = (AT_RISK, BREACHED, DUE_TODAY)


def _conditions(at: datetime) -> dict[str, Q]:
    """By the next clock of each record to expire, as the queue shows it. The day is that of the reporting zone."""
    running = Q(due_state=DueState.RUNNING)
    end_of_day = periods.start_of(periods.today(at) + timedelta(days=1))
    return {
        AT_RISK: running & Q(at_risk_at__lte=at, due_at__gt=at),
        BREACHED: (running & Q(due_at__lte=at)) | Q(due_state=DueState.PAUSED, due_remaining__lte=timedelta(0)),
        DUE_TODAY: running & Q(due_at__gt=at, due_at__lt=end_of_day),
    }


def _open(scope: Scope) -> RecordQuerySet:
    wanted = Q(is_sample=scope.is_sample)
    if scope.organizations is not None:
        wanted &= Q(organization_id__in=scope.organizations)
    for name, key in scope.filters.items():
        column = FILTERS[name]
        wanted &= Q(**{f"{column}__isnull": True}) if not key else Q(**{column: key})
    return Record.objects.open().filter(wanted)


def counts(scope: Scope, *, at: datetime) -> dict[str, int]:
    """How many there are of each kind, with one statement."""
    conditions = _conditions(at)
    found = _open(scope).aggregate(
        **{kind.replace("-", "_"): Count("pk", filter=condition) for kind, condition in conditions.items()}
    )
    return {kind: found[kind.replace("-", "_")] for kind in conditions}


def records(kind: str, scope: Scope, *, at: datetime) -> QuerySet[Any]:
    """The records behind one of the counts, the most urgent first."""
    return _open(scope).filter(_conditions(at)[kind]).visible_to(scope.viewer).order_by("due_at", "pk")
