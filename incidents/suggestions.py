"""What the new ticket page works out while the agent types: service, due moments, tickets that read alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, FloatField, Func, Value

from calendars import registry
from calendars.business_time import NeverOpens
from people.models import User
from people.queries import people_visible_to
from records.enums import Phase
from records.models import Record
from services.models import Service
from services.queries import services_visible_to
from slm.enums import ClockKind
from slm.selection import choose

from .models import Incident

CALLERS_AT_MOST = 8
LATEST_CALLERS = 3
SURE_ENOUGH = 0.6
SHORTEST_WORDS = 3


@dataclass(frozen=True)
class DuePreview:
    """When a clock would be due if the ticket were logged now."""

    clock: Any
    due_at: datetime


def callers(user: Any, text: str) -> list[User]:
    """People whose name, e-mail or phone holds the text; without a text the last ones this agent logged tickets for."""
    people = people_visible_to(user).active().select_related("organization")  # type: ignore[attr-defined]
    if text.strip():
        return list(people.matching(text.replace("\x00", ""))[:CALLERS_AT_MOST])
    recent = Incident.objects.filter(opened_by=user).order_by("-pk").values_list("requester_id", flat=True)[:50]
    keys = list(dict.fromkeys(recent))[:LATEST_CALLERS]
    found = {person.pk: person for person in people.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def guess_service(user: Any, text: str) -> Service | None:
    """The service whose name stands in the words, if one plainly does; the longest name wins."""
    if len(text.strip()) < SHORTEST_WORDS:
        return None
    return (
        services_visible_to(user)
        .live()  # type: ignore[attr-defined]
        .annotate(
            alike=Func(F("name"), Value(text[:200]), function="WORD_SIMILARITY", output_field=FloatField()),
            length=Func(F("name"), function="LENGTH"),
        )
        .filter(alike__gte=SURE_ENOUGH)
        .order_by("-alike", "-length", "pk")
        .first()
    )


def due_previews(
    *, requester: User | None, service: Service | None, priority: int, at: datetime
) -> tuple[str, list[DuePreview]]:
    """
    Name of the agreement that would apply, and when its clocks would be due.

    Without a caller nothing can be said. A calendar that never opens gives no due moment.
    """
    if requester is None:
        return "", []
    stands_in = Incident(
        kind="incident",
        requester=requester,
        organization_id=requester.organization_id,
        service=service,
        priority=priority,
        opened_at=at,
    )
    terms = choose(stands_in).terms
    if terms is None:
        return "", []
    previews = []
    for clock in (ClockKind.RESPONSE, ClockKind.RESOLUTION):
        promise = terms.promise(clock, priority)
        if promise is None:
            continue
        try:
            due_at = registry.business_time(promise.calendar_id).add(at, promise.target)
        except NeverOpens:
            continue
        previews.append(DuePreview(clock.label, due_at))
    return terms.name, previews


def open_of(user: Any, requester: User | None) -> list[Record]:
    """The caller's open tickets, newest first: it may be one of them."""
    if requester is None:
        return []
    mine = Record.objects.visible_to(user).filter(requester=requester).exclude(phase=Phase.DONE)
    return list(mine.order_by("-pk")[:3])
