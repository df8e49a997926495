"""Which services and outages a person gets to see, and whose agreements rule for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from common.months import Month
from services.models import Service
from services.queries import services_visible_to

from .book import Book, touching
from .enums import OutageState
from .models import Outage, can_see_all
from .months import edges
from .spans import Span, moment_of

RELATED = ("service", "offering", "record", "entered_by")


@dataclass(frozen=True)
class Side:
    """
    From which side somebody looks.

    :param is_inside: sees every outage with its details. :param organization_id: whose agreements rule, None for
        everybody's.
    """

    viewer: Any
    is_inside: bool
    organization_id: int | None

    def services(self) -> Any:
        """The services whose availability the person may see, live ones."""
        return services_visible_to(self.viewer).filter(stage="live").order_by("name")


def side_of(user: Any) -> Side:
    """The provider's people look from inside; everybody else from their organization."""
    is_inside = can_see_all(user)
    return Side(user, is_inside, None if is_inside else user.organization_id)


def outages_of(side: Side, service: Service, month: Month, *, at: datetime) -> Any:
    """The counted outages of a service that touch a month, the newest first; those of others' offerings left out."""
    rows = touching([service.pk], at_from=month.began_at, at_to=month.ended_at, organization_id=side.organization_id)
    return rows.select_related(*RELATED).order_by("-started_at", "-pk")


def listed(
    user: Any, *, states: tuple[str, ...], service: Service | None = None, is_planned: bool | None = None,
    month: Month | None = None,
) -> Any:  # fmt: skip
    """The outages of a list, not ordered. :param month: those that touch it."""
    rows = Outage.objects.visible_to(user).filter(state__in=states).select_related(*RELATED)
    if service is not None:
        rows = rows.filter(service=service)
    if is_planned is not None:
        rows = rows.filter(is_planned=is_planned)
    if month is not None:
        rows = rows.filter(Q(ended_at=None) | Q(ended_at__gt=month.began_at), started_at__lt=month.ended_at)
    return rows


def failures_of(service: Service, month: Month, *, at: datetime) -> list[Span]:
    """The failures that began in a month by what is promised to everybody, as the page of the service counts them."""
    low, high = edges(month)
    book = Book([service.pk], at_from=month.began_at, at_to=month.ended_at, at=at)
    return book.failures(service.pk, low, high)


def within(rows: Any, failures: Sequence[Span]) -> Any:
    """The outages among `rows` that make up these failures of their service."""
    begun = Q(pk__in=())
    for start, end in failures:
        begun |= Q(started_at__gte=moment_of(start), started_at__lt=moment_of(end))
    return rows.filter(begun, is_planned=False, weight__gt=0)


STATES_SHOWN = {
    "recorded": (OutageState.CONFIRMED,),
    "proposed": (OutageState.PROPOSED,),
    "gone": (OutageState.DISMISSED, OutageState.WITHDRAWN),
}
