"""What was agreed or which hours count anew in some weeks: a trend that bends there may have that reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, QuerySet, Value
from django.utils.translation import gettext as _

from calendars.models import CalendarVersion
from measurement import periods
from measurement.scope import Scope

from ..models import AgreementVersion

SHOWN_AT_MOST = 8
AGREEMENT, CALENDAR = "agreement", "calendar"


@dataclass(frozen=True)
class Change:
    """A new version of an agreement or of a calendar."""

    at: datetime
    kind: str
    name: str
    number: int

    @property
    def text(self) -> str:
        told = {
            AGREEMENT: _("agreement “%(name)s”, version %(number)s"),
            CALENDAR: _("hours of “%(name)s”, version %(number)s"),
        }
        return told[self.kind] % {"name": self.name, "number": self.number}


def within(span: periods.Range, scope: Scope) -> Sequence[Change]:
    """Versions after the first that came in a range of days, the latest first; one statement."""
    agreements = AgreementVersion.objects.filter(agreement__is_sample=scope.is_sample)
    if scope.organizations is not None:
        agreements = agreements.filter(agreement__organization__in=scope.organizations) | agreements.filter(
            agreement__organization=None
        )
    found = _versions(agreements, AGREEMENT, "agreement", span).union(
        _versions(CalendarVersion.objects.all(), CALENDAR, "calendar", span), all=True
    )
    return [Change(*row) for row in found.order_by("-created_at")[:SHOWN_AT_MOST]]


def _versions(rows: QuerySet, kind: str, owner: str, span: periods.Range) -> QuerySet:  # type: ignore[type-arg]
    return (
        rows.filter(
            number__gt=1, created_at__gte=periods.start_of(span.day_from), created_at__lt=periods.start_of(span.day_to)
        )
        .order_by()
        .annotate(kind=Value(kind, CharField()), name=F(f"{owner}__name"))
        .values_list("created_at", "kind", "name", "number")
    )
