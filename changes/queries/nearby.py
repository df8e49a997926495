"""Incidents that may have come from a change: those that it caused, and those close by in time and place."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from records.enums import LinkKind
from records.models import Link, Record

from ..models import Change

LOOKED_AT = timedelta(days=7)
SHOWN = 50


def close_to(change: Change) -> Any:
    """Incidents of its services or items, opened in the seven days since it began, that nobody linked with it."""
    begin = change.actual_from
    if begin is None:
        return Record.objects.none()
    services = Q(service__in=change.services.values("pk")) | Q(service=change.service_id)
    touched = services | Q(item__in=change.items.values("pk"))
    linked = Link.objects.filter(to_record=change.pk).values("from_record")
    return (
        Record.objects.filter(touched, kind="incident", opened_at__gte=begin, opened_at__lt=begin + LOOKED_AT)
        .exclude(pk__in=linked)
        .exclude(state="cancelled")
    )


def incidents_after(change: Change, user: Any) -> list[Record]:
    """Those close to it that this person may see, the earliest first; `SHOWN` at most."""
    seen = Record.objects.visible_to(user).values("pk")
    return list(close_to(change).filter(pk__in=seen).order_by("opened_at", "pk")[:SHOWN])


def incidents_caused(change: Change, user: Any) -> list[Record]:
    """Incidents that are linked as caused by it and that this person may see."""
    links = Link.objects.filter(to_record=change.pk, kind=LinkKind.CAUSED_BY).values("from_record")
    return list(
        Record.objects.visible_to(user).filter(pk__in=links, kind="incident").order_by("opened_at", "pk")[:SHOWN]
    )
